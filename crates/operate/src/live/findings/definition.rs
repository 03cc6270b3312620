//! What runs, beside what is compiled.

use super::rollout::{self, Way};
use crate::live::beside::Before;
use crate::live::evidence::is_of;
use crate::live::found::{Findings, Found, wrong};
use crate::live::members::{Known, State, are_same};
use crate::live::report::Gravity;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::release;
use bouquet_model::url::Url;
use bouquet_model::version::EtcdVersion;
use std::collections::BTreeMap;

/// Who is a member, beside who is compiled.
pub(super) fn membership(found: &Found<'_>) -> Findings {
    if !found.agreed.is_known {
        return Vec::new();
    }
    found.members.iter().flat_map(|it| member(found, it)).collect()
}

/// Options, of which no member tells: by what is recorded.
pub(super) fn options(found: &Found<'_>) -> Findings {
    let names = &found.beside.otherwise;
    if names.is_empty() {
        return Vec::new();
    }
    let (is, plan) = (if names.len() == 1 { "is" } else { "are" }, found.typed("plan"));
    let message = format!("{} {is} recorded with other options than compiled", names.join(", "));
    let problem = Diagnostic::warning(message)
        .note("no member tells its options, so that they cannot be looked at")
        .help(format!("{plan} has the steps; once they are done: {}", found.typed("done")));
    vec![(Gravity::Other, problem)]
}

fn member(found: &Found<'_>, member: &Known<'_>) -> Findings {
    let name = member.name.as_str();
    let other = |message: String, help: Vec<String>| {
        (Gravity::Other, Diagnostic { help, ..Diagnostic::warning(message) })
    };
    let help =
        |steps: &str, by_hand: String| rollout::help(found, &[name], steps, |_| by_hand.clone());
    let mut all = never_run(member);
    let (compiled, listed) = match (member.compiled, &member.listed) {
        (Some(compiled), Some(listed)) => (compiled, listed),
        (Some(_), None) => {
            all.push(missing(found, name));
            return all;
        }
        (None, Some(listed)) => {
            let remove = found.typed(&format!("etcdctl -- member remove {:x}", listed.id));
            let by_hand = format!(
                "cluster.lock has no record of it: describe it in cluster.toml, or where it is to go: {remove}"
            );
            let help = help(" that remove it; or describe it in cluster.toml", by_hand);
            all.push(other(format!("{name} is a member, and not compiled"), help));
            return all;
        }
        (None, None) => return all,
    };
    if !are_same(&listed.peer_urls, &compiled.initial_advertise_peer_urls) {
        let (has, is) = (listed.peer_urls.join(","), text(&compiled.initial_advertise_peer_urls));
        let update = format!("etcdctl -- member update {:x} --peer-urls={is}", listed.id);
        let by_hand = format!("once it listens there: {}", found.typed(&update));
        let message = format!("the members know {name} at {has}, and compiled is {is}");
        all.push(other(message, help(" that tell them", by_hand)));
    }
    let restart = || {
        let check = found.typed(&format!("check-node {name}"));
        format!(
            "cluster.lock records it so: on its node {check} says whether its files are there; then restart it"
        )
    };
    // One that has never run has neither.
    if !listed.client_urls.is_empty()
        && !are_same(&listed.client_urls, &compiled.advertise_client_urls)
    {
        let (has, is) = (listed.client_urls.join(","), text(&compiled.advertise_client_urls));
        let message = format!("{name} tells clients {has}, and compiled is {is}");
        let (gravity, finding) = other(message, help(": it follows at its next start", restart()));
        let note = "another member on a copy of its disk tells that, too";
        all.push((gravity, finding.note(note)));
    }
    if !listed.name.is_empty() && listed.name != *name {
        let message = format!("the members call {name} {}", listed.name);
        all.push(other(message, help(": it follows at its next start", restart())));
    }
    all
}

fn missing(found: &Found<'_>, name: &str) -> (Gravity, Diagnostic) {
    let plan = found.typed("plan");
    let finding = Diagnostic::warning(format!("{name} is compiled, and no member yet"));
    let before = found.beside.lock.as_ref().and_then(|lock| lock.members.get(name));
    let finding = match (rollout::way(found, name), before) {
        (Way::Plan, _) => finding.help(format!("{plan} has the steps that add it")),
        // Taken back, its first record leaves none: a plan adds it then.
        (_, None | Some(Before::Nothing)) => finding.help(rollout::undo(found, &[name])),
        _ => {
            let done = found.typed(&format!("done {name}"));
            finding.note("cluster.lock records that it runs: it was removed by hand").help(format!(
                "take it out of cluster.toml, build, {done}; then add it as a new one"
            ))
        }
    };
    (Gravity::Other, finding)
}

/// A voter counts for the quorum from the moment at which it is added.
fn never_run(member: &Known<'_>) -> Findings {
    let is_learner = member.listed.as_ref().is_some_and(|listed| listed.is_learner);
    let message = format!("{} is listed, and has never run", member.name);
    match (member.state, is_learner) {
        (State::NeverRun, false) => vec![wrong(
            Diagnostic::error(message)
                .help("start it: until then it counts for the quorum, and does not vote"),
        )],
        (State::NeverRun, true) => {
            let finding = Diagnostic::warning(message);
            vec![(Gravity::Other, finding.help("start it, so that it can become a voter"))]
        }
        _ => Vec::new(),
    }
}

fn text(urls: &[Url]) -> String {
    urls.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// What they run, against what is compiled.
pub(super) fn versions(found: &Found<'_>) -> Findings {
    let compiled = found.compiled.cluster.version;
    let running: BTreeMap<&str, Vec<&str>> =
        found.rows.iter().fold(BTreeMap::new(), |mut all, row| {
            if let Some(version) = &row.version {
                all.entry(version).or_insert_with(Vec::new).push(&row.name);
            }
            all
        });
    let mut all = Vec::new();
    for (version, names) in &running {
        let runs = if names.len() == 1 { "runs" } else { "run" };
        let help = |names: &[&str]| {
            rollout::help(found, names, "", |names| {
                format!(
                    "cluster.lock records it so: install etcd {compiled} on {names}, one after another"
                )
            })
        };
        let (names, each) = (names.join(", "), names);
        let parsed = EtcdVersion::parse(version).ok();
        let is_compiled = parsed.is_some_and(|running| is_of(running, compiled));
        if !is_compiled {
            let message = format!("{names} {runs} etcd {version}, and compiled is {compiled}");
            let finding = Diagnostic { help: help(each), ..Diagnostic::warning(message) };
            all.push((Gravity::Other, finding));
        }
        let edge =
            parsed.and_then(|running| release::edge(running, compiled)).and_then(|edge| edge.least);
        if let Some((least, why)) = edge
            && parsed.is_some_and(|running| release::is_too_old(running, compiled))
        {
            let minor = parsed.map(|running| running.minor().to_string()).unwrap_or_default();
            let message = format!(
                "before {compiled}, etcd {minor}.{least} or later has to run on {names}, where {version} runs"
            );
            all.push((Gravity::Other, Diagnostic::warning(message).note(why)));
        }
        let faults = parsed.into_iter().flat_map(release::faults);
        all.extend(faults.map(|fault| {
            let message = format!("etcd {version}, which {names} {runs}, {}", fault.what);
            let finding = Diagnostic::warning(message).note(format!("source: {}", fault.source));
            (Gravity::Fact, finding.help("install the latest patch of its minor"))
        }));
    }
    all
}
