//! `[[member]]`: names and addresses become the four lists of URLs.

use super::{options, ssh, text};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, quoted};
use crate::spec::{FlagOrPort, MemberSpec, Spanned, Spec};
use bouquet_model::cluster::{Member, Setting, State};
use bouquet_model::digest::Digest;
use bouquet_model::name::{HostName, MemberName};
use bouquet_model::url::{Host, Scheme, Url};
use bouquet_model::version::EtcdVersion;
use std::borrow::Cow;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const PEER_PORT: u16 = 2380;
const CLIENT_PORT: u16 = 2379;

/// What others dial: the member's address or its name.
#[derive(Clone, Copy)]
enum Advertise {
    Ip,
    Hostname,
}

impl fmt::Display for Advertise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ip => "ip",
            Self::Hostname => "hostname",
        })
    }
}

/// Every member, with the options of `[etcd]` under its own.
pub(super) fn members(
    spec: &Spec,
    version: Option<EtcdVersion>,
    scheme: Scheme,
    state: State,
    found: &mut Diagnostics,
) -> Option<Vec<Member>> {
    let common = options::settings(&spec.etcd, version, found);
    let members = spec.members.iter().map(|written| {
        let own = options::settings(&written.etcd, version, found);
        let addresses = addresses(written, spec.whole, scheme, found);
        let name = text::name(&written.name, MemberName::parse, found);
        let state = written.state.as_ref().map_or(Some(state), |s| text::state(s, found));
        let ssh = written.ssh.as_ref().map(|written| ssh::destination(written, found));
        let extra_sans = text::sans(written.extra_sans.as_ref(), found);
        let Addresses { ip, listen_ip, hostname, for_clients, peer, client } = addresses?;
        Some(Member {
            name: name?,
            id: None,
            digest: Digest([0; 32]),
            state: state?,
            ip,
            listen_ip,
            hostname,
            client_ip: for_clients.ip,
            client_hostname: for_clients.hostname,
            ssh: match ssh {
                Some(destination) => Some(Cow::Owned(destination?)),
                None => None,
            },
            initial_advertise_peer_urls: Cow::Owned(vec![peer.advertised]),
            listen_peer_urls: Cow::Owned(vec![peer.listened]),
            advertise_client_urls: Cow::Owned(vec![client.advertised]),
            listen_client_urls: Cow::Owned(with_loopback(client.listened, loopback(written))),
            generation: text::generation(written.generation.as_ref()),
            extra_sans: Cow::Owned(extra_sans?),
            options: Cow::Owned(merge(&common, &own)),
        })
    });
    text::all(members)
}

struct Addresses {
    ip: Option<IpAddr>,
    listen_ip: IpAddr,
    hostname: Option<HostName>,
    /// What is another for clients than for members.
    for_clients: Place,
    peer: Urls,
    client: Urls,
}

/// Where a member is on a network.
struct Place {
    ip: Option<IpAddr>,
    hostname: Option<HostName>,
}

struct Urls {
    advertised: Url,
    listened: Url,
}

fn addresses(
    written: &MemberSpec,
    whole: bool,
    scheme: Scheme,
    found: &mut Diagnostics,
) -> Option<Addresses> {
    let dialled = |written: &Spanned<String>, found: &mut Diagnostics| {
        text::ip(written, found).filter(|ip| reachable(*ip, written, found))
    };
    let ip = written.ip.as_ref().map(|written| dialled(written, found));
    let client_ip = written.client_ip.as_ref().map(|written| dialled(written, found));
    let listen_ip = written.listen_ip.as_ref().map(|written| {
        let ip = text::ip(written, found)?;
        one_machine(ip, written.span, found).then_some(ip)
    });
    let hostname = name(written.hostname.as_ref(), found);
    let client_hostname = name(written.client_hostname.as_ref(), found);
    let advertise = written.advertise.as_ref().map_or(Some(Advertise::Ip), |word| {
        text::word(word, "way to advertise", &[Advertise::Ip, Advertise::Hostname], found)
    });
    let by_name = matches!(advertise?, Advertise::Hostname);
    // It may have been written under a misspelt key.
    if by_name && written.hostname.is_none() && !whole {
        return None;
    }
    if by_name && written.hostname.is_none() {
        found.push(nameless(written));
        return None;
    }
    let (hostname, client_hostname) = (hostname?, client_hostname?);
    let [ip, client_ip] = [ip, client_ip].map(|ip| ip.map_or(Some(None), |ip| ip.map(Some)));
    let (ip, client_ip) = (ip?, client_ip?);
    let everywhere = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    let listen_ip = listen_ip.unwrap_or(Some(ip.unwrap_or(everywhere)))?;
    let host = |ip: Option<IpAddr>, name: Option<&HostName>| {
        let name = name.filter(|_| by_name).map(|name| Host::Name(name.clone()));
        name.or(ip.map(Host::Ip))
    };
    let urls = |host: Host, listened: IpAddr, port: u16| Urls {
        advertised: Url { scheme, host, port },
        listened: Url { scheme, host: Host::Ip(listened), port },
    };
    // Who listens on every address does so for clients, too.
    let for_clients = client_ip.filter(|_| !listen_ip.is_unspecified()).unwrap_or(listen_ip);
    let ports = [(&written.peer_port, PEER_PORT), (&written.client_port, CLIENT_PORT)];
    let [peer_port, client_port] =
        ports.map(|(port, usual)| port.as_ref().map_or(usual, |port| port.value.get()));
    Some(Addresses {
        peer: urls(host(ip, hostname.as_ref())?, listen_ip, peer_port),
        client: urls(
            host(client_ip.or(ip), client_hostname.as_ref().or(hostname.as_ref()))?,
            for_clients,
            client_port,
        ),
        ip,
        listen_ip,
        hostname,
        for_clients: Place { ip: client_ip, hostname: client_hostname },
    })
}

/// A name, if one is written; `None` where that is none.
#[expect(clippy::option_option, reason = "none is written, or what is written is none")]
fn name(written: Option<&Spanned<String>>, found: &mut Diagnostics) -> Option<Option<HostName>> {
    match written {
        Some(written) => text::name(written, HostName::parse, found).map(Some),
        None => Some(None),
    }
}

fn nameless(written: &MemberSpec) -> Diagnostic {
    Diagnostic::error(format!(
        "member {} advertises its host name and has none",
        quoted(&written.name.value)
    ))
    .at(written.advertise.as_ref().map_or(written.span, |a| a.span), "")
    .help("add `hostname = \"…\"`, which every member and client can resolve")
}

/// etcd advertises 0.0.0.0 without a word, and then nobody finds the member.
fn reachable(ip: IpAddr, written: &Spanned<String>, found: &mut Diagnostics) -> bool {
    if !ip.is_unspecified() {
        return one_machine(ip, written.span, found);
    }
    found.push(
        Diagnostic::error(format!(
            "`{ip}` stands for every address of a machine and leads to none"
        ))
        .at(written.span, "others dial this address")
        .help(format!(
            "write the address at which others reach the member; to listen on every address, add \
             `listen-ip = \"{ip}\"`"
        )),
    );
    false
}

/// Neither dialled nor listened on can be what stands for many machines.
fn one_machine(ip: IpAddr, span: Span, found: &mut Diagnostics) -> bool {
    let broadcast = matches!(ip, IpAddr::V4(v4) if v4.is_broadcast());
    if !ip.is_multicast() && !broadcast {
        return true;
    }
    found.push(
        Diagnostic::error(format!("`{ip}` is an address of many machines"))
            .at(span, "")
            .help("write an address that this member's machine alone has"),
    );
    false
}

/// The port on the loopback for clients, 0 for the same as elsewhere; `None` where it is left out.
fn loopback(written: &MemberSpec) -> Option<u16> {
    match written.loopback.as_ref().map(|written| written.value) {
        None | Some(FlagOrPort::Flag(true)) => Some(0),
        Some(FlagOrPort::Flag(false)) => None,
        Some(FlagOrPort::Port(port)) => Some(port.get()),
    }
}

/// The loopback of the node is listened on too, so that an operator there needs no address. It is
/// left out where the member listens there already.
fn with_loopback(listened: Url, port: Option<u16>) -> Vec<Url> {
    let (Host::Ip(ip), Some(port)) = (&listened.host, port) else { return vec![listened] };
    let port = if port == 0 { listened.port } else { port };
    let is_there = ip.is_loopback() || ip.is_unspecified();
    if is_there && port == listened.port {
        return vec![listened];
    }
    let loopback = match ip {
        IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
    };
    let second = Url { host: Host::Ip(loopback), port, ..listened };
    vec![listened, second]
}

/// `[member.etcd]` over `[etcd]`.
fn merge(common: &[Setting], own: &[Setting]) -> Vec<Setting> {
    let inherited = common.iter().filter(|c| own.iter().all(|o| o.name != c.name));
    let mut merged: Vec<Setting> = inherited.chain(own).cloned().collect();
    merged.sort_by_key(Setting::position);
    merged
}
