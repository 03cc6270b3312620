//! The edges: a node is looked at, and nothing on it is changed.

mod disk;
mod network;
mod peers;
mod process;
mod stored;
mod system;

use super::facts::Facts;
use crate::compiled::Compiled;
use crate::install::{Machine, service};
use crate::since::since_1970;
use bouquet_model::Member;
use std::time::SystemTime;

/// Looks at all of it.
pub(super) fn look(
    compiled: &Compiled<'_>,
    member: &Member,
    unit: &str,
    clock: fn() -> SystemTime,
) -> Facts {
    let cluster = compiled.cluster;
    let machine = Machine { root: None };
    let is_root = rustix::process::geteuid().is_root();
    let now = clock();
    let service = service(unit, now);
    let process = service.process.as_ref().map(|process| process::running(process.id));
    let account = system::account(machine);
    Facts {
        now: since_1970(now),
        etcd: process::program(),
        journal: if service.active == "active" { Vec::new() } else { process::journal(unit) },
        process,
        sockets: network::sockets(),
        here: network::here(cluster),
        names: network::names(cluster),
        peers: peers::ask(cluster, member, clock),
        disk: disk::disk(machine, cluster, member, is_root),
        data: stored::stored(machine, cluster, member, account.as_ref().ok().copied().flatten()),
        account,
        proxies: system::proxies(),
        firewall: system::firewall(is_root),
        is_enforcing: system::is_enforcing(),
        service,
    }
}
