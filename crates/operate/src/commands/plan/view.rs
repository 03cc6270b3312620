//! A plan in JSON.

use bouquet_model::Cluster;
use bouquet_model::change::{Change, Subject};
use bouquet_model::plan::{Counts, Place, Plan, Step};
use serde::Serialize;

/// A plan.
#[derive(Serialize)]
pub(super) struct PlanView<'a> {
    /// `initial-cluster-token`.
    token: &'a str,
    /// In hexadecimal; null where it is not known.
    cluster_id: Option<String>,
    /// SHA-256 of what members and clients are compiled as.
    digest: String,
    /// What was compared with: `cluster.lock`, or the file or revision that was named.
    from: &'a str,
    /// The members that vote now.
    now: CountsView,
    changes: Vec<ChangeView<'a>>,
    /// Why there are no steps at all, although something is to be done.
    withheld: Vec<WithheldView<'a>>,
    steps: Vec<StepView<'a>>,
}

#[derive(Serialize)]
struct CountsView {
    /// Members that have a vote.
    voters: usize,
    /// How many have to be up for writes to go on.
    quorum: usize,
    /// How many may fail besides what the step stops; null where writes stop anyway.
    tolerates: Option<usize>,
}

#[derive(Serialize)]
struct WithheldView<'a> {
    /// In words.
    why: &'a str,
    /// What to do instead, in words.
    way: &'a str,
}

#[derive(Serialize)]
struct ChangeView<'a> {
    /// `cluster`, `member` or `client`.
    of: &'static str,
    /// Its name; null for the cluster.
    name: Option<&'a str>,
    /// What it is, in words.
    what: String,
    /// What it asks of an operator.
    class: &'static str,
    /// Whether it is refused, and has no steps.
    refused: bool,
    /// What comes of it on the machines.
    consequence: String,
    /// What to do about it, or instead.
    way: String,
    /// The words that accept it in `cluster.toml`; null where nothing has to be accepted.
    accept: Option<String>,
}

#[derive(Serialize)]
struct StepView<'a> {
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

pub(super) fn view<'a>(cluster: &'a Cluster, from: &'a str, plan: &'a Plan) -> PlanView<'a> {
    let change = |(at, change)| change_view(change, plan.refused.contains(&at));
    PlanView {
        token: &cluster.token,
        cluster_id: cluster.id.map(|id| id.to_string()),
        digest: cluster.digest.full(),
        from,
        now: counts(plan.counts),
        changes: plan.changes.iter().enumerate().map(change).collect(),
        withheld: plan
            .withheld
            .iter()
            .map(|it| WithheldView { why: &it.why, way: &it.way })
            .collect(),
        steps: plan.steps.iter().zip(1..).map(|(step, number)| step_view(step, number)).collect(),
    }
}

fn counts(counts: Counts) -> CountsView {
    CountsView { voters: counts.voters, quorum: counts.quorum(), tolerates: counts.tolerates() }
}

fn change_view(change: &Change, refused: bool) -> ChangeView<'_> {
    let (of, name) = match &change.subject {
        Subject::Cluster => ("cluster", None),
        Subject::Member(name) => ("member", Some(name.as_str())),
        Subject::Client(name) => ("client", Some(name.as_str())),
    };
    ChangeView {
        of,
        name,
        what: change.what.to_string(),
        class: change.class.as_str(),
        refused,
        consequence: change.consequence(),
        way: change.way(),
        accept: change.accept(),
    }
}

fn step_view(step: &Step, number: usize) -> StepView<'_> {
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
