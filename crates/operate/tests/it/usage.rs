//! Help, version, completions and mistakes on the command line.

use crate::common::World;
use bouquet_operate::Exit;
use std::io::Write as _;
use std::process::{Command, Stdio};

#[test]
fn help_has_examples_with_this_clusters_members() {
    for (name, line) in [
        ("help", &["--help"][..]),
        ("help_of_command", &["command", "--help"]),
        ("help_of_certs", &["certs", "--help"]),
        ("help_of_etcdctl", &["etcdctl", "--help"]),
    ] {
        let outcome = World::new().flowers(line);
        insta::assert_snapshot!(name, outcome.stdout);
        assert_eq!((outcome.stderr.as_str(), outcome.exit), ("", Exit::Done));
    }
}

#[test]
fn help_fits_into_80_columns_but_for_lists_of_names() {
    for command in ["", "members", "command", "certs", "etcdctl", "completions"] {
        for help in ["-h", "--help"] {
            let line: Vec<&str> = [command, help].into_iter().filter(|w| !w.is_empty()).collect();
            let text = World::new().flowers(&line).stdout;
            let long = text.lines().find(|line| line.len() > 80 && !line.contains("[possible"));
            assert_eq!(long, None, "{command} {help}");
        }
    }
}

#[test]
fn version_tells_etcds_too() {
    let text = World::new().flowers(&["--version"]).stdout;
    assert_eq!(text, format!("bouquet {} (etcd 3.5)\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_wrong_command_says_which_was_meant() {
    let outcome = World::new().flowers(&["member"]);
    assert!(outcome.stderr.contains("'members'"), "{}", outcome.stderr);
    assert_eq!((outcome.stdout.as_str(), outcome.exit), ("", Exit::Misused));
}

#[test]
fn an_option_before_the_command_is_refused_rather_than_ignored() {
    assert_eq!(World::new().flowers(&["--json", "members"]).exit, Exit::Misused);
}

#[test]
fn completions_know_the_members() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let outcome = World::new().flowers(&["completions", shell]);
        assert_eq!((outcome.stderr.as_str(), outcome.exit), ("", Exit::Done));
        if !["powershell", "elvish"].contains(&shell) {
            for name in ["daffodil", "kube-apiserver"] {
                assert!(outcome.stdout.contains(name), "{shell} {name}");
            }
        }
    }
}

#[test]
fn completions_parse_in_bash() {
    let script = World::new().flowers(&["completions", "bash"]).stdout;
    let mut bash = Command::new("bash").arg("-n").stdin(Stdio::piped()).spawn().unwrap();
    bash.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    assert!(bash.wait().unwrap().success());
}

#[test]
fn bash_completes_a_members_name() {
    let script = World::new().flowers(&["completions", "bash"]).stdout;
    let ask = "COMP_WORDS=(bouquet command da); COMP_CWORD=2; \
               _bouquet bouquet da command; echo \"${COMPREPLY[@]}\"";
    let output = Command::new("bash").args(["-c", &format!("{script}\n{ask}")]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "daffodil\n");
}

#[test]
fn members_are_suggested_only_where_one_is_missing() {
    let said = |arguments: &[&str]| World::new().flowers(arguments).stderr;
    assert!(said(&["command"]).contains("daffodil"));
    assert!(!said(&["completions"]).contains("daffodil"));
}
