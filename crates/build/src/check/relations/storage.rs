//! Data: where it lies, how long its history is kept, how large it grows.

use super::subject::{Machine, Placed, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics};
use std::collections::BTreeMap;

const MODE: &str = "auto-compaction-mode";
const RETENTION: &str = "auto-compaction-retention";
const EIGHT_GIB: i64 = 8 << 30;

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    compaction(subject, found);
    one_folder_each(subject, "data-dir", found);
    one_folder_each(subject, "wal-dir", found);
    for placed in subject.writers("wal-dir") {
        let trimmed = |name| placed.text(name).map(|path| path.trim_end_matches('/').to_owned());
        if trimmed("wal-dir") == trimmed("data-dir") {
            found.push(
                Diagnostic::error("`wal-dir` and `data-dir` are the same folder")
                    .at(subject.option_span(placed, "wal-dir"), "")
                    .help("leave `wal-dir` out, or put it on a disk of its own"),
            );
        }
    }
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

/// Two etcds on one `data-dir`: the second hangs silently after `starting an etcd server`.
fn one_folder_each(subject: &Subject<'_>, option: &str, found: &mut Diagnostics) {
    let mut seen: BTreeMap<(Machine, String), Placed<'_>> = BTreeMap::new();
    for placed in subject.members() {
        let Some(folder) = placed.text(option) else { continue };
        let key = (placed.machine(), folder.trim_end_matches('/').to_owned());
        let Some(first) = seen.get(&key) else {
            seen.insert(key, placed);
            continue;
        };
        if first.member.listen_peer_urls == placed.member.listen_peer_urls {
            continue; // An address was copied, and that is said already.
        }
        found.push(
            Diagnostic::error(format!(
                "`{}` and `{}` run on one machine with one `{option}`",
                first.member.name, placed.member.name
            ))
            .at(subject.option_span(placed, option), "")
            .note(match option {
                "data-dir" => {
                    "the second etcd would hang without a word, waiting for the lock of the first"
                }
                _ => "two etcds cannot write one log",
            })
            .help("give each a folder of its own under [member.etcd]"),
        );
    }
}
