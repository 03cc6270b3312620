//! `vault.hcl`: Vault's storage in etcd.

use super::connection::{Files, quoted};
use crate::artifact::header::header;
use crate::artifact::row::{ClientFile, Whom};
use crate::cluster::{Client, Cluster};
use crate::url::joined;
use std::fmt::Write as _;

pub(super) static ROW: ClientFile = ClientFile {
    file: "vault.hcl",
    about: "the stanza `storage` of Vault's configuration",
    whom: Whom::Programs(&["vault"]),
    secures: false,
    leads: true,
    render: storage,
};

/// Renders the storage of Vault's `website/content/docs/configuration/storage/etcd.mdx`.
fn storage(cluster: &Cluster, client: &Client) -> String {
    let mut lines = vec![
        ("address", joined(&cluster.endpoints())),
        ("etcd_api", "v3".to_owned()),
        ("ha_enabled", "true".to_owned()),
    ];
    if let Some(Files { ca, certificate, key }) = Files::of(cluster, client) {
        lines.extend([("tls_ca_file", ca), ("tls_cert_file", certificate), ("tls_key_file", key)]);
    }
    let mut text = header("a stanza of Vault's configuration") + "storage \"etcd\" {\n";
    for (key, value) in lines {
        let _ = writeln!(text, "  {key} = {}", quoted(&value));
    }
    text + "}\n"
}
