//! `kube-apiserver.flags`: one flag a line, for an API server that keeps its state here.

use crate::artifact::row::ClientFile;
use crate::cluster::{Client, Cluster};
use crate::url::joined;
use std::fmt::Write as _;

pub(super) static ROW: ClientFile = ClientFile {
    file: "kube-apiserver.flags",
    about: "the API server's flags, one a line",
    who: "a client with `apiserver` in its name",
    leads: true,
    is_for: |client| is_api_server(client.name.as_str()),
    render: flags,
};

/// Tells whether a client of that name is an API server of Kubernetes.
pub(crate) fn is_api_server(name: &str) -> bool {
    name.contains("apiserver")
}

fn flags(cluster: &Cluster, client: &Client) -> String {
    let mut text = format!("--etcd-servers={}\n", joined(&cluster.endpoints()));
    if cluster.tls.is_some() {
        let files = [("cafile", "ca.crt"), ("certfile", "client.crt"), ("keyfile", "client.key")];
        for (flag, file) in files {
            let _ = writeln!(text, "--etcd-{flag}={}", client.certs_dir.join(file));
        }
    }
    text
}
