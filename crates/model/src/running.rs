//! What is on the machines: as `cluster.lock` recorded it, or as a cluster would have it.
//!
//! Both sides of a [change](crate::change) have this one form, so that what is recorded today and what
//! is compiled tomorrow can be compared field by field.

use crate::certificate::{Certificate, Kind};
use crate::cluster::{Client, Cluster, Member, Tls};
use crate::digest::Digest;
use crate::places::WORKING_FOLDER;
use crate::settings::{links_by, settings};
use crate::systemd::{self, Account};
use crate::tls_option::files;
use crate::trust::{Side, Trust};
use crate::url::Scheme;
use crate::version::EtcdVersion;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Holds what runs, by the names of members and clients.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Running {
    /// The members.
    pub members: BTreeMap<String, RunningMember>,
    /// The clients.
    pub clients: BTreeMap<String, RunningClient>,
}

/// Holds what is on a member's node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningMember {
    /// The etcd that it runs.
    pub version: EtcdVersion,
    /// Every option that it was started with, as the text of its flag, `initial-…` too.
    pub options: BTreeMap<String, String>,
    /// Towards clients: the CAs that it trusts, and the one that issued its certificate; `None` without
    /// TLS.
    pub clients: Option<Trust>,
    /// The same towards its peers.
    pub peers: Option<Trust>,
    /// The serial numbers of its certificates, in hexadecimal, as far as they are known.
    pub certificates: BTreeMap<Kind, String>,
    /// The number of its list of revoked certificates, where it has one.
    pub crl: Option<u64>,
    /// What its unit says besides, as [`Systemd::differences`](crate::systemd::Systemd::differences) has it.
    pub unit: BTreeMap<String, String>,
    /// As [`Member::digest`].
    pub digest: Digest,
}

/// Holds what a client's machine has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningClient {
    /// The client URLs that it dials.
    pub endpoints: Vec<String>,
    /// As [`Client::common_name`].
    pub common_name: bool,
    /// As [`Client::certs_dir`].
    pub certs_dir: String,
    /// The CAs that it trusts, and the one that issued its certificate; `None` without TLS.
    pub trust: Option<Trust>,
    /// The serial number of its certificate, in hexadecimal, where it is known.
    pub certificate: Option<String>,
}

impl Running {
    /// Returns what is on the machines once a cluster with these certificates is rolled out.
    ///
    /// Each field of the cluster is either part of it, or named here as one that no machine has: a new
    /// one does not compile until that is decided.
    pub fn of(cluster: &Cluster, certificates: &[Certificate]) -> Self {
        let Cluster {
            token: _, // an option of each member, as `initial-cluster-token`
            version,
            id: _,       // follows from `initial-…`
            digest: _,   // follows from the members' and the clients'
            revision: _, // who builds
            source: _,
            accept: _,  // what a build lets pass
            program: _, // how people call what a build makes
            crl,
            tls,
            formats: _, // the form in which options come, and none of them
            systemd,
            members,
            clients,
        } = cluster;
        // There may be thousands of clients.
        let mut serials: BTreeMap<(Kind, Option<&str>), &str> = BTreeMap::new();
        for certificate in certificates {
            let owner = (certificate.kind, certificate.owner.as_deref());
            serials.entry(owner).or_insert(&certificate.serial);
        }
        let serial = |owner: &str, kind: Kind| {
            let own = serials.get(&(kind, Some(owner)));
            own.or_else(|| serials.get(&(kind, None))).map(|serial| (*serial).to_owned())
        };
        let side = |side| tls.as_ref().map(|tls| side_of(tls, side));
        let member = |member: &Member| {
            let name = member.name.to_string();
            let kinds = [Kind::Server, Kind::Peer, Kind::ServerAndPeer].into_iter();
            let certificates =
                kinds.filter_map(|kind| Some((kind, serial(&name, kind)?))).collect();
            let running = RunningMember {
                version: *version,
                options: options(cluster, member),
                clients: side(Side::Clients),
                peers: side(Side::Peers),
                certificates,
                crl: crl.filter(|_| tls.as_ref().is_some_and(|tls| tls.crl)),
                unit: systemd.differences(),
                digest: member.digest,
            };
            (name, running)
        };
        let endpoints: Vec<String> = cluster.endpoints().iter().map(ToString::to_string).collect();
        let client = |client: &Client| {
            let Client {
                name,
                program: _, // what it reads of these is its own configuration
                common_name,
                certs_dir,
                generation: _, // asks for a certificate, which has a serial number
            } = client;
            let running = RunningClient {
                endpoints: endpoints.clone(),
                common_name: *common_name,
                certs_dir: certs_dir.to_string(),
                trust: side(Side::Clients),
                certificate: serial(name.as_str(), Kind::Client),
            };
            (name.to_string(), running)
        };
        Self {
            members: members.iter().map(member).collect(),
            clients: clients.iter().map(client).collect(),
        }
    }

    /// Returns what is on the machines of such a cluster that another tool has set up: members run with the same options,
    /// and have none of the files that a build wrote. Of its clients nothing is known.
    #[must_use]
    pub fn adopted(mut self) -> Self {
        self.clients.clear();
        for member in self.members.values_mut() {
            member.certificates.clear();
            member.crl = None;
            member.unit.insert(systemd::MADE_BY.to_owned(), systemd::ANOTHERS.to_owned());
            // That of no definition.
            member.digest = Digest([0; 32]);
        }
        self
    }
}

impl RunningMember {
    /// Returns an option's text, if it was started with it.
    pub fn option(&self, name: &str) -> Option<&str> {
        self.options.get(name).map(String::as_str)
    }

    /// Returns the URLs of an option; none, where it was not started with it.
    pub fn urls(&self, option: &str) -> impl Iterator<Item = &str> {
        let urls = self.option(option).unwrap_or_default();
        urls.split(',').filter(|url| !url.is_empty())
    }

    /// Returns the peer URLs that the cluster knows it by.
    pub fn peer_urls(&self) -> Vec<&str> {
        self.urls("initial-advertise-peer-urls").collect()
    }

    /// Returns what it speaks on a side; `None` where it is not known.
    pub(crate) fn scheme(&self, side: Side) -> Option<Scheme> {
        let (urls, trust) = match side {
            Side::Clients => ("advertise-client-urls", &self.clients),
            Side::Peers => ("initial-advertise-peer-urls", &self.peers),
        };
        let of_urls = self.urls(urls).find_map(|url| match url.split_once("://")?.0 {
            "http" => Some(Scheme::Http),
            "https" => Some(Scheme::Https),
            _ => None,
        });
        of_urls.or_else(|| trust.as_ref().map(|_| Scheme::Https))
    }

    /// Returns the account that it runs under.
    pub fn account(&self) -> Account<'_> {
        Account::of(&self.unit)
    }

    /// Returns the program that its unit starts, as it is written in a command.
    pub fn program(&self) -> &str {
        systemd::program(&self.unit)
    }

    /// Returns the folder of its certificates; `None` without TLS.
    pub fn certs_dir(&self) -> Option<&str> {
        let file = files().find_map(|option| self.option(option))?;
        file.rsplit_once('/').map(|(folder, _)| folder)
    }

    /// Returns the other names that its files have in the folder of its certificates, each with the file, as a build calls it,
    /// that it is a link to. They follow from the options that name files.
    pub fn links(&self) -> BTreeMap<&str, &'static str> {
        let name = |option: &str| self.option(option)?.rsplit_once('/').map(|(_, name)| name);
        let [clients, peers] =
            [&self.clients, &self.peers].map(|side| side.as_ref().map(|it| &it.trust));
        links_by(name, clients != peers)
    }

    /// Returns the folder of its data, by the name that it has: without `data-dir`, where the unit has etcd
    /// make it.
    pub fn data_dir(&self, name: &str) -> Cow<'_, str> {
        match self.option("data-dir") {
            Some(folder) => Cow::Borrowed(folder),
            None => Cow::Owned(format!("{WORKING_FOLDER}/{name}.etcd")),
        }
    }

    /// Returns the folder of its log, where that of its data is `data`: without `wal-dir`, in that.
    pub(crate) fn log_dir(&self, data: &str) -> String {
        self.option("wal-dir").map_or_else(|| format!("{data}/member/wal"), str::to_owned)
    }

    /// Returns the hosts and ports of its peer URLs: what etcd knows it by, whatever the scheme.
    pub fn peer_addresses(&self) -> BTreeSet<&str> {
        self.peer_urls().into_iter().map(address).collect()
    }
}

/// Returns a URL without its scheme.
pub fn address(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, rest)| rest)
}

/// Returns what a member is started with. All that a member is described by is in its options, or in
/// its certificates.
fn options(cluster: &Cluster, member: &Member) -> BTreeMap<String, String> {
    let Member {
        name: _,
        id: _,
        digest: _,
        state: _,
        ip: _,
        listen_ip: _,
        hostname: _,
        client_ip: _,
        client_hostname: _,
        ssh: _,
        initial_advertise_peer_urls: _,
        listen_peer_urls: _,
        advertise_client_urls: _,
        listen_client_urls: _,
        generation: _,
        extra_sans: _,
        options: _,
    } = member;
    let text =
        |setting: crate::cluster::Setting| (setting.name.to_owned(), setting.value.flag_text());
    settings(cluster, member).into_iter().map(text).collect()
}

/// Returns the CAs of a side. All else that TLS is described by is in the members' options, or asks for
/// certificates.
fn side_of(tls: &Tls, side: Side) -> Trust {
    let Tls {
        layout: _,
        certs_dir: _,
        file_names: _,
        key: _,
        valid_for: _,
        ca_valid_for: _,
        renew_before: _,
        renew: _,
        generation: _,
        clients,
        peers,
        client_auth: _,
        crl: _,
        common_name: _,
        extra_sans: _,
    } = tls;
    match side {
        Side::Clients => clients.clone(),
        Side::Peers => peers.clone(),
    }
}
