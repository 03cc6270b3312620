//! What `bouquet done` would record.

use bouquet_lock::{Lock, Record};
use bouquet_model::Cluster;
use bouquet_model::certificate::{Certificate, wanted};
use bouquet_model::running::Running;

/// The text of a `cluster.lock` of a cluster that was rolled out, without certificates.
pub(crate) fn recorded(cluster: &Cluster) -> String {
    recorded_with(cluster, &[])
}

/// The same with these certificates.
pub(crate) fn recorded_with(cluster: &Cluster, certificates: &[Certificate]) -> String {
    let mut lock = Lock::default();
    lock.identity.token = cluster.token.to_string();
    lock.identity.members = cluster.members.iter().map(|m| (m.name.to_string(), m.id)).collect();
    let Running { members, clients } = Running::of(cluster, certificates);
    let members = members.into_iter().map(|(name, is)| (name, Record::after(None, Some(is), 1)));
    lock.recorded.members = members.collect();
    let clients = clients.into_iter().map(|(name, is)| (name, Record::after(None, Some(is), 1)));
    lock.recorded.clients = clients.collect();
    lock.text()
}

/// What a program knows of the certificates of a cluster that is built, but for the CA's; each has the serial
/// number 1.
pub(crate) fn issued(cluster: &Cluster) -> Vec<Certificate> {
    let issued = wanted(cluster).into_iter().map(|wanted| Certificate {
        kind: wanted.kind,
        common_name: wanted.subject.to_string().into(),
        owner: wanted.owner.map(Into::into),
        sans: wanted.sans.into(),
        serial: "1".into(),
        limits_addresses: false,
        fingerprint: [1; 32],
        not_before: 0,
        not_after: i64::MAX,
    });
    issued.collect()
}
