//! Every option that a member runs with: what is derived, then what the spec adds.

use crate::cluster::{Cluster, Layout, Member, Setting, Tls};
use crate::option::Value;
use crate::trust::Side;
use crate::url::Url;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Returns all options of a member, in the order of the options table. Nothing else is ever passed to
/// etcd, in any format.
pub fn settings(cluster: &Cluster, member: &Member) -> Vec<Setting> {
    let mut all = derived(cluster, member);
    all.extend(member.options.iter().cloned());
    all.sort_by_cached_key(Setting::position);
    all
}

/// Returns `--initial-cluster`: every peer URL of every member, in the order of the spec.
pub fn initial_cluster(cluster: &Cluster) -> String {
    let entries = cluster.members.iter().flat_map(|member| {
        member.initial_advertise_peer_urls.iter().map(|url| format!("{}={url}", member.name))
    });
    entries.collect::<Vec<_>>().join(",")
}

/// Returns the files of the certificate that a member presents to its peers, and of its key.
pub const fn peer_files(layout: Layout) -> [&'static str; 2] {
    match layout {
        Layout::Separate => ["peer.crt", "peer.key"],
        Layout::Combined | Layout::Shared => ["server.crt", "server.key"],
    }
}

/// All files that a build writes into a member's `certs-dir`, by one layout or another.
pub const CERTIFICATE_FILES: [&str; 7] =
    ["ca.crt", "peer-ca.crt", "server.crt", "server.key", "peer.crt", "peer.key", CRL];

/// The file of a member's revocation list, in DER: etcd reads PEM until 3.5 only.
pub const CRL: &str = "revoked.crl";

/// The options that name it.
pub const CRL_FILES: [&str; 2] = ["client-crl-file", "peer-crl-file"];

/// The options that follow from who else is in the cluster, and from what is recorded: where nothing but they
/// differ, there is nothing to record.
pub const OF_OTHERS: [&str; 2] = ["initial-cluster", "initial-cluster-state"];

/// Returns where a member's revocation list goes, below `out/`.
pub fn crl_place(member: &Member) -> String {
    format!("members/{}/certs/{CRL}", member.name)
}

fn derived(cluster: &Cluster, member: &Member) -> Vec<Setting> {
    let mut all = vec![
        text("name", member.name.to_string()),
        urls("initial-advertise-peer-urls", &member.initial_advertise_peer_urls),
        urls("listen-peer-urls", &member.listen_peer_urls),
        urls("listen-client-urls", &member.listen_client_urls),
        urls("advertise-client-urls", &member.advertise_client_urls),
        text("initial-cluster-token", cluster.token.to_string()),
        text("initial-cluster", initial_cluster(cluster)),
        text("initial-cluster-state", member.state.to_string()),
    ];
    if let Some(tls) = &cluster.tls {
        all.extend(tls_files(tls, member));
    }
    all
}

/// What stands for a member's name in the name of a file.
pub const MEMBER_NAME: &str = "{name}";

/// The options that name files of `certs-dir`, in the order in which a file takes its name from one of them, each with what a
/// build calls the file that is its own.
pub const NAMED_FILES: [(&str, &str); 6] = [
    (TRUSTED, "ca.crt"),
    ("cert-file", "server.crt"),
    ("key-file", "server.key"),
    (PEERS_TRUSTED, "peer-ca.crt"),
    ("peer-cert-file", "peer.crt"),
    ("peer-key-file", "peer.key"),
];

const TRUSTED: &str = "trusted-ca-file";
const PEERS_TRUSTED: &str = "peer-trusted-ca-file";

/// Returns the options of a member that name a file of a certificate, a key or CAs, each with its name on the member's node.
fn named_files(tls: &Tls, member: &Member) -> [(&'static str, String); 6] {
    let [certificate, key] = peer_files(tls.layout);
    let files = NAMED_FILES.map(|(option, own)| {
        let file = match option {
            PEERS_TRUSTED => tls.trust_file(Side::Peers),
            "peer-cert-file" => certificate,
            "peer-key-file" => key,
            _ => own,
        };
        (option, file)
    });
    // A file has one name, that of the first option that names it.
    let name = |file: &'static str| {
        let named = files.iter().find(|(_, other)| *other == file);
        let (option, _) = named?;
        let written = tls.file_names.iter().find(|setting| setting.name == *option)?;
        Some(written.value.flag_text().replace(MEMBER_NAME, member.name.as_str()))
    };
    files.map(|(option, file)| (option, name(file).unwrap_or_else(|| file.to_owned())))
}

/// Returns the other names that a member's files have in `certs-dir`, each with the file that it is a link to.
pub fn links(tls: &Tls, member: &Member) -> BTreeMap<String, &'static str> {
    let files: BTreeMap<_, _> = given_files(tls, member).collect();
    let named = |option: &str| files.get(option).map(String::as_str);
    let links = links_by(named, tls.has_peer_trust()).into_iter();
    links.map(|(name, file)| (name.to_owned(), file)).collect()
}

/// Returns the same by the name that each option has for its file, where it is given; `trusts_apart` tells whether members
/// trust other CAs among each other than clients do.
pub(crate) fn links_by<'a>(
    name: impl Fn(&str) -> Option<&'a str>,
    trusts_apart: bool,
) -> BTreeMap<&'a str, &'static str> {
    let mut all = BTreeMap::new();
    for (option, own) in NAMED_FILES {
        let file = if option == PEERS_TRUSTED && !trusts_apart { "ca.crt" } else { own };
        // Where one certificate is for both, its file has one name.
        if let Some(name) = name(option).filter(|name| !CERTIFICATE_FILES.contains(name)) {
            all.entry(name).or_insert(file);
        }
    }
    all
}

/// Returns those of the named files that etcd is told of.
fn given_files(tls: &Tls, member: &Member) -> impl Iterator<Item = (&'static str, String)> {
    // This alone has etcd ask every client for a certificate (`ServerConfig` in its
    // `client/pkg/transport/listener.go`).
    let client_auth = tls.client_auth;
    named_files(tls, member)
        .into_iter()
        .filter(move |(option, _)| client_auth || *option != TRUSTED)
}

fn tls_files(tls: &Tls, member: &Member) -> Vec<Setting> {
    let path = |name, file: &str| Setting { name, value: Value::Path(tls.certs_dir.join(file)) };
    let mut all = vec![
        Setting { name: "client-cert-auth", value: Value::Bool(tls.client_auth) },
        Setting { name: "peer-client-cert-auth", value: Value::Bool(true) },
    ];
    all.extend(given_files(tls, member).map(|(option, name)| path(option, &name)));
    if tls.crl {
        let [clients, peers] = CRL_FILES;
        all.push(path(peers, CRL));
        all.extend(tls.client_auth.then(|| path(clients, CRL)));
    }
    all
}

fn text(name: &'static str, text: String) -> Setting {
    Setting { name, value: Value::Text(Cow::Owned(text)) }
}

fn urls(name: &'static str, urls: &[Url]) -> Setting {
    let texts = urls.iter().map(|url| Cow::Owned(url.to_string()));
    Setting { name, value: Value::List(texts.collect()) }
}
