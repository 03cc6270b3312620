//! A package whose lock has a cluster as running, and clusters to compare with it.

use super::{World, flowers};
use bouquet_lock::{Lock, Record, Recorded};
use bouquet_model::Cluster;
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::change::Accepted;
use bouquet_model::cluster::Setting;
use bouquet_model::option::Value;
use bouquet_model::running::Running;
use bouquet_operate::Outcome;

pub const PACKAGE: &str = "/home/me/flowers";

/// Without the CA's, by which a lock is told from another cluster's.
pub fn certificates() -> Vec<Certificate> {
    flowers::CERTIFICATES.iter().filter(|c| c.kind != Kind::Ca).cloned().collect()
}

/// The flowers with another `snapshot-count` on each member.
pub fn counting(count: i64) -> Cluster {
    let mut cluster = flowers::CLUSTER.clone();
    for member in cluster.members.to_mut() {
        let setting = Setting { name: "snapshot-count", value: Value::Int(count) };
        member.options.to_mut().push(setting);
    }
    cluster
}

/// The text of a lock that has this cluster as running.
pub fn lock(cluster: &Cluster) -> Vec<u8> {
    let mut lock = Lock::default();
    lock.identity.token = cluster.token.to_string();
    lock.identity.members = cluster.members.iter().map(|m| (m.name.to_string(), m.id)).collect();
    let Running { members, clients } = Running::of(cluster, &certificates());
    let since = flowers::ISSUED;
    lock.recorded = Recorded {
        members: members
            .into_iter()
            .map(|(n, it)| (n, Record::after(None, Some(it), since)))
            .collect(),
        clients: clients
            .into_iter()
            .map(|(n, it)| (n, Record::after(None, Some(it), since)))
            .collect(),
    };
    lock.text().into_bytes()
}

/// A cluster whose spec accepts these changes.
pub fn accepting<T: AsRef<str>>(cluster: Cluster, words: &[T]) -> Cluster {
    let accepted: Accepted = words.iter().collect();
    Cluster { accept: accepted.text().into(), ..cluster }
}

/// A package whose lock has this cluster as running, with what a build has written.
pub fn recorded(cluster: &Cluster) -> World {
    let members = cluster.members.iter().map(|it| format!("members/{}/certs/server.key", it.name));
    let clients = cluster.clients.iter().map(|it| format!("clients/{}/client.key", it.name));
    members
        .chain(clients)
        .fold(clone_of(cluster).with_out(&format!("{PACKAGE}/out")), |world, key| {
            world.with_file(&format!("{PACKAGE}/out/{key}"), b"")
        })
}

/// A clone of it, which has what git has.
pub fn clone_of(cluster: &Cluster) -> World {
    World::new()
        .with_file(&format!("{PACKAGE}/cluster.toml"), b"")
        .with_file(&format!("{PACKAGE}/cluster.lock"), &lock(cluster))
}

pub fn ask(world: &World, cluster: &Cluster, line: &[&str]) -> Outcome {
    world.ask(cluster, &certificates(), line)
}
