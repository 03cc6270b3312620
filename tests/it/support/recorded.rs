//! What `bouquet done` would record.

use bouquet_lock::{Lock, Record};
use bouquet_model::Cluster;
use bouquet_model::running::Running;

/// The text of a `cluster.lock` of a cluster that was rolled out, without certificates.
pub(crate) fn recorded(cluster: &Cluster) -> String {
    let mut lock = Lock::default();
    lock.identity.token = cluster.token.to_string();
    lock.identity.members = cluster.members.iter().map(|m| (m.name.to_string(), m.id)).collect();
    let Running { members, clients } = Running::of(cluster, &[]);
    let members = members.into_iter().map(|(name, is)| (name, Record::after(None, Some(is), 1)));
    lock.recorded.members = members.collect();
    let clients = clients.into_iter().map(|(name, is)| (name, Record::after(None, Some(is), 1)));
    lock.recorded.clients = clients.collect();
    lock.text()
}
