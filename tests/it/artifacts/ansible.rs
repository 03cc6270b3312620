//! The inventory and the playbook, read by Ansible itself.

use crate::support::run::{Said, run, stdout, tools};
use serde_json::Value;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Where someone calls Ansible who has the program at hand.
struct Shell {
    folder: TempDir,
}

impl Shell {
    fn new() -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        symlink(env!("CARGO_BIN_EXE_bouquet"), folder.path().join("bouquet")).expect("a link");
        Self { folder }
    }

    /// Calls a program of Ansible's with the inventory of `examples/ansible`.
    fn calls(&self, program: &str, line: &[&str]) -> Said {
        let path = format!("{}:/usr/bin:/bin", self.folder.path().display());
        let mut command = Command::new(tools().join("venv/bin").join(program));
        command.arg("-i").arg(example("inventory")).args(line);
        command.env_clear().env("PATH", path).env("HOME", self.folder.path());
        run(command.env("LC_ALL", "C.UTF-8").current_dir(env!("CARGO_MANIFEST_DIR")))
    }

    /// Plays the playbook with this machine as the node of orange, without a network, and with a folder for programs that is
    /// empty, by what needs `sudo` even as root where it is asked to become root.
    fn plays(&self, variable: &str, options: &str) -> Said {
        let script = format!(
            "mount -t tmpfs tmpfs /usr/local/bin\n\
             exec env {variable} {}/venv/bin/ansible-playbook -i {} {} --limit orange -e ansible_connection=local {options}",
            tools().display(),
            example("inventory").display(),
            example("install.yml").display()
        );
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--net", "--mount", "sh", "-euc", &script]);
        let path = format!("{}:/usr/bin:/bin", self.folder.path().display());
        command.env_clear().env("PATH", path).env("HOME", self.folder.path());
        command.env("ANSIBLE_BECOME_ALLOW_SAME_USER", "true").env("LC_ALL", "C.UTF-8");
        run(command.current_dir(env!("CARGO_MANIFEST_DIR")))
    }
}

fn example(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/ansible").join(file)
}

#[test]
fn ansible_reads_the_inventory_as_it_is() {
    let said = Shell::new().calls("ansible-inventory", &["--list"]);
    assert!(said.ok, "{}", said.stderr);
    let read: Value = serde_json::from_str(&said.stdout).expect("JSON");
    let mut program = Command::new(env!("CARGO_BIN_EXE_bouquet"));
    let ours = stdout(program.args(["ansible", "--list"]).current_dir(env!("CARGO_MANIFEST_DIR")));
    let ours: Value = serde_json::from_str(&ours).expect("JSON");
    assert_eq!(read["_meta"]["hostvars"], ours["_meta"]["hostvars"]);
    assert_eq!(read["etcd"], ours["etcd"]);
    assert_eq!(ours["etcd"]["hosts"], serde_json::json!(["daffodil", "pink", "orange"]));
    assert!(!said.stderr.contains("WARNING"), "{}", said.stderr);
}

#[test]
fn the_playbook_is_one_that_ansible_takes() {
    let playbook = example("install.yml");
    let playbook = playbook.to_str().expect("a path");
    let said = Shell::new().calls("ansible-playbook", &["--syntax-check", playbook]);
    assert!(said.ok, "{}{}", said.stdout, said.stderr);
    let said = Shell::new().calls("ansible-playbook", &["--list-hosts", playbook]);
    assert!(said.stdout.contains("hosts (3):"), "{}{}", said.stdout, said.stderr);
    let broken = Shell::new();
    let file = broken.folder.path().join("broken.yml");
    let text = std::fs::read_to_string(playbook).expect("a file");
    std::fs::write(&file, text.replace("ansible.builtin.assert:", "ansible.builtin.asert:"))
        .expect("a file");
    assert!(
        !broken.calls("ansible-playbook", &["--syntax-check", file.to_str().expect("a path")]).ok
    );
}

/// Nor does it need `sudo`, where ssh logs in as root.
#[test]
fn a_look_by_root_needs_no_sudo_and_what_the_command_says_is_shown() {
    let program = format!("-e etcd_program={}", env!("CARGO_BIN_EXE_bouquet"));
    let said = Shell::new().plays("", &format!("--check {program}"));
    let words = "note: nothing was changed";
    assert!(!said.ok && said.stdout.contains(words), "{}{}", said.stdout, said.stderr);
    assert!(!said.stdout.contains("sudo"), "{}", said.stdout);
}

#[test]
fn what_is_not_at_hand_is_said_before_anything_is_done() {
    let shell = Shell::new();
    let stops = |variable: &str, options: &str, words: &str| {
        let said = shell.plays(variable, options);
        assert!(!said.ok && said.stdout.contains(words), "{}{}", said.stdout, said.stderr);
        assert!(!said.stdout.contains("TASK [Bring the program]"), "{}", said.stdout);
    };
    stops(
        "",
        "-e etcd_program=none",
        "there is no none here: `CC_x86_64_unknown_linux_musl=cc cargo build",
    );
    stops("BOUQUET_OUT=/none", "", "there is no out/ here: ");
}

/// Of a cluster that nobody sees, neither number is known.
#[test]
fn the_gate_says_what_status_finds_and_nothing_else() {
    let gate = "--start-at-task 'Wait until all members are up' -e etcd_tries=1";
    let said = Shell::new().plays("", gate);
    assert!(!said.ok && said.stdout.contains("there is no way to pink at"), "{}", said.stdout);
    assert!(!said.stdout.contains("client_certificate"), "{}", said.stdout);
}
