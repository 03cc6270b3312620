//! Members that share a machine: they go down together, and have one `certs-dir`.

use crate::check::relations::subject::{Machine, Placed, Said, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::cluster::Layout;
use std::collections::BTreeMap;

/// Checks members on one machine, except for the pairs in `said`.
pub(super) fn check(subject: &Subject<'_>, said: &Said, found: &mut Diagnostics) {
    down_together(subject, said, found);
    one_certs_dir(subject, said, found);
}

fn down_together(subject: &Subject<'_>, said: &Said, found: &mut Diagnostics) {
    let mut seen: BTreeMap<Machine<'_>, Placed<'_>> = BTreeMap::new();
    for placed in subject.members().filter(|m| !m.member.is_local()) {
        let Some(first) = seen.get(&placed.machine()) else {
            seen.insert(placed.machine(), placed);
            continue;
        };
        if said.contains(&(first.index, placed.index)) {
            continue;
        }
        found.push(
            Diagnostic::warning(format!(
                "`{}` and `{}` share the {} {}: they go down together",
                first.member.name,
                placed.member.name,
                if placed.member.ip.is_some() { "address" } else { "node" },
                placed.member.node()
            ))
            .at(subject.ip_span(placed), "again here")
            .also(subject.ip_span(*first), "first used here")
            .help("put each member on a machine of its own"),
        );
    }
}

/// Warns of one `certs-dir` for two members: files of one name and of different content would go to one place.
fn one_certs_dir(subject: &Subject<'_>, said: &Said, found: &mut Diagnostics) {
    let Some(tls) = subject.cluster.tls.as_ref().filter(|tls| tls.layout != Layout::Shared) else {
        return;
    };
    let mut machines: BTreeMap<Machine<'_>, Vec<Placed<'_>>> = BTreeMap::new();
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
