//! `kube-apiserver.flags`: one flag a line, for an API server that keeps its state here.

use super::connection::Files;
use crate::artifact::row::{ClientFile, Whom};
use crate::cluster::{Client, Cluster};
use crate::url::joined;
use std::fmt::Write as _;

/// The file of the API server's flags.
pub(crate) const FLAGS: &str = "kube-apiserver.flags";

pub(super) static ROW: ClientFile = ClientFile {
    file: FLAGS,
    about: "the API server's flags, one a line",
    whom: Whom::Programs(&["kubernetes"]),
    secures: false,
    leads: true,
    render: flags,
};

fn flags(cluster: &Cluster, client: &Client) -> String {
    let mut text = format!("--etcd-servers={}\n", joined(&cluster.endpoints()));
    if let Some(files) = Files::of(cluster, client) {
        for (flag, path) in
            [("cafile", files.ca), ("certfile", files.certificate), ("keyfile", files.key)]
        {
            let _ = writeln!(text, "--etcd-{flag}={path}");
        }
    }
    text
}
