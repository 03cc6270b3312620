//! The environment by which clients find a trial.

use crate::caller::{ACCOUNT, CONTRADICTING, IN_TRIAL, absent};
use bouquet_model::artifact::etcdctl_variables;
use bouquet_model::url::joined;
use bouquet_model::{Client, Cluster};

/// A change of the environment.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Variables {
    /// Those that are set.
    pub(super) set: Vec<(&'static str, String)>,
    /// Those that must not be inherited, as they would lead elsewhere.
    pub(super) unset: Vec<&'static str>,
}

/// The address of all members, which is reached without a proxy.
const HERE: &str = "127.0.0.1";

/// The variables that name hosts to be reached directly, in both spellings.
const NO_PROXY: [&str; 2] = ["no_proxy", "NO_PROXY"];

/// Returns the client that speaks where none is named: `root`, else the first.
pub(super) fn speaker(cluster: &Cluster) -> Option<&Client> {
    cluster.client("root").or_else(|| cluster.clients.first())
}

/// Returns etcdctl's environment.
pub(super) fn etcdctl(cluster: &Cluster) -> Variables {
    let folder = speaker(cluster).map_or("", |client| client.certs_dir.as_str());
    let mut set = etcdctl_variables(cluster, &cluster.endpoints(), folder);
    let contradicting = CONTRADICTING.iter().copied().chain(absent(&set));
    let unset = contradicting.chain(ACCOUNT.iter().map(|(name, _)| *name)).collect();
    set.push((IN_TRIAL, cluster.token.to_string()));
    Variables { set, unset }
}

/// Returns the environment of a command: etcdctl's, and that of other clients which have one. `variable` tells what
/// the caller has.
///
/// Calico's `ETCD_…` is not among them: by those names etcd itself takes options, so that a command that starts an
/// etcd of its own would break.
pub(super) fn of_command(
    cluster: &Cluster,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Variables {
    let mut all = etcdctl(cluster);
    let endpoints = cluster.endpoints();
    let hosts = endpoints.iter().map(|url| format!("'{}'", url.address()));
    let hosts = hosts.collect::<Vec<_>>().join(",");
    all.set.extend([
        ("K3S_DATASTORE_ENDPOINT", joined(&endpoints)),
        ("RKE2_DATASTORE_ENDPOINT", joined(&endpoints)),
        ("PATRONI_ETCD3_HOSTS", hosts),
        ("PATRONI_ETCD3_PROTOCOL", cluster.scheme().to_string()),
    ]);
    if let (true, Some(client)) = (cluster.tls.is_some(), speaker(cluster)) {
        for (file, names) in FILES {
            let path = client.certs_dir.join(file).to_string();
            all.set.extend(names.map(|name| (name, path.clone())));
        }
    } else {
        all.unset.extend(FILES.iter().flat_map(|(_, names)| *names));
    }
    for name in NO_PROXY {
        let before = variable(name).filter(|hosts| !hosts.is_empty());
        let hosts = before.map_or_else(|| HERE.to_owned(), |hosts| format!("{hosts},{HERE}"));
        all.set.push((name, hosts));
    }
    all
}

/// A client's files, and the variables that name them: those of k3s, RKE2 and Patroni.
const FILES: [(&str, [&str; 3]); 3] = [
    ("ca.crt", ["K3S_DATASTORE_CAFILE", "RKE2_DATASTORE_CAFILE", "PATRONI_ETCD3_CACERT"]),
    ("client.crt", ["K3S_DATASTORE_CERTFILE", "RKE2_DATASTORE_CERTFILE", "PATRONI_ETCD3_CERT"]),
    ("client.key", ["K3S_DATASTORE_KEYFILE", "RKE2_DATASTORE_KEYFILE", "PATRONI_ETCD3_KEY"]),
];
