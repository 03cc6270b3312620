//! What is told of a trial that is healthy.

use super::there::Layout;
use super::variables::{Variables, etcdctl};
use crate::show::{Cell, DIM, GOOD, HEAD, NAME, Row, paint, table};
use bouquet_model::artifact::shell_word;
use bouquet_model::version::EtcdVersion;
use std::fmt::Write as _;
use std::time::Duration;

/// Returns one line: that it is healthy.
pub(super) fn healthy(layout: &Layout, version: EtcdVersion, took: Duration) -> String {
    let members = match layout.members.len() {
        1 => "1 member".to_owned(),
        count => format!("{count} members"),
    };
    let text = format!(
        "{} is healthy: {members} of etcd {version}, after {:.1} s",
        layout.cluster.token,
        took.as_secs_f64()
    );
    paint(GOOD, text)
}

/// Returns all that a person wants to know: what runs where, the environment to paste, the way to end it.
pub(super) fn block(layout: &Layout, version: EtcdVersion, took: Duration) -> String {
    let rows: Vec<Row> = layout
        .members
        .iter()
        .map(|member| {
            let urls = |name: &str| Cell::new(member.option(name).unwrap_or_default());
            Row {
                cells: vec![
                    Cell::new(member.name.clone()).style(NAME),
                    urls("advertise-client-urls"),
                    urls("initial-advertise-peer-urls"),
                ],
                below: member.further.iter().map(|url| format!("also {url}")).collect(),
            }
        })
        .collect();
    let mut text = format!("\n{}\n\n", healthy(layout, version, took));
    text += &table(&["MEMBER", "CLIENT URL", "PEER URL"], &rows);
    let _ = writeln!(text, "\nEverything is in {}, which is removed at the end.", layout.folder);
    let _ = writeln!(text, "\n{}", paint(HEAD, "In another shell:"));
    let Variables { set, unset } = etcdctl(&layout.cluster);
    let _ = writeln!(text, "unset {}", unset.join(" "));
    for (name, value) in set {
        let _ = writeln!(text, "export {name}={}", shell_word(&value));
    }
    let _ = writeln!(text, "etcdctl endpoint health");
    let _ = writeln!(text, "\n{}", paint(DIM, "Ctrl-C ends it, and leaves nothing behind."));
    text
}
