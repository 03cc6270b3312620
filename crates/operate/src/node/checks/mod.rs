//! From what was seen to what is wrong, and what mends it: pure functions, in files by question.

mod check;
mod clock;
mod data;
mod disk;
mod etcd;
mod files;
mod network;
mod peers;
mod service;
mod sources;
mod system;

use bouquet_model::diagnostic::{Diagnostic, Severity};
pub(crate) use check::{Check, Judged, Node, State};
pub(crate) use clock::dates;

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

/// Returns what would keep etcd from running as it should, of a node on which it is about to be started; with the data
/// that is there, or without.
pub(crate) fn obstacles(node: &Node<'_>, keeps_data: bool) -> Vec<Diagnostic> {
    let kinds: [fn(&Node<'_>) -> Check; 5] =
        [etcd::program, network::addresses, network::ports, clock::clock, disk::disk];
    let found = kinds.iter().flat_map(|kind| kind(node).findings);
    let of_data = keeps_data.then(|| data::unsound(node)).into_iter().flatten();
    found.chain(of_data).filter(|it| it.severity == Severity::Error).collect()
}

/// Returns why certificates are not to be put there now, by the clocks.
pub(crate) fn wrong_clock(node: &Node<'_>) -> Vec<Diagnostic> {
    // One other clock does not tell which of the two is wrong, and a certificate that is about to expire is not to wait.
    let clocks = node.facts.peers.as_ref().map_or(0, |peers| peers.clocks.len());
    let findings = clock::clock(node).findings.into_iter().filter(|_| clocks > 1);
    findings.filter(|it| it.severity == Severity::Error).collect()
}

#[cfg(test)]
pub(crate) mod tests;
