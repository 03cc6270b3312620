//! Options that became others in etcd 3.6: the same under a name of its own, or as a feature gate.

use super::difference::Difference;
use super::what::What;
use crate::option::{EtcdOption, Successor, find};

const GATES: &str = "feature-gates";

/// Takes out what is the same in another spelling, and returns it. What changed its name and its value is
/// left as one difference, under the new name.
pub(super) fn take(differences: &mut Vec<Difference>) -> Vec<What> {
    let mut spelled = names(differences);
    spelled.extend(gates(differences));
    spelled
}

/// Returns an option that goes, and its later or earlier name that comes.
fn names(differences: &mut Vec<Difference>) -> Vec<What> {
    let mut spelled = Vec::new();
    let gone: Vec<Difference> =
        differences.iter().filter(|one| one.to.is_none()).cloned().collect();
    for Difference { name, from, .. } in gone {
        let Some(alias) = find(&name).and_then(EtcdOption::alias) else { continue };
        let is_it = |one: &Difference| one.name == alias.name() && one.from.is_none();
        let Some(place) = differences.iter().position(is_it) else { continue };
        if differences[place].to == from {
            let value = from.unwrap_or_default();
            let to = format!("{}={value}", alias.name());
            spelled.push(What::Spelling { from: format!("{name}={value}"), to });
            differences.remove(place);
        } else {
            differences[place].from = from;
        }
        differences.retain(|one| one.name != name);
    }
    spelled
}

/// Takes out options that became gates, and gates that become options again.
fn gates(differences: &mut Vec<Difference>) -> Vec<What> {
    let Some(place) = differences.iter().position(|one| one.name == GATES) else {
        return Vec::new();
    };
    let mut from = entries(differences[place].from.as_deref());
    let mut to = entries(differences[place].to.as_deref());
    let mut spelled = Vec::new();
    differences.retain(|one| {
        let Some(Successor::Gate(gate)) = find(&one.name).map(EtcdOption::successor) else {
            return true;
        };
        let entry = |value: &String| format!("{gate}={value}");
        let option = |value: &String| format!("{}={value}", one.name);
        match (&one.from, &one.to) {
            (Some(value), None) if take_entry(&mut to, &entry(value)) => {
                let to = format!("{GATES}={}", entry(value));
                spelled.push(What::Spelling { from: option(value), to });
                false
            }
            (None, Some(value)) if take_entry(&mut from, &entry(value)) => {
                let from = format!("{GATES}={}", entry(value));
                spelled.push(What::Spelling { from, to: option(value) });
                false
            }
            _ => true,
        }
    });
    from.sort_unstable();
    to.sort_unstable();
    if !spelled.is_empty() && from == to {
        differences.retain(|one| one.name != GATES);
    }
    spelled
}

fn entries(text: Option<&str>) -> Vec<String> {
    let entries = text.unwrap_or_default().split(',').filter(|entry| !entry.is_empty());
    entries.map(str::to_owned).collect()
}

fn take_entry(entries: &mut Vec<String>, entry: &str) -> bool {
    let place = entries.iter().position(|other| other == entry);
    place.map(|place| entries.remove(place)).is_some()
}
