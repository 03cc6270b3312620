//! Lease checkpoints, which are made and stored by one switch each: `Validate` in etcd's
//! `embed/config.go`.

use crate::check::relations::gates::{gate_span, is_on};
use crate::check::relations::subject::{Placed, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::version::{EtcdVersion, Minor};

const MAKE: &str = "experimental-enable-lease-checkpoint";
const STORE: &str = "experimental-enable-lease-checkpoint-persist";

pub(super) fn check(subject: &Subject<'_>, placed: Placed<'_>, found: &mut Diagnostics) {
    let (made, stored) =
        (is_on(placed, "LeaseCheckpoint"), is_on(placed, "LeaseCheckpointPersist"));
    if stored && !made {
        found.push(nothing_to_store(subject, placed));
    }
    if made && !stored && warns_without_a_logger(subject, placed) {
        found.push(
            Diagnostic::error(format!(
                "etcd {} dies of `{MAKE}` where it logs by `capnslog`",
                subject.cluster.version
            ))
            .at(subject.option_span(placed, MAKE), "")
            .note("etcd warns that checkpoints are not stored, by a logger that is not there: nil pointer dereference")
            .help("add `logger = \"zap\"`"),
        );
    }
}

fn nothing_to_store(subject: &Subject<'_>, placed: Placed<'_>) -> Diagnostic {
    let by_option = placed.flag(STORE) == Some(true);
    let (span, note, help) = if by_option {
        (
            subject.option_span(placed, STORE),
            "etcd: setting experimental-enable-lease-checkpoint-persist requires experimental-enable-lease-checkpoint",
            format!("add `{MAKE} = true`"),
        )
    } else {
        (
            gate_span(subject, placed, "LeaseCheckpointPersist"),
            "etcd: enabling feature gate LeaseCheckpointPersist requires enabling feature gate LeaseCheckpoint",
            "add `\"LeaseCheckpoint=true\"`".to_owned(),
        )
    };
    let error = Diagnostic::error("lease checkpoints cannot be stored where none are made");
    let error = error.at(span, "").note(note);
    if placed.flag(MAKE) == Some(false) {
        return error
            .also(subject.option_span(placed, MAKE), "none are made")
            .help(format!("write `{MAKE} = true`, or remove `{STORE}`"));
    }
    error.help(help)
}

/// Tells whether a member warns by a logger that is not there. From 3.4.20 on, 3.4 calls a logger that only zap
/// has, and `capnslog` is its default.
fn warns_without_a_logger(subject: &Subject<'_>, placed: Placed<'_>) -> bool {
    let version: EtcdVersion = subject.cluster.version;
    let warns = version.minor() == Minor::V3_4 && version.patch().is_none_or(|patch| patch >= 20);
    warns && placed.text("logger").as_deref() != Some("zap")
}
