//! `kubeadm.yaml`: the part of kubeadm's configuration that names an external etcd.

use super::connection::{Files, urls};
use crate::artifact::header::header;
use crate::artifact::row::{ClientFile, Whom};
use crate::artifact::yaml::Yaml;
use crate::cluster::{Client, Cluster};

pub(super) static ROW: ClientFile = ClientFile {
    file: "kubeadm.yaml",
    about: "the part of kubeadm's `ClusterConfiguration` that names an external etcd",
    whom: Whom::Programs(&["kubeadm"]),
    secures: false,
    leads: true,
    render: configuration,
};

/// Renders `ExternalEtcd` of kubeadm's `cmd/kubeadm/app/apis/kubeadm/v1beta4/types.go`.
fn configuration(cluster: &Cluster, client: &Client) -> String {
    let head = header(
        "kubeadm init --config: add `etcd` to the ClusterConfiguration that you have\n\
         # Kubernetes from 1.31 on; before it, write v1beta3. On every node of the control plane, as root, before\n\
         # `kubeadm init` and `kubeadm join`, copy ca.crt, client.crt and client.key to where this names them.",
    );
    let yaml = Yaml::below(head)
        .word("apiVersion", "kubeadm.k8s.io/v1beta4")
        .word("kind", "ClusterConfiguration")
        .block("etcd")
        .block("external")
        .list("endpoints", &urls(cluster));
    match Files::of(cluster, client) {
        Some(files) => yaml.files(["caFile", "certFile", "keyFile"], &files).end(),
        None => yaml.end(),
    }
}
