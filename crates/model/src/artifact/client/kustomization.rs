//! `kustomization.yaml`: makes the Secret that a program in Kubernetes has its certificate from, of the files beside it.

use crate::artifact::header::header;
use crate::artifact::row::{ClientFile, Whom};
use crate::cluster::{Client, Cluster};

pub(super) static ROW: ClientFile = ClientFile {
    file: "kustomization.yaml",
    about: "makes the Secret that it has its certificate from: `kubectl apply --server-side -k out/clients/NAME`",
    whom: Whom::Programs(&["cilium", "calico"]),
    secures: true,
    leads: false,
    render: kustomization,
};

/// The names of a Secret's values.
struct Secret {
    name: &'static str,
    ca: &'static str,
    certificate: &'static str,
    key: &'static str,
}

/// cilium, `Documentation/network/kubernetes/…/k8s-install-external-etcd.rst`; both are mounted by these names.
const CILIUM: Secret = Secret {
    name: "cilium-etcd-secrets",
    ca: "etcd-client-ca.crt",
    certificate: "etcd-client.crt",
    key: "etcd-client.key",
};

/// calico, `manifests/calico-etcd.yaml`.
const CALICO: Secret = Secret {
    name: "calico-etcd-secrets",
    ca: "etcd-ca",
    certificate: "etcd-cert",
    key: "etcd-key",
};

/// Returns a kustomization, which names the key's file: a manifest would hold the key itself. kubectl that applies it
/// at its own side writes the key into an annotation.
fn kustomization(_: &Cluster, client: &Client) -> String {
    let is_cilium = client.program.is_some_and(|program| program.name == "cilium");
    let Secret { name, ca, certificate, key } = if is_cilium { CILIUM } else { CALICO };
    header("kubectl apply --server-side -k . makes the Secret from the files beside it")
        + &format!(
            "apiVersion: kustomize.config.k8s.io/v1beta1\n\
             kind: Kustomization\n\
             namespace: kube-system\n\
             generatorOptions:\n  disableNameSuffixHash: true\n\
             secretGenerator:\n  - name: {name}\n    files:\n      \
             - {ca}=ca.crt\n      - {certificate}=client.crt\n      - {key}=client.key\n"
        )
}
