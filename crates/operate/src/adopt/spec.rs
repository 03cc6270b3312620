//! What is written into `cluster.toml`, and the cluster that a build makes of it.

use bouquet_model::addresses::Addresses;
use bouquet_model::artifact::FORMATS;
use bouquet_model::cluster::{Cluster, KeyKind, Layout, Member, Renew, San, Setting, State, Tls};
use bouquet_model::digest::Digest;
use bouquet_model::name::MemberName;
use bouquet_model::node_path::NodePath;
use bouquet_model::systemd::Systemd;
use bouquet_model::trust::Trust;
use bouquet_model::url::Scheme;
use bouquet_model::version::EtcdVersion;
use std::borrow::Cow;
use std::time::Duration;

/// A spec of a cluster that runs.
#[derive(Debug)]
pub(super) struct Spec {
    pub(super) token: String,
    pub(super) version: EtcdVersion,
    /// What all members have, in the order of the options table.
    pub(super) common: Vec<Setting>,
    /// How units start it.
    pub(super) systemd: Systemd,
    /// `None` where nothing is encrypted.
    pub(super) tls: Option<TlsSpec>,
    pub(super) members: Vec<MemberSpec>,
}

/// `[tls]`, `[ca]` and `[[authority]]`
#[derive(Debug)]
pub(super) struct TlsSpec {
    pub(super) layout: Layout,
    pub(super) certs_dir: NodePath,
    /// The names of files in it, by the options that name them, where those are others than here.
    pub(super) file_names: Vec<Setting>,
    /// `None` where nothing is known of the keys that are there, or they are of a kind that is not made here.
    pub(super) key: Option<KeyKind>,
    pub(super) client_auth: bool,
    pub(super) crl: bool,
    pub(super) common_name: Option<String>,
    pub(super) extra_sans: Vec<San>,
    /// CA 1, and CA 2 where members have one of their own among each other.
    pub(super) authorities: Vec<AuthoritySpec>,
}

/// A CA that is there.
#[derive(Debug)]
pub(super) struct AuthoritySpec {
    /// Its certificate, as `cluster.toml` names it.
    pub(super) file: String,
    /// What its subject is, and its SHA-256, where it was read.
    pub(super) known: Option<(String, [u8; 32])>,
}

/// `[[member]]`
#[derive(Debug)]
pub(super) struct MemberSpec {
    pub(super) name: MemberName,
    pub(super) addresses: Addresses,
    pub(super) extra_sans: Vec<San>,
    /// What it has otherwise than all.
    pub(super) own: Vec<Setting>,
    /// Its configuration was read.
    pub(super) seen: bool,
}

/// Where members find their certificates, if nothing is written.
pub(super) const CERTS_DIR: NodePath = NodePath::from_static("/opt/etcd/certs");

impl Spec {
    /// Returns the cluster that it describes: what members run with follows from that, as it does in a build.
    pub(super) fn cluster(&self) -> Cluster {
        let scheme = if self.tls.is_some() { Scheme::Https } else { Scheme::Http };
        Cluster {
            token: Cow::Owned(self.token.clone()),
            version: self.version,
            id: None,
            digest: Digest([0; 32]),
            revision: None,
            source: None,
            accept: Cow::Borrowed(""),
            program: Cow::Borrowed(Cluster::PROGRAM),
            crl: None,
            tls: self.tls.as_ref().map(TlsSpec::tls),
            formats: FORMATS.iter().map(|format| format.name).collect(),
            systemd: self.systemd.clone(),
            members: self.members.iter().filter_map(|member| self.member(member, scheme)).collect(),
            clients: Cow::Borrowed(&[]),
        }
    }

    fn member(&self, spec: &MemberSpec, scheme: Scheme) -> Option<Member> {
        let MemberSpec { addresses, own, .. } = spec;
        let urls = addresses.urls(scheme)?;
        let inherited = self.common.iter().filter(|it| own.iter().all(|own| own.name != it.name));
        let mut options: Vec<Setting> = inherited.chain(own).cloned().collect();
        options.sort_by_key(Setting::position);
        Some(Member {
            name: spec.name.clone(),
            id: None,
            digest: Digest([0; 32]),
            state: State::Existing,
            ip: addresses.ip,
            listen_ip: addresses.listen_ip(),
            hostname: addresses.hostname.clone(),
            client_ip: addresses.client_ip,
            client_hostname: addresses.client_hostname.clone(),
            ssh: None,
            initial_advertise_peer_urls: vec![urls.initial_advertise_peer].into(),
            listen_peer_urls: vec![urls.listen_peer].into(),
            advertise_client_urls: vec![urls.advertise_client].into(),
            listen_client_urls: urls.listen_client.into(),
            generation: 1,
            extra_sans: spec.extra_sans.clone().into(),
            options: options.into(),
        })
    }
}

impl TlsSpec {
    /// Returns the TLS settings that were observed, with no length of validity, because a member does not run with one.
    fn tls(&self) -> Tls {
        let trust = |number: u32| Trust { issue: number, trust: vec![number].into() };
        Tls {
            layout: self.layout,
            certs_dir: self.certs_dir.clone(),
            file_names: self.file_names.clone().into(),
            key: self.key.unwrap_or(KeyKind::EcdsaP256),
            valid_for: Duration::ZERO,
            ca_valid_for: Duration::ZERO,
            renew_before: Duration::ZERO,
            renew: Renew::NewKey,
            generation: 1,
            clients: trust(1),
            peers: trust(if self.authorities.len() > 1 { 2 } else { 1 }),
            client_auth: self.client_auth,
            crl: self.crl,
            common_name: self.common_name.clone().map(Cow::Owned),
            extra_sans: self.extra_sans.clone().into(),
        }
    }
}
