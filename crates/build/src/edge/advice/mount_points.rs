//! A folder of data that may be the mount point of a disk: told as long as no member has its data there.

use crate::check::Places;
use crate::diagnostic::Diagnostic;
use bouquet_model::cluster::Cluster;
use bouquet_model::filesystem::may_be_a_mount_point;
use bouquet_model::node_path::NodePath;
use bouquet_model::option::Value;
use bouquet_model::running::Running;
use std::collections::BTreeMap;

/// Warns of each such folder of members of which nothing is recorded. What runs stays where it is.
pub(in crate::edge) fn mount_points(
    cluster: &Cluster,
    recorded: &Running,
    places: &Places,
) -> Vec<Diagnostic> {
    let mut folders: BTreeMap<&NodePath, &str> = BTreeMap::new();
    for member in cluster.members.iter() {
        let name = member.name.as_str();
        if let Some(Value::Path(folder)) = member.option("data-dir")
            && may_be_a_mount_point(folder)
            && !recorded.members.contains_key(name)
        {
            folders.entry(folder).or_insert(name);
        }
    }
    folders.into_iter().map(|(folder, name)| warning(folder, name, places)).collect()
}

/// Warns of a mount point: a restore refuses a folder that is there, in etcd 3.4 and 3.5 any, from 3.6 on one in
/// which something is, such as `lost+found` (`Restore` in etcd's `etcdutl/snapshot/v3_snapshot.go`).
fn warning(folder: &NodePath, name: &str, places: &Places) -> Diagnostic {
    let said = Diagnostic::warning(format!("`data-dir` is {folder}, which may be where a disk is mounted"))
        .note(
            "a mount point cannot be renamed, and a restore of a snapshot refuses a folder that is there already",
        )
        .help(format!(
            "if it is one, write `data-dir = \"{}\"` before the members start",
            folder.join("etcd")
        ));
    match places.option(name, "data-dir") {
        Some(span) => said.at(span, ""),
        None => said,
    }
}
