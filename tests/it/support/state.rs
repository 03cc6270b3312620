//! What a build has made of what is recorded: the lock as it reads, and `initial-cluster-state` in each script.

use super::cluster::{Cluster, SPEC};
use bouquet_lock::{Lock, read};

/// After every other record.
pub(crate) const LATER: i64 = 2_000_000_000;

/// The members of [`SPEC`].
pub(crate) const ALL: [&str; 3] = ["pink", "orange", "camellia"];

/// A member besides those of [`SPEC`].
pub(crate) const JOINER: &str = "\n[[member]]\nname = \"tulip\"\nip = \"10.0.0.4\"\n";

/// `cluster.lock`, of which `out/` has the same copy.
pub(crate) fn lock(cluster: &Cluster) -> Lock {
    read(cluster.lock().as_bytes()).expect("a lock")
}

/// What each member's script says, in the order of the spec.
pub(crate) fn states(cluster: &Cluster, members: &[&str]) -> Vec<String> {
    let state = |name: &&str| {
        let script = cluster.read(&format!("out/members/{name}/etcd.sh"));
        let (_, rest) = script.split_once("--initial-cluster-state=").expect("the option");
        rest.split_whitespace().next().unwrap_or_default().to_owned()
    };
    members.iter().map(state).collect()
}

/// [`SPEC`] with that `state` of the whole cluster.
pub(crate) fn with_state(state: &str) -> String {
    SPEC.replace("[etcd]", &format!("state = \"{state}\"\n\n[etcd]"))
}
