//! `calicoctl.cfg`: where calicoctl finds etcd.

use super::connection::Files;
use crate::artifact::header::header;
use crate::artifact::row::{ClientFile, Whom};
use crate::artifact::yaml::Yaml;
use crate::cluster::{Client, Cluster};
use crate::url::joined;

pub(super) static ROW: ClientFile = ClientFile {
    file: "calicoctl.cfg",
    about: "calicoctl's configuration; its head says what `calico-etcd.yaml` needs",
    whom: Whom::Programs(&["calico"]),
    secures: false,
    leads: true,
    render: configuration,
};

/// Renders what Calico's `libcalico-go/lib/apiconfig/load.go` reads.
fn configuration(cluster: &Cluster, client: &Client) -> String {
    let endpoints = joined(&cluster.endpoints());
    let files = Files::of(cluster, client);
    let mut what = format!(
        "/etc/calico/calicoctl.cfg, where calicoctl runs\n\
         # In calico-etcd.yaml, the ConfigMap calico-config has\n\
         #   etcd_endpoints: \"{endpoints}\""
    );
    if files.is_some() {
        what += "\n#   etcd_ca: \"/calico-secrets/etcd-ca\"\n#   etcd_cert: \"/calico-secrets/etcd-cert\"\n\
                 #   etcd_key: \"/calico-secrets/etcd-key\"\n\
                 # and its Secret calico-etcd-secrets goes: `kubectl apply --server-side -k .` makes it here.";
    }
    let yaml = Yaml::below(header(&what))
        .word("apiVersion", "projectcalico.org/v3")
        .word("kind", "CalicoAPIConfig")
        .block("metadata")
        .top()
        .block("spec")
        .word("datastoreType", "etcdv3")
        .text("etcdEndpoints", &endpoints);
    match files {
        Some(files) => yaml.files(["etcdCACertFile", "etcdCertFile", "etcdKeyFile"], &files).end(),
        None => yaml.end(),
    }
}
