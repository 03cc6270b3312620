//! A plan in JSON.

use super::seen::{MemberView, SeenView, member, seen};
use crate::live::Planned;
use crate::steps::{CountsView, StepView, counts, steps};
use bouquet_model::Cluster;
use bouquet_model::change::{Change, Subject};
use bouquet_model::plan::Plan;
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
    /// The member that leads; null where nobody was asked, or none does.
    leader: Option<&'a str>,
    /// The members as they were seen; null where nobody was asked.
    members: Option<Vec<MemberView<'a>>>,
    /// What was seen besides; null where nobody was asked.
    seen: Option<SeenView<'a>>,
    changes: Vec<ChangeView<'a>>,
    /// Why there are no steps at all, although something is to be done.
    withheld: Vec<WithheldView<'a>>,
    steps: Vec<StepView<'a>>,
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

pub(super) fn view<'a>(
    cluster: &'a Cluster,
    from: &'a str,
    plan: &'a Plan,
    planned: Option<&'a Planned>,
) -> PlanView<'a> {
    let change = |(at, change)| change_view(change, plan.refused.contains(&at));
    PlanView {
        token: &cluster.token,
        cluster_id: cluster.id.map(|id| id.to_string()),
        digest: cluster.digest.full(),
        from,
        now: counts(plan.counts),
        leader: plan.leader.as_deref(),
        members: planned.map(|it| it.seen.members.iter().map(member).collect()),
        seen: planned.map(seen),
        changes: plan.changes.iter().enumerate().map(change).collect(),
        withheld: plan
            .withheld
            .iter()
            .map(|it| WithheldView { why: &it.why, way: &it.way })
            .collect(),
        steps: steps(&plan.steps),
    }
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
