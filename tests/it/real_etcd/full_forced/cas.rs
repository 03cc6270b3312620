//! A second phase of a change of CA, before the first is on the machines.

use super::THREE;
use crate::support::cluster::Cluster;
use crate::support::machines::machines;
use crate::support::place::Block;
use crate::support::run::stdout;
use std::process::Command;

#[test]
fn a_ca_that_members_do_not_trust_yet_cuts_off_the_one_that_shows_its_certificate() {
    for release in ["3.4.23", "3.6.16"] {
        let block = Block::claim();
        let cluster = Cluster::new("");
        let folder = cluster.folder.path();
        let build = |ca: &str, kept: &str| {
            let spec = format!(
                "[cluster]\ntoken = \"forced\"\netcd = \"{release}\"\n\
                 [etcd]\ndata-dir = '{here}/data'\n[tls]\ncerts-dir = '{here}/certs'\n{ca}\
                 {THREE}[[client]]\nname = 'root'\n",
                here = folder.display()
            );
            cluster.write(block.relocate(&spec, release));
            cluster.succeeds();
            stdout(Command::new("cp").arg("-r").arg(cluster.path("out")).arg(cluster.path(kept)));
        };
        build("", "first");
        build("[ca]\ntrust = [1, 2]\n", "second");
        build("[ca]\nissue = 2\ntrust = [1, 2]\n", "third");
        let endpoints: Vec<_> = (1..=3)
            .map(|i| format!("https://{}:2379", block.address([10, 0, 0, i].into())))
            .collect();
        let client = cluster.path("first/clients/root");
        machines(
            folder,
            &[release],
            &endpoints.join(","),
            &format!(
                "export ETCDCTL_CACERT={client}/ca.crt ETCDCTL_CERT={client}/client.crt \
                 ETCDCTL_KEY={client}/client.key
                 for member in a b c; do run $member {release} \"$FOLDER/first\"; done
                 healthy
                 stop a; forget a; forget b; forget c; run a {release} \"$FOLDER/third\"
                 within 20 says b 'certificate signed by unknown authority'
                 within 20 says c 'certificate signed by unknown authority'
                 ENDPOINTS={}
                 sleep 5
                 if answers; then refuse a serves; fi",
                endpoints[0],
                client = client.display(),
            ),
        );
    }
}
