//! The certificates that follow from a cluster, and the facts of one that was issued.

use crate::cluster::{Client, Cluster, KeyKind, Layout, Member, Renew, San, Tls};
use crate::trust::Side;
use crate::words::words;
use core::fmt;
use core::time::Duration;
use std::borrow::Cow;
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The purpose of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Issues all others.
    Ca,
    /// A member's, towards clients.
    Server,
    /// A member's, towards other members.
    Peer,
    /// A member's, towards both.
    ServerAndPeer,
    /// A client's.
    Client,
}

/// A certificate that the cluster needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// Its purpose.
    pub kind: Kind,
    /// The member or client that it belongs to; `None` for one that all members share.
    pub owner: Option<String>,
    /// Its subject.
    pub subject: Subject,
    /// Its names and addresses, in order, each once. Clients have none: the peer and metrics
    /// listeners compare a client's SANs with its source address, and without any they pass it.
    pub sans: Vec<San>,
    /// The kind of its key.
    pub key: KeyKind,
    /// Its validity.
    pub valid_for: Duration,
    /// It is reissued when it has less than this left.
    pub renew_before: Duration,
    /// The number of the CA that issues it.
    pub issuer: u32,
    /// Counts how often it was to be reissued: one that was issued for an earlier generation is.
    pub generation: u32,
    /// The key that it gets then.
    pub renew: Renew,
    /// Its places: paths below `out/` without `.crt` and `.key`, such as
    /// `members/orange/certs/server`.
    pub places: Vec<String>,
}

/// The subject of a leaf certificate: one attribute and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A common name: etcd's user, where authentication is on.
    CommonName(String),
    /// An organization, and no common name: etcd's JSON gateway refuses those who have one, where
    /// authentication is on.
    Organization(String),
}

impl Subject {
    /// Returns the common name, if it has one.
    pub fn common_name(&self) -> Option<&str> {
        if let Self::CommonName(name) = self { Some(name) } else { None }
    }

    /// Returns the name in it, whatever the attribute.
    pub fn name(&self) -> &str {
        let (Self::CommonName(name) | Self::Organization(name)) = self;
        name
    }
}

/// As [`Certificate::common_name`] has it.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommonName(name) => f.write_str(name),
            Self::Organization(name) => write!(f, "{ORGANIZATION}{name}"),
        }
    }
}

const ORGANIZATION: &str = "O=";

/// The facts of a certificate that was issued; it holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Its purpose.
    pub kind: Kind,
    /// The member or client that it belongs to; `None` for the CA's and for a shared one.
    pub owner: Option<Cow<'static, str>>,
    /// Its subject's common name; of one without, the whole subject, such as `O=patroni`.
    pub common_name: Cow<'static, str>,
    /// Its names and addresses.
    pub sans: Cow<'static, [San]>,
    /// Its serial number, in hexadecimal.
    pub serial: Cow<'static, str>,
    /// Set for a CA that is limited to certain addresses, itself or by one over it. BoringSSL, and so
    /// gRPC for C++, Python, Ruby and PHP, refuses all that such a CA issues.
    pub limits_addresses: bool,
    /// SHA-256 of its DER form.
    pub fingerprint: [u8; 32],
    /// Valid from, in seconds since 1970.
    pub not_before: i64,
    /// Valid until, in seconds since 1970.
    pub not_after: i64,
}

impl Certificate {
    /// Returns the name of whom it was issued to, whether or not that is a common name.
    pub fn name(&self) -> &str {
        self.common_name.strip_prefix(ORGANIZATION).unwrap_or(&self.common_name)
    }

    /// Returns its fingerprint as it is shown and compared: `sha256:` and hexadecimal digits.
    pub fn fingerprint_text(&self) -> String {
        fingerprint_text(&self.fingerprint)
    }
}

/// Returns a SHA-256 as it is shown and compared: `sha256:` and hexadecimal digits.
pub fn fingerprint_text(sha256: &[u8; 32]) -> String {
    sha256.iter().fold("sha256:".to_owned(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl Kind {
    /// Returns `true` where it has the extended key usage serverAuth.
    ///
    /// Both EKUs on everything that a member presents: etcd's JSON gateway dials its own listener
    /// with the server certificate, and peers dial and are dialled with one certificate.
    pub const fn server_auth(self) -> bool {
        matches!(self, Self::Server | Self::Peer | Self::ServerAndPeer)
    }

    /// Returns `true` where it has the extended key usage clientAuth.
    pub const fn client_auth(self) -> bool {
        !matches!(self, Self::Ca)
    }
}

words!(Kind {
    Ca = "ca", Server = "server", Peer = "peer", ServerAndPeer = "server+peer", Client = "client",
});

/// Returns every leaf certificate that the cluster needs: the members' in their order, then the clients'.
pub fn wanted(cluster: &Cluster) -> Vec<Wanted> {
    let Some(tls) = &cluster.tls else { return Vec::new() };
    let mut all: Vec<Wanted> = match tls.layout {
        Layout::Separate => {
            let both = |m| [member(tls, m, Kind::Server), member(tls, m, Kind::Peer)];
            cluster.members.iter().flat_map(both).collect()
        }
        Layout::Combined => {
            cluster.members.iter().map(|m| member(tls, m, Kind::ServerAndPeer)).collect()
        }
        Layout::Shared => vec![shared(tls, &cluster.members)],
    };
    all.extend(cluster.clients.iter().map(|c| client(tls, c)));
    all
}

fn member(tls: &Tls, member: &Member, kind: Kind) -> Wanted {
    let file = if kind == Kind::Peer { "peer" } else { "server" };
    let sans = sans(tls, core::slice::from_ref(member));
    let wanted = leaf(tls, kind, Some(member.name.as_str()), member.generation);
    Wanted { sans, places: vec![format!("members/{}/certs/{file}", member.name)], ..wanted }
}

fn shared(tls: &Tls, members: &[Member]) -> Wanted {
    let first = members.first().map(|m| m.name.to_string()).unwrap_or_default();
    // Each of those who share it can ask for a new one.
    let generation = members.iter().fold(1, |sum: u32, m| sum.saturating_add(m.generation - 1));
    Wanted {
        subject: Subject::CommonName(tls.common_name.as_deref().map_or(first, str::to_owned)),
        sans: sans(tls, members),
        places: members.iter().map(|m| format!("members/{}/certs/server", m.name)).collect(),
        ..leaf(tls, Kind::ServerAndPeer, None, generation)
    }
}

fn client(tls: &Tls, client: &Client) -> Wanted {
    let name = client.name.to_string();
    Wanted {
        places: vec![format!("clients/{name}/client")],
        subject: if client.common_name {
            Subject::CommonName(name)
        } else {
            Subject::Organization(name)
        },
        ..leaf(tls, Kind::Client, Some(client.name.as_str()), client.generation)
    }
}

/// Returns all that leaves have in common. Anyone who raises one of the two generations wants a new
/// certificate, so it is their sum that counts.
fn leaf(tls: &Tls, kind: Kind, owner: Option<&str>, generation: u32) -> Wanted {
    let side = if kind == Kind::Peer { Side::Peers } else { Side::Clients };
    Wanted {
        kind,
        owner: owner.map(str::to_owned),
        subject: Subject::CommonName(owner.unwrap_or_default().to_owned()),
        sans: Vec::new(),
        key: tls.key,
        valid_for: tls.valid_for,
        renew_before: tls.renew_before,
        issuer: tls.side(side).issue,
        generation: tls.generation.saturating_add(generation - 1),
        renew: tls.renew,
        places: Vec::new(),
    }
}

/// Returns every address and host name of the members, the loopback, and what the spec adds.
///
/// 127.0.0.1 and `::1` are there because a member that dials its own node comes from one of them.
fn sans(tls: &Tls, members: &[Member]) -> Vec<San> {
    let names = members.iter().flat_map(|m| [&m.hostname, &m.client_hostname]).flatten();
    let ips = members.iter().flat_map(|m| [m.ip, Some(m.listen_ip), m.client_ip]).flatten();
    let ips = ips.filter(|ip| !ip.is_unspecified());
    let mut all = vec![San::Dns("localhost".into())];
    all.extend(names.map(|name| San::Dns(name.as_str().to_owned().into())));
    all.push(San::Ip(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    all.push(San::Ip(IpAddr::V6(Ipv6Addr::LOCALHOST)));
    all.extend(ips.map(San::Ip));
    all.extend(members.iter().flat_map(|m| m.extra_sans.iter().cloned()));
    all.extend(tls.extra_sans.iter().cloned());
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|san| seen.insert(san.clone()));
    all
}
