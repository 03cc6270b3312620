//! Steps in JSON.

use bouquet_model::plan::{Counts, Place, Step};
use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct CountsView {
    /// Members that have a vote.
    voters: usize,
    /// How many have to be up for writes to go on.
    quorum: usize,
    /// How many may fail besides what the step stops; null where writes stop anyway.
    tolerates: Option<usize>,
}

#[derive(Serialize)]
pub(crate) struct StepView<'a> {
    /// From 1.
    number: usize,
    /// The word for what is done.
    action: &'static str,
    /// The same in words.
    title: String,
    /// `control`, `node` or `clients`.
    place: &'static str,
    /// The member that it is about; null for none.
    member: Option<&'a str>,
    clients: &'a [String],
    /// The etcd that an upgrade, a downgrade or a restore is to; null for other steps.
    etcd: Option<String>,
    /// What is to be pasted; what begins with `#` is for a person to do.
    commands: &'a [String],
    #[serde(flatten)]
    counts: CountsView,
    waits_for: Option<&'a str>,
    undo: Option<&'a str>,
    notes: &'a [String],
}

/// Returns all steps, numbered.
pub(crate) fn steps(steps: &[Step]) -> Vec<StepView<'_>> {
    steps.iter().zip(1..).map(|(one, number)| step(one, number)).collect()
}

pub(crate) fn counts(counts: Counts) -> CountsView {
    CountsView { voters: counts.voters, quorum: counts.quorum(), tolerates: counts.tolerates() }
}

/// Returns one step, with the number that it has among others.
pub(crate) fn step(step: &Step, number: usize) -> StepView<'_> {
    StepView {
        number,
        action: step.action.word().as_str(),
        title: step.action.to_string(),
        place: match &step.place {
            Place::Control => "control",
            Place::Node(_) => "node",
            Place::Clients => "clients",
        },
        member: step.action.member(),
        clients: step.action.clients(),
        etcd: step.action.etcd().map(|version| version.to_string()),
        commands: &step.commands,
        counts: counts(step.counts),
        waits_for: step.waits_for.as_deref(),
        undo: step.undo.as_deref(),
        notes: &step.notes,
    }
}
