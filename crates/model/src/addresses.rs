//! Where a member is found, and the four lists of URLs that follow from that.

use crate::name::HostName;
use crate::url::{Host, Scheme, Url};
use crate::words::words;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The usual port for other members.
pub const PEER_PORT: u16 = 2380;

/// The usual port for clients.
pub const CLIENT_PORT: u16 = 2379;

/// Holds what `[[member]]` says of a member's addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addresses {
    /// Where others reach it; `None` for one that is known by its name alone.
    pub ip: Option<IpAddr>,
    /// Its name in DNS.
    pub hostname: Option<HostName>,
    /// Where it listens, where that is not `ip`, or else every address.
    pub listen_ip: Option<IpAddr>,
    /// Where clients reach it, where that is not `ip`.
    pub client_ip: Option<IpAddr>,
    /// By which name clients reach it, where that is not `hostname`.
    pub client_hostname: Option<HostName>,
    /// What its URLs hold.
    pub advertise: Advertise,
    /// The port for other members.
    pub peer_port: u16,
    /// The port for clients.
    pub client_port: u16,
    /// Whether it listens to clients on the loopback of its node, too.
    pub loopback: Loopback,
}

/// Says what others dial: the member's address, or its name where it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advertise {
    /// Its address.
    Ip,
    /// Its name.
    Hostname,
}

/// Says where a member listens to clients on the loopback of its node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loopback {
    /// At the port for clients.
    Same,
    /// At another port.
    Port(u16),
    /// Nowhere.
    None,
}

/// The URLs of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Urls {
    /// `--initial-advertise-peer-urls`
    pub initial_advertise_peer: Url,
    /// `--listen-peer-urls`
    pub listen_peer: Url,
    /// `--advertise-client-urls`
    pub advertise_client: Url,
    /// `--listen-client-urls`
    pub listen_client: Vec<Url>,
}

impl Addresses {
    /// Returns where it listens.
    pub fn listen_ip(&self) -> IpAddr {
        self.listen_ip.or(self.ip).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
    }

    /// Returns the URLs of the member; `None` where it has neither an address nor a name that is advertised.
    pub fn urls(&self, scheme: Scheme) -> Option<Urls> {
        let by_name = self.advertise == Advertise::Hostname;
        let url = |host, port| Url { scheme, host, port };
        let host = |ip: Option<IpAddr>, name: Option<&HostName>| {
            let name = name.filter(|_| by_name).map(|name| Host::Name(name.clone()));
            name.or(ip.map(Host::Ip))
        };
        let name = self.hostname.as_ref();
        let listen_ip = self.listen_ip();
        // Who listens on every address does so for clients, too.
        let for_clients = self.client_ip.filter(|_| !listen_ip.is_unspecified());
        let listened = url(Host::Ip(for_clients.unwrap_or(listen_ip)), self.client_port);
        let for_clients = host(self.client_ip.or(self.ip), self.client_hostname.as_ref().or(name));
        Some(Urls {
            initial_advertise_peer: url(host(self.ip, name)?, self.peer_port),
            listen_peer: url(Host::Ip(listen_ip), self.peer_port),
            advertise_client: url(for_clients?, self.client_port),
            listen_client: with_loopback(listened, self.loopback),
        })
    }
}

/// Adds the loopback of the node, so that an operator there needs no address. It is left out where the member
/// listens there already.
fn with_loopback(listened: Url, loopback: Loopback) -> Vec<Url> {
    let port = match loopback {
        Loopback::Same => listened.port,
        Loopback::Port(port) => port,
        Loopback::None => return vec![listened],
    };
    let Host::Ip(ip) = &listened.host else { return vec![listened] };
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

words!(Advertise { Ip = "ip", Hostname = "hostname" });
