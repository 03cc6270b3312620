//! What came of a drill, for a person and for programs.

use super::compare::Answer;
use crate::restore::file::Facts;
use crate::show::{Cell, GOOD, NAME, Row, hex, json, paint, table};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::version::EtcdVersion;
use serde::Serialize;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

/// What came of it.
pub(super) struct Came<'a> {
    pub(super) file: &'a str,
    pub(super) facts: &'a Facts,
    /// What had to be said of the file.
    pub(super) doubts: &'a [Diagnostic],
    /// The etcd that ran, and the tool that wrote its data.
    pub(super) etcd: EtcdVersion,
    pub(super) tool: &'a Path,
    /// From the first look at etcd until all members were healthy.
    pub(super) took: Duration,
    pub(super) answers: &'a [Answer],
    /// What is not as it has to be.
    pub(super) faults: &'a [String],
}

#[derive(Serialize)]
struct CameView<'a> {
    file: &'a str,
    bytes: u64,
    sha256: String,
    /// The revision in the file.
    revision: i64,
    keys: u64,
    /// At most so many keys that end with leases.
    leased: u64,
    /// The etcd that ran.
    etcd: String,
    tool: String,
    /// In seconds, until all members were healthy.
    healthy_after: f64,
    members: &'a [Answer],
    warnings: Vec<&'a str>,
    /// Why it is not good; empty where it is.
    faults: &'a [String],
    good: bool,
}

/// Returns a table of the members, and the verdict where it is good.
pub(super) fn text(came: &Came<'_>) -> String {
    let row = |answer: &Answer| Row {
        cells: vec![
            Cell::new(answer.name.clone()).style(NAME),
            Cell::new(answer.revision.to_string()),
            Cell::new(answer.keys.to_string()),
            Cell::new(format!("{:08x}", answer.hash)),
        ],
        below: Vec::new(),
    };
    let rows: Vec<Row> = came.answers.iter().map(row).collect();
    let mut text = format!(
        "\nrestored by {} into {} of etcd {}, healthy after {:.1} s\n\n{}",
        came.tool.display(),
        match came.answers.len() {
            1 => "a member".to_owned(),
            count => format!("{count} members"),
        },
        came.etcd,
        came.took.as_secs_f64(),
        table(&["MEMBER", "REVISION", "KEYS", "HASHKV"], &rows)
    );
    if came.faults.is_empty() {
        let good = "it can be restored: each member has its keys, all have one hash, and a write went through";
        let _ = writeln!(text, "\n{}", paint(GOOD, good));
    }
    text
}

/// Returns the same as JSON.
pub(super) fn json_text(came: &Came<'_>) -> String {
    let content = &came.facts.content;
    json(&CameView {
        file: came.file,
        bytes: came.facts.size,
        sha256: hex(&came.facts.sha256),
        revision: content.revision,
        keys: content.keys,
        leased: content.leased,
        etcd: came.etcd.to_string(),
        tool: came.tool.display().to_string(),
        healthy_after: came.took.as_secs_f64(),
        members: came.answers,
        warnings: came.doubts.iter().map(|doubt| doubt.message.as_str()).collect(),
        faults: came.faults,
        good: came.faults.is_empty(),
    })
}
