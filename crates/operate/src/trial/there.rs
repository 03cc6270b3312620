//! The compiled cluster, on the loopback and below one folder.

use super::option::{Moving, Needed, STDERR, data};
use bouquet_model::cluster::{Client, Cluster, Member, San, Setting, State, Tls};
use bouquet_model::name::ClientName;
use bouquet_model::node_path::NodePath;
use bouquet_model::option::Value;
use bouquet_model::settings::settings;
use bouquet_model::url::{Host, Url};
use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr};

/// A trial: the cluster as it is here, and what has to be in its folder.
#[derive(Debug)]
pub(crate) struct Layout {
    /// The cluster with its addresses and its clients' folders here.
    pub(crate) cluster: Cluster,
    /// The folder of all of it.
    pub(crate) folder: NodePath,
    /// The members, in the order of the spec.
    pub(crate) members: Vec<Placed>,
    /// Files that options name.
    pub(super) needed: Vec<Needed>,
    /// What is other than in the spec, besides places.
    pub(super) notes: Vec<String>,
}

/// A member of a trial.
#[derive(Debug)]
pub(crate) struct Placed {
    pub(crate) name: String,
    /// The folder of its files.
    pub(crate) folder: NodePath,
    /// All of its options.
    pub(crate) settings: Vec<Setting>,
    /// Where it listens besides, for metrics and the like.
    pub(super) further: Vec<String>,
}

impl Placed {
    /// Returns an option as etcd has it.
    pub(crate) fn option(&self, name: &str) -> Option<String> {
        let setting = self.settings.iter().find(|setting| setting.name == name)?;
        Some(setting.value.flag_text())
    }
}

/// The client where a spec has none and TLS is on: nobody could ask anything otherwise.
const ROOT: &str = "root";

/// Listeners besides the usual two.
const FURTHER: [&str; 2] = ["listen-client-http-urls", "listen-metrics-urls"];

/// Moves a cluster below a folder, and to ports that `port` gives, each once.
///
/// All that counts for clients and certificates stays: names, token, layout, CAs by their numbers, options. A member
/// has its host name and its addresses in its certificates, as its own have, since options may ask for them. Every
/// member founds the cluster, whether or not it joins the real one.
pub(super) fn there(cluster: &Cluster, folder: &NodePath, port: &mut dyn FnMut() -> u16) -> Layout {
    let mut moving = Moving { folder, port, sockets: 0, needed: Vec::new(), notes: Vec::new() };
    let members: Vec<Member> = cluster
        .members
        .iter()
        .map(|member| moved(member, &member_folder(folder, member), &mut moving))
        .collect();
    let Moving { needed, notes, .. } = moving;
    let cluster = Cluster {
        id: None,
        members: members.into(),
        clients: clients(cluster, folder).into(),
        ..cluster.clone()
    };
    let members = cluster.members.iter().map(|member| placed(&cluster, member, folder)).collect();
    Layout { cluster, folder: folder.clone(), members, needed, notes }
}

/// Returns how many ports a cluster takes.
pub(super) fn ports(cluster: &Cluster) -> usize {
    let mut count = 0;
    there(cluster, &NodePath::from_static("/"), &mut || {
        count += 1;
        0
    });
    count
}

fn member_folder(folder: &NodePath, member: &Member) -> NodePath {
    folder.join("members").join(member.name.as_str())
}

fn moved(member: &Member, folder: &NodePath, moving: &mut Moving<'_>) -> Member {
    let scheme = member.advertise_client_urls.first().map(|url| url.scheme);
    let mut urls = |own: &[Url]| -> Cow<'static, [Url]> {
        let scheme = own.first().map(|url| url.scheme).or(scheme);
        let port = (moving.port)();
        scheme.map(|scheme| Url { scheme, host: Host::Ip(HERE), port }).into_iter().collect()
    };
    let peer = urls(&member.initial_advertise_peer_urls);
    let client = urls(&member.advertise_client_urls);
    let mut options: Vec<Setting> =
        member.options.iter().map(|setting| moving.option(setting, folder)).collect();
    let mut add = |names: &[&'static str], value: Value| {
        if !options.iter().any(|setting| names.contains(&setting.name)) {
            options.push(Setting { name: names[0], value });
        }
    };
    add(&["data-dir"], Value::Path(data(folder)));
    // `default` is the journal where the parent is process 1, as in a container.
    add(&["log-outputs", "log-output"], Value::List([STDERR.into()].into_iter().collect()));
    let own = member.ip.into_iter().chain([member.listen_ip]).filter(|ip| !ip.is_unspecified());
    Member {
        id: None,
        state: State::New,
        ip: Some(HERE),
        listen_ip: HERE,
        listen_peer_urls: peer.clone(),
        initial_advertise_peer_urls: peer,
        listen_client_urls: client.clone(),
        advertise_client_urls: client,
        extra_sans: member.extra_sans.iter().cloned().chain(own.map(San::Ip)).collect(),
        options: options.into(),
        ..member.clone()
    }
}

/// One address for all: not every system has the rest of the loopback's.
const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

fn clients(cluster: &Cluster, folder: &NodePath) -> Vec<Client> {
    let folder = folder.join("clients");
    let mut clients: Vec<Client> = cluster.clients.to_vec();
    if clients.is_empty() && cluster.tls.is_some() {
        let name = ClientName::from_static(ROOT);
        clients.push(Client {
            name,
            program: None,
            common_name: true,
            certs_dir: folder.clone(),
            generation: 1,
        });
    }
    for client in &mut clients {
        client.certs_dir = folder.join(client.name.as_str());
    }
    clients
}

/// Returns where a member is placed: each has certificates of its own, so that each has another `certs-dir`.
fn placed(cluster: &Cluster, member: &Member, folder: &NodePath) -> Placed {
    let folder = member_folder(folder, member);
    // Nobody else looks for its files there, so that they have the names that a build gives them.
    let (certs_dir, file_names) = (folder.join("certs"), Cow::Borrowed(&[][..]));
    let tls = cluster.tls.clone().map(|tls| Tls { certs_dir, file_names, ..tls });
    let cluster = Cluster { tls, ..cluster.clone() };
    let listeners = member.options.iter().filter(|setting| FURTHER.contains(&setting.name));
    let further = listeners.flat_map(|setting| match &setting.value {
        Value::List(urls) => urls.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    });
    Placed {
        name: member.name.to_string(),
        further: further.collect(),
        settings: settings(&cluster, member),
        folder,
    }
}
