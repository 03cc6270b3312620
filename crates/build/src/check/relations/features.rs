//! Features that are turned on by options of their own or, since 3.6, by gates.

use super::checkpoints;
use super::gates::GATES;
use super::subject::{Placed, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::option;
use std::borrow::Cow;

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    for placed in subject.distinct() {
        let gates = placed.list(GATES);
        option_and_gate(subject, placed, &gates, found);
        given_twice(subject, placed, &gates, found);
        checkpoints::check(subject, placed, found);
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
                .also(subject.option_span(placed, GATES), "its gate")
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
                    .at(subject.option_span(placed, GATES), "")
                    .note("etcd would take the last of them, without a word")
                    .help("keep one of them"),
            );
        }
    }
}
