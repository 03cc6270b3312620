//! The environment of a command.

use super::spec::{FOLDER, cluster, plain, ports};
use crate::trial::there::there;
use crate::trial::variables::{Variables, of_command};
use bouquet_model::Cluster;

fn variables(cluster: &Cluster) -> Variables {
    let before = |name: &str| (name == "no_proxy").then(|| "example.org".to_owned());
    of_command(&there(cluster, &FOLDER, &mut ports()).cluster, &before)
}

impl Variables {
    fn get(&self, name: &str) -> Option<&str> {
        let found: Vec<_> = self.set.iter().filter(|(set, _)| *set == name).collect();
        assert!(found.len() < 2, "{name} is set twice");
        found.first().map(|(_, value)| value.as_str())
    }
}

#[test]
fn clients_find_the_cluster_and_their_certificates() {
    let all = variables(&cluster());
    for (name, value) in [
        ("ETCDCTL_ENDPOINTS", "https://127.0.0.1:2,https://127.0.0.1:4"),
        ("ETCDCTL_CACERT", "/tmp/trial/clients/root/ca.crt"),
        ("ETCDCTL_CERT", "/tmp/trial/clients/root/client.crt"),
        ("ETCDCTL_KEY", "/tmp/trial/clients/root/client.key"),
        ("K3S_DATASTORE_ENDPOINT", "https://127.0.0.1:2,https://127.0.0.1:4"),
        ("RKE2_DATASTORE_KEYFILE", "/tmp/trial/clients/root/client.key"),
        ("PATRONI_ETCD3_HOSTS", "'127.0.0.1:2','127.0.0.1:4'"),
        ("PATRONI_ETCD3_PROTOCOL", "https"),
        ("PATRONI_ETCD3_CACERT", "/tmp/trial/clients/root/ca.crt"),
        ("no_proxy", "example.org,127.0.0.1"),
        ("NO_PROXY", "127.0.0.1"),
    ] {
        assert_eq!(all.get(name), Some(value), "{name}");
    }
}

#[test]
fn no_variable_of_the_callers_leads_elsewhere() {
    for cluster in [cluster(), plain()] {
        let all = variables(&cluster);
        for name in
            ["ETCDCTL_USER", "ETCDCTL_PASSWORD", "ETCDCTL_INSECURE_TRANSPORT", "ETCDCTL_API"]
        {
            assert!(all.unset.contains(&name), "{name}");
        }
        for name in ["ETCDCTL_CACERT", "ETCDCTL_KEY", "K3S_DATASTORE_CAFILE", "PATRONI_ETCD3_CERT"]
        {
            assert_ne!(all.get(name).is_some(), all.unset.contains(&name), "{name}");
        }
    }
}

#[test]
fn no_option_of_etcd_is_set_for_a_command_that_starts_one() {
    let set = variables(&cluster()).set;
    let options: Vec<String> = bouquet_model::option::OPTIONS
        .iter()
        .map(bouquet_model::option::EtcdOption::env_name)
        .collect();
    let both: Vec<_> = set.iter().filter(|(name, _)| options.iter().any(|o| o == name)).collect();
    assert!(both.is_empty(), "{both:?}");
}
