//! What `bouquet done` would record.

use super::compiled::compiled;
use bouquet_lock::{Lock, Record};
use bouquet_model::Cluster;
use bouquet_model::certificate::{Certificate, wanted};
use bouquet_model::running::Running;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The text of a `cluster.lock` of a cluster that was rolled out, with these certificates.
pub(crate) fn recorded(cluster: &Cluster, certificates: &[Certificate]) -> String {
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

/// Records in a package's folder that what was built is on the machines, as `bouquet done` does.
pub(crate) fn record(folder: &Path) {
    let (cluster, certificates) = compiled(folder);
    let file = folder.join("cluster.lock");
    let mut lock = bouquet_lock::read(&fs::read(&file).expect("a lock")).expect("a lock");
    let running = Running::of(&cluster, &certificates);
    let Running { members, clients } = running;
    let names = |recorded: Vec<&String>, running: Vec<&String>| -> BTreeSet<String> {
        recorded.into_iter().chain(running).cloned().collect()
    };
    for name in names(lock.recorded.members.keys().collect(), members.keys().collect()) {
        lock.record_member(&name, members.get(&name).cloned(), 1);
    }
    for name in names(lock.recorded.clients.keys().collect(), clients.keys().collect()) {
        lock.record_client(&name, clients.get(&name).cloned(), 1);
    }
    for file in [file, folder.join("out/pki/cluster.lock")] {
        fs::write(file, lock.text()).expect("a file");
    }
}
