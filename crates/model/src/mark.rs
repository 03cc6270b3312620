//! The mark of a member that has run on a machine: without its data it does not start there again.

use crate::cluster::{Cluster, Member};
use crate::filesystem::{Fate, fate};
use crate::node_path::NodePath;
use crate::places::places;
use crate::running::RunningMember;
use crate::url::Url;

/// Where the mark is without TLS: what is in it outlives a boot, and is no member's data.
const STATE: &str = "/var/lib";

/// The place of the mark where a reboot removes the data: it removes the mark too.
const VOLATILE: &str = "/run";

/// Returns the file that tells on a member's machine that it has run there.
///
/// It is beside `certs-dir` and not in it, so that it stays where certificates are replaced, and bears the
/// member's name, so that it is nobody else's where a machine has several members, or is a copy of another.
/// It is not beside the data, which it is to be missed by. Where there is no `certs-dir`, the port for
/// peers tells one cluster's member from another's of that name.
pub fn mark(cluster: &Cluster, member: &Member) -> NodePath {
    let places = places(cluster, member);
    let own = places.iter().filter(|place| place.is_own()).map(|place| &place.path);
    let certs_dir = cluster.tls.as_ref().map(|tls| &tls.certs_dir);
    let port = member.listen_peer_urls.first().map(|url| url.port);
    placed(member.name.as_str(), own, certs_dir, port)
}

/// Returns the folder in which the versions of what was installed for a member are kept: beside `certs-dir`, which
/// leads to one of them; without TLS where the mark is.
pub fn versions(cluster: &Cluster, member: &Member) -> NodePath {
    let certs_dir = cluster.tls.as_ref().map(|tls| &tls.certs_dir);
    let port = member.listen_peer_urls.first().map(|url| url.port);
    let mark = placed(member.name.as_str(), std::iter::empty(), certs_dir, port);
    let name = mark.name().strip_suffix(STARTED).unwrap_or_else(|| mark.name());
    mark.parent().join(&format!("{name}.installed"))
}

/// The ending of its name.
const STARTED: &str = ".started";

/// Returns the same of a member that is known by what it is started with.
pub fn mark_of(name: &str, member: &RunningMember) -> NodePath {
    let data = member.data_dir(name);
    let folders = [Some(data.as_ref()), member.option("wal-dir")].into_iter().flatten();
    let own: Vec<NodePath> = folders.filter_map(|folder| NodePath::parse(folder).ok()).collect();
    let certs_dir = member.certs_dir().and_then(|folder| NodePath::parse(folder).ok());
    let port = member.urls("listen-peer-urls").find_map(|url| Url::parse(url).ok());
    placed(name, own.iter(), certs_dir.as_ref(), port.map(|url| url.port))
}

/// Returns the same of a member with that name; `own` are the folders of its data and of its log.
pub fn placed<'a>(
    name: &str,
    mut own: impl Iterator<Item = &'a NodePath>,
    certs_dir: Option<&NodePath>,
    peer_port: Option<u16>,
) -> NodePath {
    let is_volatile = own.any(|folder| fate(folder) == Some(Fate::Volatile));
    match certs_dir {
        Some(certs) if !is_volatile => {
            certs.parent().join(&format!("{}.{name}{STARTED}", certs.name()))
        }
        _ => {
            let port = peer_port.map(|port| format!("-{port}"));
            let folder = NodePath::from_static(if is_volatile { VOLATILE } else { STATE });
            folder.join(&format!("etcd{}.{name}{STARTED}", port.unwrap_or_default()))
        }
    }
}
