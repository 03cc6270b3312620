//! Folders.

use super::{BOTH, Spec, becomes, is_forced_to_be, on};

#[test]
fn folders_are_elsewhere_and_the_data_is_in_them() {
    on(&BOTH, &[of_the_data, of_the_log, of_the_log_again, of_certificates]);
}

const MOVED: [&str; 5] = super::ROLLED;

fn of_the_data(release: &str) {
    let spec = Spec::of(release);
    let moved = Spec { etcd: "data-dir = \"/srv/etcd\"\n".to_owned(), ..spec.clone() };
    let accept = ["camellia", "orange", "pink"].map(|m| format!("{m}.data-dir = /srv/etcd/{m}"));
    let accept: Vec<&str> = accept.iter().map(String::as_str).collect();
    let site = is_forced_to_be(&spec, &moved, &accept, &MOVED);
    assert!(site.on_machine("pink", "/srv/etcd/pink/member/wal").exists());
    assert!(!site.on_machine("pink", "/data/etcd/pink").exists());
}

fn of_the_log(release: &str) {
    let spec = Spec::of(release);
    let moved = spec.clone().option("wal-dir = \"/wal/etcd\"");
    let accept = ["camellia", "orange", "pink"].map(|m| format!("{m}.wal-dir = /wal/etcd/{m}"));
    let accept: Vec<&str> = accept.iter().map(String::as_str).collect();
    let site = is_forced_to_be(&spec, &moved, &accept, &MOVED);
    assert!(!site.on_machine("pink", "/data/etcd/pink/member/wal").exists());
}

/// Back into the data folder.
fn of_the_log_again(release: &str) {
    let spec = Spec::of(release);
    let moved = spec.clone().option("wal-dir = \"/wal/etcd\"");
    let accept = ["no camellia.wal-dir", "no orange.wal-dir", "no pink.wal-dir"];
    let site = is_forced_to_be(&moved, &spec, &accept, &MOVED);
    assert!(site.on_machine("pink", "/data/etcd/pink/member/wal").exists());
}

/// The former files are left where they are.
fn of_certificates(release: &str) {
    let spec = Spec::of(release);
    let moved = spec.clone().with("[tls]\ncerts-dir = \"/srv/certs\"\n");
    let steps =
        ["copy", "copy", "copy", "clients", "look", "restart", "restart", "restart", "record"];
    let site = becomes(&spec, &moved, &steps);
    assert!(site.on_machine("pink", "/opt/etcd/certs/server.key").exists());
    assert!(site.runs_with("pink", "--cert-file=/srv/certs/server.crt"));
}
