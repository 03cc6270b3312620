//! Logs: what etcd refuses about them only when it starts.

use crate::check::relations::subject::{Placed, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::option::misread_log_path;
use bouquet_model::version::Minor;

const ROTATION: &str = "log-rotation-config-json";

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    for placed in subject.distinct() {
        let outputs = placed.list("log-outputs");
        rotation(subject, placed, &outputs, found);
        capnslog(subject, placed, &outputs, found);
        if placed.text(ROTATION).is_some() && placed.flag("enable-log-rotation") != Some(true) {
            found.push(
                Diagnostic::warning(format!("`{ROTATION}` without `enable-log-rotation`"))
                    .at(subject.option_span(placed, ROTATION), "etcd would not look at it")
                    .help("add `enable-log-rotation = true`, or remove it"),
            );
        }
    }
}

/// Checks the logger of 3.4, which is `capnslog` if none is named (`setupLogging` in its
/// `embed/config_logging.go`).
fn capnslog(
    subject: &Subject<'_>,
    placed: Placed<'_>,
    outputs: &[std::borrow::Cow<'_, str>],
    found: &mut Diagnostics,
) {
    let logger = placed.text("logger");
    let named = logger.as_deref();
    let default = named.is_none() && subject.cluster.version.minor() == Minor::V3_4;
    let fits = match outputs {
        [] => true,
        [one] => ["default", "stderr", "stdout"].contains(&one.as_ref()),
        _ => false,
    };
    if fits || !(default || named == Some("capnslog")) {
        return;
    }
    let which = if default { ", etcd 3.4's own," } else { "" };
    found.push(
        Diagnostic::error(format!(
            "the logger `capnslog`{which} writes to `stderr` or `stdout` and nothing else"
        ))
        .at(match outputs {
            [one] => subject.item_span(placed, "log-outputs", one),
            _ => subject.option_span(placed, "log-outputs"),
        }, "")
        .note(match outputs {
            [one] => format!("etcd: unknown log-output {one:?} (only supports \"default\", \"stderr\", \"stdout\")"),
            _ => "etcd: --logger=capnslog supports only 1 value in '--log-outputs'".to_owned(),
        })
        .help("write `logger = \"zap\"`, or one of the two"),
    );
}

/// Checks the rotation of logs, as `setupLogRotation` in etcd's `embed/config_logging.go` does.
fn rotation(
    subject: &Subject<'_>,
    placed: Placed<'_>,
    outputs: &[std::borrow::Cow<'_, str>],
    found: &mut Diagnostics,
) {
    if placed.flag("enable-log-rotation") != Some(true) {
        return;
    }
    let mut files = outputs.iter().filter(|output| output.starts_with('/'));
    let (file, more) = (files.next(), files.count());
    if let (Some(file), 0) = (file, more) {
        found.extend(misread_log_path(file).map(|finding| {
            finding.at(subject.item_span(placed, "log-outputs", file), "").also(
                subject.option_span(placed, "enable-log-rotation"),
                "with rotation in every version",
            )
        }));
        return;
    }
    let files = usize::from(file.is_some()) + more;
    found.push(
        Diagnostic::error("log rotation needs exactly one file among `log-outputs`")
            .at(subject.option_span(placed, "enable-log-rotation"), format!("there are {files}"))
            .note("etcd: --log-outputs requires a single file path when --log-rotate-config-json is defined")
            .help("write `log-outputs = [\"/var/log/etcd/etcd.log\"]`, or leave rotation to the journal"),
    );
}
