//! The mark of a member that has run on a machine: without its data it does not start there again.

use crate::cluster::{Cluster, Member};
use crate::filesystem::{Fate, fate};
use crate::node_path::NodePath;
use crate::places::places;
use crate::running::RunningMember;
use crate::url::Url;

/// Where the mark is without TLS: what is in it outlives a boot, and is no member's data.
const STATE: &str = "/var/lib";

/// Where the mark of data is that a reboot removes: it removes that too.
const VOLATILE: &str = "/run";

/// Returns the file that tells on a member's machine that it has run there.
///
/// It is beside `certs-dir` and not in it, so that it stays where certificates are replaced, and bears the
/// member's name, so that it is nobody else's where a machine has several members, or is a copy of another.
/// It is not beside the data, which it is to be missed by. Where there is no `certs-dir`, the port for
/// peers tells one cluster's member from another's of that name.
pub fn mark(cluster: &Cluster, member: &Member) -> NodePath {
    let name = &member.name;
    let is_volatile = places(cluster, member)
        .iter()
        .any(|place| place.is_own() && fate(&place.path) == Some(Fate::Volatile));
    match &cluster.tls {
        Some(tls) if !is_volatile => {
            let certs = &tls.certs_dir;
            certs.parent().join(&beside(certs.name(), name.as_str()))
        }
        _ => {
            let port = member.listen_peer_urls.first().map(|url| url.port);
            let folder = NodePath::from_static(if is_volatile { VOLATILE } else { STATE });
            folder.join(&alone(port, name.as_str()))
        }
    }
}

/// Returns the same file by what is recorded of a member, where `certs_dir` is that of its certificates, and
/// a reboot does not remove its data.
pub(crate) fn recorded(name: &str, member: &RunningMember, certs_dir: Option<&str>) -> String {
    let urls = member.option("listen-peer-urls").unwrap_or_default();
    let port = urls.split(',').next().and_then(|url| Url::parse(url).ok()).map(|url| url.port);
    certs_dir
        .map_or_else(|| format!("{STATE}/{}", alone(port, name)), |folder| beside(folder, name))
}

fn beside(certs_dir: &str, name: &str) -> String {
    format!("{certs_dir}.{name}.started")
}

fn alone(port: Option<u16>, name: &str) -> String {
    let port = port.map(|port| format!("-{port}"));
    format!("etcd{}.{name}.started", port.unwrap_or_default())
}
