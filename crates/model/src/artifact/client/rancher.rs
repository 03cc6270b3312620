//! `k3s.yaml`, `rke2.yaml`: the datastore of a server of K3s or RKE2.

use super::connection::Files;
use crate::artifact::header::header;
use crate::artifact::row::{ClientFile, Whom};
use crate::artifact::yaml::Yaml;
use crate::cluster::{Client, Cluster};
use crate::url::joined;

pub(super) static K3S: ClientFile = ClientFile {
    file: "k3s-datastore.yaml",
    about: "the datastore of a server of K3s, for `/etc/rancher/k3s/config.yaml.d/`",
    whom: Whom::Programs(&["k3s"]),
    secures: false,
    leads: true,
    render: |cluster, client| datastore("k3s", cluster, client),
};

pub(super) static RKE2: ClientFile = ClientFile {
    file: "rke2-datastore.yaml",
    about: "the datastore of a server of RKE2, for `/etc/rancher/rke2/config.yaml.d/`",
    whom: Whom::Programs(&["rke2"]),
    secures: false,
    leads: true,
    render: |cluster, client| datastore("rke2", cluster, client),
};

/// Renders the flags of K3s' `pkg/cli/cmds/server.go`; RKE2 takes the same.
fn datastore(of: &str, cluster: &Cluster, client: &Client) -> String {
    let head = header(&format!("/etc/rancher/{of}/config.yaml.d/datastore.yaml, on every server"));
    let yaml = Yaml::below(head).text("datastore-endpoint", &joined(&cluster.endpoints()));
    let keys = ["datastore-cafile", "datastore-certfile", "datastore-keyfile"];
    match Files::of(cluster, client) {
        Some(files) => yaml.files(keys, &files).end(),
        None => yaml.end(),
    }
}
