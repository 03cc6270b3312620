//! `cilium-values.yaml`: where Cilium finds etcd, for its Helm chart.

use super::connection::urls;
use crate::artifact::header::header;
use crate::artifact::row::{ClientFile, Whom};
use crate::artifact::yaml::Yaml;
use crate::cluster::{Client, Cluster};

pub(super) static ROW: ClientFile = ClientFile {
    file: "cilium-values.yaml",
    about: "values of Cilium's Helm chart",
    whom: Whom::Programs(&["cilium"]),
    secures: false,
    leads: true,
    render: values,
};

/// Renders `etcd` of Cilium's `install/kubernetes/cilium/values.yaml`.
fn values(cluster: &Cluster, _: &Client) -> String {
    let is_secure = cluster.tls.is_some();
    let before = if is_secure {
        "\n# Before it, for the Secret: kubectl apply --server-side -k ."
    } else {
        ""
    };
    let head = header(&format!(
        "add `--values cilium-values.yaml` to the command of helm that you have, behind your own values\n\
         # For Cilium's state to be in etcd too, and not in Kubernetes: identityAllocationMode: kvstore{before}"
    ));
    Yaml::below(head)
        .block("etcd")
        .word("enabled", "true")
        .word("ssl", if is_secure { "true" } else { "false" })
        .list("endpoints", &urls(cluster))
        .end()
}
