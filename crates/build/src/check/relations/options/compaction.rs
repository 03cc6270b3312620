//! How long history is kept.

use crate::check::relations::subject::Subject;
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::option::{GoDuration, Retention};

const MODE: &str = "auto-compaction-mode";
const RETENTION: &str = "auto-compaction-retention";

/// The bounds beyond which a number of revisions, of hours or of seconds was probably meant as another.
const FEW_REVISIONS: i64 = 100;
const MANY_REVISIONS: i64 = 1_000_000_000;
const YEAR: i64 = 366 * 24 * 3600;
const FIVE_MINUTES: i64 = 5 * 60;

/// Checks the retention against the mode: the same text means hours, a duration or a number of revisions; and a
/// YAML file with the retention alone silently turns compaction off.
pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    for placed in subject.distinct() {
        let (mode, retention) = (placed.text(MODE), placed.text(RETENTION));
        let diagnostic = match (mode.as_deref(), retention.as_deref()) {
            (None, Some(_)) => Diagnostic::error(format!("`{RETENTION}` without `{MODE}`"))
                .at(subject.option_span(placed, RETENTION), "")
                .note("read from a YAML file, etcd would compact nothing and say nothing")
                .help(format!("add `{MODE} = \"periodic\"`")),
            (Some(mode), Some(text)) => {
                let Ok(retention) = Retention::parse(text) else { continue };
                let (finding, counts) = match mode {
                    "revision" => (revisions(text, retention), "the mode that counts revisions"),
                    _ => (time(text, retention), "the mode that counts time"),
                };
                let Some(finding) = finding else { continue };
                finding
                    .at(subject.option_span(placed, RETENTION), "")
                    .also(subject.option_span(placed, MODE), counts)
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

/// Checks a number in mode `revision`.
fn revisions(text: &str, retention: Retention) -> Option<Diagnostic> {
    match retention {
        Retention::Time(_) => Some(
            Diagnostic::error(format!("`{text}` is not a number of revisions"))
                .help(format!("write a whole number, or `{MODE} = \"periodic\"`")),
        ),
        Retention::Count(1..FEW_REVISIONS) => Some(
            Diagnostic::warning(format!("a history of {text} revisions is rarely meant"))
                .note("a client that reads or watches from an older one fails: required revision has been compacted")
                .help(format!("write `{RETENTION} = 1000`, or `{MODE} = \"periodic\"` for hours")),
        ),
        Retention::Count(MANY_REVISIONS..) => Some(
            Diagnostic::warning(format!("a history of {text} revisions is rarely meant"))
                .note("etcd compacts nothing before that many writes, and the database grows all the time")
                .help(format!("write `{RETENTION} = 1000`, or `{MODE} = \"periodic\"` for hours")),
        ),
        Retention::Count(_) => None,
    }
}

/// Checks a time, or a number of hours, in mode `periodic`.
fn time(text: &str, retention: Retention) -> Option<Diagnostic> {
    let Some(time) = retention.time() else {
        return Some(
            Diagnostic::error(format!("{text} hours are more than etcd can count"))
                .note("the nanoseconds overflow: etcd panics, or compacts all history without a pause")
                .help(format!(
                    "write at most {}, or `{MODE} = \"revision\"` if revisions are meant",
                    Retention::MOST_HOURS
                )),
        );
    };
    let is_number = matches!(retention, Retention::Count(_));
    if is_number && time > GoDuration::from_secs(YEAR) {
        return Some(
            Diagnostic::warning(format!("a history of {text} hours is rarely meant"))
                .note("a number without a unit counts hours in this mode")
                .help(format!(
                    "write `{RETENTION} = \"{}\"` if seconds are meant, or `{MODE} = \"revision\"`",
                    seconds(text)
                )),
        );
    }
    if time > GoDuration::ZERO && time < GoDuration::from_secs(FIVE_MINUTES) {
        return Some(
            Diagnostic::warning(format!("a history of {time} is rarely meant"))
                .note("a client that lists in pages, or watches again after a while, fails: required revision has been compacted")
                .help(format!("write `{RETENTION} = \"1h\"` or more")),
        );
    }
    None
}

/// Returns a number of seconds as Go writes a time.
fn seconds(text: &str) -> GoDuration {
    GoDuration::from_secs(text.parse().unwrap_or(i64::MAX))
}
