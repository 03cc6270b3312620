//! Features that are turned on by options of their own or, since 3.6, by gates.

use super::checkpoints;
use crate::check::relations::gates::GATES;
use crate::check::relations::subject::{Placed, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::cluster::Setting;
use bouquet_model::option::{self, EtcdOption, Successor};
use std::borrow::Cow;

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    for placed in subject.distinct() {
        let gates = placed.list(GATES);
        given_twice(subject, placed, &gates, found);
        let clashes: Vec<_> =
            placed.member.options.iter().filter_map(|s| clash(s, &gates)).collect();
        if clashes.is_empty() {
            checkpoints::check(subject, placed, found);
        }
        for (option, gate) in clashes {
            found.push(two_switches(subject, placed, option, gate));
        }
    }
}

/// Returns an option that is there, and the gate beside which etcd refuses it.
fn clash<'a>(
    setting: &Setting,
    gates: &'a [Cow<'_, str>],
) -> Option<(&'static EtcdOption, &'a str)> {
    let option = option::find(setting.name)?;
    let gate = gates.iter().find(|gate| option.clashes_with_gate(gate))?;
    Some((option, gate))
}

fn two_switches(
    subject: &Subject<'_>,
    placed: Placed<'_>,
    option: &EtcdOption,
    gate: &str,
) -> Diagnostic {
    let name = option.name();
    let both = |message: String| {
        Diagnostic::error(message)
            .at(subject.option_span(placed, name), "its old name")
            .also(subject.item_span(placed, GATES, gate), "its gate")
    };
    let on = placed.flag(name).unwrap_or_default();
    match (option.successor(), gate.split_once('=')) {
        (Successor::Gate(own), Some((all @ ("AllAlpha" | "AllBeta"), _))) => {
            both(format!("`{name}` is one of the feature gates of `{all}`"))
                .help(format!("write `\"{own}={on}\"` in its place; etcd refuses both together"))
        }
        _ => both(format!("`{name}` and the feature gate `{gate}` are one option"))
            .help("keep the gate; etcd refuses both together"),
    }
}

/// Refuses a gate that is given twice: etcd silently takes the last.
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
                    .note("etcd would silently take the last of them")
                    .help("keep one of them"),
            );
        }
    }
}
