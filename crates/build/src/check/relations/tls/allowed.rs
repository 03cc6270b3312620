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

/// `peer-cert-allowed-cn` and `-hostname`: etcd holds both sides of a connection to them.
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
    for dialler in subject.members() {
        let Some(theirs) = dialler.presented(all, Kind::Peer) else { continue };
        // Those that share the option, as most do, share the finding.
        let mut refusing: BTreeMap<(Span, &str), Vec<&str>> = BTreeMap::new();
        for listener in subject.members().filter(|m| m.index != dialler.index) {
            if let Some(option) = refuses(listener, theirs) {
                let key = (subject.option_span(listener, option), option);
                refusing.entry(key).or_default().push(listener.member.name.as_str());
            }
        }
        for ((span, option), by) in refusing {
            found.push(refused(dialler.member.name.as_str(), theirs, &by, option).at(span, ""));
        }
    }
}

/// The option by which a member would refuse this certificate, if it would.
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

fn refused(name: &str, theirs: &Wanted, by: &[&str], option: &str) -> Diagnostic {
    let by = match by {
        [one] => format!("`{one}`"),
        [one, two] => format!("`{one}` and `{two}`"),
        [one, two, more @ ..] => format!("`{one}`, `{two}` and {} more", more.len()),
        [] => String::new(),
    };
    if option == CN {
        let cn = theirs.subject.name();
        return Diagnostic::error(format!(
            "{by} would refuse `{name}`: its common name `{cn}` is not in `{CN}`"
        ))
        .help(format!(
            "add `{cn}`, or remove the option: the CA vouches for this cluster's members alone"
        ));
    }
    Diagnostic::error(format!(
        "{by} would refuse `{name}`: its certificate has no name that is in `{HOST}`"
    ))
    .help("add one of these names to `extra-sans` under [tls]: then all members carry it")
}

/// Clients here have no SANs, so a demand for a host name shuts all of them out.
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
    }
    if listener.flag("enable-grpc-gateway") != Some(false) {
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
