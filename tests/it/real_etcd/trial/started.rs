//! A cluster that is healthy, and the command that it is for.

use super::program::{Place, kill};
use crate::support::build::example;
use crate::support::run::run;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

#[test]
fn a_command_finds_a_healthy_cluster_and_nothing_is_written_or_left() {
    let place = Place::new();
    let mut git = Command::new("sh");
    let commit =
        "git init -q . && git add . && git -c user.name=a -c user.email=a@b.c commit -qm a";
    assert!(run(git.args(["-c", commit]).current_dir(place.package.path())).ok);
    let (said, code) = place.tried(&["--", "etcdctl", "endpoint", "health"]);
    let all = format!("{}{}", said.stdout, said.stderr);
    assert_eq!(code, Some(0), "{all}");
    assert_eq!(all.lines().filter(|line| line.contains(" is healthy: succ")).count(), 3, "{all}");
    assert!(all.contains("etcd-cluster-1 is healthy: 3 members of etcd "), "{all}");
    let mut git = Command::new("git");
    let status = git.args(["status", "--porcelain"]).current_dir(place.package.path());
    assert_eq!(run(status).stdout, "");
}

#[test]
fn the_exit_code_is_the_commands() {
    let place = Place::new();
    for (script, code) in [("exit 7", 7), ("kill -KILL $$", 128 + 9)] {
        assert_eq!(place.tried(&["--", "sh", "-c", script]).1, Some(code), "{script}");
    }
    let (said, code) = place.tried(&["--", "no-such-program"]);
    assert_eq!(code, Some(127), "{}", said.stderr);
    assert!(said.stderr.contains("`no-such-program` is not installed"), "{}", said.stderr);
    assert_eq!(place.tried(&["--", "/etc/hostname"]).1, Some(126));
}

/// Standard input and output are the command's own, and what members log is not among it.
#[test]
fn a_command_has_its_own_input_and_output() {
    let place = Place::new();
    let script = "etcdctl put a b >/dev/null; etcdctl get a --print-value-only";
    let (said, _) = place.tried(&["--", "sh", "-c", script]);
    assert_eq!(said.stdout, "b\n", "{}", said.stderr);
    assert!(!said.stderr.contains(" | {"), "{}", said.stderr);
    let (said, _) = place.tried(&["--log", "--", "true"]);
    for member in ["daffodil", "pink    ", "orange  "] {
        let prefix = format!("{member} | ");
        assert!(said.stderr.lines().any(|line| line.starts_with(&prefix)), "{}", said.stderr);
    }
    assert_eq!(said.stdout, "");
}

#[test]
fn without_a_command_it_goes_on_and_says_how_to_reach_it() {
    let place = Place::new();
    let started = place.started(&[]);
    started.says("Ctrl-C");
    let folder = place.folder();
    let mode =
        |path: &str| fs::metadata(folder.join(path)).expect(path).permissions().mode() & 0o777;
    assert_eq!(mode(""), 0o700);
    assert_eq!(mode("clients/root/client.key"), 0o600);
    assert_eq!(mode("members/pink/certs/peer.key"), 0o600);
    // The block is pasted into another shell, as it is.
    let said = started.said();
    let (_, pasted) = said.split_once("In another shell:\n").expect("a block");
    let (pasted, _) = pasted.split_once("\n\n").expect("a block that ends");
    let programs = crate::support::run::etcd(&crate::support::releases::releases()[0]);
    let path = format!("PATH={}:$PATH\n{pasted}", programs.display());
    let mut shell = Command::new("sh");
    let answer = run(shell.args(["-euc", &path]).env("ETCDCTL_USER", "somebody:else"));
    assert!(answer.ok, "{}", answer.stderr);
    // The environment for a shell that is beside the client's files, too.
    let env = folder.join("clients/kube-apiserver/etcdctl.env");
    let script = format!(
        "PATH={}:$PATH; set -a; . {}; set +a; etcdctl endpoint health",
        programs.display(),
        env.display()
    );
    assert!(run(Command::new("sh").args(["-euc", &script])).ok);
    started.signal("TERM");
    assert_eq!(started.ends().0, Some(0));
    place.nothing_is_left();
}

#[test]
fn a_member_that_is_killed_by_hand_is_told_and_the_others_go_on() {
    let place = Place::new();
    let started = place.started(&[]);
    kill("KILL", &place.member("pink").to_string());
    started.says("`pink` has ended: signal: 9");
    place.member("orange");
    kill("KILL", &place.member("orange").to_string());
    kill("KILL", &place.member("daffodil").to_string());
    let (code, said) = started.ends();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("no member runs any more"), "{said}");
    place.nothing_is_left();
}

#[test]
fn two_trials_of_one_cluster_are_apart() {
    let (one, other) = (Place::new(), Place::new());
    let (first, second) = (one.started(&[]), other.started(&[]));
    let ports = |place: &Place| {
        let env =
            fs::read_to_string(place.folder().join("clients/root/etcdctl.env")).expect("a file");
        env.lines().find(|line| line.starts_with("ETCDCTL_ENDPOINTS")).expect("a line").to_owned()
    };
    assert_ne!(ports(&one), ports(&other));
    for started in [first, second] {
        started.signal("INT");
        assert_eq!(started.ends().0, Some(0));
    }
    one.nothing_is_left();
    other.nothing_is_left();
}

#[test]
fn a_cluster_without_tls_is_tried_as_well() {
    let place = Place::of(&example("plain"));
    let script = "etcdctl endpoint health && env";
    let (said, code) = place.tried(&["--", "sh", "-c", script]);
    assert_eq!(code, Some(0), "{}", said.stderr);
    assert!(said.stdout.contains("ETCDCTL_ENDPOINTS=http://127.0.0.1:"), "{}", said.stdout);
    assert!(!said.stdout.contains("ETCDCTL_CACERT"), "{}", said.stdout);
}

/// Variables of the caller's for another cluster, for an etcd and for a proxy.
#[test]
fn the_callers_environment_leads_nowhere_else() {
    let place = Place::new();
    let mut command = place.try_(&["--", "etcdctl", "endpoint", "health"]);
    for (name, value) in [
        ("ETCD_CONFIG_FILE", "/nowhere"),
        ("ETCD_NAME", "other"),
        ("ETCD_DATA_DIR", "/nowhere"),
        ("ETCDCTL_ENDPOINTS", "https://127.0.0.1:1"),
        ("ETCDCTL_USER", "somebody:else"),
        ("ETCDCTL_INSECURE_SKIP_TLS_VERIFY", "true"),
        ("https_proxy", "http://127.0.0.1:1"),
        ("HTTPS_PROXY", "http://127.0.0.1:1"),
        ("ALL_PROXY", "http://127.0.0.1:1"),
    ] {
        command.env(name, value);
    }
    let (said, code) = place.ended(&mut command);
    assert_eq!(code, Some(0), "{}{}", said.stdout, said.stderr);
}
