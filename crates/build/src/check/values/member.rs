//! `[[member]]`: names and addresses become the four lists of URLs.

use super::{options, ssh, text};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, quoted};
use crate::spec::{FlagOrPort, MemberSpec, Spanned, Spec};
use bouquet_model::addresses::{Addresses, Advertise, CLIENT_PORT, Loopback, PEER_PORT};
use bouquet_model::cluster::{Member, Setting, State};
use bouquet_model::digest::Digest;
use bouquet_model::ip;
use bouquet_model::name::{HostName, MemberName};
use bouquet_model::url::Scheme;
use bouquet_model::version::EtcdVersion;
use std::borrow::Cow;
use std::net::IpAddr;

/// Returns every member, with the options of `[etcd]` under its own.
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
        let addresses = addresses(written, spec.whole, found);
        let name = text::name(&written.name, MemberName::parse, found);
        let state = written.state.as_ref().map_or(Some(state), |s| text::state(s, found));
        let ssh = written.ssh.as_ref().map(|written| ssh::destination(written, found));
        let extra_sans = text::sans(written.extra_sans.as_ref(), found);
        let addresses = addresses?;
        let urls = addresses.urls(scheme)?;
        Some(Member {
            name: name?,
            id: None,
            digest: Digest([0; 32]),
            state: state?,
            ip: addresses.ip,
            listen_ip: addresses.listen_ip(),
            hostname: addresses.hostname,
            client_ip: addresses.client_ip,
            client_hostname: addresses.client_hostname,
            ssh: match ssh {
                Some(destination) => Some(Cow::Owned(destination?)),
                None => None,
            },
            initial_advertise_peer_urls: Cow::Owned(vec![urls.initial_advertise_peer]),
            listen_peer_urls: Cow::Owned(vec![urls.listen_peer]),
            advertise_client_urls: Cow::Owned(vec![urls.advertise_client]),
            listen_client_urls: Cow::Owned(urls.listen_client),
            generation: text::generation(written.generation.as_ref()),
            extra_sans: Cow::Owned(extra_sans?),
            options: Cow::Owned(merge(&common, &own)),
        })
    });
    text::all(members)
}

fn addresses(written: &MemberSpec, whole: bool, found: &mut Diagnostics) -> Option<Addresses> {
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
        text::word(word, "way to advertise", Advertise::ALL, found)
    });
    let advertise = advertise?;
    let by_name = advertise == Advertise::Hostname;
    // It may have been written under a misspelt key.
    if by_name && written.hostname.is_none() && !whole {
        return None;
    }
    if by_name && written.hostname.is_none() {
        found.push(nameless(written));
        return None;
    }
    let (hostname, client_hostname) = (hostname?, client_hostname?);
    let written_or_not = |ip: Option<Option<IpAddr>>| ip.map_or(Some(None), |ip| ip.map(Some));
    let [ip, client_ip, listen_ip] = [ip, client_ip, listen_ip].map(written_or_not);
    let (ip, client_ip, listen_ip) = (ip?, client_ip?, listen_ip?);
    let ports = [(&written.peer_port, PEER_PORT), (&written.client_port, CLIENT_PORT)];
    let [peer_port, client_port] =
        ports.map(|(port, usual)| port.as_ref().map_or(usual, |port| port.value.get()));
    Some(Addresses {
        ip,
        hostname,
        listen_ip,
        client_ip,
        client_hostname,
        advertise,
        peer_port,
        client_port,
        loopback: loopback(written),
    })
}

/// Returns a name, if one is written; `None` where that is none.
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

/// Tells whether it is an address that others can dial.
fn reachable(ip: IpAddr, written: &Spanned<String>, found: &mut Diagnostics) -> bool {
    let label = if ip.is_unspecified() { "others dial this address" } else { "" };
    ip::dialled(ip).map_err(|finding| found.push(finding.at(written.span, label))).is_ok()
}

/// Tells whether it is an address that can be listened on.
fn one_machine(ip: IpAddr, span: Span, found: &mut Diagnostics) -> bool {
    ip::of_one_machine(ip).map_err(|finding| found.push(finding.at(span, ""))).is_ok()
}

fn loopback(written: &MemberSpec) -> Loopback {
    match written.loopback.as_ref().map(|written| written.value) {
        None | Some(FlagOrPort::Flag(true)) => Loopback::Same,
        Some(FlagOrPort::Flag(false)) => Loopback::None,
        Some(FlagOrPort::Port(port)) => Loopback::Port(port.get()),
    }
}

/// Returns `[member.etcd]` over `[etcd]`.
fn merge(common: &[Setting], own: &[Setting]) -> Vec<Setting> {
    let inherited = common.iter().filter(|c| own.iter().all(|o| o.name != c.name));
    let mut merged: Vec<Setting> = inherited.chain(own).cloned().collect();
    merged.sort_by_key(Setting::position);
    merged
}
