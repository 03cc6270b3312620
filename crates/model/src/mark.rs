//! The mark of a member that has run on a machine: without its data it does not start there again.

use crate::cluster::{Cluster, Member};
use crate::node_path::NodePath;

/// Where the mark is without TLS: what is in it outlives a boot, and is no member's data.
const WITHOUT_TLS: &str = "/var/lib";

/// Returns the file that tells on a member's machine that it has run there.
///
/// It is beside `certs-dir` and not in it, so that it stays where certificates are replaced, and bears the
/// member's name, so that it is nobody else's where a machine has several members, or is a copy of another.
/// It is not beside the data, which it is to be missed by. Without TLS there is no such folder, and the
/// port of its peers tells one cluster's member from another's of that name.
pub fn mark(cluster: &Cluster, member: &Member) -> NodePath {
    let name = &member.name;
    match (&cluster.tls, member.listen_peer_urls.first()) {
        (Some(tls), _) => {
            let certs = &tls.certs_dir;
            certs.parent().join(&format!("{}.{name}.started", certs.name()))
        }
        (None, Some(url)) => beside_all(&format!("etcd-{}.{name}.started", url.port)),
        (None, None) => beside_all(&format!("etcd.{name}.started")),
    }
}

fn beside_all(name: &str) -> NodePath {
    NodePath::from_static(WITHOUT_TLS).join(name)
}
