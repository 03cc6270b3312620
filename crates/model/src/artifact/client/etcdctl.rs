//! `etcdctl.env`: etcdctl's environment.

use crate::artifact::header::header;
use crate::artifact::quote::double_quoted;
use crate::artifact::row::ClientFile;
use crate::cluster::{Client, Cluster};
use crate::url::{Url, joined};
use std::fmt::Write as _;

pub(super) static ROW: ClientFile = ClientFile {
    file: "etcdctl.env",
    about: "etcdctl's environment, for a shell or for `EnvironmentFile=` of systemd",
    who: "every client",
    is_for: |_| true,
    render: file,
};

fn file(cluster: &Cluster, client: &Client) -> String {
    let mut text = header(&format!(
        "etcdctl as client {}: set -a; . ./etcdctl.env; set +a; etcdctl endpoint health",
        client.name
    ));
    for (name, value) in variables(cluster, &cluster.endpoints(), client.certs_dir.as_str()) {
        let _ = writeln!(text, "{name}={}", double_quoted(&value));
    }
    text
}

/// Returns etcdctl's environment variables for a client whose files lie in `folder`, and who talks
/// to these endpoints.
pub fn variables(
    cluster: &Cluster,
    endpoints: &[&Url],
    folder: &str,
) -> Vec<(&'static str, String)> {
    let mut all = vec![("ETCDCTL_ENDPOINTS", joined(endpoints))];
    if cluster.tls.is_some() {
        let file = |name| format!("{}/{name}", folder.trim_end_matches('/'));
        all.push(("ETCDCTL_CACERT", file("ca.crt")));
        all.push(("ETCDCTL_CERT", file("client.crt")));
        all.push(("ETCDCTL_KEY", file("client.key")));
    }
    all
}
