//! Features that are on: by the option that each once was, by its gate, or with all of its kind.

use super::subject::{Placed, Subject};
use crate::diagnostic::Span;
use bouquet_model::option::{self, Successor};

/// The option that holds the gates.
pub(super) const GATES: &str = "feature-gates";

/// Tells whether a member runs with one of etcd's alpha features, which are off unless asked for.
///
/// An option that was the feature's switch stands for it where no gate does; its gate has the word
/// before `AllAlpha` (`setUnsetAlphaGates` in etcd's `pkg/featuregate/feature_gate.go`).
pub(super) fn is_on(placed: Placed<'_>, feature: &str) -> bool {
    let gates = placed.list(GATES);
    let gate = |name: &str| {
        let switches = gates.iter().rev().filter_map(|gate| gate.split_once('='));
        let mut of_it = switches.filter(|(said, _)| *said == name);
        of_it.next().map(|(_, switch)| switch == "true")
    };
    switch(placed, feature).or_else(|| gate(feature)).or_else(|| gate("AllAlpha")).unwrap_or(false)
}

/// Returns where the gate is written that turns a feature on, by itself or with all of its kind.
pub(super) fn gate_span(subject: &Subject<'_>, placed: Placed<'_>, feature: &str) -> Span {
    let gates = placed.list(GATES);
    let of = |name: &str| gates.iter().rev().find(|gate| **gate == format!("{name}=true"));
    let gate = of(feature).or_else(|| of("AllAlpha"));
    gate.map_or_else(
        || subject.option_span(placed, GATES),
        |gate| subject.item_span(placed, GATES, gate),
    )
}

/// Returns the value of the option that was the feature's switch, if it is there.
fn switch(placed: Placed<'_>, feature: &str) -> Option<bool> {
    let options = placed.member.options.iter().filter_map(|setting| option::find(setting.name));
    let mut was_it = options
        .filter(|option| matches!(option.successor(), Successor::Gate(gate) if gate == feature));
    was_it.find_map(|option| placed.flag(option.name()))
}
