//! Every socket is opened once.

use crate::check::relations::subject::{Placed, Said, Subject};
use crate::check::relations::urls::{HTTP, METRICS, listeners};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::spec::Spanned;
use bouquet_model::listener::Socket;
use bouquet_model::url::Host;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::num::NonZeroU16;

/// A socket that a member listens on.
struct Opened<'a> {
    owner: Placed<'a>,
    what: &'static str,
    /// The option that it was written in, if it was.
    option: Option<&'static str>,
    at: Socket,
    span: Span,
}

/// Puts each pair of members that would open one socket into `said`.
pub(super) fn check(subject: &Subject<'_>, said: &mut Said, found: &mut Diagnostics) {
    let sockets: Vec<Opened<'_>> = subject.members().flat_map(|m| sockets(subject, m)).collect();
    let mut places = BTreeSet::new();
    for (i, second) in sockets.iter().enumerate() {
        let Some(first) = sockets[..i].iter().find(|first| clash(first, second)) else { continue };
        let pair = (first.owner.index, second.owner.index);
        // What an option says is what is to change, no matter which socket is looked at first.
        let derived_last = second.option.is_none() && first.option.is_some();
        let (first, second) = if derived_last { (second, first) } else { (first, second) };
        // One cause, one error: an address that is there twice clashes in all that is derived, and an
        // option that all share clashes with the same socket of each.
        let of_members = second.option.is_none().then_some(pair);
        if places.insert((of_members, second.span))
            && (first.span != second.span || said.insert(pair))
        {
            found.push(clash_error(first, second));
        }
        said.insert(pair);
    }
}

fn sockets<'a>(subject: &Subject<'_>, owner: Placed<'a>) -> Vec<Opened<'a>> {
    let written = &subject.spec.members[owner.index];
    let ip_span = written.listen_ip.as_ref().map_or_else(|| subject.ip_span(owner), |ip| ip.span);
    let port_span =
        |port: &Option<Spanned<NonZeroU16>>| port.as_ref().map_or(ip_span, |port| port.span);
    let client = written.client_ip.as_ref().filter(|_| owner.member.listens_apart());
    let client = client.map_or_else(|| port_span(&written.client_port), |ip| ip.span);
    let own = [
        ("peers", &owner.member.listen_peer_urls, port_span(&written.peer_port)),
        ("clients", &owner.member.listen_client_urls, client),
    ];
    let mut sockets = Vec::new();
    for (what, urls, span) in own {
        for url in urls.iter() {
            if let Host::Ip(ip) = url.host {
                let is_own = what == "clients" && ip.is_loopback();
                let loopback = written.loopback.as_ref().filter(|_| is_own);
                let span = loopback.map_or(span, |written| written.span);
                let at = Socket::Tcp(SocketAddr::new(ip, url.port));
                sockets.push(Opened { owner, what, option: None, at, span });
            }
        }
    }
    for (option, what) in [(METRICS, "metrics"), (HTTP, "clients over HTTP")] {
        for (url, listener) in listeners(owner, option) {
            let span = subject.item_span(owner, option, &url);
            sockets.push(Opened { owner, what, option: Some(option), at: listener.socket, span });
        }
    }
    sockets
}

/// Tells whether two sockets clash: on one machine they do if their addresses are equal or one is every address.
/// Two machines have each its own loopback, and may have the same private addresses behind different public ones;
/// but none has the address at which another is dialled.
fn clash(a: &Opened<'_>, b: &Opened<'_>) -> bool {
    let one_machine = a.owner.index == b.owner.index || a.owner.machine() == b.owner.machine();
    // That two have one name is said elsewhere.
    if one_machine && a.owner.index != b.owner.index && a.owner.member.ip.is_none() {
        return false;
    }
    let (one, other) = match (&a.at, &b.at) {
        (Socket::Tcp(one), Socket::Tcp(other)) if one.port() == other.port() => {
            (one.ip(), other.ip())
        }
        (Socket::Unix(one), Socket::Unix(other)) => return one_machine && one == other,
        _ => return false,
    };
    let every = one.is_unspecified() || other.is_unspecified();
    if one_machine {
        return one == other || every;
    }
    let dials =
        |owner: Placed<'_>, ip| owner.member.ip == Some(ip) || owner.member.client_ip == Some(ip);
    let dialled = dials(a.owner, one) || dials(b.owner, other);
    let written_for_both = a.option.is_some() && a.span == b.span;
    one == other && !every && !one.is_loopback() && (dialled || written_for_both)
}

fn clash_error(first: &Opened<'_>, second: &Opened<'_>) -> Diagnostic {
    let (a, b) = (&first.owner.member.name, &second.owner.member.name);
    let at = &second.at;
    let written = second.option.or(first.option);
    let port = written.map_or_else(
        || match at {
            Socket::Tcp(address)
                if address.ip().is_loopback() && !second.owner.member.is_local() =>
            {
                "write `loopback = false` for all but one of them, or give each a port of its own there, such as \
                 `loopback = 12379`"
                    .to_owned()
            }
            _ => "give each its own `peer-port` and `client-port`, or its own address".to_owned(),
        },
        |option| match at {
            Socket::Tcp(_) => format!("give `{option}` a port of its own"),
            Socket::Unix(_) => format!("give `{option}` a path of its own"),
        },
    );
    if a != b && first.span == second.span {
        let option = written.unwrap_or_default();
        return Diagnostic::error(format!("members `{a}` and `{b}` would both listen on {at}"))
            .at(second.span, "for every member")
            .help(format!("write `{option}` under [member.etcd], for each member its own"));
    }
    let message = if a == b {
        let what = (first.what, second.what);
        let place = match at {
            Socket::Tcp(address) => format!("port {}", address.port()),
            Socket::Unix(_) => at.to_string(),
        };
        format!("member `{a}` listens on {place} for {} and for {}", what.0, what.1)
    } else {
        format!("members `{a}` and `{b}` both listen on {at}")
    };
    let error = Diagnostic::error(message)
        .at(second.span, "taken already")
        .also(first.span, "first used here");
    let error = match (a == b, first.what, second.option) {
        (true, "clients", Some(HTTP)) => error.note(
            "etcd: cannot bind both --listen-client-urls and --listen-client-http-urls on the same url",
        ),
        _ => error,
    };
    error.help(port)
}
