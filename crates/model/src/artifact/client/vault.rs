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
        let _ = writeln!(text, "  {key} = {}", word(&value));
    }
    text + "}\n"
}

/// Returns a string of HCL. Behind `${` it would not read quotes and backslashes as such, up to the next `}` (hcl 1, `Unquote`
/// in `hcl/strconv/quote.go`).
fn word(text: &str) -> String {
    quoted(text).replace("${", r"\u0024{")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_interpolated() {
        assert_eq!(word(r#"/a b/${"c"}\${d"#), r#""/a b/\u0024{\"c\"}\\\u0024{d""#);
        assert_eq!(word("/$a/{b}"), r#""/$a/{b}""#);
    }
}
