//! Checkpoints of leases: storing them is of no use, and refused by etcd, where none are made.

use super::{Placed, Proof};
use crate::diagnostic::{Diagnostic, Diagnostics};

/// The option that each of the two gates of 3.6 was before, and the gate.
const MAKE: (&str, &str) = ("experimental-enable-lease-checkpoint", "LeaseCheckpoint");
const STORE: (&str, &str) =
    ("experimental-enable-lease-checkpoint-persist", "LeaseCheckpointPersist");

pub(super) fn check(proof: &Proof<'_>, found: &mut Diagnostics) {
    for placed in proof.distinct() {
        if !is_on(placed, STORE) || is_on(placed, MAKE) {
            continue;
        }
        let ((option, gate), needed) = (STORE, MAKE);
        let (written, wanted, help) = if placed.flag(option) == Some(true) {
            (option, needed.0, format!("add `{} = true`", needed.0))
        } else {
            (gate, needed.1, format!("add `{}=true` to `feature-gates`", needed.1))
        };
        let place = if written == option { option } else { "feature-gates" };
        found.push(
            Diagnostic::error(format!("`{written}` without `{wanted}`"))
                .at(proof.option_span(placed, place), "etcd refuses this")
                .help(help),
        );
    }
}

/// By the option, by the gate, or by the gate that stands for all of its kind.
fn is_on(placed: Placed<'_>, (option, gate): (&str, &str)) -> bool {
    let gates = placed.list("feature-gates");
    let by_gate = |name: &str| {
        let entries = gates.iter().filter_map(|entry| entry.split_once('='));
        entries.filter(|(gate, _)| *gate == name).map(|(_, value)| value == "true").next_back()
    };
    let by_gates = by_gate(gate).or_else(|| by_gate("AllAlpha"));
    placed.flag(option).or(by_gates).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Severity;
    use crate::prove;

    /// The errors of a spec with this version and these options.
    fn errors(version: &str, options: &str) -> Vec<String> {
        let spec = format!(
            "[cluster]\ntoken = \"t\"\netcd = \"{version}\"\n[tls]\ncerts-dir = \"/c\"\n\
             [etcd]\ndata-dir = \"/d\"\n{options}\n[[member]]\nname = \"a\"\nip = \"10.0.0.1\"\n"
        );
        let (_, found) = prove(spec.as_bytes());
        let errors = found.iter().filter(|found| found.severity == Severity::Error);
        errors.map(|error| error.message.clone()).collect()
    }

    #[test]
    fn storing_checkpoints_needs_making_them() {
        let [make, store] = [
            "experimental-enable-lease-checkpoint = true",
            "experimental-enable-lease-checkpoint-persist = true",
        ];
        assert_eq!(
            errors("3.5.33", store),
            ["`experimental-enable-lease-checkpoint-persist` without \
              `experimental-enable-lease-checkpoint`"]
        );
        assert!(errors("3.5.33", &format!("{store}\n{make}")).is_empty());
    }

    #[test]
    fn the_gate_that_stores_needs_the_gate_that_makes() {
        let refused = ["`LeaseCheckpointPersist` without `LeaseCheckpoint`"];
        let gates = |gates: &str| errors("3.7", &format!("feature-gates = [{gates}]"));
        assert_eq!(gates("'LeaseCheckpointPersist=true'"), refused);
        assert_eq!(gates("'AllAlpha=true', 'LeaseCheckpoint=false'"), refused);
        assert!(gates("'AllAlpha=true'").is_empty());
        assert!(gates("'LeaseCheckpointPersist=true', 'LeaseCheckpoint=true'").is_empty());
    }
}
