//! The edges: a node is looked at, and nothing on it is changed.

mod certificates;
mod disk;
mod network;
mod peers;
mod process;
mod service;
mod stored;
mod system;

pub(crate) use certificates::certificates;
pub(crate) use network::here;
pub(crate) use service::service;

use super::facts::{Facts, Seen};
use super::service::Service;
use crate::node::Bundle;
use crate::node::machine::root::Machine;
use crate::since::since_1970;
use bouquet_model::{Cluster, Member};
use std::time::SystemTime;

/// How often it is looked again where etcd came up or went down meanwhile.
const AGAIN: usize = 3;

/// Looks at all of it, and asks the others with these certificates.
///
/// etcd that comes up or goes down meanwhile would be seen half, as ports that a process has which is not its: then all of
/// it is looked at again.
pub(crate) fn look(
    cluster: &Cluster,
    member: &Member,
    certificates: &Seen<&Bundle>,
    clock: fn() -> SystemTime,
) -> Facts {
    let unit = &cluster.unit_name(member);
    let mut facts = look_once((cluster, member, unit), certificates, clock);
    for _ in 0..AGAIN {
        let now = service(unit, clock());
        let process = |it: &Service| it.process.as_ref().map(|process| process.id);
        if now.active == facts.service.active && process(&now) == process(&facts.service) {
            break;
        }
        facts = look_once((cluster, member, unit), certificates, clock);
    }
    facts
}

fn look_once(
    (cluster, member, unit): (&Cluster, &Member, &str),
    certificates: &Seen<&Bundle>,
    clock: fn() -> SystemTime,
) -> Facts {
    let machine = Machine { root: None };
    let is_root = rustix::process::geteuid().is_root();
    let now = clock();
    let service = service(unit, now);
    let process = service.process.as_ref().map(|process| process::running(process.id));
    let account =
        machine.account(cluster.systemd.account()).map(|account| account.map(|it| it.uid));
    Facts {
        now: since_1970(now),
        etcd: process::program(cluster.systemd.program()),
        journal: if service.active == "active" { Vec::new() } else { process::journal(unit) },
        process,
        sockets: network::sockets(),
        here: network::here(cluster),
        sources: network::sources(cluster, member),
        names: network::names(cluster),
        peers: match certificates {
            Ok(bundle) => peers::ask(cluster, member, bundle, clock),
            Err(why) => Err(why.clone()),
        },
        disks: disk::disks(machine, cluster, member, is_root),
        data: stored::stored(machine, cluster, member, account.as_ref().ok().copied().flatten()),
        account,
        proxies: system::proxies(),
        firewall: system::firewall(is_root),
        has_kubeadm: process::found("kubeadm").is_some(),
        is_enforcing: system::is_enforcing(),
        service,
    }
}
