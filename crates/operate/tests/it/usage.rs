//! Help, version, completions and mistakes on the command line.

use crate::common::{OTHER_CA_PEM, World, flowers};
use bouquet_model::name::MemberName;
use bouquet_model::{Cluster, Member};
use bouquet_operate::Exit;

#[test]
fn help_has_examples_with_this_clusters_members() {
    for (name, line) in [
        ("help", &["--help"][..]),
        ("help_of_command", &["command", "--help"]),
        ("help_of_ansible", &["ansible", "--help"]),
        ("help_of_certs", &["certs", "--help"]),
        ("help_of_check_node", &["check-node", "--help"]),
        ("help_of_doctor", &["doctor", "--help"]),
        ("help_of_install", &["install", "--help"]),
        ("help_of_etcdctl", &["etcdctl", "--help"]),
        ("help_of_status", &["status", "--help"]),
        ("help_of_snapshot", &["snapshot", "--help"]),
        ("help_of_restore", &["restore", "--help"]),
        ("help_of_try", &["try", "--help"]),
        ("help_of_done", &["done", "--help"]),
        ("help_of_plan", &["plan", "--help"]),
        ("help_of_diff", &["diff", "--help"]),
        ("help_of_new", &["new", "--help"]),
        ("help_of_secrets", &["secrets", "--help"]),
        ("help_of_secrets_export", &["secrets", "export", "--help"]),
        ("help_of_secrets_import", &["secrets", "import", "--help"]),
    ] {
        let outcome = World::new().flowers(line);
        insta::assert_snapshot!(name, outcome.stdout);
        assert_eq!((outcome.stderr.as_str(), outcome.exit), ("", Exit::Done));
    }
}

#[test]
fn help_fits_into_80_columns_however_many_members_there_are() {
    let mut many = flowers::CLUSTER.clone();
    let first = many.members[0].clone();
    let named = |n: usize| Member {
        name: MemberName::parse(&format!("{n:02}{}", "n".repeat(n))).expect("a name"),
        ..first.clone()
    };
    many.members = (0..=62).map(named).collect();
    for cluster in [&flowers::CLUSTER, &many] {
        for command in [
            "",
            "members",
            "command",
            "ansible",
            "certs",
            "check-node",
            "doctor",
            "install",
            "etcdctl",
            "status",
            "snapshot",
            "restore",
            "rescue",
            "try",
            "done",
            "plan",
            "apply",
            "diff",
            "new",
            "secrets",
            "secrets export",
            "secrets import",
            "completions",
            "man",
        ] {
            for help in ["-h", "--help"] {
                let line: Vec<&str> =
                    command.split(' ').chain([help]).filter(|w| !w.is_empty()).collect();
                let text = World::new().ask(cluster, flowers::CERTIFICATES, &line).stdout;
                let long = text.lines().find(|line| line.len() > 80);
                assert_eq!(long, None, "{command} {help}");
                let member = cluster.members[cluster.members.len() - 1].name.as_str();
                let has_names =
                    ["command", "certs", "check-node", "doctor", "install", "etcdctl", "done"]
                        .contains(&command);
                assert_eq!(text.contains(member), has_names, "{command} {help}: {text}");
            }
        }
    }
}

#[test]
fn version_tells_which_definition_and_commit_it_was_built_from() {
    let of = |cluster| World::new().ask(cluster, flowers::CERTIFICATES, &["--version"]).stdout;
    let release = env!("CARGO_PKG_VERSION");
    let built = "cluster etcd-cluster-1, definition 4f1c0b2ad0e1f233, etcd 3.5";
    assert_eq!(of(&flowers::CLUSTER), format!("bouquet {release} ({built}, git 8d0a7b1c2d3e)\n"));
    let without_git = Cluster { revision: None, ..flowers::CLUSTER.clone() };
    assert_eq!(of(&without_git), format!("bouquet {release} ({built})\n"));
}

#[test]
fn a_program_of_another_name_calls_itself_by_that() {
    for line in [
        &["--version"][..],
        &["--help"],
        &["certs", "--help"],
        &["etcdctl", "a", "b"],
        &["secrets", "export", "-h"],
    ] {
        let outcome = World::new().called("/usr/local/bin/tulips").flowers(line);
        let said = outcome.stdout + &outcome.stderr;
        assert!(said.contains("tulips") && !said.contains("bouquet"), "{said}");
    }
}

#[test]
fn all_pages_and_completions_of_a_program_of_another_name_call_it_by_that() {
    let world = World::new().called("tulips");
    let help = world.flowers(&["--help"]).stdout;
    let (_, commands) = help.split_once("Commands:\n").unwrap();
    let commands = commands.lines().take_while(|line| line.starts_with("  "));
    let commands = commands.filter_map(|line| line.split_whitespace().next());
    let pages = commands.map(|command| [command, "--help"]);
    let scripts = ["bash", "elvish", "fish", "powershell", "zsh"].map(|it| ["completions", it]);
    for line in pages.chain(scripts) {
        let outcome = world.flowers(&line);
        // Not typed are the name of a file of metrics, and that of a state in zsh's script.
        let text = outcome.stdout.replace("bouquet.prom", "");
        let text = text.replace("->bouquet\"", "").replace("(bouquet)", "");
        let text = text.replace(":bouquet-command-", "");
        assert!(text.contains("tulips") && !text.contains("bouquet"), "{line:?}: {text}");
    }
}

#[test]
fn without_a_word_of_its_name_the_program_has_that_of_its_package() {
    let tulips = Cluster { program: "tulips".into(), ..flowers::CLUSTER.clone() };
    let help = World::new().called("").ask(&tulips, flowers::CERTIFICATES, &["--help"]).stdout;
    assert!(help.contains("Usage: tulips "), "{help}");
}

#[test]
fn a_wrong_command_says_which_was_meant() {
    let outcome = World::new().flowers(&["member"]);
    assert!(outcome.stderr.contains("'members'"), "{}", outcome.stderr);
    assert_eq!((outcome.stdout.as_str(), outcome.exit), ("", Exit::Misused));
}

#[test]
fn a_wrong_command_line_ends_with_64_and_with_no_code_of_a_state() {
    for line in [
        &["member"][..],
        &["--nonsense"],
        &["--out"],
        &["members", "orange"],
        &["command"],
        &["command", "orage"],
        &["command", "orange", "-o", "toml"],
        &["certs", "orage"],
        &["certs", "--within", "30"],
        &["certs", "--critical", "7d"],
        &["check-node", "orage"],
        &["etcdctl", "endpoint", "health"],
        &["etcdctl", "--client", "rot"],
        &["new"],
        &["new", "a", "--rev", "8d0a7b1"],
        &["new", "a", "--git", "https://a/b", "--version", "1"],
        &["secrets"],
        &["secrets", "seal"],
        &["secrets", "export", "file"],
        &["completions", "csh"],
    ] {
        let outcome = World::new().flowers(line);
        assert_eq!((outcome.stdout.as_str(), outcome.exit.code()), ("", 64), "{line:?}");
        assert!(!outcome.stderr.is_empty(), "{line:?}: nobody is told");
    }
    for line in
        [&["--help"][..], &["--version"], &["certs", "-h"], &["secrets", "import", "--help"]]
    {
        assert_eq!(World::new().flowers(line).exit.code(), 0, "{line:?}");
    }
}

#[test]
fn an_option_before_the_command_is_refused_rather_than_ignored() {
    let outcome = World::new().flowers(&["--json", "members"]);
    assert_eq!(outcome.exit, Exit::Misused);
    assert!(outcome.stderr.contains("behind the command"), "{}", outcome.stderr);
}

#[test]
fn out_may_stand_before_the_command_and_behind_it() {
    let world = || World::new().with_out("/built");
    for line in [
        &["--out", "/built"][..],
        &["--out", "/built", "certs"],
        &["certs", "--out", "/built"],
        &["--out=/built", "command", "orange"],
        &["--out", "/built", "etcdctl"],
        &["members", "--out=/built", "--json"],
    ] {
        let outcome = world().flowers(line);
        assert_eq!((outcome.stderr.as_str(), outcome.exit), ("", Exit::Done), "{line:?}");
        assert!(!outcome.stdout.is_empty());
    }
}

#[test]
fn an_out_that_does_not_serve_is_an_error_of_every_command() {
    let world = || World::built().with_out("/other").with_file("/other/pki/ca.crt", OTHER_CA_PEM);
    for named in ["/nonexistent", "/other"] {
        for line in [&[][..], &["--json"], &["members"], &["certs"], &["command", "orange"]] {
            let line: Vec<_> = ["--out", named].iter().chain(line).copied().collect();
            let outcome = world().flowers(&line);
            assert_eq!((outcome.stdout.as_str(), outcome.exit), ("", Exit::Failed), "{line:?}");
            assert!(outcome.stderr.contains(named), "{}", outcome.stderr);
        }
        let plugin = world().flowers(&["certs", "--check", "--out", named]);
        assert_eq!(plugin.exit, Exit::Unknown);
        assert!(plugin.stdout.contains(named), "{}", plugin.stdout);
    }
}

#[test]
fn members_are_suggested_only_where_one_is_missing() {
    let said = |arguments: &[&str]| World::new().flowers(arguments).stderr;
    assert!(said(&["command"]).contains("daffodil"));
    assert!(!said(&["completions"]).contains("daffodil"));
}
