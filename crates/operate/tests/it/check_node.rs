//! `bouquet check-node`: the files on a machine, beside what is compiled in.
#![expect(clippy::disallowed_methods, reason = "a line that is to be typed is tried in a shell")]

use crate::common::checked::{form, state, unit, wrong};
use crate::common::node::{DIR, Node, UNIT, issue};
use bouquet_model::version::{EtcdVersion, Minor};
use bouquet_operate::Exit;
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

#[test]
fn a_node_installed_by_the_guide_is_as_compiled() {
    let outcome = Node::installed().ask(&["check-node"]);
    insta::assert_snapshot!(outcome.stdout);
    assert_eq!((outcome.stderr.as_str(), outcome.exit), ("", Exit::Done));
}

#[test]
fn every_form_is_told_by_its_content_whatever_its_name() {
    for name in ["command", "env", "yaml", "systemd"] {
        let node = Node::installed();
        let text = form(&node, "orange", name);
        let node = node.with("notes", &text);
        let file = format!("{DIR}/notes");
        let outcome = node.ask(&["check-node", "orange", &file]);
        assert_eq!((state(&outcome, &file), outcome.exit), ("as compiled", Exit::Done), "{name}");
        let json = node.ask(&["check-node", "orange", &file, "--json"]).stdout;
        let json: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["files"][0]["format"], name);
    }
}

/// On a node without a unit of etcd's; kubeadm's own etcd has its manifest in that place, too.
#[test]
fn a_static_pod_is_looked_at_where_the_cluster_has_such() {
    let mut node = Node::orange();
    node.cluster.version = EtcdVersion::new(Minor::V3_5, Some(33));
    let text = form(&node, "orange", "static-pod");
    let with = |node: Node, text: &str| Node {
        world: node.world.with_file(MANIFEST, text.as_bytes()),
        ..node
    };
    let mut node = with(node, &text);
    assert!(!node.ask(&["check-node"]).stdout.contains(MANIFEST));
    node.cluster.formats = ["static-pod"].as_slice().into();
    let outcome = node.ask(&["check-node"]);
    assert_eq!((state(&outcome, MANIFEST), outcome.exit), ("as compiled", Exit::Done));
    let node = with(node, &text.replace("registry.k8s.io", "registry.zyxasr.io"));
    let outcome = node.ask(&["check-node"]);
    assert_eq!((state(&outcome, MANIFEST), outcome.exit), ("same definition", Exit::Done));
    let node = with(node, &text.replace("--heartbeat-interval=250", "--heartbeat-interval=500"));
    assert_eq!(state(&wrong(&node), MANIFEST), "edited");
}

/// Which Podman has systemd make a unit of.
#[test]
fn a_container_is_looked_at_where_the_cluster_has_such() {
    const CONTAINER: &str = "/etc/containers/systemd/etcd.container";
    let mut node = Node::orange();
    node.cluster.version = EtcdVersion::new(Minor::V3_5, Some(33));
    let text = form(&node, "orange", "quadlet");
    let with = |node: Node, text: &str| Node {
        world: node.world.with_file(CONTAINER, text.as_bytes()),
        ..node
    };
    node.cluster.formats = ["quadlet"].as_slice().into();
    let node = with(node, &text.replace("Image=gcr.io/", "Image=registry.zyxasr.io/"));
    let outcome = node.ask(&["check-node"]);
    assert_eq!((state(&outcome, CONTAINER), outcome.exit), ("same definition", Exit::Done));
    let node = with(node, &text.replace("--heartbeat-interval=250", "--heartbeat-interval=500"));
    assert_eq!(state(&wrong(&node), CONTAINER), "edited");
}

const MANIFEST: &str = "/etc/kubernetes/manifests/etcd.yaml";

#[test]
fn a_file_that_was_edited_shows_the_first_line_that_differs() {
    let node = Node::installed();
    let edited = unit(&node).replace("--heartbeat-interval=250", "--heartbeat-interval=500");
    let outcome = wrong(&node.with_unit(&edited));
    assert_eq!(state(&outcome, UNIT), "edited");
    insta::assert_snapshot!(outcome.stderr);
}

#[test]
fn a_line_that_an_edit_brought_in_may_be_a_secret() {
    let node = Node::installed();
    let edited = unit(&node).replace("[Service]\n", "[Service]\nEnvironment=PASSWORD=hush\n");
    let node = node.with_unit(&edited);
    let printed = wrong(&node).stderr + &node.ask(&["check-node", "--json"]).stdout;
    assert!(printed.contains("is one that may hold a secret"), "{printed}");
    assert!(!printed.contains("hush"), "{printed}");
}

#[test]
fn a_file_of_another_definition_is_of_another_build() {
    let node = Node::installed();
    let digest = node.cluster.members[2].digest.to_string();
    let older = unit(&node).replace(&digest, "0123456789abcdef");
    let outcome = wrong(&node.with_unit(&older));
    assert_eq!(state(&outcome, UNIT), "other build");
    let said = format!("its definition is 0123456789abcdef, the compiled one {digest}\n");
    assert!(outcome.stderr.contains(&said), "{}", outcome.stderr);
    let help = "help: if this program is of the newer build, copy it again from \
                out/members/orange/etcd.service, or, as root, \
                `new=$(bouquet command orange -o systemd) && printf '%s\\n' \"$new\" > \
                /etc/systemd/system/etcd.service && systemctl daemon-reload`\n";
    assert!(outcome.stderr.ends_with(help), "{}", outcome.stderr);
}

/// As for root, who has other folders in PATH.
#[test]
fn the_line_that_lays_a_file_down_again_spares_it_where_the_program_is_not_found() {
    let node = Node::installed();
    let edited = unit(&node).replace("[Service]\n", "[Service]\nNice=5\n");
    let said = wrong(&node.with_unit(&edited)).stderr;
    let line = said.split('`').find(|word| word.starts_with("new=")).expect("a line");
    let folder = tempfile::tempdir().unwrap();
    let line = line.replace("/etc/systemd/system", &folder.path().display().to_string());
    let line = line.replace("systemctl daemon-reload", "true");
    let file = folder.path().join("etcd.service");
    fs::write(&file, "as it was").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    let run = |script: &str| {
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", script]).env("PATH", "/usr/bin:/bin").stderr(Stdio::null());
        shell.status().unwrap().success()
    };
    assert!(!run(&line));
    assert_eq!(fs::read_to_string(&file).unwrap(), "as it was");
    let program = "bouquet() { printf '%s\\n' '-n \\' \"$*\"; }";
    assert!(run(&format!("{program}\n{line}")));
    assert_eq!(fs::read_to_string(&file).unwrap(), "-n \\\ncommand orange -o systemd\n");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o755);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_file_without_a_definition_is_of_an_older_build() {
    let node = Node::installed();
    let lines = unit(&node);
    let before: String =
        lines.split_inclusive('\n').filter(|line| !line.starts_with("# definition")).collect();
    let outcome = wrong(&node.with_unit(&before));
    assert_eq!(state(&outcome, UNIT), "other build");
    assert!(outcome.stderr.contains("bears no definition"), "{}", outcome.stderr);
}

#[test]
fn a_list_of_members_that_a_running_member_ignores_is_the_same_definition() {
    let node = Node::installed();
    let other =
        unit(&node).replace("--initial-cluster=", "--initial-cluster=tulip=https://a:2380,");
    let outcome = node.with_unit(&other).ask(&["check-node"]);
    assert_eq!((state(&outcome, UNIT), outcome.exit), ("same definition", Exit::Done));
}

#[test]
fn files_of_another_member_say_whose_they_are() {
    let node = Node::installed();
    let theirs = form(&node, "pink", "systemd");
    let edited = theirs.replace("250", "500");
    let unknown = theirs.replace("etcd member pink: ", "etcd member tulip: ");
    for (text, owner) in [(theirs, "pink"), (edited, "pink"), (unknown, "tulip")] {
        let node = Node::installed().with_unit(&text);
        let outcome = node.ask(&["check-node", "orange"]);
        assert_eq!((state(&outcome, UNIT), outcome.exit), ("another member's", Exit::Failed));
        let said = format!("error: {UNIT} is of `{owner}`, not of `orange`\n");
        assert!(outcome.stderr.contains(&said), "{}", outcome.stderr);
    }
}

#[test]
fn what_no_build_made_is_not_ours() {
    for (text, why) in [
        ("[Service]\nExecStart=etcd --data-dir=/var/lib/etcd\n", "was not made by a build"),
        ("", "is empty, as a masked unit is"),
    ] {
        let outcome = wrong(&Node::installed().with_unit(text));
        assert_eq!(state(&outcome, UNIT), "not ours");
        assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
    }
}

#[test]
fn a_unit_of_the_operators_leads_to_the_file_that_it_takes() {
    let node = Node::installed();
    let env = form(&node, "orange", "env");
    let own = "[Service]\nEnvironmentFile=-/etc/etcd/etcd.env\nUser=etcd\nExecStart=etcd\n";
    let mut node = node.with_unit(own);
    node.world = node.world.with_file("/etc/etcd/etcd.env", env.as_bytes());
    let outcome = node.ask(&["check-node"]);
    assert_eq!(outcome.exit, Exit::Done, "{outcome:?}");
    assert_eq!(state(&outcome, UNIT), "own unit");
    assert_eq!(state(&outcome, "/etc/etcd/etcd.env"), "as compiled");
}

#[test]
fn a_drop_in_that_decides_how_etcd_runs_says_which_keys() {
    let with = |text: &str| {
        let mut node = Node::installed();
        let file = format!("{UNIT}.d/10-mine.conf");
        node.world = node.world.with_file(&file, text.as_bytes());
        node.ask(&["check-node"])
    };
    let file = format!("{UNIT}.d/10-mine.conf");
    let outcome = with("[Service]\nEnvironment=GOMAXPROCS=2\nLimitNOFILE=9\n[Unit]\nUser=x\n");
    assert_eq!((state(&outcome, &file), outcome.exit), ("drop in", Exit::Done));

    let outcome =
        with("[Service]\nExecStart=\nExecStart=etcd\nEnvironment=ETCD_NAME=x\nUser=etcd\n");
    assert_eq!((state(&outcome, &file), outcome.exit), ("overrides", Exit::Failed));
    let said = "overrides `ExecStart`, `Environment`, `User` of the compiled unit\n";
    assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
}

#[test]
fn drop_ins_that_a_package_or_a_boot_laid_count_too() {
    let mut node = Node::installed();
    for folder in ["/run/systemd/system", "/usr/lib/systemd/system"] {
        let file = format!("{folder}/etcd.service.d/a.conf");
        node.world = node.world.with_file(&file, b"[Service]\nExecStart=\n");
    }
    let outcome = wrong(&node);
    // Of one name the stronger counts alone.
    assert_eq!(state(&outcome, "/run/systemd/system/etcd.service.d/a.conf"), "overrides");
    assert!(!outcome.stdout.contains("/usr/lib"), "{}", outcome.stdout);
}

#[test]
fn one_file_or_one_folder_can_be_asked_for() {
    let node = Node::installed();
    let key = format!("{DIR}/server.key");
    let outcome = node.ask(&["check-node", "orange", &key]);
    let files: Vec<&str> =
        outcome.stdout.lines().skip(1).filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(files, [format!("{DIR}/server.crt"), key.clone()]);
    let outcome = node.ask(&["check-node", DIR]);
    assert_eq!((outcome.stdout.lines().count(), outcome.exit), (6, Exit::Done));
    // Relative to where the caller is.
    let text = form(&node, "orange", "env");
    let mut node = node;
    node.world = node.world.with_file("/home/me/flowers/etcd.env", text.as_bytes());
    let outcome = node.ask(&["check-node", "etcd.env"]);
    assert_eq!(state(&outcome, "etcd.env"), "as compiled");
    let missing = node.ask(&["check-node", "orange", "/nowhere/etcd.env"]);
    assert_eq!((state(&missing, "/nowhere/etcd.env"), missing.exit), ("missing", Exit::Failed));
    let ca = format!("{DIR}/ca.key");
    let outcome = node.ask(&["check-node", "orange", &ca]);
    assert_eq!((state(&outcome, &ca), outcome.exit), ("missing", Exit::Failed));
    let stray = node.with("stray.pem", &issue("orange", 0, 1, false).pem);
    let stray = stray.ask(&["check-node", "orange", &format!("{DIR}/stray.pem")]);
    assert_eq!(state(&stray, &format!("{DIR}/stray.pem")), "not ours");
}

#[test]
fn what_may_not_be_read_is_said_and_that_root_can() {
    let mut node = Node::installed();
    node.world = node.world.denying(DIR);
    let outcome = wrong(&node);
    assert_eq!((state(&outcome, UNIT), state(&outcome, DIR)), ("as compiled", "unreadable"));
    assert!(outcome.stderr.contains("or as root\n"), "{}", outcome.stderr);
    let mut node = Node::installed();
    node.world = node.world.denying(UNIT);
    let outcome = wrong(&node);
    assert!(outcome.stderr.contains("\nhelp: run it as root\n"), "{}", outcome.stderr);
}

#[test]
fn without_tls_the_unit_is_all_there_is() {
    let cluster = crate::common::plain_cluster();
    let world = crate::common::World::new();
    let unit = world.ask(&cluster, &[], &["command", "orange", "-o", "systemd"]).stdout;
    let installed = world.with_file(UNIT, unit.as_bytes());
    let outcome = installed.ask(&cluster, &[], &["check-node"]);
    assert_eq!((state(&outcome, UNIT), outcome.exit), ("as compiled", Exit::Done));
    let empty = crate::common::World::new().ask(&cluster, &[], &["check-node", "orange"]);
    assert!(empty.stderr.contains("bouquet check-node orange FILE"), "{}", empty.stderr);
}

#[test]
fn json_has_every_problem_and_stderr_none() {
    let node = Node::installed();
    let edited = unit(&node).replace("250", "500");
    let outcome = node.with_unit(&edited).ask(&["check-node", "--json"]);
    assert_eq!((outcome.stderr.as_str(), outcome.exit), ("", Exit::Failed));
    insta::assert_snapshot!(outcome.stdout.lines().take(24).collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_file_cannot_command_a_terminal() {
    let node = Node::installed();
    let theirs = unit(&node).replace("etcd member orange: ", "etcd member \u{1b}[31m: ");
    let outcome = node.with_unit(&theirs).ask(&["check-node", "orange"]);
    // What would command one is taken out of both here, and what is escaped is not.
    for printed in [outcome.stdout, outcome.stderr] {
        assert!(printed.contains(r"\u{1b}[31m"), "{printed}");
    }
}
