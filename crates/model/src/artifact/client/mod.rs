//! The files that clients get besides their certificate.

mod etcdctl;
mod kube_apiserver;
mod snapshot_service;
mod snapshot_timer;

pub use etcdctl::variables as etcdctl_variables;
pub(crate) use kube_apiserver::is_api_server;

use super::row::ClientFile;

/// Every file, in the order in which they are documented.
pub static CLIENT_FILES: &[&ClientFile] =
    &[&etcdctl::ROW, &kube_apiserver::ROW, &snapshot_service::ROW, &snapshot_timer::ROW];
