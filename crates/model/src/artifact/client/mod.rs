//! The files that clients get besides their certificate.

mod apisix;
mod calico;
mod cilium;
mod connection;
mod coredns;
mod etcdctl;
mod kubeadm;
mod kubernetes;
mod kustomization;
mod milvus;
mod patroni;
mod prometheus;
mod rancher;
mod snapshot_service;
mod snapshot_timer;
mod traefik;
mod vault;

pub use etcdctl::variables as etcdctl_variables;

use super::row::ClientFile;

/// Every file, in the order in which they are documented.
pub static CLIENT_FILES: &[&ClientFile] = &[
    &etcdctl::ROW,
    &kubernetes::ROW,
    &kubeadm::ROW,
    &rancher::K3S,
    &rancher::RKE2,
    &patroni::ROW,
    &apisix::ROW,
    &cilium::ROW,
    &calico::ROW,
    &kustomization::ROW,
    &coredns::ROW,
    &traefik::ROW,
    &vault::ROW,
    &milvus::ROW,
    &prometheus::SCRAPE,
    &prometheus::RULES,
    &snapshot_service::ROW,
    &snapshot_timer::ROW,
];
