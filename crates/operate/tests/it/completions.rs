//! Completions: each shell's script, in that shell.

use crate::common::World;
use bouquet_operate::Exit;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Where a member's name may come next.
const MEMBERS: [&str; 18] = [
    "ansible --host",
    "apply --only",
    "apply --replace",
    "certs",
    "check-node",
    "command",
    "doctor",
    "done",
    "done --replaced",
    "done --restored before.db --token T --sole",
    "etcdctl",
    "install",
    "plan --replace",
    "rescue",
    "rescue --from",
    "rescue --lost",
    "restore before.db",
    "snapshot --from",
];

/// Where a client's may.
const CLIENTS: [&str; 8] = [
    "apply --client",
    "certs",
    "done",
    "etcdctl --client",
    "plan --client",
    "rescue --client",
    "snapshot --client",
    "status --client",
];

/// Command lines that were begun, and the name in which each of them has to end.
fn begun() -> Vec<(String, &'static str)> {
    let members = MEMBERS.iter().map(|words| (format!("{words} da"), "daffodil"));
    let clients = CLIENTS.iter().map(|words| (format!("{words} kube"), "kube-apiserver"));
    members.chain(clients).collect()
}

fn script(shell: &str) -> String {
    World::new().flowers(&["completions", shell]).stdout
}

/// Has a shell complete all of these lines, one after the other, in an empty folder; what each ends in.
fn completes(shell: &[&str], driver: &str) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("script");
    std::fs::write(&file, script(shell[0])).unwrap();
    let empty = folder.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    let lines = begun();
    let typed: Vec<&str> = lines.iter().map(|(line, _)| line.as_str()).collect();
    let output = Command::new(shell[0])
        .args(&shell[1..])
        .args(["-c", driver])
        .env("SCRIPT", &file)
        .env("LINES_BEGUN", typed.join("\n"))
        .env("TERM", "vt100")
        .env("HOME", folder.path())
        .current_dir(empty)
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|_| panic!("this test needs {}: run `cargo xtask tools`", shell[0]));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let words: Vec<&str> = said.lines().map(str::trim_end).collect();
    let wanted: Vec<&str> = lines.iter().map(|(_, name)| *name).collect();
    assert_eq!(words, wanted, "{lines:#?}\n{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn bash_completes_names_wherever_a_command_takes_one() {
    completes(
        &["bash", "--norc"],
        r#"
. "$SCRIPT"
while read -r line; do
    COMP_WORDS=(bouquet $line)
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _bouquet bouquet "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
    echo "${COMPREPLY[@]}"
done <<< "$LINES_BEGUN""#,
    );
}

#[test]
fn fish_completes_names_wherever_a_command_takes_one() {
    completes(
        &["fish", "--no-config"],
        r#"
source $SCRIPT
for line in (string split \n -- $LINES_BEGUN)
    complete --do-complete "bouquet $line" | string replace --regex '\t.*' ''
end"#,
    );
}

/// Its completions are asked by a key alone: so it gets a terminal, and a program that says what it was called with.
#[test]
fn zsh_completes_names_wherever_a_command_takes_one() {
    completes(
        &["zsh", "-f"],
        r#"
zmodload zsh/zpty
zpty asked zsh -f -i
zpty -w asked 'PROMPT= RPROMPT=; autoload -Uz compinit; compinit -D -u; source $SCRIPT'
zpty -w asked 'bouquet() { print -r -- "sa""id:${@[-1]}:" }'
for line in ${(f)LINES_BEGUN}; do
    zpty -w -n asked "bouquet $line"$'\t\n'
    zpty -r -m asked said '*said:*:*'
    print -r -- ${${said##*said:}%%:*}
done"#,
    );
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
fn a_node_is_completed_by_its_member_then_by_files() {
    let zsh = script("zsh");
    let member = zsh.find("'::member -- The member whose node").unwrap();
    assert!(zsh.find("'*::files -- ").unwrap() > member, "zsh takes the rest for files");
    let fish = script("fish");
    let names = |command: &str| {
        let begins = format!("complete -c bouquet -n \"__fish_seen_subcommand_from {command}\"");
        fish.lines().find(|line| line.starts_with(&begins)).unwrap().to_owned()
    };
    assert!(names("command").contains(" -f "), "no file is a member");
    for command in ["check-node", "install", "restore"] {
        assert!(!names(command).contains(" -f "), "{command}: a file comes before it, or after");
    }
}
