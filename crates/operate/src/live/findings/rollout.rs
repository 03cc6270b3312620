//! The way to what is compiled: a plan, where `cluster.lock` does not say that it is there already.

use crate::live::beside::Before;
use crate::live::found::Found;

/// The way to what is compiled, for one member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// By the steps of a plan: it is recorded otherwise, or the lock is not at hand.
    Plan,
    /// It is recorded as it is compiled, and was recorded otherwise before: a plan has steps once that is back.
    Undo,
    /// It is recorded as it is compiled, and was recorded alike before, or not at all: taken back, a plan would have
    /// nothing to do, or would add what is there.
    ByHand,
}

pub(super) fn way(found: &Found<'_>, name: &str) -> Way {
    let Some(lock) = &found.beside.lock else { return Way::Plan };
    match lock.members.get(name) {
        _ if found.beside.unrecorded.iter().any(|other| other == name) => Way::Plan,
        Some(Before::Other) => Way::Undo,
        Some(Before::Same | Before::Nothing) | None => Way::ByHand,
    }
}

/// Returns the advice to take back what is recorded, and is not so.
pub(super) fn undo(found: &Found<'_>, names: &[&str]) -> String {
    let undo = found.typed(&format!("done --undo {}", names.join(" ")));
    format!("cluster.lock records it so, and it is not: {undo}, then {}", found.typed("plan"))
}

/// Returns what to do about members that are other than compiled: where the steps are, or else what to do by hand.
pub(super) fn help(
    found: &Found<'_>,
    names: &[&str],
    steps: &str,
    by_hand: impl Fn(&str) -> String,
) -> Vec<String> {
    let of = |way_of: Way| names.iter().copied().filter(move |name| way(found, name) == way_of);
    let plan = found.typed("plan");
    let mut help = Vec::new();
    if of(Way::Plan).next().is_some() {
        help.push(format!("{plan} has the steps{steps}"));
    }
    let undo: Vec<&str> = of(Way::Undo).collect();
    if !undo.is_empty() {
        help.push(self::undo(found, &undo));
    }
    let rest: Vec<&str> = of(Way::ByHand).collect();
    if !rest.is_empty() {
        help.push(by_hand(&rest.join(", ")));
    }
    help
}
