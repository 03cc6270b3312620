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
