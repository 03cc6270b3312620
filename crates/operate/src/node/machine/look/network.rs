//! The edge: ports, addresses, and names.

#![expect(clippy::disallowed_methods, reason = "the edge that looks at the network")]

use crate::node::machine::facts::{Holder, Listening, Seen};
use crate::node::machine::read::host::{ip, name};
use crate::node::machine::read::listeners::listeners;
use crate::node::machine::read::sockets::listening;
use bouquet_model::{Cluster, Member};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener, ToSocketAddrs as _, UdpSocket};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Returns the ports that something listens on, and who does.
pub(super) fn sockets() -> Seen<Vec<Listening>> {
    let file = "/proc/net/tcp";
    let four =
        fs::read_to_string(file).map_err(|error| format!("{file} cannot be read: {error}"))?;
    // Not every machine has IPv6.
    let six = fs::read_to_string("/proc/net/tcp6").unwrap_or_default();
    let holders = holders();
    let all = listening(&four).into_iter().chain(listening(&six));
    let socket = |(address, inode)| Listening { address, holder: holders.get(&inode).cloned() };
    Ok(all.map(socket).collect())
}

/// Returns the processes that have sockets open, by the numbers of these; those of other accounts only root can see.
fn holders() -> BTreeMap<u64, Holder> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let files = fs::read_dir(entry.path().join("fd")).into_iter().flatten().flatten();
        let inodes: Vec<u64> = files.filter_map(|file| inode(&file.path())).collect();
        if inodes.is_empty() {
            continue;
        }
        let name = fs::read_to_string(entry.path().join("comm")).unwrap_or_default();
        let holder = Holder { id, name: name.trim_end().to_owned() };
        all.extend(inodes.into_iter().map(|inode| (inode, holder.clone())));
    }
    all
}

/// Returns the number of a socket in a link such as `socket:[4711]` (proc(5)).
fn inode(link: &std::path::Path) -> Option<u64> {
    let target = fs::read_link(link).ok()?;
    target.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok()
}

/// Returns the addresses of members that are this node's: a port can be opened there.
pub(crate) fn here(cluster: &Cluster) -> BTreeSet<IpAddr> {
    let sockets = cluster.members.iter().flat_map(listeners).map(|socket| socket.ip());
    let ips = sockets.chain(cluster.members.iter().map(|member| member.listen_ip));
    let ips: BTreeSet<IpAddr> = ips.collect();
    // One that is free for this moment: nobody is told of it, and it is closed at once.
    ips.into_iter().filter(|ip| TcpListener::bind((*ip, 0)).is_ok()).collect()
}

/// Returns the address from which connections to each other member leave: the kernel tells, and nothing is sent.
pub(super) fn sources(cluster: &Cluster, member: &Member) -> Vec<(String, IpAddr)> {
    let others = cluster.members.iter().filter(|other| other.name != member.name);
    let targets = others.flat_map(|other| {
        let urls = other.initial_advertise_peer_urls.iter();
        urls.filter_map(move |url| Some((other.name.to_string(), ip(url)?, url.port)))
    });
    let source = |target: IpAddr, port: u16| {
        let any: IpAddr = match target {
            IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
            IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
        };
        let socket = UdpSocket::bind((any, 0)).ok()?;
        socket.connect((target, port)).ok()?;
        Some(socket.local_addr().ok()?.ip())
    };
    targets.filter_map(|(name, target, port)| Some((name, source(target, port)?))).collect()
}

/// How long a name may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// Returns the addresses of the names in the members' URLs.
pub(super) fn names(cluster: &Cluster) -> BTreeMap<String, Seen<Vec<IpAddr>>> {
    let urls = cluster.members.iter().flat_map(|member| {
        member.initial_advertise_peer_urls.iter().chain(member.advertise_client_urls.iter())
    });
    let names: BTreeSet<String> = urls.filter_map(name).collect();
    let (sender, receiver) = mpsc::channel();
    for name in names.clone() {
        let sender = sender.clone();
        // One that hangs is left behind, and ends with this process.
        thread::spawn(move || {
            let found = (name.as_str(), 0).to_socket_addrs();
            let found = found.map(|all| all.map(|it| it.ip()).collect::<BTreeSet<IpAddr>>());
            let found = found.map(|all| all.into_iter().collect());
            let _ = sender.send((name, found.map_err(|error| error.to_string())));
        });
    }
    drop(sender);
    let late = || Err("no answer within 3 s".to_owned());
    let mut all: BTreeMap<_, _> = names.into_iter().map(|name| (name, late())).collect();
    let deadline = std::time::Instant::now() + PATIENCE;
    while let Ok((name, found)) =
        receiver.recv_timeout(deadline.saturating_duration_since(std::time::Instant::now()))
    {
        all.insert(name, found);
    }
    all
}
