//! A member alone on its machine, with folders that outlive each of its processes.

use crate::support::build::Output;
use crate::support::node::Node;
use crate::support::place::Block;
use crate::support::run::{Said, etcd, run, stdout};
use std::fs;
use std::net::Ipv4Addr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;

/// What a build wrote for a member called `one`, and the machine that it runs on.
pub(super) struct Seat {
    pub(super) output: Output,
    programs: PathBuf,
}

impl Seat {
    /// The machine has this release of etcd.
    pub(super) fn of_release(spec: &str, release: &str) -> Self {
        Self::new(Output::of(spec), etcd(release))
    }

    /// The machine has this script in place of etcd.
    pub(super) fn with_program(spec: &str, script: &str) -> Self {
        let output = Output::of(spec);
        let programs = output.beside("programs");
        fs::create_dir(&programs).expect("a folder");
        let program = programs.join("etcd");
        fs::write(&program, script).expect("a file");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("a mode");
        Self::new(output, programs)
    }

    fn new(output: Output, programs: PathBuf) -> Self {
        fs::write(output.beside("hosts"), "127.0.0.1 localhost\n").expect("a file");
        for folder in ["opt", "data", "lib"] {
            fs::create_dir(output.beside(folder)).expect("a folder");
        }
        let certs = output.path("members/one/certs");
        if certs.exists() {
            stdout(Command::new("cp").arg("-r").args([&certs, &output.beside("opt")]));
        }
        Self { output, programs }
    }

    /// Runs a script in a folder with the member's files and those of the client `root`.
    pub(super) fn run(&self, script: &str) -> Said {
        run(&mut self.node().sh(&format!("cd /root/etcd; {script}")))
    }

    /// The same, which has to succeed; all that it said.
    pub(super) fn does(&self, script: &str) -> String {
        let Said { ok, stdout, stderr } = self.run(script);
        assert!(ok, "{stdout}\n{stderr}");
        stdout + &stderr
    }

    fn node(&self) -> Node {
        let Self { output, programs } = self;
        let mut node = Node::new(&output.beside("root"), &output.beside("hosts"), programs)
            .with(output.path("members/one"), "/root/etcd")
            .sharing(output.beside("opt"), "/opt/etcd")
            .sharing(output.beside("data"), "/data")
            .sharing(output.beside("lib"), "/var/lib");
        if output.path("clients/root").exists() {
            node = node.with(output.path("clients/root"), "/root/client");
        }
        node
    }
}

/// The spec of a member alone, with these options of etcd.
pub(super) fn spec(block: &Block, release: &str, options: &str) -> String {
    let address = block.address(Ipv4Addr::LOCALHOST);
    format!(
        "[cluster]\ntoken = 'alone'\netcd = '{release}'\n[etcd]\n{options}\n\
         [tls]\ncerts-dir = '/opt/etcd/certs'\n\
         [[member]]\nname = 'one'\nip = '{address}'\n[[client]]\nname = 'root'\n"
    )
}
