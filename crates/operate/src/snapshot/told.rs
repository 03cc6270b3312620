//! What is said of a snapshot that was taken.

use super::choose::Chosen;
use crate::show::{bytes, hex, instant, json, label};
use serde::Serialize;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

/// A snapshot that was taken.
pub(super) struct Saved {
    pub(super) token: String,
    pub(super) cluster: u64,
    pub(super) from: Chosen,
    /// `None` for standard output.
    pub(super) place: Option<PathBuf>,
    /// In bytes, with its checksum.
    pub(super) size: u64,
    /// Of its database, as it stands at its end.
    pub(super) sha256: [u8; 32],
    /// `None` where it went to standard output: it takes a file to look for it.
    pub(super) revision: Option<i64>,
    pub(super) now: i64,
    pub(super) took: Duration,
    /// Those that the folder keeps no more.
    pub(super) removed: Vec<PathBuf>,
    /// What comes along with it, and is no doubt.
    pub(super) alarm: Option<&'static str>,
    /// Why it may be worth less than it should.
    pub(super) doubts: Vec<String>,
}

#[derive(Serialize)]
struct SavedView<'a> {
    token: &'a str,
    cluster_id: String,
    member: &'a str,
    role: &'static str,
    file: Option<String>,
    bytes: u64,
    sha256: String,
    revision: Option<i64>,
    taken_at: String,
    took_ms: u128,
    removed: Vec<String>,
    /// All that was said of it.
    warnings: Vec<&'a str>,
}

/// Writes the revision; before the first write there is none, and etcd's own tool has it as 0.
fn at(revision: i64) -> String {
    let empty = if revision == 0 { ", nothing was ever written," } else { "" };
    format!(", revision {revision}{empty}")
}

pub(super) fn text(saved: &Saved) -> String {
    let place =
        saved.place.as_ref().map_or("standard output".to_owned(), |it| it.display().to_string());
    let revision = saved.revision.map_or_else(String::new, at);
    let mut text = format!(
        "saved {}{revision} of {} ({}) to {place} in {:.1} s{}\n",
        bytes(saved.size),
        saved.from.name,
        saved.from.role.as_str(),
        saved.took.as_secs_f32(),
        if saved.doubts.is_empty() { "" } else { ", IN DOUBT" }
    );
    let _ = writeln!(text, "sha256 {}", hex(&saved.sha256));
    for removed in &saved.removed {
        let _ = writeln!(text, "removed {}", removed.display());
    }
    text
}

pub(super) fn json_text(saved: &Saved) -> String {
    let path = |path: &PathBuf| path.display().to_string();
    json(&SavedView {
        token: &saved.token,
        cluster_id: format!("{:x}", saved.cluster),
        member: &saved.from.name,
        role: saved.from.role.as_str(),
        file: saved.place.as_ref().map(path),
        bytes: saved.size,
        sha256: hex(&saved.sha256),
        revision: saved.revision,
        taken_at: instant(saved.now),
        took_ms: saved.took.as_millis(),
        removed: saved.removed.iter().map(path).collect(),
        warnings: saved.doubts.iter().map(String::as_str).chain(saved.alarm).collect(),
    })
}

/// Writes metrics for the textfile collector of `node_exporter`: a failure leaves the file of the last good
/// snapshot, whose age is what an alert looks at.
pub(super) fn metrics(saved: &Saved) -> String {
    let cluster = label("cluster", &saved.token);
    let mut text = String::new();
    let mut gauge = |name: &str, help: &str, value: i64| {
        let _ = writeln!(
            text,
            "# HELP {name} {help}\n# TYPE {name} gauge\n{name}{{{cluster}}} {value}"
        );
    };
    let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    gauge(
        "bouquet_snapshot_timestamp_seconds",
        "When the last good snapshot was taken, in seconds since 1970.",
        saved.now,
    );
    gauge("bouquet_snapshot_size_bytes", "How large it is.", whole(saved.size));
    if let Some(revision) = saved.revision {
        gauge("bouquet_snapshot_revision", "The revision of its keys.", revision);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::at;

    #[test]
    fn a_store_without_a_write_is_told_as_that() {
        assert_eq!(at(81_204), ", revision 81204");
        assert_eq!(at(0), ", revision 0, nothing was ever written,");
    }
}
