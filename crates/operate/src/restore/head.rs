//! What a snapshot is, for a person.

use super::file::Facts;
use crate::show::{NAME, bytes, hex, paint};
use bouquet_model::diagnostic::visible;
use std::fmt::Write as _;

/// Returns `backup.db: 20 KiB, revision 81204, 1203 keys, hash 5a3b…, sha256 …`, and who wrote it.
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
    // Before members have agreed on one, it is 3.0.0.
    let version = Some(&content.cluster_version).filter(|it| !it.is_empty() && *it != "3.0.0");
    let minor = version.map(|it| it.rsplit_once('.').map_or(it.as_str(), |(minor, _)| minor));
    let by = minor.map(|minor| format!("by a cluster of etcd {}", visible(minor)));
    let of = (!members.is_empty()).then(|| format!("of members {}", members.join(", ")));
    let said: Vec<String> = by.into_iter().chain(of).collect();
    if !said.is_empty() {
        let _ = writeln!(text, "written {}", said.join(", "));
    }
    text
}
