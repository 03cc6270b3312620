//! What runs, beside what is compiled.

use crate::live::found::{Findings, Found, wrong};
use crate::live::members::{Known, State, are_same};
use crate::live::report::Gravity;
use crate::package::BUILD_AGAIN;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::release;
use bouquet_model::url::Url;
use bouquet_model::version::EtcdVersion;
use std::collections::BTreeMap;

/// Compares who is a member with who is compiled.
pub(super) fn membership(found: &Found<'_>) -> Findings {
    if !found.agreed.is_known {
        return Vec::new();
    }
    found.members.iter().flat_map(|it| member(found, it)).collect()
}

/// Compares what members were started with, of which they do not tell, by what is recorded.
pub(super) fn options(found: &Found<'_>) -> Findings {
    let (otherwise, adopted) = (&found.beside.otherwise, &found.beside.adopted);
    let mut all = Findings::new();
    if !otherwise.is_empty() {
        all.push(other_options(found, otherwise));
    }
    if !adopted.is_empty() {
        all.push(not_installed(found, adopted));
    }
    all
}

fn other_options(found: &Found<'_>, names: &[String]) -> (Gravity, Diagnostic) {
    let (is, plan) = (if names.len() == 1 { "is" } else { "are" }, found.typed("plan"));
    let message = format!("{} {is} recorded with other options than compiled", names.join(", "));
    let problem = Diagnostic::warning(message)
        .note("members do not tell their options, so they cannot be compared")
        .help(format!("{plan} has the steps; once they are done: {}", found.typed("done")));
    (Gravity::Other, problem)
}

/// Finds those that another tool has set up, as `done --adopted` has recorded.
fn not_installed(found: &Found<'_>, names: &[String]) -> (Gravity, Diagnostic) {
    let has = if names.len() == 1 { "has" } else { "have" };
    let message = format!("{} {has} none of the files that were built", names.join(", "));
    let problem = Diagnostic::warning(message)
        .note("cluster.lock records what another tool has set up")
        .help(format!(
            "{} has the steps, one node after the other; {} on a node takes its member over",
            found.typed("plan"),
            found.on_node("install NAME")
        ));
    (Gravity::Other, problem)
}

fn member(found: &Found<'_>, member: &Known<'_>) -> Findings {
    let name = member.name.as_str();
    let other = |message: String, help: Vec<String>| {
        (Gravity::Other, Diagnostic { help, ..Diagnostic::warning(message) })
    };
    let help = |steps: &str| vec![format!("{} has the steps{steps}", found.typed("plan"))];
    let mut all = never_run(found, member);
    let (compiled, listed) = match (member.compiled, &member.listed) {
        (Some(compiled), Some(listed)) => (compiled, listed),
        (Some(_), None) => {
            all.push(missing(found, name));
            return all;
        }
        (None, Some(listed)) => {
            let finding = Diagnostic::warning(format!("{name} is a member, and not compiled"));
            let finding = if found.beside.records(name) == Some(false) {
                let remove = found.typed(&format!("etcdctl -- member remove {:x}", listed.id));
                finding
                    .note("cluster.lock does not record it: another definition may be newer than this one")
                    .help(format!("{BUILD_AGAIN}; or describe it in cluster.toml"))
                    .help(format!("if it is not to be a member: {remove}"))
            } else {
                Diagnostic {
                    help: help(" that remove it; or describe it in cluster.toml"),
                    ..finding
                }
            };
            all.push((Gravity::Other, finding));
            return all;
        }
        (None, None) => return all,
    };
    if listed.is_learner && member.state != State::NeverRun {
        let message = format!("{name} is a learner, and has no vote yet");
        all.push(other(message, help(" that promote it")));
    }
    if !are_same(&listed.peer_urls, &compiled.initial_advertise_peer_urls) {
        let (has, is) = (listed.peer_urls.join(","), text(&compiled.initial_advertise_peer_urls));
        let message = format!("the members know {name} at {has}, and compiled is {is}");
        all.push(other(message, help(" that tell them")));
    }
    // One that has never run has neither.
    if !listed.client_urls.is_empty()
        && !are_same(&listed.client_urls, &compiled.advertise_client_urls)
    {
        let (has, is) = (listed.client_urls.join(","), text(&compiled.advertise_client_urls));
        let message = format!("{name} tells clients {has}, and compiled is {is}");
        let (gravity, finding) = other(message, help(": it follows at its next start"));
        let note = "another member that runs on a copy of its disk tells that, too";
        all.push((gravity, finding.note(note)));
    }
    if !listed.name.is_empty() && listed.name != *name {
        let message = format!("the members call {name} {}", listed.name);
        all.push(other(message, help(": it follows at its next start")));
    }
    all
}

fn missing(found: &Found<'_>, name: &str) -> (Gravity, Diagnostic) {
    let plan = found.typed("plan");
    let finding = Diagnostic::warning(format!("{name} is compiled, and no member yet"));
    let finding = if found.beside.records(name) == Some(true) {
        finding.note("cluster.lock records that it runs: it was removed by hand, or never added")
    } else {
        finding
    };
    (Gravity::Other, finding.help(format!("{plan} has the steps that add it")))
}

/// Finds a member that never ran: a voter counts for the quorum from the moment at which it is added.
fn never_run(found: &Found<'_>, member: &Known<'_>) -> Findings {
    let steps = format!("{} has the steps", found.typed("plan"));
    let is_learner = member.listed.as_ref().is_some_and(|listed| listed.is_learner);
    let message = format!("{} is listed, and has never run", member.name);
    match (member.state, is_learner) {
        (State::NeverRun, false) => vec![wrong(Diagnostic::error(message).help(format!(
            "start it: until then it counts for the quorum, and does not vote; {steps}"
        )))],
        (State::NeverRun, true) => {
            let finding = Diagnostic::warning(message);
            let help = format!("start it, so that it can become a voter: {steps}");
            vec![(Gravity::Other, finding.help(help))]
        }
        _ => Vec::new(),
    }
}

fn text(urls: &[Url]) -> String {
    urls.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// Compares what they run with what is compiled.
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
        let names = names.join(", ");
        let parsed = EtcdVersion::parse(version).ok();
        let is_compiled = parsed.is_some_and(|running| running.is_of(compiled));
        if !is_compiled {
            let message = format!("{names} {runs} etcd {version}, and compiled is {compiled}");
            let help = format!("{} has the steps", found.typed("plan"));
            all.push((Gravity::Other, Diagnostic::warning(message).help(help)));
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
