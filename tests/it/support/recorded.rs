//! What `bouquet done` would record.

use bouquet_lock::{Lock, Record};
use bouquet_model::Cluster;
use bouquet_model::certificate::{Certificate, Wanted, wanted};
use bouquet_model::cluster::State;
use bouquet_model::running::Running;
use std::fs;
use std::path::Path;

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

/// What a package's last build compiled, by its spec and its lock: the cluster, and the certificates that are
/// current. Where a member is recorded, the cluster was founded.
pub(crate) fn compiled(folder: &Path) -> (Cluster, Vec<Certificate>) {
    let spec = fs::read(folder.join("cluster.toml")).expect("a spec");
    let mut cluster = bouquet_build::prove(&spec).0.expect("what was built is proven").cluster;
    let lock = fs::read(folder.join("cluster.lock")).expect("a lock");
    let lock = bouquet_lock::read(&lock).expect("a lock");
    cluster.crl = lock.identity.crl.filter(|_| cluster.tls.as_ref().is_some_and(|tls| tls.crl));
    if !lock.recorded.is_empty() {
        for member in cluster.members.to_mut() {
            member.state = State::Existing;
        }
    }
    let current = |wanted: &Wanted| {
        let (serial, entry) = lock.issued.current(wanted.owner.as_deref(), wanted.kind)?;
        entry.certificate(serial)
    };
    let certificates = wanted(&cluster).iter().filter_map(current).collect();
    (cluster, certificates)
}

/// Records in a package's folder that what was built is on the machines, as `bouquet done` does.
pub(crate) fn record(folder: &Path) {
    let (cluster, certificates) = compiled(folder);
    let file = folder.join("cluster.lock");
    let mut lock = bouquet_lock::read(&fs::read(&file).expect("a lock")).expect("a lock");
    let running = Running::of(&cluster, &certificates);
    let recorded = &mut lock.recorded;
    recorded.members.retain(|name, _| running.members.contains_key(name));
    recorded.clients.retain(|name, _| running.clients.contains_key(name));
    for (name, what) in running.members {
        let record = Record::after(recorded.members.get(&name), Some(what), 1);
        recorded.members.insert(name, record);
    }
    for (name, what) in running.clients {
        let record = Record::after(recorded.clients.get(&name), Some(what), 1);
        recorded.clients.insert(name, record);
    }
    for file in [file, folder.join("out/pki/cluster.lock")] {
        fs::write(file, lock.text()).expect("a file");
    }
}
