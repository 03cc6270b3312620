//! An installation on a node.

#![expect(clippy::disallowed_methods, reason = "these tests lay programs")]

use super::scene::{DESTINATION, KEY, PATIENCE, Scene, bundle};
use crate::node::Bundle;
use crate::programs::tests::program;
use crate::programs::{Processor, Release};
use crate::remote::node::Said;
use crate::remote::{Flag, Known, Program, Remote, Undone};
use crate::secrets::read_tar;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

fn install(scene: &Scene, program: &Program, flags: &[Flag]) -> (Result<Said, Undone>, String) {
    scene.does(PATIENCE, |remote| remote.install(program, Some(&bundle()), flags))
}

/// Asserts that nothing of the program ran there, and nothing is left of it.
#[track_caller]
fn untouched(scene: &Scene, (done, _): (Result<Said, Undone>, String), message: &str) {
    let Err(Undone { known, problem }) = done else { panic!("it was done") };
    assert_eq!((known, problem.message.as_str()), (Known::Nothing, message));
    assert_eq!(scene.left("told"), "");
}

#[test]
fn a_program_and_the_files_of_a_member_arrive_and_what_is_said_there_is_passed_on() {
    let scene = Scene::new();
    let flags = [Flag::NoRestart, Flag::AcceptDowntime, Flag::TrustNetwork];
    let (done, said) = install(&scene, &scene.program(0), &flags);
    assert_eq!(done.unwrap().lines, ["did this", "orange runs, and is ready"]);
    for line in
        ["orange: did this\n", "orange: minded that\n", "orange: orange runs, and is ready\n"]
    {
        assert!(said.contains(line), "{said}");
    }
    let told = "install\norange\n-\n--no-restart\n--accept-downtime\n--trust-network\n";
    assert_eq!(scene.left("told"), told);
    let tar = scene.tar();
    let entries = read_tar(&tar, "bouquet").unwrap();
    let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["orange/certs/peer.key", "orange/etcd.service"]);
    assert_eq!(entries[0].content, KEY.as_bytes());
    // Closed to others while it was there, and gone.
    assert_eq!(scene.left("mode"), "700\n");
    let place = scene.left("place");
    assert!(place.contains("/bouquet.") && !Path::new(place.trim_end()).exists(), "{place}");
    assert!(!scene.left("words").contains("PRIVATE KEY"));
}

/// Nothing of it is said while all is well.
#[test]
fn a_node_is_asked_whether_it_would_take_a_member() {
    let scene = Scene::new();
    let would = |code: i32| {
        let program = scene.program(code);
        let flags = [Flag::Joining, Flag::TrustNetwork];
        scene.does(PATIENCE, |remote| remote.would_install(&program, &bundle(), &flags))
    };
    for code in [0, 2] {
        let (done, said) = would(code);
        assert!(done.is_ok() && said.is_empty(), "{code}: {said}");
    }
    assert_eq!(scene.left("told"), "install\norange\n-\n--dry-run\n--joining\n--trust-network\n");
    assert!(!scene.tar().is_empty());
    let (done, said) = would(1);
    let undone = done.unwrap_err();
    assert_eq!(undone.known, Known::Told);
    assert_eq!(undone.problem.message, "orange: its node cannot take it, and has said why");
    assert!(said.contains("orange: minded that\n"), "{said}");
    scene.ssh("exit 255");
    assert_eq!(would(0).0.unwrap_err().known, Known::Nothing);
}

#[test]
fn one_that_is_retired_takes_nothing_but_the_program() {
    let scene = Scene::new();
    let program = scene.program(0);
    let (done, _) = scene.does(PATIENCE, |remote| remote.install(&program, None, &[Flag::Retire]));
    done.unwrap();
    assert_eq!(scene.left("told"), "install\norange\n--retire\n");
    assert!(scene.tar().is_empty());
}

/// Its programs come before the member's files, as they are in their folder.
#[test]
fn an_etcd_that_is_named_goes_along() {
    let scene = Scene::new();
    let folder = scene.path("etcd");
    let head = head(std::env::consts::ARCH);
    std::fs::create_dir(&folder).unwrap();
    for (name, length) in [("etcd", 300_000), ("etcdctl", 512)] {
        let mut program = head.clone();
        program.resize(length, 0);
        std::fs::write(folder.join(name), program).unwrap();
    }
    let etcd = Some(Arc::new(Release::open(&folder).unwrap()));
    let program = scene.program(0);
    let install = |etcd: Option<Arc<Release>>, brought: Option<&Bundle>, flags: &[Flag]| {
        scene.does(PATIENCE, |remote| {
            let Remote { whom, ssh, program: name, deadline, goes_on, say, .. } = *remote;
            let remote = Remote { whom, ssh, program: name, deadline, etcd: None, goes_on, say };
            let remote = remote.bringing(etcd);
            assert!(remote.deadline >= PATIENCE);
            remote.install(&program, brought, flags)
        })
    };
    let (done, said) = install(etcd.clone(), Some(&bundle()), &[Flag::AcceptDowntime]);
    done.unwrap();
    assert_eq!(scene.left("told"), "install\norange\n-\n--etcd\n-\n--accept-downtime\n");
    assert!(said.contains("orange: gets the etcd of /"), "{said}");
    let tar = scene.tar();
    let entries = read_tar(&tar, "bouquet").unwrap();
    let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(
        names,
        ["etcd/etcdctl", "etcd/etcd", "orange/certs/peer.key", "orange/etcd.service"]
    );
    assert!(entries[1].content.len() == 300_000 && entries[1].content.starts_with(&head));

    // It became shorter meanwhile: the node is not told that this was all.
    std::fs::write(folder.join("etcd"), &head).unwrap();
    let (done, _) = install(etcd.clone(), Some(&bundle()), &[]);
    let Err(undone) = done else { panic!("it was done") };
    assert_eq!(undone.known, Known::Nothing);
    assert!(undone.problem.message.ends_with("/etcd: it became shorter meanwhile"));
    assert!(read_tar(&scene.tar(), "bouquet").is_err());
    let (done, _) = install(etcd, None, &[Flag::Retire]);
    done.unwrap();
    assert_eq!(scene.left("told"), "install\norange\n--retire\n");
}

/// Returns the head of a program for this processor.
fn head(processor: &str) -> Vec<u8> {
    program(Processor::named(processor).unwrap().machine, &[1])
}

#[test]
fn a_login_of_somebody_else_becomes_root_or_does_nothing() {
    let scene = Scene::new();
    scene.node("id", "echo 1000");
    scene.node("sudo", "[ \"$1\" = -n ] || exit 1; shift; echo sudo >>HERE/sudo; exec \"$@\"");
    let (done, _) = install(&scene, &scene.program(0), &[Flag::Bootstrap, Flag::SetAside]);
    done.unwrap();
    assert_eq!(scene.left("told"), "install\norange\n-\n--bootstrap\n--set-aside\n");
    assert_eq!(scene.left("sudo"), "sudo\nsudo\n");

    let scene = Scene::new();
    scene.node("id", "echo 1000");
    scene.node("sudo", "echo 'sudo: a password is required' >&2; exit 1");
    let done = install(&scene, &scene.program(0), &[]);
    assert!(done.1.contains("orange: sudo: a password is required\n"), "{}", done.1);
    let message = "orange: admin@10.0.0.2 is not root on the node, and may not become root";
    untouched(&scene, done, message);
}

/// The connection broke: wherever in the program it was, that does not run.
#[test]
fn a_program_that_does_not_arrive_whole_does_not_run() {
    let scene = Scene::new();
    let program = scene.program(0);
    for length in [0, 1, 65_536, 300_000] {
        scene.ssh(&format!("head -c {length} | exec sh -c \"$*\""));
        let done = install(&scene, &program, &[]);
        untouched(&scene, done, "orange: the program did not arrive whole");
    }
    // Behind the program it is for that to see what is missing of the tar.
    scene.ssh("head -c 301000 | sh -c \"$*\"");
    let (done, _) = install(&scene, &program, &[]);
    done.unwrap();
    assert!(read_tar(&scene.tar(), "bouquet").is_err());
    assert_eq!(scene.tar().len(), 999);
}

#[test]
fn a_program_with_another_sum_does_not_run() {
    let scene = Scene::new();
    let program = Program { sum: "00".repeat(32), ..scene.program(0) };
    let done = install(&scene, &program, &[]);
    untouched(&scene, done, "orange: the program did not arrive whole");
    let program = Program { machine: "aarch65".to_owned(), ..scene.program(0) };
    let done = install(&scene, &program, &[]);
    let message = "orange: the node has another processor than it had a moment ago";
    untouched(&scene, done, message);
}

/// As where `/run` is mounted `noexec`: what is tried there does not run, and the next folder is taken.
#[test]
fn where_no_folder_takes_a_program_that_is_told() {
    let scene = Scene::new();
    scene.node("mktemp", "exit 1");
    untouched(
        &scene,
        install(&scene, &scene.program(0), &[]),
        "orange: the node has no folder for the program",
    );
    scene.node("mktemp", "exec /usr/bin/mktemp \"$@\"");
    scene.node("chmod", ":");
    untouched(
        &scene,
        install(&scene, &scene.program(0), &[]),
        "orange: the program does not run on the node",
    );
    scene.node("chmod", "case $2 in /run/*) ;; *) exec /usr/bin/chmod \"$@\" ;; esac");
    let (done, _) = install(&scene, &scene.program(0), &[]);
    done.unwrap();
    assert!(scene.left("place").starts_with("/tmp/bouquet."), "{}", scene.left("place"));
}

#[test]
fn a_code_of_the_programs_is_its_own_word_and_one_of_sshs_is_none() {
    let scene = Scene::new();
    let (done, said) = install(&scene, &scene.program(1), &[]);
    let Err(Undone { known, problem }) = done else { panic!("it was done") };
    assert_eq!(known, Known::Told);
    assert_eq!(problem.message, "orange: it was not done on the node, which has said why");
    assert!(said.contains("orange: minded that\n"), "{said}");

    let known = |does: &str| {
        scene.ssh(does);
        install(&scene, &scene.program(0), &[]).0.map_err(|undone| undone.known)
    };
    // All was sent, and the connection broke: who knows.
    let lost = "echo 'client_loop: send disconnect: Broken pipe' >&2; exit 255";
    assert_eq!(known(&format!("cat >/dev/null; {lost}")), Err(Known::Unknown));
    // Without its end the node refuses it.
    assert_eq!(known(lost), Err(Known::Nothing));
    assert_eq!(known("cat >/dev/null; kill -9 $$"), Err(Known::Unknown));
    assert_eq!(known("kill -9 $$"), Err(Known::Nothing));
}

/// A terminal's Ctrl-C is for both, but where this program waits for what it has begun on the node.
#[test]
fn ssh_is_in_a_group_of_processes_of_its_own_where_it_is_waited_for() {
    let scene = Scene::new();
    scene.ssh("cut -d ' ' -f 5 /proc/$$/stat >HERE/group; exec sh -c \"$*\"");
    let program = scene.program(0);
    let own = rustix::process::getpgrp().as_raw_nonzero().to_string();
    for is_waited_for in [false, true] {
        let (done, _) = scene.does(PATIENCE, |remote| {
            let Remote { whom, ssh, program: name, deadline, say, .. } = *remote;
            let etcd = None;
            let goes_on = is_waited_for;
            let remote = Remote { whom, ssh, program: name, deadline, etcd, goes_on, say };
            remote.install(&program, Some(&bundle()), &[])
        });
        done.unwrap();
        let group = scene.left("group");
        assert!(!group.is_empty());
        assert_eq!(group.trim() != own, is_waited_for, "{group}");
    }
}

#[test]
fn an_ssh_that_hangs_is_ended_and_one_that_leaves_its_output_open_is_not_waited_for() {
    let scene = Scene::new();
    let program = scene.program(0);
    let install =
        |deadline| scene.does(deadline, |remote| remote.install(&program, Some(&bundle()), &[])).0;
    let begin = Instant::now();
    for (does, known) in
        [("exec sleep 100", Known::Nothing), ("cat >/dev/null; exec sleep 100", Known::Unknown)]
    {
        scene.ssh(does);
        let Err(undone) = install(Duration::from_secs(2)) else { panic!("it was done") };
        assert_eq!(undone.known, known);
        assert_eq!(undone.problem.message, "orange: no end within 2 s, and ssh was ended");
        assert!(undone.problem.help[0].contains(&format!("ssh {DESTINATION} uptime")));
    }
    // As a connection does that others share (ControlPersist).
    scene.ssh("sleep 30 >&2 & exec sh -c \"$*\"");
    install(PATIENCE).unwrap();
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
}
