//! Programs that keep their state in etcd, or the part of each that reads its configuration and connects, by their own
//! releases (`tests/clients`). Each has what a build made for it, unchanged, and nothing else.

mod coredns;
mod kubeadm;
mod libraries;
mod storage;

use crate::support::run::tools;
use bouquet_model::{Client, Cluster};
use std::path::PathBuf;

/// Endpoints that are addresses and a name.
const MEMBERS: &str = r#"
[cluster]
token = "clients"
etcd = "3.6"

[etcd]
data-dir = "/data/etcd"

[[member]]
name = "orange"
ip = "10.0.0.1"

[[member]]
name = "pink"
ip = "10.0.0.2"
hostname = "pink.example"
advertise = "hostname"

[[member]]
name = "red"
ip = "10.0.0.3"

[[client]]
name = "root"
"#;

/// The folder of a program of `tests/clients`.
fn program(name: &str) -> PathBuf {
    let folder = tools().join("clients").join(name);
    assert!(folder.is_dir(), "no {}: run `cargo xtask tools --full`", folder.display());
    folder
}

/// The client of that name.
fn client<'a>(cluster: &'a Cluster, name: &str) -> &'a Client {
    cluster.clients.iter().find(|client| client.name.as_str() == name).expect(name)
}
