//! Every option that a member runs with: what is derived, then what the spec adds.

use crate::cluster::{Cluster, Layout, Member, Setting, Tls};
use crate::option::Value;
use crate::trust::Side;
use crate::url::Url;
use std::borrow::Cow;

/// All options of a member, in the order of the options table. Nothing else is ever passed to
/// etcd, in any format.
pub fn settings(cluster: &Cluster, member: &Member) -> Vec<Setting> {
    let mut all = derived(cluster, member);
    all.extend(member.options.iter().cloned());
    all.sort_by_key(Setting::position);
    all
}

/// `--initial-cluster`: every peer URL of every member, in the order of the spec.
pub fn initial_cluster(cluster: &Cluster) -> String {
    let entries = cluster.members.iter().flat_map(|member| {
        member.initial_advertise_peer_urls.iter().map(|url| format!("{}={url}", member.name))
    });
    entries.collect::<Vec<_>>().join(",")
}

/// The file of the certificate that a member presents to its peers, without its ending.
pub const fn peer_certificate(layout: Layout) -> &'static str {
    match layout {
        Layout::Separate => "peer",
        Layout::Combined | Layout::Shared => "server",
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

/// Where a member's revocation list goes, below `out/`.
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
        all.extend(tls_files(tls));
    }
    all
}

fn tls_files(tls: &Tls) -> Vec<Setting> {
    let file = |name, file: &str| Setting { name, value: Value::Path(tls.certs_dir.join(file)) };
    let peer = peer_certificate(tls.layout);
    let mut all = vec![
        Setting { name: "client-cert-auth", value: Value::Bool(tls.client_auth) },
        file("cert-file", "server.crt"),
        file("key-file", "server.key"),
        Setting { name: "peer-client-cert-auth", value: Value::Bool(true) },
        file("peer-trusted-ca-file", tls.trust_file(Side::Peers)),
        file("peer-cert-file", &format!("{peer}.crt")),
        file("peer-key-file", &format!("{peer}.key")),
    ];
    // Either of these alone has etcd ask every client for a certificate (`ServerConfig` in its
    // `client/pkg/transport/listener.go`).
    if tls.client_auth {
        all.push(file("trusted-ca-file", tls.trust_file(Side::Clients)));
    }
    if tls.crl {
        let [clients, peers] = CRL_FILES;
        all.push(file(peers, CRL));
        all.extend(tls.client_auth.then(|| file(clients, CRL)));
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
