//! From where a member's connections to the others leave.
//!
//! etcd looks for the address in the certificate that it is shown, then whether one of its names has it (`checkCertSAN` in
//! etcd's `client/pkg/transport/listener_tls.go`). By a second network card, or by an address that moves between machines,
//! such as keepalived's, it may be another one than the member's.

use super::check::Node;
use crate::deployed::belongs;
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::cluster::San;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// Returns what the others would refuse.
pub(super) fn sources(node: &Node<'_>) -> Vec<Diagnostic> {
    let is_its = |it: &&Certificate| {
        let is_for_peers = matches!(it.kind, Kind::Peer | Kind::ServerAndPeer);
        is_for_peers && belongs(node.cluster(), it, node.name())
    };
    let its = node.compiled.certificates.iter().find(is_its);
    let sans = its.map_or(&[][..], |certificate| &certificate.sans);
    let mut foreign = BTreeMap::<IpAddr, BTreeSet<String>>::new();
    for (other, source) in &node.facts.sources {
        if !sans.is_empty() && !has(node, sans, *source) {
            foreign.entry(*source).or_default().insert(quoted(other));
        }
    }
    let told = foreign.into_iter().map(|(source, others)| told(node, sans, source, others));
    told.collect()
}

/// Tells whether the certificate has that address, or a name that has it here.
fn has(node: &Node<'_>, sans: &[San], source: IpAddr) -> bool {
    sans.iter().any(|san| match san {
        San::Ip(ip) => *ip == source,
        San::Dns(name) => node
            .facts
            .names
            .get(name.as_ref())
            .is_some_and(|found| found.as_ref().is_ok_and(|all| all.contains(&source))),
    })
}

fn told(node: &Node<'_>, sans: &[San], source: IpAddr, others: BTreeSet<String>) -> Diagnostic {
    let others = others.into_iter().collect::<Vec<_>>().join(", ");
    let mut problem = Diagnostic::warning(format!(
        "connections to {others} leave from {source}, which this member's certificate does not have"
    ))
    .note(format!(
        "etcd there refuses them, with `tls: \"{source}\" does not match any of DNSNames`"
    ));
    let names = sans.iter().filter_map(|san| match san {
        San::Dns(name) => Some(name.as_ref()),
        San::Ip(_) => None,
    });
    let names = names.collect::<Vec<_>>().join(", ");
    if !names.is_empty() {
        problem =
            problem.note(format!("unless it finds that address by one of these names: {names}"));
    }
    problem
        .help(format!(
            "add it to `extra-sans` of {} in cluster.toml, build, and install",
            quoted(node.name())
        ))
        .help("or have the kernel take the member's own: `ip route get`, with the other's address, shows what it takes, and why")
}
