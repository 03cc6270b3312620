//! Members as they were read become a spec.

use super::address::{Lists, addresses};
use super::certificates::{Certificates, Find, Leaf};
use super::known::Known;
use super::observed::Observed;
use super::spec::{MemberSpec, Spec};
use super::tls::tls;
use bouquet_model::addresses::Addresses;
use bouquet_model::certificate::{Wanted, wanted};
use bouquet_model::cluster::{Layout, San, Setting};
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::name::{HostName, MemberName};
use bouquet_model::systemd::Systemd;
use bouquet_model::url::Scheme;
use bouquet_model::version::EtcdVersion;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Makes a spec; `ips` are addresses that no configuration tells, by the members' names.
///
/// # Errors
/// If a member's name cannot be said, or nothing tells where it is.
pub(super) fn spec(
    seen: &[Observed],
    known: &[Known],
    version: EtcdVersion,
    (find, ips): (&Find<'_>, &BTreeMap<String, IpAddr>),
    said: &mut Vec<Diagnostic>,
) -> Result<Spec, Vec<Diagnostic>> {
    let is_secure = seen.iter().any(|it| is_secure(it, version));
    let scheme = if is_secure { Scheme::Https } else { Scheme::Http };
    let certificates: Vec<Certificates> =
        seen.iter().map(|it| Certificates::of(it, find, said)).collect();
    let (common, mut own) = split(seen, known.len());
    let mut errors = Vec::new();
    let mut pattern: Option<Addresses> = None;
    // One that was read tells how the others listen, too.
    let mut in_order: Vec<(usize, &Known)> = known.iter().enumerate().collect();
    in_order.sort_by_key(|(at, member)| (member.seen.is_none(), *at));
    let mut placed: BTreeMap<usize, MemberSpec> = BTreeMap::new();
    for (at, member) in in_order {
        let leaves = member.seen.map(|at| &certificates[at]);
        let ip = ips.get(&member.name).copied().or_else(|| address_of(leaves?));
        let lists = lists(member, member.seen.map(|at| &seen[at]), version);
        let (name, mut found) = match named(member, addresses(&lists, scheme, ip)) {
            Ok(named) => named,
            Err(more) => {
                errors.extend(more);
                continue;
            }
        };
        match (&pattern, member.seen) {
            (Some(pattern), None) => found = like(found, pattern),
            (None, Some(_)) => pattern = Some(found.clone()),
            _ => {}
        }
        if found.hostname.is_none() {
            found.hostname = leaves.and_then(|leaves| hostname(&member.name, leaves));
        }
        let own = member.seen.map(|at| std::mem::take(&mut own[at])).unwrap_or_default();
        let seen = member.seen.is_some();
        placed.insert(at, MemberSpec { name, addresses: found, extra_sans: Vec::new(), own, seen });
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let token = seen.first().and_then(|it| it.option("initial-cluster-token", version));
    let mut spec = Spec {
        token: token.unwrap_or_default().to_owned(),
        version,
        common,
        systemd: Systemd::DEFAULT,
        tls: is_secure.then(|| tls(seen, &certificates, said)),
        members: placed.into_values().collect(),
    };
    sans(&mut spec, seen, &certificates, said);
    Ok(spec)
}

/// Takes a member's name and addresses for those of a spec.
fn named(
    member: &Known,
    found: Option<Addresses>,
) -> Result<(MemberName, Addresses), Vec<Diagnostic>> {
    let name = MemberName::parse(&member.name).map_err(|error| {
        Diagnostic::error(error.to_string())
            .note(format!("etcd has a member called {}", quoted(&member.name)))
            .help(
                "a spec cannot have that name: give it another one, which takes a restart of that \
                 member",
            )
    });
    match (name, found) {
        (Ok(name), Some(found)) => Ok((name, found)),
        (name, found) => {
            let nowhere = found.is_none().then(|| found_nowhere(member));
            Err(name.err().into_iter().chain(nowhere).collect())
        }
    }
}

fn is_secure(observed: &Observed, version: EtcdVersion) -> bool {
    let lists = ["listen-client-urls", "listen-peer-urls", "advertise-client-urls"];
    observed.texts.contains_key("cert-file")
        || lists
            .iter()
            .any(|name| observed.list(name, version).iter().any(|url| url.starts_with("https://")))
}

fn lists(member: &Known, observed: Option<&Observed>, version: EtcdVersion) -> Lists {
    let list = |name| -> Vec<String> {
        let list = observed.map(|it| it.list(name, version)).unwrap_or_default();
        list.into_iter().map(str::to_owned).collect()
    };
    Lists {
        initial_advertise_peer: member.peer_urls.clone(),
        listen_peer: list("listen-peer-urls"),
        advertise_client: list("advertise-client-urls"),
        listen_client: list("listen-client-urls"),
    }
}

fn found_nowhere(member: &Known) -> Diagnostic {
    let name = &member.name;
    let error = Diagnostic::error(format!("nothing tells the address of {}", quoted(name)));
    let error = match member.peer_urls.first() {
        Some(url) => {
            error.note(format!("it is known by {}, and a spec has each member's `ip`", quoted(url)))
        }
        None => error,
    };
    error.help(format!("`--ip {name}=ADDRESS` tells it"))
}

/// Has a member of which nothing was read listen as another one does.
fn like(found: Addresses, pattern: &Addresses) -> Addresses {
    Addresses {
        client_port: pattern.client_port,
        loopback: pattern.loopback,
        listen_ip: pattern.listen_ip.filter(IpAddr::is_unspecified),
        ..found
    }
}

/// Returns the one address of a node that its certificates hold.
fn address_of(certificates: &Certificates) -> Option<IpAddr> {
    let sans = certificates.leaves().flat_map(|leaf| &leaf.sans);
    let mut ips: Vec<IpAddr> = sans
        .filter_map(|san| match san {
            San::Ip(ip) if !ip.is_loopback() => Some(*ip),
            _ => None,
        })
        .collect();
    ips.sort_unstable();
    ips.dedup();
    if let [ip] = ips.as_slice() { Some(*ip) } else { None }
}

/// Returns the name in its certificates that is the member's own.
fn hostname(name: &str, certificates: &Certificates) -> Option<HostName> {
    let mut sans = certificates.leaves().flat_map(|leaf| &leaf.sans);
    sans.find_map(|san| {
        let San::Dns(host) = san else { return None };
        let is_it = host.split('.').next().is_some_and(|first| first == name) || **host == *name;
        HostName::parse(host).ok().filter(|_| is_it)
    })
}

/// Returns the options that all have alike, and what each has besides.
///
/// Where one alone of several members was read, what names it is taken for its own.
fn split(seen: &[Observed], members: usize) -> (Vec<Setting>, Vec<Vec<Setting>>) {
    let is_common = |setting: &Setting| {
        let is_everywhere = seen.iter().all(|it| it.settings.contains(setting));
        let names_one = seen.len() == 1 && members > 1 && names_it(&seen[0], setting);
        is_everywhere && !names_one
    };
    let first = seen.first().map(|it| it.settings.as_slice()).unwrap_or_default();
    let common: Vec<Setting> = first.iter().filter(|it| is_common(it)).cloned().collect();
    let own = seen.iter().map(|it| {
        it.settings.iter().filter(|setting| !common.contains(setting)).cloned().collect()
    });
    let own = own.collect();
    (common, own)
}

fn names_it(observed: &Observed, setting: &Setting) -> bool {
    let text = setting.value.flag_text();
    let urls = observed.texts.get("initial-advertise-peer-urls").map(String::as_str);
    let host = urls.and_then(|urls| urls.split_once("://")?.1.rsplit_once(':'));
    text.contains(&observed.name) || host.is_some_and(|(host, _)| text.contains(host))
}

/// Adds what certificates hold besides what follows from the spec.
fn sans(
    spec: &mut Spec,
    seen: &[Observed],
    certificates: &[Certificates],
    said: &mut Vec<Diagnostic>,
) {
    let Some(layout) = spec.tls.as_ref().map(|tls| tls.layout) else { return };
    let wanted = wanted(&spec.cluster());
    let mut further: Vec<(usize, Vec<San>)> = Vec::new();
    for (observed, certificates) in seen.iter().zip(certificates) {
        let at = spec.members.iter().position(|it| it.name.as_str() == observed.name);
        let Some(at) = at else { continue };
        let is_its = |it: &&Wanted| it.owner.as_ref().is_none_or(|owner| *owner == observed.name);
        let derived: Vec<&San> = wanted.iter().filter(is_its).flat_map(|it| &it.sans).collect();
        let mut more: Vec<San> = Vec::new();
        for san in certificates.leaves().flat_map(|leaf| &leaf.sans) {
            if !derived.contains(&san) && !more.contains(san) {
                more.push(san.clone());
            }
        }
        if certificates.leaves().next().is_some() {
            further.push((at, more));
        }
        said.extend(certificates.leaves().find_map(|leaf| others(observed, leaf)));
    }
    if further.is_empty() {
        said.push(
            Diagnostic::warning("certificates of members were not read")
                .note("new ones hold what follows from cluster.toml, and no other name or address")
                .help("`--certs DIR` names a folder with copies of them, or with a folder for each member"),
        );
    }
    let Some(tls) = &mut spec.tls else { return };
    let first = further.first().map(|(_, sans)| sans.clone()).unwrap_or_default();
    let is_alike =
        further.iter().all(|(_, sans)| *sans == first) && further.len() == spec.members.len();
    if layout == Layout::Shared || (is_alike && further.len() > 1) {
        tls.extra_sans = first;
        return;
    }
    for (at, sans) in further {
        spec.members[at].extra_sans = sans;
    }
}

fn others(observed: &Observed, leaf: &Leaf) -> Option<Diagnostic> {
    let name = leaf.other_names.first()?;
    Some(
        Diagnostic::warning(format!(
            "a certificate of {} holds {}, which new ones do not",
            quoted(&observed.name),
            quoted(name)
        ))
        .note("etcd looks at names of hosts and addresses alone"),
    )
}
