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

/// Returns the options of a member that name a file of a certificate, a key or CAs, each with the file as a build calls it
/// and with its name on the member's node.
fn named_files(tls: &Tls, member: &Member) -> [(&'static str, &'static str, String); 6] {
    let [certificate, key] = peer_files(tls.layout);
    let files = [
        ("trusted-ca-file", tls.trust_file(Side::Clients)),
        ("cert-file", "server.crt"),
        ("key-file", "server.key"),
        ("peer-trusted-ca-file", tls.trust_file(Side::Peers)),
        ("peer-cert-file", certificate),
        ("peer-key-file", key),
    ];
    // A file has one name, that of the first option that names it.
    let name = |file: &'static str| {
        let named = files.iter().find(|(_, other)| *other == file);
        let (option, _) = named?;
        let written = tls.file_names.iter().find(|setting| setting.name == *option)?;
        Some(written.value.flag_text().replace(MEMBER_NAME, member.name.as_str()))
    };
    files.map(|(option, file)| (option, file, name(file).unwrap_or_else(|| file.to_owned())))
}

/// Returns the other names that a member's files have in `certs-dir`, each with the file that it is a link to.
pub fn links(tls: &Tls, member: &Member) -> BTreeMap<String, &'static str> {
    let files = named_files(tls, member).into_iter();
    files.filter(|(_, file, name)| name != file).map(|(_, file, name)| (name, file)).collect()
}

fn tls_files(tls: &Tls, member: &Member) -> Vec<Setting> {
    let path = |name, file: &str| Setting { name, value: Value::Path(tls.certs_dir.join(file)) };
    let mut all = vec![
        Setting { name: "client-cert-auth", value: Value::Bool(tls.client_auth) },
        Setting { name: "peer-client-cert-auth", value: Value::Bool(true) },
    ];
    // This alone has etcd ask every client for a certificate (`ServerConfig` in its
    // `client/pkg/transport/listener.go`).
    let is_given = |option: &str| tls.client_auth || option != "trusted-ca-file";
    let files = named_files(tls, member).into_iter().filter(|(option, ..)| is_given(option));
    all.extend(files.map(|(option, _, name)| path(option, &name)));
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
