//! Features that are turned on by options of their own or, since 3.6, by gates.

use super::subject::{Placed, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use bouquet_model::option;
use std::borrow::Cow;

const GATES: &str = "feature-gates";

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    for placed in subject.distinct() {
        let gates = placed.list(GATES);
        option_and_gate(subject, placed, &gates, found);
        given_twice(subject, placed, &gates, found);
        lease_checkpoints(subject, placed, &gates, found);
    }
}

fn option_and_gate(
    subject: &Subject<'_>,
    placed: Placed<'_>,
    gates: &[Cow<'_, str>],
    found: &mut Diagnostics,
) {
    for setting in placed.member.options.iter() {
        let Some(option) = option::find(setting.name) else { continue };
        if let Some(gate) = gates.iter().find(|gate| option.clashes_with_gate(gate)) {
            found.push(
                Diagnostic::error(format!(
                    "`{}` and the feature gate `{gate}` are one option",
                    setting.name
                ))
                .at(subject.option_span(placed, setting.name), "its old name")
                .also(subject.item_span(placed, GATES, gate), "its gate")
                .help("keep the gate; etcd refuses both together"),
            );
        }
    }
}

/// etcd takes the last, without a word.
fn given_twice(
    subject: &Subject<'_>,
    placed: Placed<'_>,
    gates: &[Cow<'_, str>],
    found: &mut Diagnostics,
) {
    let name = |gate: &str| gate.split('=').next().map(str::to_owned);
    for (at, gate) in gates.iter().enumerate() {
        if let Some(first) = gates[..at].iter().find(|first| name(first) == name(gate)) {
            found.push(
                Diagnostic::error(format!("`{GATES}` has both `{first}` and `{gate}`"))
                    .at(subject.item_span(placed, GATES, gate), "")
                    .also(subject.item_span(placed, GATES, first), "first here")
                    .note("etcd would take the last of them, without a word")
                    .help("keep one of them"),
            );
        }
    }
}

/// `Validate` in etcd's `embed/config.go`.
fn lease_checkpoints(
    subject: &Subject<'_>,
    placed: Placed<'_>,
    gates: &[Cow<'_, str>],
    found: &mut Diagnostics,
) {
    const KEEP: &str = "experimental-enable-lease-checkpoint";
    const STORE: &str = "experimental-enable-lease-checkpoint-persist";
    let gate = |name: &str| gates.iter().any(|gate| *gate == format!("{name}=true"));
    // Both are alpha, and so both on or off with all of these, unless named.
    let alpha =
        |name: &str| gate("AllAlpha") && !gates.iter().any(|g| *g == format!("{name}=false"));
    let keeps =
        placed.flag(KEEP) == Some(true) || gate("LeaseCheckpoint") || alpha("LeaseCheckpoint");
    if keeps {
        return;
    }
    let lacks = |span: Span, message: &str, note: &str, help: String| {
        Diagnostic::error(message).at(span, "").note(note).help(help)
    };
    if placed.flag(STORE) == Some(true) {
        found.push(lacks(
            subject.option_span(placed, STORE),
            "lease checkpoints cannot be stored where none are made",
            "etcd: setting experimental-enable-lease-checkpoint-persist requires experimental-enable-lease-checkpoint",
            format!("add `{KEEP} = true`"),
        ));
    } else if gate("LeaseCheckpointPersist") || alpha("LeaseCheckpointPersist") {
        let named = ["LeaseCheckpointPersist=true", "AllAlpha=true"];
        let named = named.into_iter().find(|named| gates.iter().any(|gate| gate == named));
        found.push(lacks(
            subject.item_span(placed, GATES, named.unwrap_or_default()),
            "lease checkpoints cannot be stored where none are made",
            "etcd: enabling feature gate LeaseCheckpointPersist requires enabling feature gate LeaseCheckpoint",
            "add `\"LeaseCheckpoint=true\"`".to_owned(),
        ));
    }
}
