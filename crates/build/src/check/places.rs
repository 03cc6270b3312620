//! Where the spec says what: a change is known once the lock is read, and its cause is a value here.

use crate::diagnostic::Span;
use crate::spec::{ClientSpec, MemberSpec, OptionsSpec, Spanned, Spec, SystemdSpec};
use std::collections::BTreeMap;

/// The places of values, as far as they are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// `[cluster]`
    pub cluster: Span,
    /// `token`
    pub token: Span,
    /// `etcd`, the version.
    pub version: Span,
    /// `state`
    pub state: Option<Span>,
    /// The list `accept`.
    pub accept: Option<Span>,
    /// The keys of `[systemd]`.
    pub systemd: Vec<(&'static str, Span)>,
    /// `enabled` under `[tls]`
    pub tls_enabled: Option<Span>,
    /// `client-auth` under `[tls]`
    pub client_auth: Option<Span>,
    /// `layout` under `[tls]`
    pub layout: Option<Span>,
    /// `certs-dir` under `[tls]`
    pub certs_dir: Option<Span>,
    /// `crl` under `[ca]`
    pub crl: Option<Span>,
    /// `[[member]]`, by name.
    pub members: BTreeMap<String, MemberPlaces>,
    /// `[[client]]`, by name.
    pub clients: BTreeMap<String, ClientPlaces>,
    /// The values of `[etcd]`, by the names of the options.
    pub options: Vec<(String, Span)>,
}

/// The places of a `[[member]]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemberPlaces {
    /// `name`
    pub name: Span,
    /// What its URLs have as their host: `ip` or `hostname`.
    pub host: Span,
    /// What its URLs for clients have as their host, where that is another.
    pub client_host: Option<Span>,
    /// `listen-ip`
    pub listen_ip: Option<Span>,
    /// `client-ip`
    pub client_ip: Option<Span>,
    /// `loopback`
    pub loopback: Option<Span>,
    /// `peer-port`
    pub peer_port: Option<Span>,
    /// `client-port`
    pub client_port: Option<Span>,
    /// `state`
    pub state: Option<Span>,
    /// The values of `[member.etcd]`, by the names of the options.
    pub options: Vec<(String, Span)>,
}

/// The places of a `[[client]]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientPlaces {
    /// `name`
    pub name: Span,
    /// `certs-dir`
    pub certs_dir: Option<Span>,
    /// `common-name`, or `for`, from which it follows.
    pub common_name: Option<Span>,
}

impl Places {
    /// Takes them from a spec.
    pub(super) fn of(spec: &Spec) -> Self {
        let members = spec.members.iter();
        let clients = spec.clients.iter();
        Self {
            cluster: spec.cluster.span,
            token: spec.cluster.token.span,
            version: spec.cluster.etcd.span,
            state: span(spec.cluster.state.as_ref()),
            accept: span(spec.cluster.accept.as_ref()),
            systemd: systemd(&spec.systemd),
            tls_enabled: span(spec.tls.enabled.as_ref()),
            client_auth: span(spec.tls.client_auth.as_ref()),
            layout: span(spec.tls.layout.as_ref()),
            certs_dir: span(spec.tls.certs_dir.as_ref()),
            crl: span(spec.ca.crl.as_ref()),
            members: members.map(|written| (written.name.value.clone(), member(written))).collect(),
            clients: clients.map(|written| (written.name.value.clone(), client(written))).collect(),
            options: options(&spec.etcd),
        }
    }

    /// Returns the place of a key of `[systemd]`.
    pub fn systemd(&self, key: &str) -> Option<Span> {
        self.systemd.iter().find(|(name, _)| *name == key).map(|(_, span)| *span)
    }

    /// Returns the places of a member, by its name.
    pub fn member(&self, name: &str) -> Option<&MemberPlaces> {
        self.members.get(name)
    }

    /// Returns the places of a client, by its name.
    pub fn client(&self, name: &str) -> Option<&ClientPlaces> {
        self.clients.get(name)
    }

    /// Returns the place that an option of a member has its value from: its own table, that of all, or
    /// the key that it follows from; else the member's name.
    pub fn option(&self, member: &str, option: &str) -> Option<Span> {
        let of = |all: &[(String, Span)]| {
            all.iter().find(|(name, _)| name == option).map(|(_, span)| *span)
        };
        let places = self.member(member);
        let written = places.and_then(|places| of(&places.options)).or_else(|| of(&self.options));
        written.or_else(|| self.derived(places, option)).or(places.map(|places| places.name))
    }

    /// Returns the place of the key that a derived option follows from.
    fn derived(&self, member: Option<&MemberPlaces>, option: &str) -> Option<Span> {
        match option {
            "initial-cluster-token" => return Some(self.token),
            "client-cert-auth" => return self.client_auth.or(self.tls_enabled),
            "peer-client-cert-auth" => return self.tls_enabled,
            "client-crl-file" | "peer-crl-file" => return self.crl,
            "cert-file"
            | "key-file"
            | "peer-cert-file"
            | "peer-key-file"
            | "trusted-ca-file"
            | "peer-trusted-ca-file" => return self.certs_dir.or(self.layout).or(self.tls_enabled),
            _ => {}
        }
        let member = member?;
        match option {
            "initial-advertise-peer-urls" => Some(member.peer_port.unwrap_or(member.host)),
            "advertise-client-urls" => {
                Some(member.client_host.or(member.client_port).unwrap_or(member.host))
            }
            "listen-peer-urls" => {
                Some(member.listen_ip.or(member.peer_port).unwrap_or(member.host))
            }
            "listen-client-urls" => {
                let listened = member.client_ip.or(member.listen_ip).or(member.loopback);
                Some(listened.or(member.client_port).unwrap_or(member.host))
            }
            "initial-cluster-state" => member.state.or(self.state),
            _ => None,
        }
    }
}

fn member(written: &MemberSpec) -> MemberPlaces {
    let by_name = written.advertise.as_ref().is_some_and(|word| word.value == "hostname");
    MemberPlaces {
        name: written.name.span,
        host: span(written.hostname.as_ref())
            .filter(|_| by_name)
            .or(span(written.ip.as_ref()))
            .unwrap_or(written.name.span),
        client_host: span(written.client_hostname.as_ref())
            .filter(|_| by_name)
            .or(span(written.client_ip.as_ref()).filter(|_| !by_name)),
        listen_ip: span(written.listen_ip.as_ref()),
        client_ip: span(written.client_ip.as_ref()),
        loopback: written.loopback.as_ref().map(|written| written.span),
        peer_port: span(written.peer_port.as_ref()),
        client_port: span(written.client_port.as_ref()),
        state: span(written.state.as_ref()),
        options: options(&written.etcd),
    }
}

fn systemd(written: &SystemdSpec) -> Vec<(&'static str, Span)> {
    let SystemdSpec { span: _, binary, user, group, environment } = written;
    let all = [
        ("binary", span(binary.as_ref())),
        ("user", span(user.as_ref())),
        ("group", span(group.as_ref())),
        ("environment", span(environment.as_ref())),
    ];
    all.into_iter().filter_map(|(key, span)| Some((key, span?))).collect()
}

fn client(written: &ClientSpec) -> ClientPlaces {
    ClientPlaces {
        name: written.name.span,
        certs_dir: span(written.certs_dir.as_ref()),
        common_name: span(written.common_name.as_ref()).or(span(written.r#for.as_ref())),
    }
}

fn options(written: &OptionsSpec) -> Vec<(String, Span)> {
    let of = |entry: &crate::spec::OptionEntry| (entry.name.value.clone(), entry.value.span);
    written.entries.iter().map(of).collect()
}

fn span<T>(written: Option<&Spanned<T>>) -> Option<Span> {
    written.map(|written| written.span)
}
