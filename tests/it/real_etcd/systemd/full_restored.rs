//! A snapshot that `bouquet install --restore` brings back, node by node.

use super::install::{bare, brings, founds, installed, installs, refused, spec};
use super::site::Site;
use crate::support::package::Package;
use crate::support::run::stdout;
use crate::support::scope::LINES;
use std::fs;

/// What a key holds, as each member has it.
fn values(site: &Site, key: &str) -> Vec<String> {
    let get = |i: usize| site.etcdctl(&[i], &["get", key, "--print-value-only"]).stdout;
    (0..3).map(get).map(|value| value.trim().to_owned()).collect()
}

fn restores(release: &'static str) {
    let package = Package::for_machines(&spec(release, ""));
    let site = bare(&package, release);
    founds(&site);
    site.all(&["put", "kept", "yes"]);
    let file = site.scratch("before.db");
    let saved = site.etcdctl(&[0], &["snapshot", "save", &file]);
    assert!(saved.ok, "{}", saved.stderr);
    site.all(&["put", "later", "lost"]);
    for machine in &site.machines {
        fs::copy(&file, machine.path("/root/before.db")).expect("a copy");
    }

    // What still runs would take in more.
    refused(&site, 0, "--restore /root/before.db", "`two`, `three` still run");
    site.machines[1].sh("systemctl stop etcd");
    site.machines[2].sh("systemctl stop etcd");
    let cut = "head -c -100 /root/before.db >/root/cut.db";
    site.machines[0].sh(cut);
    refused(&site, 0, "--restore /root/cut.db", "its checksum");
    refused(&site, 0, "--restore /root/before.db --token other", "is no token of a restore");
    let planned = installs(&site, 0, "--restore /root/before.db --dry-run").stdout;
    assert!(planned.starts_with("would stop etcd, set its data aside, restore "), "{planned}");
    assert_eq!(site.machines[0].sh("systemctl is-active etcd || true"), "active");

    let said = installed(&site, 0, "--restore /root/before.db");
    assert!(said.contains("restored /root/before.db: revision "), "{said}");
    assert!(said.ends_with("one was started: 1 of 3, waits for one more\n"), "{said}");
    refused(&site, 0, "--restore /root/before.db", "was restored from this file already");
    // Of a program that was built before, that data is none to be set aside.
    refused(&site, 0, "", "was restored, and this program does not know of that yet");
    let (_, token) = said.split_once("--token ").expect("a token for the others");
    let (token, _) = token.split_once('`').expect("the end of the line");
    let flags = format!("--restore /root/before.db --token {token}");
    let said = installed(&site, 1, &flags);
    assert!(!said.contains("note: "), "{said}");
    // Without the token of the first it would be in a cluster of its own.
    refused(&site, 2, "--restore /root/before.db", "`one`, `two` still run");
    let said = installed(&site, 2, &flags);
    assert!(said.ends_with("three runs, and is ready\n"), "{said}");
    assert_eq!(values(&site, "kept"), ["yes"; 3]);
    assert_eq!(values(&site, "later"), [""; 3]);
    // It is done, and what was written since is not lost by doing it once more.
    site.all(&["put", "since", "there"]);
    for i in 0..3 {
        let said = installed(&site, i, &flags);
        assert!(said.starts_with("nothing to do; "), "{said}");
    }
    assert_eq!(values(&site, "since"), ["there"; 3]);
    assert_eq!(site.machines[0].sh("ls -d /data/etcd/member.20* /root/before.db | wc -l"), "2");
    assert_eq!(site.machines[0].sh("ls -A /root | grep -c restore- || true"), "0");

    // Recorded, it is the cluster that is compiled.
    let mut done = site.beside(&package.program());
    done.current_dir(package.folder.path()).env_remove("CARGO_MANIFEST_DIR");
    stdout(done.args(["done", "--yes", "--restored", &file, "--token", token]));
    package.build();
    (0..3).for_each(|i| brings(&site, &package, i));
    let said = installed(&site, 0, "");
    assert!(said.ends_with("one runs, and is ready\n"), "{said}");
}

#[test]
fn a_snapshot_comes_back_by_one_command_on_each_node_on_each_line_of_releases() {
    for release in LINES {
        restores(release);
    }
}
