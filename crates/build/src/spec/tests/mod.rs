//! What someone sees who wrote a spec that is wrong, one kind of mistake at a
//! time, and what holds for every text.

mod accepted;
mod files;
mod properties;
mod syntax_brackets;
mod syntax_lines;
mod syntax_values;
mod tables_forms;
mod tables_places;
mod tables_twice;
mod unknown_keys;
mod values;

use super::parse_bytes;
use crate::diagnostic::{Source, Style};

/// A few of the names that may stand under `[etcd]`.
const OPTIONS: &[&str] = &["data-dir", "heartbeat-interval", "max-learners", "snapshot-count"];

/// A spec without a mistake, for tests to add one to.
const GOOD: &str = r#"[cluster]
token = "t"
etcd = "3.5"

[[member]]
name = "pink"
ip = "10.0.0.1"
"#;

/// Returns what is said about a file, in full.
fn said(file: impl AsRef<[u8]>) -> String {
    let file = file.as_ref();
    let (spec, found) = parse_bytes(file, OPTIONS);
    let text = String::from_utf8_lossy(file);
    let said = found.render(Source::new("cluster.toml", &text), Style::Plain);
    let verdict = if spec.is_some_and(|spec| spec.whole) {
        "(there is a spec)"
    } else {
        "(there is no spec)"
    };
    format!("{said}{verdict}")
}

/// Returns what is said about [`GOOD`] with something added.
fn said_of_good_and(more: &str) -> String {
    said(format!("{GOOD}{more}"))
}
