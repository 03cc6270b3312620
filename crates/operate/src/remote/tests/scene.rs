//! What stands for `ssh`, and for the node behind it.

#![expect(clippy::disallowed_methods, reason = "these tests lay programs and read what they left")]

use crate::node::Bundle;
use crate::remote::{Program, Remote, Undone};
use crate::show::hex;
use bouquet_x509::{Secret, fingerprint};
use std::cell::RefCell;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

pub(super) const DESTINATION: &str = "admin@10.0.0.2";

/// The words that `ssh` is given go to a shell, which has the node's programs before the system's.
const SSH: &str = "printf '%s\\n' \"$@\" >HERE/words; while [ \"$1\" != -- ]; do shift; done; shift 2\n\
    export PATH=HERE/node:/usr/bin:/bin\n";

/// A program that tells what it is given. It is as long as one that is not read at once.
const PROGRAM: &str = "#!/bin/sh\n[ \"$*\" != --version ] || exit 0\n\
    printf '%s\\n' \"$@\" >HERE/told; cat >HERE/tar; dirname \"$0\" >HERE/place; stat -c %a \"$(dirname \"$0\")\" >HERE/mode\n\
    echo did this; echo \"minded that\" >&2; echo 'orange runs, and is ready'\nexit CODE\n#";

pub(super) struct Scene {
    folder: TempDir,
    said: RefCell<String>,
}

impl Scene {
    /// Makes a node whose root is who logs in, with a connection that works.
    pub(super) fn new() -> Self {
        let scene = Self { folder: TempDir::new().unwrap(), said: RefCell::default() };
        fs::create_dir(scene.path("node")).unwrap();
        scene.ssh("exec sh -c \"$*\"");
        scene.node("id", "echo 0");
        scene
    }

    /// Has `ssh` do that, with the line that is meant for the node as its arguments.
    pub(super) fn ssh(&self, does: &str) {
        self.lays("ssh", &format!("{SSH}{does}"));
    }

    /// Puts a program onto the node.
    pub(super) fn node(&self, name: &str, does: &str) {
        self.lays(&format!("node/{name}"), does);
    }

    /// Writes a script by another process: where this one has it open for writing, so has, for a moment, whatever
    /// another test starts, and then nobody can run it.
    fn lays(&self, name: &str, text: &str) {
        let text = text.replace("HERE", &self.folder.path().display().to_string());
        let mut shell = Command::new("sh");
        shell.args(["-c", "cat >\"$1\" && chmod 755 \"$1\"", "sh"]).arg(self.path(name));
        let mut shell = shell.stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = shell.stdin.take().unwrap();
        stdin.write_all(format!("#!/bin/sh\n{text}\n").as_bytes()).unwrap();
        drop(stdin);
        assert!(shell.wait().unwrap().success());
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Returns what was left there by a program; nothing where it did not run.
    pub(super) fn left(&self, name: &str) -> String {
        String::from_utf8_lossy(&fs::read(self.path(name)).unwrap_or_default()).into_owned()
    }

    pub(super) fn tar(&self) -> Vec<u8> {
        fs::read(self.path("tar")).unwrap_or_default()
    }

    /// Returns the program that goes to the node, and ends with that code.
    pub(super) fn program(&self, code: i32) -> Program {
        let text = PROGRAM.replace("HERE", &self.folder.path().display().to_string());
        let mut bytes = text.replace("CODE", &code.to_string()).into_bytes();
        bytes.resize(300_001, b'#');
        let machine = std::env::consts::ARCH.to_owned();
        Program { sum: hex(&fingerprint(&bytes)), bytes: bytes.into(), machine }
    }

    /// Does something with the node; what it said meanwhile.
    pub(super) fn does<T>(
        &self,
        deadline: Duration,
        act: impl FnOnce(&Remote<'_>) -> Result<T, Undone>,
    ) -> (Result<T, Undone>, String) {
        let say = |line: &str| self.said.borrow_mut().push_str(line);
        let ssh = self.path("ssh");
        let remote = Remote::new(("orange", DESTINATION), "bouquet", &say);
        let remote = Remote { ssh: ssh.as_os_str(), deadline, ..remote };
        let done = act(&remote);
        (done, self.said.take())
    }
}

/// What is brought for a member. Its key is in no place where anybody could see it.
pub(super) const KEY: &str = "-----BEGIN PRIVATE KEY-----";

pub(super) fn bundle() -> Bundle {
    let file =
        |name: &str, text: &str| (PathBuf::from(name), Secret::from(text.as_bytes().to_vec()));
    let files = [file("certs/peer.key", KEY), file("etcd.service", "[Service]\n")];
    Bundle { from: Path::new("out/members/orange").to_owned(), files: files.into() }
}

/// Long enough for any of these.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);
