//! `etcdctl.env`: etcdctl's environment.

use crate::artifact::env_file::env_file;
use crate::artifact::header::header;
use crate::artifact::row::{ClientFile, Whom};
use crate::cluster::{Client, Cluster};
use crate::url::{Url, joined};

pub(super) static ROW: ClientFile = ClientFile {
    file: "etcdctl.env",
    about: "etcdctl's environment, for a shell or for `EnvironmentFile=` of systemd",
    whom: Whom::Everyone,
    secures: false,
    leads: true,
    render: file,
};

fn file(cluster: &Cluster, client: &Client) -> String {
    let what = format!(
        "etcdctl as client {}: set -a; . ./etcdctl.env; set +a; etcdctl endpoint health",
        client.name
    );
    let all = variables(cluster, &cluster.endpoints(), client.certs_dir.as_str());
    env_file(header(&what), all.into_iter().map(|(name, value)| (name.to_owned(), value)))
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
