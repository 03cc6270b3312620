//! What all forms of a container have in common: what it has of the node, and which image it is made of.

use crate::cluster::{Cluster, Member};
use crate::node_path::{NodePath, outermost};
use crate::option::Value;
use crate::places::{Place, Usage, places};
use crate::version::EtcdVersion;
use std::collections::BTreeSet;

/// How many files etcd may have open, as under the unit.
pub(super) const FILES: u32 = 65_536;

/// Where it stands when the machine lacks memory, as under the unit.
pub(super) const OOM_SCORE: i32 = -900;

/// A folder of the node that the container has at the same path, or a file.
#[derive(Debug)]
pub(super) struct Mount {
    pub(super) path: NodePath,
    pub(super) is_written: bool,
    pub(super) is_file: bool,
    /// It is made where it is missing: etcd writes logs or sockets there. All else has to be there, so that etcd does not
    /// begin with nothing beside a disk that is not mounted.
    pub(super) is_made: bool,
    /// What etcd does there.
    pub(super) usages: Vec<Usage>,
}

/// Returns everything that the options have etcd read and write: each folder that it writes in, then the outermost
/// of those that it only reads.
pub(super) fn mounts(cluster: &Cluster, member: &Member) -> Vec<Mount> {
    let places = places(cluster, member);
    let (written, read): (Vec<&Place>, Vec<&Place>) =
        places.iter().partition(|place| place.is_written());
    let written: BTreeSet<NodePath> = written.into_iter().map(mounted).collect();
    let read = outermost(read.into_iter().map(mounted)).into_iter();
    let read = read.filter(|path| !written.iter().any(|folder| path.is_within(folder)));
    let all =
        written.iter().cloned().map(|path| (path, true)).chain(read.map(|path| (path, false)));
    let mount = |(path, is_written): (NodePath, bool)| {
        let here = |place: &&Place| mounted(place) == path;
        let its: Vec<&Place> = places.iter().filter(here).collect();
        let is_file = its.iter().any(|place| place.folder != path);
        let is_made = is_written && !its.iter().any(|place| place.is_own());
        let usages = its.iter().map(|place| place.usage).collect();
        Mount { path, is_written, is_file, is_made, usages }
    };
    all.map(mount).collect()
}

/// Returns the folder of a place; where that is all of the node's, the file itself.
fn mounted(place: &Place) -> NodePath {
    if place.folder.as_str() == "/" { place.path.clone() } else { place.folder.clone() }
}

/// Returns the image of etcd's own registry, which has every release.
pub(super) fn image(version: EtcdVersion) -> String {
    format!("gcr.io/etcd-development/etcd:v{}.{}", version.minor(), version.floor())
}

/// Tells whether etcd keeps its memory from being swapped, for which a limit is lifted.
pub(super) fn locks_memory(member: &Member) -> bool {
    ["memory-mlock", "experimental-memory-mlock"]
        .iter()
        .any(|name| member.option(name) == Some(&Value::Bool(true)))
}
