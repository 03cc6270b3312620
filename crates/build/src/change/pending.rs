//! What is to be done on the machines until it is recorded that it was: a line for each kind of change.

use super::accept::{accepted as words, needed, to_write, unneeded};
use super::group::{Group, groups, whose};
use super::unrecorded::since;
use super::written::Written;
use crate::diagnostic::Diagnostic;
use bouquet_model::change::{Change, Class, Manner, Names, Subject, What, changes};
use bouquet_model::cluster::{Cluster, State};
use bouquet_model::running::Running;
use bouquet_model::time::Date;
use std::collections::{BTreeMap, BTreeSet};

/// More kinds than these are counted.
const KINDS: usize = 4;

/// The most characters of an option with its values: a longer one, as with URLs, is named without them.
const LONGEST: usize = 60;

/// Where the steps are.
const PLAN: &str = "`cargo run -- plan --offline` has the commands";

/// Returns what is to be done to get from what is recorded to what the build has made. It is true until it
/// is recorded, so that each build says it, and no day stands in it.
///
/// `last` is what the last build was for, where that differs; `valid` has until when certificates of a client
/// that were issued before are valid.
pub(crate) fn pending(
    recorded: &Running,
    last: Option<&Running>,
    after: &Running,
    cluster: &Cluster,
    valid: &BTreeMap<String, Date>,
    written: Written<'_>,
) -> Vec<Diagnostic> {
    let all = changes(recorded, after);
    let told = || all.iter().filter(|change| is_told(change, recorded, cluster));
    let of = |class: Class| groups(told().filter(|change| change.class == class), written);
    // No build comes here with one that is not accepted.
    let mut said: Vec<Diagnostic> = of(Class::Refused).iter().map(accepted).collect();
    said.extend(of(Class::AskEtcd).iter().map(first_etcd));
    said.extend(restart(&of(Class::Restart)));
    let stops_all = told().any(|change| change.manner() == Manner::AllAtOnce);
    let stepped = stepped(told());
    let (of_steps, free): (Vec<&Change>, Vec<&Change>) = told()
        .filter(|change| change.class == Class::Copy)
        .partition(|change| stops_all || is_of_step(change, &stepped));
    said.extend(not_before(&groups(of_steps, written), stops_all));
    said.extend(copy(&groups(free, written)));
    let (accepted_by, needed) = (words(written), needed(&all, written));
    let waiting =
        told().filter(|change| change.class == Class::Pending && !change.is_accepted(&accepted_by));
    said.extend(groups(waiting, written).iter().map(|group| waits(group, &needed, valid, written)));
    let of_others = last.map(|last| since(last, recorded, after)).unwrap_or_default();
    let names = Names::of([recorded, after].into_iter().chain(last));
    said.extend(unneeded(all.iter().chain(&of_others), &names, written));
    said
}

/// Returns those changes that are to be done where what is recorded runs.
pub(crate) fn told(recorded: &Running, after: &Running, cluster: &Cluster) -> Vec<Change> {
    let mut all = changes(recorded, after);
    all.retain(|change| is_told(change, recorded, cluster));
    all
}

/// Tells whether a change is one of what runs: where nothing does, there is nothing to do, and a founder that
/// is not recorded is no new member, as the cluster is still being started.
fn is_told(change: &Change, recorded: &Running, cluster: &Cluster) -> bool {
    match &change.subject {
        Subject::Member(name) if change.what == What::Added => {
            let is_founder = cluster.member(name).is_some_and(|member| member.state == State::New);
            !is_founder && !recorded.members.is_empty()
        }
        _ => true,
    }
}

/// Says that a change which is accepted is still to be made by hand.
fn accepted(group: &Group<'_>) -> Diagnostic {
    let said =
        Diagnostic::warning(format!("accepted, and to be done with care: {}", group.message()));
    let (said, change) = (at(said, group), group.first());
    said.note(change.consequence()).help(change.procedure()).help(PLAN)
}

/// Says that one thing comes after another, in an order that the plan tells.
fn first_etcd(group: &Group<'_>) -> Diagnostic {
    let said = at(Diagnostic::warning(format!("to be rolled out: {}", group.message())), group);
    said.help(group.first().way()).help(PLAN)
}

fn restart(groups: &[Group<'_>]) -> Option<Diagnostic> {
    let whose = of_all(groups)?;
    let said = Diagnostic::warning(format!(
        "to be rolled out: {whose}: {}: restart one at a time",
        kinds(groups)
    ));
    Some(match groups {
        [one] => at(said, one).help(one.first().way()).help(PLAN),
        _ => said.help(PLAN),
    })
}

fn copy(groups: &[Group<'_>]) -> Option<Diagnostic> {
    let whose = of_all(groups)?;
    // Others of these members may ask for a restart.
    let said =
        format!("to be copied: {whose}: {}: no member is restarted for these", kinds(groups));
    let said = Diagnostic::warning(said);
    let said = match groups {
        [one] => said.help(one.first().way()),
        _ => said.help("from `out/members/NAME/` and `out/clients/NAME/` to their machines"),
    };
    Some(said.help(PLAN))
}

/// Returns the members whose name or address becomes another one, or that come or go.
fn stepped<'a>(told: impl Iterator<Item = &'a Change>) -> BTreeSet<&'a str> {
    let mut all = BTreeSet::new();
    for change in told {
        let Subject::Member(name) = &change.subject else { continue };
        let other = match &change.what {
            What::Added | What::Removed | What::Moved { .. } => None,
            What::Renamed { to: other } | What::Swapped { with: other } => Some(other.as_str()),
            _ => continue,
        };
        all.extend([name.as_str()].into_iter().chain(other));
    }
    all
}

/// Tells whether files are to be copied in the step of such a member: its certificate, which names another
/// address, and the endpoints of clients.
fn is_of_step(change: &Change, stepped: &BTreeSet<&str>) -> bool {
    match (&change.subject, &change.what) {
        (Subject::Member(name), What::Certificate(_)) => stepped.contains(name.as_str()),
        (Subject::Client(_), What::Endpoints { .. }) => !stepped.is_empty(),
        _ => false,
    }
}

/// Names files that belong to a step: copied before it, they break what runs.
fn not_before(groups: &[Group<'_>], stops_all: bool) -> Option<Diagnostic> {
    let whose = of_all(groups)?;
    let said = format!(
        "to be copied when the steps of the members say so, and not before: {whose}: {}",
        kinds(groups)
    );
    let is = |wanted: fn(&What) -> bool| groups.iter().any(|group| wanted(&group.first().what));
    let mut said = Diagnostic::warning(said);
    if stops_all {
        said = said.note("all members are stopped before any of them, or a client, gets its files");
    } else if is(|what| matches!(what, What::Certificate(_))) {
        said = said.note(
            "the other members refuse a certificate that does not have the address from which its member \
             dials them: `does not match any of DNSNames`",
        );
    }
    let endpoints = groups.iter().find(|it| matches!(it.first().what, What::Endpoints { .. }));
    if let Some(endpoints) = endpoints {
        said = said.help(endpoints.first().way());
    }
    Some(said.help(PLAN))
}

/// Says what can wait: what is there stays valid until the change is accepted.
fn waits(
    group: &Group<'_>,
    needed: &BTreeSet<&str>,
    valid: &BTreeMap<String, Date>,
    written: Written<'_>,
) -> Diagnostic {
    let change = group.first();
    let until = group.changes.iter().filter_map(|change| match &change.subject {
        Subject::Client(name) => valid.get(name).copied(),
        _ => None,
    });
    let message = match until.max_by_key(|date| date.0) {
        Some(date) => {
            format!("{}: former certificates are valid until {date}", group.message())
        }
        None => group.message(),
    };
    let said = at(Diagnostic::warning(message), group).note(change.consequence());
    let line = to_write(group.changes.iter().copied(), needed, written);
    said.help(change.way()).help(format!("to accept it, {line}"))
}

fn at(said: Diagnostic, group: &Group<'_>) -> Diagnostic {
    match &group.place {
        Some(label) => said.at(label.span, label.text.clone()),
        None => said,
    }
}

fn of_all(groups: &[Group<'_>]) -> Option<String> {
    whose(groups.iter().flat_map(|group| &group.changes).map(|change| &change.subject))
}

/// Names each kind once: an option with its values where all members change it alike.
fn kinds(groups: &[Group<'_>]) -> String {
    let mut kinds: Vec<(String, String)> = Vec::new();
    for what in groups.iter().map(|group| &group.first().what) {
        let (short, long) = match what {
            What::Option { name, .. } => {
                let long = what.to_string();
                let is_short = long.chars().count() <= LONGEST;
                (name.clone(), if is_short { long } else { name.clone() })
            }
            What::Endpoints { .. } => ("endpoints".to_owned(), "endpoints".to_owned()),
            What::Certificate(_) => ("new certificates".to_owned(), "new certificates".to_owned()),
            _ => (what.to_string(), what.to_string()),
        };
        match kinds.iter_mut().find(|(known, _)| *known == short) {
            Some((_, shown)) if *shown != long => shown.clone_from(&short),
            Some(_) => {}
            None => kinds.push((short, long)),
        }
    }
    let more = kinds.len().saturating_sub(KINDS);
    let mut shown: Vec<String> = kinds.into_iter().take(KINDS).map(|(_, long)| long).collect();
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    shown.join(", ")
}
