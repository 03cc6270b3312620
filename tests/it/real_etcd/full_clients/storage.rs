//! Those that are asked for what they read: the storage of Vault and of K3s, and the routers of Traefik.

use super::{MEMBERS, client, program};
use crate::support::build::Output;
use crate::support::live::Live;
use crate::support::place::Block;
use crate::support::releases::releases;
use crate::support::run::run;
use crate::support::side_by_side::with_each;

const CLIENTS: &str = r#"
[[client]]
name = "traefik"
for = "traefik"

[[client]]
name = "vault"
for = "vault"

[[client]]
name = "k3s"
for = "k3s"

[[client]]
name = "odd"
for = "k3s"
certs-dir = "/srv/é 'b' #d: {g}, 100%"

[[client]]
name = "odd-vault"
for = "vault"
certs-dir = '''/srv/é 'b' #d: ${"g"}, \h ${i 100%'''

[[client]]
name = "odd-traefik"
for = "traefik"
certs-dir = '''/srv/é 'b' #d: ${"g"}, \h {{i}} 100%'''
"#;

/// A router, as the documentation of Traefik has it in etcd.
const ROUTER: &str = "
    etcdctl put traefik/http/routers/flowers/rule 'Host(`flowers.example`)'
    exec etcdctl put traefik/http/routers/flowers/service flowers";

const FOUND: &str = r#"{"flowers":{"service":"flowers","rule":"Host(`flowers.example`)"}}"#;

#[test]
fn storage_is_opened_by_the_file_that_a_build_made() {
    with_each(&releases(), |release| {
        let block = Block::claim();
        let output = Output::of(&block.relocate(&format!("{MEMBERS}{CLIENTS}"), release));
        let live = Live::start(&output, release, "command");
        assert!(live.client(ROUTER).ok);
        for (name, called, file, expected) in [
            ("traefik", "traefik", "traefik.yaml", FOUND),
            ("vault", "vault", "vault.hcl", "flowers"),
            ("k3s", "k3s", "k3s-datastore.yaml", "flowers"),
            ("odd", "k3s", "k3s-datastore.yaml", "flowers"),
            ("odd-vault", "vault", "vault.hcl", "flowers"),
            ("odd-traefik", "traefik", "traefik.yaml", FOUND),
        ] {
            let client = client(&output.cluster, name);
            let machine = live.machine_of(client, &program(called));
            let folder = client.certs_dir.as_str().replace('\'', r"'\''");
            let said = run(&mut machine.sh(&format!("exec timeout 60 {called} '{folder}/{file}'")));
            let found = said.stdout.trim_end();
            assert_eq!(found, expected, "{name} on etcd {release}: {}", said.stderr);
        }
    });
}
