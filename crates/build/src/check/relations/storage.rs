//! Data: how long its history is kept, how large it grows.

use super::subject::Subject;
use crate::diagnostic::{Diagnostic, Diagnostics};

const MODE: &str = "auto-compaction-mode";
const RETENTION: &str = "auto-compaction-retention";
const EIGHT_GIB: i64 = 8 << 30;

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    compaction(subject, found);
    for placed in subject.writers("quota-backend-bytes") {
        if placed.int("quota-backend-bytes").is_some_and(|bytes| bytes > EIGHT_GIB) {
            found.push(
                Diagnostic::warning("a database of more than 8 GiB is beyond what etcd advises")
                    .at(subject.option_span(placed, "quota-backend-bytes"), "")
                    .note("a member that restarts or joins takes the longer the larger it is")
                    .help("write `quota-backend-bytes = \"8GiB\"`"),
            );
        }
    }
}

/// The same retention means hours, a duration or a number of revisions, by the mode; and a YAML
/// file with the retention alone turns compaction off without a word.
fn compaction(subject: &Subject<'_>, found: &mut Diagnostics) {
    for placed in subject.distinct() {
        let (mode, retention) = (placed.text(MODE), placed.text(RETENTION));
        let diagnostic = match (mode.as_deref(), retention.as_deref()) {
            (None, Some(_)) => Diagnostic::error(format!("`{RETENTION}` without `{MODE}`"))
                .at(subject.option_span(placed, RETENTION), "")
                .note("read from a YAML file, etcd would compact nothing and say nothing")
                .help(format!("add `{MODE} = \"periodic\"`")),
            (Some("revision"), Some(text)) if text.parse::<u64>().is_err() => {
                Diagnostic::error(format!("`{text}` is not a number of revisions"))
                    .at(subject.option_span(placed, RETENTION), "")
                    .also(subject.option_span(placed, MODE), "the mode that counts revisions")
                    .help(format!("write a whole number, or `{MODE} = \"periodic\"`"))
            }
            (Some(_), None) => {
                Diagnostic::warning(format!("`{MODE}` without `{RETENTION}` compacts nothing"))
                    .at(subject.option_span(placed, MODE), "")
                    .help(format!("add `{RETENTION} = \"10h\"`, for example"))
            }
            _ => continue,
        };
        found.push(diagnostic);
    }
}
