//! Logs: what etcd refuses about them only when it starts.

use super::{Placed, Proof};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) fn check(proof: &Proof<'_>, found: &mut Diagnostics) {
    for placed in proof.distinct() {
        let outputs = placed.list("log-outputs");
        rotation(proof, placed, &outputs, found);
        let default = outputs.iter().any(|output| output == "default");
        if default && outputs.len() > 1 {
            found.push(
                Diagnostic::error("`log-outputs` has `default` beside another output")
                    .at(proof.option_span(placed, "log-outputs"), "")
                    .note("etcd: multi logoutput for \"default\" is not supported yet")
                    .help("write `stderr` in its place"),
            );
        }
        if placed.text("logger").as_deref() == Some("capnslog") && outputs.len() > 1 {
            found.push(
                Diagnostic::error("the logger `capnslog` writes to one output")
                    .at(proof.option_span(placed, "log-outputs"), "")
                    .help("keep one output, or write `logger = \"zap\"`"),
            );
        }
    }
}

/// `setupLogRotation` in etcd's `embed/config_logging.go`.
fn rotation(
    proof: &Proof<'_>,
    placed: Placed<'_>,
    outputs: &[std::borrow::Cow<'_, str>],
    found: &mut Diagnostics,
) {
    let files = outputs.iter().filter(|output| output.starts_with('/')).count();
    if placed.flag("enable-log-rotation") != Some(true) || files == 1 {
        return;
    }
    found.push(
        Diagnostic::error("log rotation needs exactly one file among `log-outputs`")
            .at(proof.option_span(placed, "enable-log-rotation"), format!("there are {files}"))
            .note("etcd: --log-outputs requires a single file path when --log-rotate-config-json is defined")
            .help("write `log-outputs = [\"/var/log/etcd/etcd.log\"]`, or leave rotation to the journal"),
    );
}
