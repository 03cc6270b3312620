//! `patroni.yaml`: where Patroni finds etcd.

use super::connection::{Files, addresses};
use crate::artifact::header::header;
use crate::artifact::row::{ClientFile, Whom};
use crate::artifact::yaml::Yaml;
use crate::cluster::{Client, Cluster};

pub(super) static ROW: ClientFile = ClientFile {
    file: "patroni.yaml",
    about: "the section `etcd3` of Patroni's configuration",
    whom: Whom::Programs(&["patroni"]),
    secures: false,
    leads: true,
    render: section,
};

/// Renders the section "Etcdv3" of Patroni's `docs/yaml_configuration.rst`.
fn section(cluster: &Cluster, client: &Client) -> String {
    let head = header(
        "a section of Patroni's configuration: `etcd3`, as `etcd` is an API that etcd 3.6 has no more\n\
         # The account of Patroni reads these files. Where authentication is on, add `username` and `password`.",
    );
    let yaml = Yaml::below(head)
        .block("etcd3")
        .list("hosts", &addresses(cluster))
        .text("protocol", cluster.scheme().as_str());
    match Files::of(cluster, client) {
        Some(files) => yaml.files(["cacert", "cert", "key"], &files).end(),
        None => yaml.end(),
    }
}
