//! What a client needs to find and trust the cluster.

use super::{double_quoted, header};
use crate::cluster::{Client, Cluster};
use crate::settings::node_path;
use crate::url::Url;
use std::fmt::Write as _;

/// `etcdctl.env`: etcdctl's environment, for a shell or for systemd's `EnvironmentFile=`.
pub fn etcdctl_env(cluster: &Cluster, client: &Client) -> String {
    let mut text = header(&format!(
        "etcdctl as client {}: set -a; . ./etcdctl.env; set +a; etcdctl endpoint health",
        client.name
    ));
    for (name, value) in etcdctl_variables(cluster, &cluster.endpoints(), &client.certs_dir) {
        let _ = writeln!(text, "{name}={}", double_quoted(&value));
    }
    text
}

/// etcdctl's environment variables for a client whose files lie in `folder`, and who talks to these
/// endpoints.
pub fn etcdctl_variables(
    cluster: &Cluster,
    endpoints: &[&Url],
    folder: &str,
) -> Vec<(&'static str, String)> {
    let mut all = vec![("ETCDCTL_ENDPOINTS", join(endpoints))];
    if cluster.tls.is_some() {
        all.push(("ETCDCTL_CACERT", node_path(folder, "ca.crt")));
        all.push(("ETCDCTL_CERT", node_path(folder, "client.crt")));
        all.push(("ETCDCTL_KEY", node_path(folder, "client.key")));
    }
    all
}

/// `kube-apiserver.flags`: one flag a line, for an API server that keeps its state here.
pub fn kube_apiserver_flags(cluster: &Cluster, client: &Client) -> String {
    let mut text = format!("--etcd-servers={}\n", join(&cluster.endpoints()));
    if cluster.tls.is_some() {
        let files = [("cafile", "ca.crt"), ("certfile", "client.crt"), ("keyfile", "client.key")];
        for (flag, file) in files {
            let _ = writeln!(text, "--etcd-{flag}={}", node_path(&client.certs_dir, file));
        }
    }
    text
}

/// Whether a client is a Kubernetes API server, which its name says.
pub fn needs_kube_apiserver_flags(client: &Client) -> bool {
    client.name.as_str().contains("apiserver")
}

fn join(urls: &[&Url]) -> String {
    let texts: Vec<String> = urls.iter().map(ToString::to_string).collect();
    texts.join(",")
}
