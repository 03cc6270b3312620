//! From what was seen to what is wrong, and what mends it: pure functions, in files by question.

mod check;
mod clock;
mod data;
mod disk;
mod etcd;
mod files;
mod mounts;
mod network;
mod peers;
mod service;
mod sources;
mod system;

use bouquet_model::diagnostic::{Diagnostic, Severity, visible};
pub(crate) use check::{Check, Judged, Node, StartsWith, State};
pub(crate) use clock::dates;
pub(crate) use etcd::was_replaced;
pub(crate) use mounts::{hidden, no_beginning};
pub(crate) use network::elsewhere;

/// Returns all that was looked at, in the order in which it is read: what the rest rests on first.
pub(super) fn checks(node: &Node<'_>) -> Vec<Check> {
    let kinds: [fn(&Node<'_>) -> Check; 16] = [
        etcd::program,
        files::unit,
        service::service,
        files::account,
        files::certificates,
        network::addresses,
        network::names,
        network::ports,
        peers::peers,
        clock::clock,
        disk::disk,
        data::data,
        etcd::limits,
        system::proxies,
        system::firewall,
        system::selinux,
    ];
    kinds.iter().map(|kind| kind(node)).collect()
}

/// Returns what would keep etcd from running as it should, of a node on which it is about to be started; and, as warnings,
/// what could not be seen of that.
pub(crate) fn obstacles(node: &Node<'_>, with: StartsWith) -> Vec<Diagnostic> {
    in_the_way(node, with, Some(etcd::before(node, with)))
}

/// Returns the same before an etcd is brought.
pub(crate) fn obstacles_besides_etcd(node: &Node<'_>, with: StartsWith) -> Vec<Diagnostic> {
    in_the_way(node, with, None)
}

fn in_the_way(node: &Node<'_>, with: StartsWith, of_etcd: Option<Check>) -> Vec<Diagnostic> {
    let kinds: [fn(&Node<'_>) -> Check; 3] = [network::addresses, network::ports, clock::clock];
    let mut all = Vec::new();
    let is_fault = |it: &Diagnostic| it.severity == Severity::Error;
    let mut add = |check: Check, is_of_folders: bool| {
        all.extend(check.seen.err().map(|why| unseen(node, check.name, &why)));
        let faults = check.findings.into_iter().filter(is_fault);
        all.extend(faults.map(|it| if is_of_folders { judged(it, with) } else { it }));
    };
    if let Some(check) = of_etcd {
        add(check, false);
    }
    for kind in kinds {
        add(kind(node), false);
    }
    add(disk::before(node, with), true);
    let of_data = match with {
        StartsWith::ItsData | StartsWith::Elsewhere => data::unsound(node),
        StartsWith::GivenData => data::damaged(node),
        StartsWith::Nothing => mounts::unfit_for_a_log(node).into_iter().collect(),
        // The lines that restore it look at what is there.
        StartsWith::Snapshot => Vec::new(),
    };
    all.extend(of_data.into_iter().filter(is_fault).map(|it| judged(it, with)));
    all.extend(disk::doubts(node, with));
    all
}

/// Returns why others do not answer this node, in words.
pub(crate) fn not_heard(node: &Node<'_>) -> Vec<String> {
    let findings = peers::peers(node).findings.into_iter().chain(sources::sources(node));
    findings.map(|it| it.message).collect()
}

/// Makes a problem with folders a warning where etcd starts with other folders.
fn judged(fault: Diagnostic, with: StartsWith) -> Diagnostic {
    if with != StartsWith::Elsewhere {
        return fault;
    }
    let doubt = Diagnostic { severity: Severity::Warning, ..fault };
    doubt.note("the previous version has other folders than cluster.toml, which this is about")
}

fn unseen(node: &Node<'_>, name: &str, why: &str) -> Diagnostic {
    Diagnostic::warning(format!("`{name}` could not be looked at: {}", visible(why)))
        .note("what is wrong there is not known, and keeps nothing from being done")
        .help(format!("all that is looked at: `{} doctor {}`", node.program, node.name()))
}

/// Returns why certificates are not to be put there now, by the clocks.
pub(crate) fn wrong_clock(node: &Node<'_>) -> Vec<Diagnostic> {
    // One other clock does not tell which of the two is wrong, and a certificate that is about to expire is not to wait.
    let clocks = node.facts.peers.as_ref().map_or(0, |peers| peers.clocks.len());
    let findings = clock::clock(node).findings.into_iter().filter(|_| clocks > 1);
    findings.filter(|it| it.severity == Severity::Error).collect()
}

/// Returns what is said where etcd goes on as it runs: another version of it meets the new files at its next start.
pub(crate) fn other_version(node: &Node<'_>) -> Vec<Diagnostic> {
    if !node.facts.service.is_up() {
        return Vec::new();
    }
    let findings = etcd::program(node).findings.into_iter();
    let faults = findings.filter(|it| it.severity == Severity::Error);
    faults
        .map(|it| Diagnostic { severity: Severity::Warning, ..it })
        .map(|it| {
            it.note("it goes on as it runs; at its next start it finds what is installed now")
        })
        .collect()
}

#[cfg(test)]
pub(crate) mod tests;
