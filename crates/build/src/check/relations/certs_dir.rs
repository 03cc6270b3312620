//! Certificates of members that share a machine: `certs-dir` is one path for all members.

use super::subject::{Machine, Placed, Said, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::cluster::Layout;
use std::collections::BTreeMap;

/// Files of one name and of different content would go to one place. `said` are the pairs that are
/// wrong in themselves: the address of one may be a slip, and the machine with it.
pub(super) fn check(subject: &Subject<'_>, said: &Said, found: &mut Diagnostics) {
    let Some(tls) = subject.cluster.tls.as_ref().filter(|tls| tls.layout != Layout::Shared) else {
        return;
    };
    let mut machines: BTreeMap<Machine, Vec<Placed<'_>>> = BTreeMap::new();
    for placed in subject.members() {
        let there = machines.entry(placed.machine()).or_default();
        if there.iter().all(|other| !said.contains(&(other.index, placed.index))) {
            there.push(placed);
        }
    }
    let files =
        if tls.layout == Layout::Combined { "server.crt" } else { "server.crt and peer.crt" };
    for there in machines.values() {
        let [first, second, others @ ..] = there.as_slice() else { continue };
        let names = match others.len() {
            0 => format!("`{}` and `{}`", first.member.name, second.member.name),
            more => format!("`{}`, `{}` and {more} more", first.member.name, second.member.name),
        };
        found.push(
            Diagnostic::warning(format!(
                "{names} run on one machine with one `certs-dir`, {}",
                tls.certs_dir
            ))
            .at(subject.ip_span(*second), "the same machine")
            .also(subject.ip_span(*first), "first used here")
            .note(format!("each has its own {files}: those of one would overwrite the other's"))
            .help("write `layout = \"shared\"` under [tls]: all members then have the same files"),
        );
    }
}
