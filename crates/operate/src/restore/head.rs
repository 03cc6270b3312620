//! What a snapshot is, for a person.

use super::file::Facts;
use crate::show::{NAME, bytes, hex, paint};
use bouquet_model::diagnostic::visible;
use std::fmt::Write as _;

/// `backup.db: 20 KiB, revision 81204, 1203 keys, hash 5a3b…, sha256 …`, and who wrote it.
pub(super) fn head(name: &str, facts: &Facts) -> String {
    let content = &facts.content;
    let mut text = format!(
        "{}: {}, revision {}, {} {}\nhash {:08x} as of etcdutl, sha256 {}\n",
        paint(NAME, visible(name)),
        bytes(facts.size),
        content.revision,
        content.keys,
        if content.keys == 1 { "key" } else { "keys" },
        content.hash,
        hex(&facts.sha256),
    );
    // One that never ran has no name.
    let named = content.members.iter().filter(|it| !it.name.is_empty());
    let members: Vec<_> = named.map(|it| visible(&it.name).into_owned()).collect();
    if !content.cluster_version.is_empty() {
        let _ = write!(text, "written by etcd {}", visible(&content.cluster_version));
        if !members.is_empty() {
            let _ = write!(text, ", of members {}", members.join(", "));
        }
        text.push('\n');
    }
    text
}
