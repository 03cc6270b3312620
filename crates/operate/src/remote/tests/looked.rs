//! A look at a node.

#![expect(clippy::disallowed_methods, reason = "a program is taken away")]

use super::scene::{PATIENCE, Scene};
use crate::remote::node::Machine;
use crate::remote::{Known, Undone};
use crate::trial::Told;
use bouquet_model::version::EtcdVersion;
use std::path::PathBuf;

#[expect(
    clippy::redundant_closure_for_method_calls,
    reason = "the method alone is one of a single lifetime"
)]
fn look(scene: &Scene) -> (Result<Machine, Undone>, String) {
    scene.does(PATIENCE, |remote| remote.look())
}

#[track_caller]
fn refused(scene: &Scene, message: &str, help: &str) {
    let (machine, _) = look(scene);
    let Err(Undone { known, problem }) = machine else { panic!("it is not refused") };
    assert_eq!(known, Known::Nothing);
    assert_eq!(problem.message, message);
    assert!(problem.help.iter().any(|it| it.contains(help)), "{:?}", problem.help);
}

#[test]
fn a_node_tells_its_processor_and_how_root_is_had() {
    let scene = Scene::new();
    scene.node("uname", "echo aarch64");
    // As a login may do.
    scene.ssh("echo Welcome; exec sh -c \"$*\"");
    let (machine, said) = look(&scene);
    assert_eq!(machine.unwrap(), Machine { processor: "aarch64".to_owned(), is_root: true });
    assert_eq!(said, "");
    let words = scene.left("words");
    assert!(words.starts_with("-T\n-a\n-x\n-o\nBatchMode=yes\n-o\nConnectTimeout=10\n"), "{words}");
    assert!(words.contains("\n--\nadmin@10.0.0.2\nsh -c "), "{words}");
    assert!(!words.contains("HostKeyChecking"), "{words}");

    scene.node("id", "echo 1000");
    scene.node("sudo", "[ \"$1\" = -n ] && shift && exec \"$@\"");
    let (machine, _) = look(&scene);
    assert!(!machine.unwrap().is_root);
}

#[test]
fn a_login_that_may_not_become_root_is_told_with_the_ways_to_do_so() {
    let scene = Scene::new();
    scene.node("id", "echo 1000");
    let message = "orange: admin@10.0.0.2 is not root on the node, and may not become root";
    scene.node("sudo", "echo 'sudo: a password is required' >&2; exit 1");
    refused(&scene, message, "NOPASSWD");
    let (machine, _) = look(&scene);
    let notes = machine.unwrap_err().problem.notes;
    assert!(notes.contains(&"sudo: a password is required".to_owned()), "{notes:?}");
}

#[test]
fn what_ssh_says_is_told_in_plain_words() {
    let scene = Scene::new();
    for (said, message, help) in [
        (
            "admin@10.0.0.2: Permission denied (publickey,password).",
            "orange: admin@10.0.0.2 refused the login",
            "ssh-add",
        ),
        (
            "No ED25519 host key is known for 10.0.0.2 and you have requested strict checking.",
            "orange: the host key of admin@10.0.0.2 is not known",
            "compare the fingerprint",
        ),
        (
            "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @",
            "orange: admin@10.0.0.2 shows another host key than the known one",
            "another machine may be in between",
        ),
        (
            "ssh: Could not resolve hostname pink: Name or service not known",
            "orange: no address is known for admin@10.0.0.2",
            "cluster.toml",
        ),
        (
            "ssh: connect to host 10.0.0.2 port 22: Connection refused",
            "orange: admin@10.0.0.2 cannot be reached",
            "whether the node is up",
        ),
        (
            "command-line: line 0: Bad configuration",
            "orange: ssh failed",
            "`ssh admin@10.0.0.2 true`",
        ),
    ] {
        scene.ssh(&format!("echo '{said}' >&2; exit 255"));
        refused(&scene, message, help);
    }
    scene.ssh("echo 'This account is currently not available.'; exit 1");
    refused(&scene, "orange: admin@10.0.0.2 answers something else", "has to have a shell");
    std::fs::remove_file(scene.path("ssh")).unwrap();
    refused(&scene, "`ssh` is not installed, or not in PATH", "openssh-client");
}

#[test]
fn a_node_tells_which_etcd_a_unit_finds_there() {
    let scene = Scene::new();
    let place = |name: &str| scene.path(&format!("node/{name}"));
    let places = ["none", "first", "second"].map(|name| place(name).display().to_string());
    let etcd = || scene.does(PATIENCE, |remote| remote.etcd(&places)).0.unwrap();
    assert_eq!(etcd(), None);
    let first = |told: Option<Told>| Some((place("first"), told));
    scene.node("second", "echo etcd Version: 3.5.33");
    let version = EtcdVersion::parse("3.5.33").unwrap();
    assert_eq!(etcd(), Some((place("second"), Some(Told::Known(version)))));
    scene.node("first", "[ \"$*\" = --version ] && echo etcd Version: 4.0.0 && echo Git SHA: 1");
    assert_eq!(etcd(), first(Some(Told::Unknown("4.0.0".to_owned()))));
    scene.node("first", "echo hello; exit 1");
    assert_eq!(etcd(), first(None));
    // The login does not see what root does.
    scene.node("id", "echo 1000");
    scene.node("sudo", "shift && echo bouquet-etcd: /root/etcd");
    assert_eq!(etcd(), Some((PathBuf::from("/root/etcd"), None)));
    scene.node("sudo", "exit 1");
    let (refused, _) = scene.does(PATIENCE, |remote| remote.etcd(&places));
    let message = refused.unwrap_err().problem.message;
    assert!(message.contains("is not root on the node"), "{message}");
}
