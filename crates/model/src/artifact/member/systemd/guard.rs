//! The guard of a unit: before etcd starts, and once it is ready.

use super::super::guard::{CHECK, Guarded, KEEP, NOT_KEPT, WORDS};
use super::script::as_root;
use crate::cluster::{Cluster, Member};

/// The script's arguments, by the names that the guard has for them.
const NAMES: &str = "mark=$1 undo=$2 member=$3 data=$4 wal=$5;\n";

/// Refuses a start where etcd has run and its data is missing, before any folder is made. Root looks, because the
/// data may lie where nobody else may look.
pub(in super::super) fn before(cluster: &Cluster, member: &Member) -> String {
    let check = as_root(
        "ExecStartPre",
        &[NAMES, WORDS, CHECK].concat(),
        words(cluster, member).iter().map(String::as_str),
    );
    format!(
        "# Not where it has run and its data is missing: docs/guide.md, \"Missing data\".\n{check}"
    )
}

/// Writes the mark when etcd says that it is ready. A member that never was has acknowledged nothing, and
/// may begin again: killed before its first entry is in the log, etcd waits for a leader for ever (seen on
/// 3.4.23, 3.5.33, 3.6.16 and 3.7.3), and its data has to go.
pub(in super::super) fn after(cluster: &Cluster, member: &Member) -> String {
    let keep = format!("keep 2>/dev/null ||\n    {NOT_KEPT};\n");
    as_root(
        "ExecStartPost",
        &[NAMES, WORDS, KEEP, &keep].concat(),
        words(cluster, member).iter().map(String::as_str),
    )
}

fn words(cluster: &Cluster, member: &Member) -> [String; 5] {
    let guarded = Guarded::of(cluster, member);
    [
        guarded.mark.to_string(),
        guarded.undo(),
        member.name.to_string(),
        guarded.data.to_string(),
        guarded.wal().to_string(),
    ]
}
