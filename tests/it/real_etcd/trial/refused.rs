//! What keeps a trial from starting, and what it says then.

use super::ended::script;
use super::program::Place;
use crate::support::releases::releases;
use crate::support::run::etcd;
use std::net::TcpListener;
use std::path::Path;

const SPEC: &str = r#"
[cluster]
token = "refused"
etcd = "3.5"

[etcd]
data-dir = "/data/etcd"

[[member]]
name = "pink"
ip = "10.0.0.1"
"#;

#[test]
fn where_there_is_no_etcd_the_package_is_named() {
    let place = Place::new();
    let mut command = place.try_(&["--", "true"]);
    let (said, code) = place.ended(command.env("PATH", place.temporary.path()));
    assert_eq!(code, Some(1), "{}", said.stderr);
    assert!(said.stderr.contains("error: there is no `etcd` in PATH\n"), "{}", said.stderr);
    assert!(
        said.stderr.contains("releases anywhere, and name its `etcd` by `--etcd FILE`"),
        "{}",
        said.stderr
    );
    let (said, code) = place.tried(&["--etcd", "no/such/etcd"]);
    assert_eq!(code, Some(1));
    assert!(said.stderr.contains("no/such/etcd` cannot be run"), "{}", said.stderr);
    // A folder, and a program that is none.
    for other in ["/tmp", "/bin/true"] {
        let (said, code) = place.tried(&["--etcd", other]);
        assert_eq!(code, Some(1), "{}", said.stderr);
        assert!(said.stderr.starts_with("error: `"), "{}", said.stderr);
    }
}

#[test]
fn an_etcd_without_the_options_of_the_spec_is_refused_with_them() {
    let place = Place::of(&SPEC.replace("data-dir", "enable-v2 = true\ndata-dir"));
    let server = etcd(&releases()[0]).join("etcd");
    let (said, code) = place.tried(&["--etcd", &server.display().to_string()]);
    assert_eq!(code, Some(1), "{}", said.stderr);
    for words in [
        &format!("etcd` is etcd {}, and cannot run this cluster\n", releases()[0]),
        "note: `enable-v2` was removed in etcd 3.6\n",
        "unpack etcd-v3.5.…-linux-",
    ] {
        assert!(said.stderr.contains(words), "{words}: {}", said.stderr);
    }
}

#[test]
fn an_etcd_of_another_version_that_has_every_option_runs_with_a_line_that_says_so() {
    let place = Place::of(&SPEC.replace("3.5", "3.4"));
    let (said, code) = place.tried(&["--", "etcdctl", "endpoint", "health"]);
    assert_eq!(code, Some(0), "{}", said.stderr);
    let lines = said.stderr.lines().filter(|line| line.contains("cluster.toml has 3.4: it runs"));
    assert_eq!(lines.count(), 1, "{}", said.stderr);
    let same = Place::of(&SPEC.replace("3.5", &releases()[0]));
    assert!(!same.tried(&["--", "true"]).0.stderr.contains("note:"));
}

/// Someone has the port of one member, at each attempt.
#[test]
fn a_member_without_its_port_is_told_with_etcds_own_words() {
    let place = Place::new();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let server = etcd(&releases()[0]).join("etcd");
    let etcd = script(
        &place,
        &format!(
            "case \"$*\" in *--name=pink*) set -- \"$@\" --listen-metrics-urls=http://{} ;; esac\nexec {} \"$@\"",
            taken.local_addr().expect("an address"),
            server.display()
        ),
    );
    let (said, code) = place.tried(&["--etcd", &etcd.display().to_string(), "--", "true"]);
    assert_eq!(code, Some(1), "{}", said.stderr);
    assert!(
        said.stderr.contains("error: `pink` did not start: exit status: 1\n"),
        "{}",
        said.stderr
    );
    assert!(said.stderr.contains("address already in use"), "{}", said.stderr);
}

#[test]
fn a_folder_for_temporary_files_that_cannot_be_used_is_told() {
    let place = Place::new();
    for (folder, words) in
        [("/no/such/folder", "cannot be used"), ("/proc", "cannot be made"), ("a,b", "cannot")]
    {
        std::fs::create_dir_all(place.package.path().join("a,b")).expect("a folder");
        let (said, code) = place.ended(place.try_(&["--", "true"]).env("TMPDIR", folder));
        assert_eq!(code, Some(1), "{}", said.stderr);
        assert!(said.stderr.contains(words), "{}", said.stderr);
        assert!(said.stderr.contains("`TMPDIR`"), "{}", said.stderr);
    }
    assert!(Path::new("/proc").is_dir());
}
