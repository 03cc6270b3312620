//! `milvus.yaml`: where Milvus keeps its metadata.

use super::connection::{Files, addresses};
use crate::artifact::header::header;
use crate::artifact::row::{ClientFile, Whom};
use crate::artifact::yaml::Yaml;
use crate::cluster::{Client, Cluster};

pub(super) static ROW: ClientFile = ClientFile {
    file: "milvus.yaml",
    about: "the section `etcd` of Milvus' configuration",
    whom: Whom::Programs(&["milvus"]),
    secures: false,
    leads: true,
    render: section,
};

/// Renders a section of Milvus' `configs/milvus.yaml`.
fn section(cluster: &Cluster, client: &Client) -> String {
    let head =
        header("a section of milvus.yaml, and of its user.yaml; `rootPath` is as Milvus has it");
    let yaml = Yaml::below(head)
        .block("etcd")
        .list("endpoints", &addresses(cluster))
        .text("rootPath", "by-dev")
        .block("ssl");
    match Files::of(cluster, client) {
        Some(files) => yaml
            .word("enabled", "true")
            .files(["tlsCACert", "tlsCert", "tlsKey"], &files)
            .text("tlsMinVersion", "1.3")
            .end(),
        None => yaml.word("enabled", "false").end(),
    }
}
