//! What a member has left, in words.

use super::remains::{Held, Log, Remains};
use crate::show::{bytes, instant};
use std::fmt::Write as _;

/// Returns what is there, a line for each.
pub(super) fn text(remains: &Remains) -> String {
    let Remains { member, up, enabled, open, data, copy } = remains;
    let runs = match (up, open) {
        (true, _) => "runs",
        (false, true) => "is stopped, another process has the database open",
        (false, false) => "is stopped",
    };
    let starts = if *enabled { "starts" } else { "does not start" };
    let mut text = format!("{member}: etcd {runs}, and {starts} with the machine\n");
    match data {
        None => text.push_str("no data of etcd's is here\n"),
        Some(held) => data_of(&mut text, held),
    }
    if let Some(copy) = copy {
        let _ = writeln!(
            text,
            "saved: {}, {}, revision {}, sha256 {}",
            copy.file,
            bytes(copy.size),
            copy.revision,
            copy.sha256
        );
    }
    text
}

fn data_of(text: &mut String, held: &Held) {
    let known = |id: &Option<String>| id.clone().unwrap_or_else(|| "unknown".to_owned());
    let (cluster, member) = (known(&held.cluster_id), known(&held.member_id));
    let _ = writeln!(text, "data: of cluster {cluster}, member {member}");
    if let Some(token) = &held.restored {
        let _ = writeln!(text, "restored: with the token {token}");
    }
    if let Some(Log { term, committed, last, written }) = held.log {
        let _ = writeln!(
            text,
            "log: up to entry {last}, agreed on up to {committed}, term {term}, written last at {}",
            instant(written)
        );
    }
    match (&held.database, &held.unread) {
        (Some(it), _) => {
            let _ = writeln!(
                text,
                "database: revision {}, {} keys, up to entry {}, {}",
                it.revision,
                it.keys,
                it.applied,
                bytes(it.size)
            );
        }
        (None, Some(why)) => {
            let _ = writeln!(text, "database: cannot be read ({why}), as while etcd writes it");
        }
        (None, None) => text.push_str("database: there is none\n"),
    }
}
