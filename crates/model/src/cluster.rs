//! A cluster, as proven. The compiler builds it owned; the generated code borrows it in a `static`.

use crate::digest::Digest;
use crate::name::{ClientName, HostName, MemberName};
use crate::node_path::NodePath;
use crate::option::{self, EtcdOption, Value};
use crate::program::Program;
use crate::systemd::Systemd;
use crate::trust::{Side, Trust};
use crate::url::{Scheme, Url};
use crate::version::EtcdVersion;
use crate::words::words;
use core::fmt;
use core::time::Duration;
use std::borrow::Cow;
use std::net::IpAddr;

/// Everything that `cluster.toml` says, proven, with what follows from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// `--initial-cluster-token`: keeps clusters with the same addresses apart.
    pub token: Cow<'static, str>,
    /// The etcd that the members run.
    pub version: EtcdVersion,
    /// The ID that etcd gives the cluster at its bootstrap; `None` where the spec describes a
    /// cluster that was bootstrapped before it was described.
    pub id: Option<ClusterId>,
    /// SHA-256 of what its members and clients are defined as.
    pub digest: Digest,
    /// The commit of git that the program was built from, where there is one: its first digits, and
    /// `-dirty` behind them where the spec differs from that commit. A build does not know it:
    /// `cargo` hands it to the program.
    pub revision: Option<Cow<'static, str>>,
    /// SHA-256 of the text of `cluster.toml` that the program was built from. A build does not know it
    /// either.
    pub source: Option<Digest>,
    /// The entries of `accept`, as [`Accepted`](crate::change::Accepted) has them in one text. They are no part
    /// of what anyone runs: `cargo` hands them to the program.
    pub accept: Cow<'static, str>,
    /// The name of the program that is made of it: that of its package, by which cargo calls both. A spec does not tell
    /// it.
    pub program: Cow<'static, str>,
    /// The number of the list of revoked certificates that members are to have (RFC 5280, section 5.2.3),
    /// where there is one and it is known.
    pub crl: Option<u64>,
    /// `None` where the spec says `enabled = false`: plain HTTP.
    pub tls: Option<Tls>,
    /// The names of the formats that each member's options are written in, of
    /// [`FORMATS`](crate::artifact::FORMATS).
    pub formats: Cow<'static, [&'static str]>,
    /// What members' units say besides etcd's options.
    pub systemd: Systemd,
    /// In the order of the spec.
    pub members: Cow<'static, [Member]>,
    /// In the order of the spec.
    pub clients: Cow<'static, [Client]>,
}

/// One etcd server.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// `--name`.
    pub name: MemberName,
    /// The ID that etcd gives it at bootstrap; `None` for a member that joins a running cluster,
    /// whose ID depends on the second in which it is added.
    pub id: Option<MemberId>,
    /// SHA-256 of the options that count at each of its starts.
    pub digest: Digest,
    /// `--initial-cluster-state`.
    pub state: State,
    /// Where others reach it; `None` for one that is known by its name alone.
    pub ip: Option<IpAddr>,
    /// Where it listens; differs from `ip` behind address translation.
    pub listen_ip: IpAddr,
    /// Its name in DNS.
    pub hostname: Option<HostName>,
    /// Where clients reach it, where that is another address than that for members.
    pub client_ip: Option<IpAddr>,
    /// By which name clients reach it, where that is another one.
    pub client_hostname: Option<HostName>,
    /// The destination at which the system's own `ssh` reaches its node from where the program runs. It is no part of
    /// what anyone runs: `cargo` hands it to the program.
    pub ssh: Option<Cow<'static, str>>,
    /// `--initial-advertise-peer-urls`: what the other members dial.
    pub initial_advertise_peer_urls: Cow<'static, [Url]>,
    /// `--listen-peer-urls`.
    pub listen_peer_urls: Cow<'static, [Url]>,
    /// `--advertise-client-urls`: what clients dial.
    pub advertise_client_urls: Cow<'static, [Url]>,
    /// `--listen-client-urls`.
    pub listen_client_urls: Cow<'static, [Url]>,
    /// Counts how often its certificates were to be reissued, from 1 on.
    pub generation: u32,
    /// Further names and addresses in its certificates, besides those that are derived.
    pub extra_sans: Cow<'static, [San]>,
    /// `[etcd]` with the member's own `[member.etcd]` over it, in the order of the options table.
    pub options: Cow<'static, [Setting]>,
}

/// Someone who connects with a certificate of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct Client {
    /// The name in its certificate's subject.
    pub name: ClientName,
    /// The program that it is, of those that are known. What it is configured by follows from it.
    pub program: Option<&'static Program>,
    /// Set where that is a common name, by which etcd knows a user; else it is an organization.
    pub common_name: bool,
    /// The absolute folder that holds `ca.crt`, `client.crt` and `client.key` on its machine.
    pub certs_dir: NodePath,
    /// Counts how often its certificate was to be reissued, from 1 on.
    pub generation: u32,
}

/// The encryption of the cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct Tls {
    /// Which certificates each member has.
    pub layout: Layout,
    /// The absolute folder that holds the certificates on every member's node.
    pub certs_dir: NodePath,
    /// The names of its files there, by the options that name them, where those are other names than a build gives them.
    pub file_names: Cow<'static, [Setting]>,
    /// The kind of every new key.
    pub key: KeyKind,
    /// The validity of a new leaf certificate.
    pub valid_for: Duration,
    /// The validity of a new CA certificate.
    pub ca_valid_for: Duration,
    /// A leaf certificate is reissued when it has less than this left.
    pub renew_before: Duration,
    /// The key of a certificate that is renewed.
    pub renew: Renew,
    /// Counts how often every certificate was to be reissued, from 1 on.
    pub generation: u32,
    /// The CAs between clients and members.
    pub clients: Trust,
    /// The CAs among members.
    pub peers: Trust,
    /// Clients have to show a certificate; members always do to one another.
    pub client_auth: bool,
    /// Members check a list of revoked certificates, `revoked.crl` in their `certs-dir`.
    pub crl: bool,
    /// The shared certificate's common name; the first member's name where none is given.
    pub common_name: Option<Cow<'static, str>>,
    /// Further names and addresses in every member's certificate, besides those that are derived.
    pub extra_sans: Cow<'static, [San]>,
}

/// An option as it was written, checked against the options table.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// The option's name: etcd's flag without its dashes.
    pub name: &'static str,
    /// Its value, of the option's kind.
    pub value: Value,
}

/// `--initial-cluster-state`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The member takes part in the bootstrap.
    New,
    /// The member joins a cluster that runs.
    Existing,
}

/// Which certificates a member has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One for clients (`server.crt`) and one for peers (`peer.crt`).
    Separate,
    /// One for both (`server.crt`).
    Combined,
    /// One for both, the same on every member (`server.crt`).
    Shared,
}

/// The kind of a private key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// ECDSA on NIST P-256.
    EcdsaP256,
    /// ECDSA on NIST P-384.
    EcdsaP384,
    /// Ed25519.
    Ed25519,
}

/// The key of a certificate that is reissued because its time is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renew {
    /// The new certificate has a new key.
    NewKey,
    /// It has the same.
    KeepKey,
}

/// A subject alternative name (RFC 5280, section 4.2.1.6).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum San {
    /// A DNS name, possibly with `*` as its first label.
    Dns(Cow<'static, str>),
    /// An address.
    Ip(IpAddr),
}

/// etcd's ID of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberId(pub u64);

/// etcd's ID of a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClusterId(pub u64);

impl Cluster {
    /// The name of the program where no package tells it.
    pub const PROGRAM: &'static str = "bouquet";

    /// Returns the scheme of all its URLs.
    pub fn scheme(&self) -> Scheme {
        if self.tls.is_some() { Scheme::Https } else { Scheme::Http }
    }

    /// Returns the revision that cargo handed to a program, for generated code.
    pub const fn revision_of(handed: Option<&'static str>) -> Option<Cow<'static, str>> {
        match handed {
            Some(revision) => Some(Cow::Borrowed(revision)),
            None => None,
        }
    }

    /// Returns the SHA-256 that cargo handed to a program, for generated code.
    ///
    /// # Panics
    /// In a constant's evaluation only, where it has not 64 hexadecimal digits.
    pub const fn source_of(handed: Option<&'static str>) -> Option<Digest> {
        match handed {
            Some(digits) => Some(Digest::from_static(digits)),
            None => None,
        }
    }

    /// Returns the entries of `accept` that cargo handed to a program, for generated code.
    pub const fn accept_of(handed: Option<&'static str>) -> Cow<'static, str> {
        match handed {
            Some(entries) => Cow::Borrowed(entries),
            None => Cow::Borrowed(""),
        }
    }

    /// Returns the member of that name.
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name.as_str() == name)
    }

    /// Returns the name of the unit of a member, which has one of its own where several are on its node.
    pub fn unit_name(&self, member: &Member) -> String {
        if self.members.iter().filter(|other| other.shares_node(member)).count() > 1 {
            format!("etcd-{}", member.name)
        } else {
            "etcd".to_owned()
        }
    }

    /// Returns the client of that name.
    pub fn client(&self, name: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.name.as_str() == name)
    }

    /// Returns the clients that have their certificate from a Secret of Kubernetes, which is made of their folder in
    /// `out/`.
    pub fn secrets(&self) -> Vec<&str> {
        let has_one = |client: &&Client| client.program.is_some_and(|program| program.by_secret);
        self.clients.iter().filter(has_one).map(|client| client.name.as_str()).collect()
    }

    /// Returns every URL that a client may dial, in the order of the members.
    pub fn endpoints(&self) -> Vec<&Url> {
        self.members.iter().flat_map(|member| member.advertise_client_urls.iter()).collect()
    }
}

impl Member {
    /// Tells whether both are on one node, as far as a spec tells.
    pub fn shares_node(&self, other: &Self) -> bool {
        self.ip == other.ip && (self.ip.is_some() || self.hostname == other.hostname)
    }

    /// Returns what its node is called: its address, or else its name.
    pub fn node(&self) -> String {
        let name = self.hostname.as_ref().map(ToString::to_string);
        self.ip.map(|ip| ip.to_string()).or(name).unwrap_or_default()
    }

    /// Tells whether others reach it on the loopback: all are on one machine then.
    pub fn is_local(&self) -> bool {
        self.ip.is_some_and(|ip| ip.is_loopback())
    }

    /// Tells whether it listens to clients at another address than to members.
    pub fn listens_apart(&self) -> bool {
        self.client_ip.is_some() && !self.listen_ip.is_unspecified()
    }

    /// Returns the destination that cargo handed to a program, for generated code. It is never empty.
    pub const fn ssh_of(handed: Option<&'static str>) -> Option<Cow<'static, str>> {
        match handed {
            Some(destination) if !destination.is_empty() => Some(Cow::Borrowed(destination)),
            _ => None,
        }
    }

    /// Returns the value that the spec gives an option, if it gives one.
    pub fn option(&self, name: &str) -> Option<&Value> {
        self.options.iter().find(|setting| setting.name == name).map(|setting| &setting.value)
    }
}

impl Tls {
    /// Returns the CAs of a side.
    pub const fn side(&self, side: Side) -> &Trust {
        match side {
            Side::Clients => &self.clients,
            Side::Peers => &self.peers,
        }
    }

    /// Returns `true` where members trust other CAs among each other than clients do.
    pub fn has_peer_trust(&self) -> bool {
        self.layout == Layout::Separate && self.clients.trust != self.peers.trust
    }

    /// Returns the file in `certs-dir` that holds the CAs of a side.
    pub fn trust_file(&self, side: Side) -> &'static str {
        if side == Side::Peers && self.has_peer_trust() { "peer-ca.crt" } else { "ca.crt" }
    }

    /// Returns the numbers of all CAs, in ascending order.
    pub fn authorities(&self) -> Vec<u32> {
        let both = [&self.clients, &self.peers];
        let mut all: Vec<u32> = both.iter().flat_map(|side| side.trust.iter().copied()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

const MADE_FROM_IT: &str = "a setting is made from the options table";

impl Setting {
    /// Returns the option's row in the options table.
    ///
    /// # Panics
    /// If there is no option of that name: every setting is made from the table.
    pub fn option(&self) -> &'static EtcdOption {
        option::find(self.name).expect(MADE_FROM_IT)
    }

    /// Returns the place of its option in the table, which is the order of every format.
    ///
    /// # Panics
    /// As [`Self::option`].
    pub fn position(&self) -> usize {
        option::place(self.name).expect(MADE_FROM_IT)
    }
}

words!(State { New = "new", Existing = "existing" });
words!(Layout { Separate = "separate", Combined = "combined", Shared = "shared" });
words!(KeyKind { EcdsaP256 = "ecdsa-p256", EcdsaP384 = "ecdsa-p384", Ed25519 = "ed25519" });
words!(Renew { NewKey = "new-key", KeepKey = "keep-key" });

impl fmt::Display for San {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) => f.write_str(name),
            Self::Ip(ip) => write!(f, "{ip}"),
        }
    }
}

// etcd prints IDs as hexadecimal without padding.
impl fmt::Display for MemberId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", self.0)
    }
}

impl fmt::Display for ClusterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", self.0)
    }
}
