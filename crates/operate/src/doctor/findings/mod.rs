//! From what was seen to what is wrong, and what mends it: pure functions, in files by question.

mod clock;
mod data;
mod disk;
mod etcd;
mod files;
mod network;
mod peers;
mod service;
mod system;

use super::check::{Check, Node};

/// Returns all that was looked at, in the order in which it is read: what the rest rests on first.
pub(super) fn checks(node: &Node<'_>) -> Vec<Check> {
    let kinds: [fn(&Node<'_>) -> Check; 16] = [
        etcd::program,
        files::unit,
        service::service,
        files::account,
        files::certificates,
        network::addresses,
        network::names,
        network::ports,
        peers::peers,
        clock::clock,
        disk::disk,
        data::data,
        etcd::limits,
        system::proxies,
        system::firewall,
        system::selinux,
    ];
    kinds.iter().map(|kind| kind(node)).collect()
}
