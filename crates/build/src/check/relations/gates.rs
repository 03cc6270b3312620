//! Whether a feature is on: by the option that it once was, by its gate, or with all of its kind.

use super::subject::Placed;
use bouquet_model::option::{self, Successor};

/// The option that holds the gates.
pub(super) const GATES: &str = "feature-gates";

/// Tells whether a member runs with one of etcd's alpha features, which are off unless asked for.
///
/// An option that was the feature's switch has the last word (`SetFeatureGatesFromExperimentalFlags`
/// in etcd's `embed/config.go`), then its gate, then `AllAlpha` (`setUnsetAlphaGates` in
/// `pkg/featuregate/feature_gate.go`).
pub(super) fn is_on(placed: Placed<'_>, feature: &str) -> bool {
    let gates = placed.list(GATES);
    let gate = |name: &str| {
        let switches = gates.iter().rev().filter_map(|gate| gate.split_once('='));
        let mut of_it = switches.filter(|(said, _)| *said == name);
        of_it.next().map(|(_, switch)| switch == "true")
    };
    switch(placed, feature).or_else(|| gate(feature)).or_else(|| gate("AllAlpha")).unwrap_or(false)
}

/// What the option says that was the feature's switch, if it is there.
fn switch(placed: Placed<'_>, feature: &str) -> Option<bool> {
    let options = placed.member.options.iter().filter_map(|setting| option::find(setting.name));
    let mut was_it = options
        .filter(|option| matches!(option.successor(), Successor::Gate(gate) if gate == feature));
    was_it.find_map(|option| placed.flag(option.name()))
}
