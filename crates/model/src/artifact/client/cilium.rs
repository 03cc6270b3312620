//! `cilium-values.yaml`: where Cilium finds etcd, for its Helm chart.

use super::connection::urls;
use super::yaml::Yaml;
use crate::artifact::header::header;
use crate::artifact::row::{ClientFile, Whom};
use crate::cluster::{Client, Cluster};

pub(super) static ROW: ClientFile = ClientFile {
    file: "cilium-values.yaml",
    about: "values of Cilium's Helm chart",
    whom: Whom::Programs(&["cilium"]),
    secures: false,
    leads: true,
    render: values,
};

/// cilium, `install/kubernetes/cilium/values.yaml`, `etcd`.
fn values(cluster: &Cluster, _: &Client) -> String {
    let is_secure = cluster.tls.is_some();
    let before = if is_secure {
        "\n# before it, for its Secret: kubectl apply --server-side -k ."
    } else {
        ""
    };
    let head = header(&format!(
        "helm upgrade --install cilium cilium/cilium --namespace kube-system --values cilium-values.yaml{before}"
    ));
    Yaml::below(head)
        .word("identityAllocationMode", "kvstore")
        .block("etcd")
        .word("enabled", "true")
        .word("ssl", if is_secure { "true" } else { "false" })
        .list("endpoints", &urls(cluster))
        .end()
}
