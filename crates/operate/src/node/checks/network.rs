//! What the node is in the network: its addresses, its name, its ports.

use super::check::{Check, Node};
use super::sources::sources;
use crate::node::machine::facts::Listening;
use crate::node::machine::read::host::name;
use crate::node::machine::read::listeners::listeners;
use bouquet_model::diagnostic::{Diagnostic, Severity, visible};
use bouquet_model::{Cluster, Member};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

pub(super) fn addresses(node: &Node<'_>) -> Check {
    const NAME: &str = "addresses";
    let here = &node.facts.here;
    if let Some(problem) = elsewhere(node.cluster(), node.member, here) {
        let missing = missing(node.member, here).join(", ");
        return Check::new(NAME, format!("not {missing}")).with([problem]);
    }
    let shown: Vec<String> = own(node.member).iter().map(ToString::to_string).collect();
    Check::new(NAME, shown.join(", ")).with(sources(node))
}

/// Returns the addresses that a member listens on.
fn own(member: &Member) -> BTreeSet<IpAddr> {
    listeners(member).iter().map(SocketAddr::ip).collect()
}

/// Returns those of them that are not among the addresses of a node.
fn missing(member: &Member, here: &BTreeSet<IpAddr>) -> Vec<String> {
    let own = own(member).into_iter();
    let missing = own.filter(|ip| !ip.is_unspecified() && !here.contains(ip));
    missing.map(|ip| ip.to_string()).collect()
}

/// Reports that a node has not all addresses that a member listens on; `here` are those of members that it has.
pub(crate) fn elsewhere(
    cluster: &Cluster,
    member: &Member,
    here: &BTreeSet<IpAddr>,
) -> Option<Diagnostic> {
    let missing = missing(member, here);
    if missing.is_empty() {
        return None;
    }
    let others = cluster.members.iter().filter(|other| other.name != member.name);
    let others = others.flat_map(|other| {
        let ips = [Some(other.listen_ip), other.client_ip].into_iter().flatten();
        ips.map(|ip| (ip, &other.name))
    });
    let others: Vec<String> = others
        .filter(|(ip, _)| !ip.is_loopback() && here.contains(ip))
        .map(|(ip, name)| format!("{ip} is here, the address of `{name}`"))
        .collect();
    let are = if missing.len() == 1 { "is no address" } else { "are no addresses" };
    let mut problem = Diagnostic::error(format!("{} {are} of this node", missing.join(", ")))
        .note("etcd ends there with `bind: cannot assign requested address`");
    let is_anothers = !others.is_empty();
    problem.notes.extend(others);
    Some(if is_anothers {
        problem.help("put that member's folder here, or see which machine this is: `ip address`")
    } else {
        problem
            .help("see what it has, `ip address`, and give it the address, or correct `ip`, or `client-ip`, in cluster.toml")
            .help("behind address translation, `listen-ip` is the address that the node itself has")
    })
}

/// `127.0.1.1`, which Debian's installer gives to a machine's own name in `/etc/hosts`.
const DEBIAN: IpAddr = bouquet_model::url::v4(127, 0, 1, 1);

pub(super) fn names(node: &Node<'_>) -> Check {
    const NAME: &str = "names";
    let members = node.cluster().members.iter();
    let findings: Vec<Diagnostic> = members
        .flat_map(|member| {
            let for_peers = member.initial_advertise_peer_urls.iter().filter_map(name);
            let for_clients = member.advertise_client_urls.iter().filter_map(name);
            // Of a name that is for both, members are told.
            let mut names: BTreeMap<String, (Option<IpAddr>, bool)> =
                for_clients.map(|name| (name, (member.client_ip.or(member.ip), false))).collect();
            names.extend(for_peers.map(|name| (name, (member.ip, true))));
            names.into_iter().filter_map(|(name, (ip, is_dialled))| {
                let who = if is_dialled { "members" } else { "clients" };
                let found = resolved(node, &name, ip, who)?;
                // No member dials the name for clients.
                Some(if is_dialled {
                    found
                } else {
                    Diagnostic { severity: Severity::Warning, ..found }
                })
            })
        })
        .collect();
    let seen = match node.facts.names.len() {
        0 => "no URL has a name".to_owned(),
        _ => node.facts.names.keys().cloned().collect::<Vec<_>>().join(", "),
    };
    Check::new(NAME, seen).with(findings)
}

fn resolved(node: &Node<'_>, name: &str, ip: Option<IpAddr>, who: &str) -> Option<Diagnostic> {
    // Of a member that is known by its name alone, cluster.toml has no address.
    let own = ip.map_or_else(|| "ADDRESS".to_owned(), |ip| ip.to_string());
    let meant = ip.map_or_else(String::new, |ip| format!(", and {ip} in cluster.toml"));
    let hosts =
        format!("give it the address in DNS, or in /etc/hosts on every node: `{own} {name}`");
    let addresses = match node.facts.names.get(name)? {
        Err(why) => {
            return Some(
                Diagnostic::error(format!("{name} has no address here: {}", visible(why)))
                    .note(format!(
                        "it stands in a URL that {who} dial, as `advertise = \"hostname\"` has it"
                    ))
                    .help(hosts),
            );
        }
        Ok(addresses) => addresses,
    };
    let shown = addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if addresses.contains(&DEBIAN) {
        return Some(
            Diagnostic::error(format!("{name} is {DEBIAN} here{meant}"))
                .note("Debian's installer writes that line for a machine's own name")
                .help(format!(
                    "in /etc/hosts, write `{own} {name}` in the place of `{DEBIAN} {name}`"
                )),
        );
    }
    let ip = ip?;
    let is_right = addresses.contains(&ip);
    let wrong = addresses.iter().any(|address| address.is_loopback() != ip.is_loopback());
    if is_right && !wrong {
        return None;
    }
    Some(
        Diagnostic::warning(format!("{name} is {shown} here{meant}"))
            .note("its certificate is for that address and that name, and etcd looks where a connection comes from")
            .help(hosts),
    )
}

pub(super) fn ports(node: &Node<'_>) -> Check {
    const NAME: &str = "ports";
    let sockets = match &node.facts.sockets {
        Err(why) => return Check::unseen(NAME, why),
        Ok(sockets) => sockets,
    };
    let own = listeners(node.member);
    let is_taken = |it: &&Listening| own.iter().any(|own| is_in_the_way(it.address, *own));
    let is_hidden = sockets.iter().filter(is_taken).any(|it| it.holder.is_none());
    if is_hidden && node.facts.service.active.is_empty() {
        return Check::unseen(NAME, "they are taken, and only root can see by whom");
    }
    let main = node.facts.service.process.as_ref().map(|process| process.id);
    let is_up = node.facts.service.active == "active";
    let mut findings = Vec::new();
    let mut silent = Vec::new();
    let mut etcds = BTreeSet::new();
    for address in &own {
        let taken: Vec<&Listening> =
            sockets.iter().filter(|socket| is_in_the_way(socket.address, *address)).collect();
        if taken.is_empty() && is_up {
            silent.push(address.to_string());
        }
        // It listens before it is ready.
        etcds.extend((!taken.is_empty() && main.is_some()).then(|| address.port()));
        let other = taken.iter().find(|it| match (&it.holder, main) {
            (Some(holder), Some(main)) => holder.id != main,
            // Of those of another account only root is told.
            (None, Some(_)) => false,
            (_, None) => true,
        });
        findings.extend(other.map(|other| held(node, *address, other)));
    }
    if !silent.is_empty() {
        findings.push(
            Diagnostic::warning(format!("etcd runs, and does not listen on {}", silent.join(", ")))
                .note("it was started with other options than those that are compiled")
                .help(format!(
                    "see what it runs with, `systemctl status {}`, and restart it where the unit is right",
                    node.unit
                )),
        );
    }
    let all: BTreeSet<u16> = own.iter().map(SocketAddr::port).collect();
    let seen = if findings.is_empty() { whose(&all, &etcds) } else { numbers(all.iter()) };
    Check::new(NAME, seen).with(findings)
}

/// Says which of these ports are etcd's, and which are free.
fn whose(all: &BTreeSet<u16>, etcds: &BTreeSet<u16>) -> String {
    let are = |ports: BTreeSet<&u16>, what: &str| {
        let are = if ports.len() == 1 { "is" } else { "are" };
        (!ports.is_empty()).then(|| format!("{} {are} {what}", numbers(ports.into_iter())))
    };
    let free = all.difference(etcds).collect();
    let said = [are(etcds.iter().collect(), "etcd's"), are(free, "free")];
    said.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn numbers<'a>(ports: impl Iterator<Item = &'a u16>) -> String {
    ports.map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Tells whether both cannot be open: they have one port, and the same address, or one of them is for all addresses.
fn is_in_the_way(there: SocketAddr, wanted: SocketAddr) -> bool {
    // What is open for all of IPv6 takes IPv4 as well, mostly, and etcd takes both where it takes all.
    let all = wanted.ip().is_unspecified()
        || there.ip().is_unspecified() && (there.is_ipv6() || wanted.is_ipv4());
    there.port() == wanted.port() && (all || there.ip() == wanted.ip())
}

fn held(node: &Node<'_>, wanted: SocketAddr, other: &Listening) -> Diagnostic {
    let problem = match &other.holder {
        None => Diagnostic::error(format!("{wanted} is taken, and only root can see by whom"))
            .help(format!("as root: `{} doctor {}`", node.program, node.name())),
        Some(holder) => {
            let name = visible(&holder.name);
            Diagnostic::error(format!("{wanted} is taken, by {name}, process {}", holder.id)).help(
                if holder.name == "etcd" {
                    format!(
                        "another etcd: see whose it is, `systemctl status {}`, and end it there, such as by `systemctl disable --now etcd`",
                        holder.id
                    )
                } else {
                    format!("see what it is, `systemctl status {}`, and end it, or give etcd another port", holder.id)
                },
            )
        }
    };
    problem.note("etcd ends there with `bind: address already in use`")
}
