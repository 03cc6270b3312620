//! What every file that leads a client to the cluster is made of.

use crate::artifact::yaml::Yaml;
use crate::cluster::{Client, Cluster};

/// The absolute paths of a client's files on its machine.
pub(super) struct Files {
    pub(super) ca: String,
    pub(super) certificate: String,
    pub(super) key: String,
}

impl Files {
    /// Returns a client's files; `None` without TLS.
    pub(super) fn of(cluster: &Cluster, client: &Client) -> Option<Self> {
        let file = |name| client.certs_dir.join(name).to_string();
        cluster.tls.as_ref().map(|_| Self {
            ca: file("ca.crt"),
            certificate: file("client.crt"),
            key: file("client.key"),
        })
    }
}

impl Yaml {
    /// Writes the paths of the CA, of the certificate and of the key, under these keys.
    pub(super) fn files(self, keys: [&str; 3], files: &Files) -> Self {
        let [ca, certificate, key] = keys;
        self.text(ca, &files.ca).text(certificate, &files.certificate).text(key, &files.key)
    }
}

/// Returns every endpoint as an URL.
pub(super) fn urls(cluster: &Cluster) -> Vec<String> {
    cluster.endpoints().iter().map(ToString::to_string).collect()
}

/// Returns every endpoint as a host and a port.
pub(super) fn addresses(cluster: &Cluster) -> Vec<String> {
    cluster.endpoints().iter().map(|url| url.address()).collect()
}

/// Returns a word in double quotes, as HCL and `PromQL` read it.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\""))
}
