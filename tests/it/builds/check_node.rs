//! `check-node` of a program that cargo built, on files that were copied from its `out/`.

use crate::support::cluster::SPEC;
use crate::support::package::Package;
use crate::support::run::{Said, run};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A machine: a folder with a program, a unit, a file for containers, and certificates.
struct Node {
    folder: TempDir,
}

impl Node {
    /// One that has all of orange's files, laid as the guide has them laid.
    fn installed(package: &Package) -> Self {
        let node = Self { folder: TempDir::new().unwrap() };
        let from = package.path("out/members/orange");
        let lay = "install -d -m 0700 certs && install -m 0600 \"$1\"/certs/* certs/ \
                   && install -m 0644 \"$1/etcd.service\" \"$1/etcd.env\" .";
        let said = run(Command::new("sh")
            .args(["-euc", lay, "sh"])
            .arg(from)
            .current_dir(node.folder.path()));
        assert!(said.ok, "{}", said.stderr);
        node.takes_the_program();
        node
    }

    fn takes_the_program(&self) {
        // Another one is in the target folder after the next build.
        let _ = fs::remove_file(self.path("flowers"));
        fs::copy(Package::target().join("debug/flowers"), self.path("flowers")).unwrap();
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn check(&self) -> Said {
        let files = ["etcd.service", "etcd.env", "certs"];
        run(Command::new(self.path("flowers"))
            .args(["check-node", "orange"])
            .args(files)
            .current_dir(self.folder.path()))
    }

    /// What is said of a machine of which something is wrong, and the state of a file.
    #[track_caller]
    fn says(&self, file: &str, state: &str, problem: &str) {
        let Said { ok, stdout, stderr } = self.check();
        let row = stdout.lines().find(|line| line.split(' ').next() == Some(file));
        let row = row.unwrap_or_else(|| panic!("no {file} in\n{stdout}"));
        assert!(row.ends_with(&format!("  {state}")), "{row}");
        assert!(!ok && stderr.contains(problem), "{stderr}");
    }

    /// Changes a file for as long as `then` takes.
    fn with(&self, file: &str, change: impl Fn(&Path), then: impl Fn()) {
        let path = self.path(file);
        let (content, mode) =
            (fs::read(&path).unwrap(), fs::metadata(&path).unwrap().permissions());
        change(&path);
        then();
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, mode).unwrap();
    }
}

fn replace(from: &'static str, to: &'static str) -> impl Fn(&Path) {
    move |path| {
        let text = fs::read_to_string(path).unwrap();
        assert!(text.contains(from), "{text}");
        fs::write(path, text.replace(from, to)).unwrap();
    }
}

#[test]
fn a_node_tells_what_of_its_files_is_not_as_compiled() {
    let package = Package::new(&SPEC.replace("faults", "node"));
    package.build();
    let node = Node::installed(&package);
    let all_is_well = || {
        let Said { ok, stdout, stderr } = node.check();
        assert!(ok && stderr.is_empty(), "{stdout}{stderr}");
    };
    all_is_well();

    let edit = replace("LimitNOFILE=65536", "LimitNOFILE=1024");
    node.with("etcd.service", edit, || {
        node.says("etcd.service", "edited", "is `LimitNOFILE=1024`\n");
    });
    let theirs = package.path("out/members/pink");
    let copy = |name: &'static str| {
        let from = theirs.join(name);
        move |to: &Path| fs::write(to, fs::read(&from).unwrap()).unwrap()
    };
    node.with("etcd.env", copy("etcd.env"), || {
        node.says("etcd.env", "another member's", "etcd.env is of `pink`, not of `orange`\n");
    });
    node.with("certs/server.crt", copy("certs/server.crt"), || {
        node.says("certs/server.crt", "another member's", "server.crt is of `pink`");
        node.says("certs/server.key", "does not fit", "does not fit server.crt");
    });
    node.with("certs/peer.key", copy("certs/peer.key"), || {
        node.says("certs/peer.key", "does not fit", "does not fit peer.crt");
    });
    let open = |path: &Path| fs::set_permissions(path, Permissions::from_mode(0o644)).unwrap();
    node.with("certs/server.key", open, || {
        node.says("certs/server.key", "too open", "`chmod g-w,o= certs/server.key`");
    });
    let ca_key = node.path("certs/forgotten.key");
    fs::copy(package.path("out/pki/ca.key"), &ca_key).unwrap();
    node.says("certs/forgotten.key", "key of a CA", "no node may have");
    fs::remove_file(ca_key).unwrap();
    let drop_in = node.path("etcd.service.d");
    fs::create_dir(&drop_in).unwrap();
    fs::write(drop_in.join("mine.conf"), "[Service]\nEnvironment=ETCD_NAME=x\n").unwrap();
    let file = node.path("etcd.service.d/mine.conf").display().to_string();
    node.says(&file, "overrides", "overrides `Environment`");
    fs::remove_dir_all(drop_in).unwrap();
    all_is_well();

    // The program and the files of two builds.
    package.write(&fs::read_to_string(package.path("cluster.toml")).unwrap().replace(
        "[etcd]",
        "[tls]\nlayout = \"separate\"\ngeneration = 2\n[etcd]\nheartbeat-interval = 200",
    ));
    package.build();
    all_is_well();
    node.takes_the_program();
    node.says("etcd.service", "other build", "as compiled it is `--heartbeat-interval=200");
    node.says("certs/server.crt", "older", "not rolled out?");
    node.says("certs/server.key", "fits", "");
}
