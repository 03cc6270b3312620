//! Versions of TLS that a member of before and one of after do not have in common.

use super::THREE;
use crate::support::cluster::Cluster;
use crate::support::machines::machines;
use crate::support::place::Block;
use bouquet_model::change::{Class, changes};
use bouquet_model::running::Running;
use std::process::Command;

#[test]
fn members_without_a_version_of_tls_in_common_refuse_each_other() {
    for release in ["3.5.33", "3.6.16"] {
        let block = Block::claim();
        let cluster = Cluster::new("");
        let folder = cluster.folder.path();
        let build = |option: &str, kept: &str| {
            let spec = format!(
                "[cluster]\ntoken = \"forced\"\netcd = \"{release}\"\n\
                 [etcd]\ndata-dir = '{here}/data'\n{option}\n[tls]\ncerts-dir = '{here}/certs'\n\
                 {THREE}[[client]]\nname = 'root'\n",
                here = folder.display()
            );
            cluster.write(block.relocate(&spec, release));
            cluster.succeeds();
            let copied = Command::new("cp")
                .arg("-r")
                .arg(cluster.path("out"))
                .arg(cluster.path(kept))
                .status();
            assert!(copied.expect("cp runs").success());
            let spec = std::fs::read(cluster.path("cluster.toml")).expect("it was written");
            let (proven, _) = bouquet_build::prove(&spec);
            Running::of(&proven.expect("it is right").cluster, &[])
        };
        let before = build("tls-max-version = 'TLS1.2'", "first");
        let after = build("tls-min-version = 'TLS1.3'", "second");
        let all = changes(&before, &after);
        assert!(all.iter().all(|change| change.class == Class::Refused), "{all:?}");
        let endpoints: Vec<_> = (1..=3)
            .map(|i| format!("https://{}:2379", block.address([10, 0, 0, i].into())))
            .collect();
        machines(
            folder,
            &[release],
            &endpoints.join(","),
            &format!(
                "export ETCDCTL_CACERT={client}/ca.crt ETCDCTL_CERT={client}/client.crt \
                 ETCDCTL_KEY={client}/client.key
                 for member in a b c; do run $member {release} \"$FOLDER/first\"; done
                 healthy
                 stop a; forget a; forget b; forget c; run a {release} \"$FOLDER/second\"
                 within 20 says a 'tls: client offered only unsupported versions'
                 ENDPOINTS={}
                 sleep 5
                 if answers; then refuse a serves; fi",
                endpoints[0],
                client = cluster.path("first/clients/root").display(),
            ),
        );
    }
}
