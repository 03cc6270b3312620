//! `traefik.yaml`: Traefik's provider `etcd`.

use super::connection::{Files, addresses};
use crate::artifact::header::header;
use crate::artifact::row::{ClientFile, Whom};
use crate::artifact::yaml::Yaml;
use crate::cluster::{Client, Cluster};

pub(super) static ROW: ClientFile = ClientFile {
    file: "traefik.yaml",
    about: "the provider `etcd` of Traefik's install configuration",
    whom: Whom::Programs(&["traefik"]),
    secures: false,
    leads: true,
    render: provider,
};

/// Renders the provider of Traefik's `docs/content/providers/etcd.md`.
fn provider(cluster: &Cluster, client: &Client) -> String {
    let yaml = Yaml::below(header("a part of Traefik's install (static) configuration"))
        .block("providers")
        .block("etcd")
        .list("endpoints", &addresses(cluster))
        .text("rootKey", "traefik");
    match Files::of(cluster, client) {
        Some(files) => yaml.block("tls").files(["ca", "cert", "key"], &files).end(),
        None => yaml.end(),
    }
}
