//! Options by which a member lets in only certificates with certain names.

use super::trust::{matches, vouches_for};
use crate::check::relations::subject::{Placed, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use bouquet_model::certificate::{Kind, Wanted};
use bouquet_model::cluster::San;
use bouquet_model::url::Host;
use std::collections::BTreeMap;
use std::net::IpAddr;

const CN: &str = "peer-cert-allowed-cn";
const HOST: &str = "peer-cert-allowed-hostname";
const CLIENT_HOST: &str = "client-cert-allowed-hostname";

/// Checks `peer-cert-allowed-cn` and `-hostname`: etcd holds both sides of a connection to them.
pub(super) fn peers(subject: &Subject<'_>, all: &[Wanted], found: &mut Diagnostics) {
    for placed in subject.writers(CN) {
        if !placed.list(HOST).is_empty() {
            found.push(
                Diagnostic::error(format!("`{CN}` and `{HOST}` exclude each other"))
                    .at(subject.option_span(placed, CN), "")
                    .also(subject.option_span(placed, HOST), "")
                    .help("keep one of them"),
            );
        }
    }
    // Those that share the option, as most do, share the finding.
    let mut refusing: BTreeMap<(Span, &str), Refusal<'_>> = BTreeMap::new();
    for dialler in subject.members() {
        let Some(theirs) = dialler.presented(all, Kind::Peer) else { continue };
        for listener in subject.members().filter(|m| m.index != dialler.index) {
            if let Some(option) = refuses(listener, theirs) {
                let key = (subject.option_span(listener, option), option);
                let Refusal { refused, by } = refusing.entry(key).or_default();
                refused.insert(dialler.index, (dialler.member.name.as_str(), theirs));
                by.insert(listener.index, listener.member.name.as_str());
            }
        }
    }
    for ((span, option), refusal) in refusing {
        found.push(refused(&refusal, option).at(span, ""));
    }
}

/// Names the members that would refuse others by one option, in the order of the spec.
#[derive(Default)]
struct Refusal<'a> {
    refused: BTreeMap<usize, (&'a str, &'a Wanted)>,
    by: BTreeMap<usize, &'a str>,
}

/// Returns the option by which a member would refuse this certificate, if it would.
fn refuses(listener: Placed<'_>, theirs: &Wanted) -> Option<&'static str> {
    let (names, hosts) = (listener.list(CN), listener.list(HOST));
    match (names.as_slice(), hosts.as_slice()) {
        ([_, ..], []) if names.iter().all(|name| Some(&**name) != theirs.subject.common_name()) => {
            Some(CN)
        }
        ([], [_, ..]) if hosts.iter().all(|host| !names_host(theirs, host)) => Some(HOST),
        _ => None,
    }
}

fn refused(Refusal { refused, by }: &Refusal<'_>, option: &str) -> Diagnostic {
    let one = refused.len() == 1;
    let each_other = !one && refused.keys().eq(by.keys());
    let by = some(by.values().copied());
    let names = if each_other {
        "each other".to_owned()
    } else {
        some(refused.values().map(|(name, _)| *name))
    };
    if option == CN {
        let common_names: Vec<_> =
            refused.values().map(|(_, theirs)| format!("`{}`", theirs.subject.name())).collect();
        let theirs = if one {
            format!("its common name {} is", common_names.concat())
        } else {
            "their common names are".to_owned()
        };
        return Diagnostic::error(format!("{by} would refuse {names}: {theirs} not in `{CN}`"))
            .help(format!(
                "add {}, or remove the option: the CA vouches for this cluster's members alone",
                common_names.join(", ")
            ));
    }
    let theirs = if one { "its certificate has" } else { "their certificates have" };
    Diagnostic::error(format!("{by} would refuse {names}: {theirs} no name that is in `{HOST}`"))
        .help("add one of these names to `extra-sans` under [tls]: then all members carry it")
}

/// Returns the first two of these names, and how many more there are.
fn some<'a>(names: impl Iterator<Item = &'a str>) -> String {
    match names.collect::<Vec<_>>().as_slice() {
        [] => String::new(),
        [one] => format!("`{one}`"),
        [one, two] => format!("`{one}` and `{two}`"),
        [one, two, more @ ..] => format!("`{one}`, `{two}` and {} more", more.len()),
    }
}

/// Checks demands on clients: they have no SANs here, so a demand for a host name shuts all of them out.
pub(super) fn clients(
    subject: &Subject<'_>,
    listener: Placed<'_>,
    all: &[Wanted],
    found: &mut Diagnostics,
) {
    let hosts = listener.list(CLIENT_HOST);
    if hosts.is_empty() || subject.writers(CLIENT_HOST).iter().all(|w| w.index != listener.index) {
        return;
    }
    let span = subject.option_span(listener, CLIENT_HOST);
    let clients = all.iter().filter(|w| w.kind == Kind::Client);
    let refused: Vec<_> = clients.filter(|c| hosts.iter().all(|h| !names_host(c, h))).collect();
    if let Some(first) = refused.first() {
        let name = first.owner.as_deref().unwrap_or_default();
        let others = match refused.len() - 1 {
            0 => String::new(),
            1 => " and one more client".to_owned(),
            n => format!(" and {n} more clients"),
        };
        found.push(
            Diagnostic::error(format!(
                "`{}` would refuse client `{name}`{others}: `{CLIENT_HOST}` asks for a host name",
                listener.member.name
            ))
            .at(span, "client certificates carry none")
            .help("remove it; who may do what is a matter of etcd's own users and roles"),
        );
    } else if listener.flag("enable-grpc-gateway") != Some(false) {
        found.push(
            Diagnostic::error(format!("`{CLIENT_HOST}` breaks the JSON gateway"))
                .at(span, "the gateway dials its own member, and is refused")
                .help("add `enable-grpc-gateway = false`, or remove the option"),
        );
    }
}

fn names_host(certificate: &Wanted, host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(ip) => vouches_for(certificate, &Host::Ip(ip)),
        Err(_) => certificate.sans.iter().any(|san| match san {
            San::Dns(pattern) => matches(pattern, host),
            San::Ip(_) => false,
        }),
    }
}
