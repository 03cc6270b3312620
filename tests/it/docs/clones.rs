//! The terminals of two people, each with a clone of the same repository and a home of their own.

use super::root;
use super::terminal::{build, shell};
use bouquet_build::Asked;
use std::collections::BTreeMap;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Where they push to and pull from, as documents show it.
const HOST: &str = "git.example.org:";

/// Ana's clone has the keys; Ben's begins without. Keys of both are gone with this, and its path is short
/// enough for the sockets of gpg.
pub(crate) struct Clones {
    folder: TempDir,
}

impl Clones {
    /// With the `out/` and the lock that the program was built with, in Ana's alone: no key goes to Ben
    /// but by what a page does.
    pub(crate) fn new() -> Self {
        let clones = Self { folder: TempDir::new().unwrap() };
        let bin = clones.folder.path().join("bin");
        std::fs::create_dir(&bin).unwrap();
        symlink(env!("CARGO_BIN_EXE_bouquet"), bin.join("bouquet")).unwrap();
        let ana = clones.clone_of("ana");
        std::fs::create_dir_all(&ana).unwrap();
        let root = root().display();
        clones.quiet("ana", &format!("cp -a {root}/cluster.toml {root}/cluster.lock {root}/out ."));
        clones.quiet(
            "ana",
            "echo /target > .gitignore && git init --quiet --initial-branch=main && git add . && git commit --quiet --message 'Describe the cluster' \
             && git clone --quiet --bare . ../../origin.git \
             && git remote add origin ../../origin.git && git fetch --quiet \
             && git branch --quiet --set-upstream-to=origin/main",
        );
        let home = clones.home("ben");
        std::fs::create_dir_all(&home).unwrap();
        let done = shell(
            &identified("ben", "git clone --quiet ../origin.git bouquet"),
            &home,
            &home,
            &bin,
        );
        assert_eq!(done, "");
        clones
    }

    /// The same, and Ben has the keys too.
    pub(crate) fn both() -> Self {
        let clones = Self::new();
        clones.quiet("ben", "cp -a ../../ana/bouquet/out .");
        clones
    }

    /// Runs what a page types at a person's machine.
    pub(crate) fn run(&self, who: &str, command: &str) -> String {
        let folder = self.clone_of(who);
        let (asked, rest) = asked(command);
        let host = format!("{}/", self.folder.path().display());
        let printed = match rest {
            "cargo build" => build(&folder, &folder, asked).1,
            _ => self.shell(who, &command.replace(HOST, &host)),
        };
        let home = self.home(who).display().to_string();
        printed.replace(&home, &format!("/home/{who}")).replace(&host, HOST)
    }

    /// Runs what no page shows, and what has to say nothing.
    pub(crate) fn quiet(&self, who: &str, command: &str) {
        assert_eq!(self.shell(who, command), "", "{command}");
    }

    /// Puts a program where both find it.
    pub(crate) fn provide(&self, program: &Path) {
        let name = program.file_name().expect("a program's name");
        symlink(program, self.folder.path().join("bin").join(name)).unwrap();
    }

    /// Puts a script in the place of a program.
    pub(crate) fn script(&self, name: &str, text: &str) {
        let place = self.folder.path().join("bin").join(name);
        std::fs::write(&place, text).unwrap();
        std::fs::set_permissions(place, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Whether both have the same `out/` now, with the same modes, keys and certificates included; but for the
    /// log, which tells what was issued where it lies.
    pub(crate) fn assert_same_out(&self) {
        let [ana, ben] = ["ana", "ben"].map(|who| {
            let mut all = files(&self.clone_of(who).join("out"));
            all.retain(|path, _| !path.starts_with("log"));
            all
        });
        assert!(ana.keys().any(|path| path.ends_with("pki/ca.key")));
        for (path, file) in &ana {
            assert!(ben.get(path) == Some(file), "{} is not the same", path.display());
        }
        assert_eq!(ana.len(), ben.len(), "{:?}", ben.keys());
    }

    /// The folder of a person's clone.
    pub(crate) fn clone_of(&self, who: &str) -> PathBuf {
        self.home(who).join("bouquet")
    }

    fn home(&self, who: &str) -> PathBuf {
        self.folder.path().join(who)
    }

    fn shell(&self, who: &str, command: &str) -> String {
        let bin = self.folder.path().join("bin");
        shell(&identified(who, command), &self.clone_of(who), &self.home(who), &bin)
    }
}

/// The command, as that person types it: with a name for commits, and without what this machine has set
/// up for all.
fn identified(who: &str, command: &str) -> String {
    let variables = [
        "GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1",
        "GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=init.defaultBranch GIT_CONFIG_VALUE_0=main",
        &format!("GIT_AUTHOR_NAME={who} GIT_AUTHOR_EMAIL={who}@example.org"),
        &format!("GIT_COMMITTER_NAME={who} GIT_COMMITTER_EMAIL={who}@example.org"),
    ];
    format!("export {}\n{command}", variables.join(" "))
}

/// Takes the variables that a build is asked by from the front of a command line.
fn asked(command: &str) -> (Asked, &str) {
    let (mut asked, mut rest) = (Asked::default(), command);
    while let Some((word, after)) = rest.split_once(' ') {
        match word {
            "BOUQUET_LOCKED=1" => asked.locked = true,
            "BOUQUET_WRITE=0" => asked.write = Some(false),
            "BOUQUET_WRITE=1" => asked.write = Some(true),
            _ => break,
        }
        rest = after;
    }
    (asked, rest)
}

/// Every file below a folder with its mode and content, but for those that bear the folder's place in
/// their name.
fn files(folder: &Path) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
    let mut all = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if !path.file_name().unwrap().to_string_lossy().starts_with(".here-") {
                let mode = path.metadata().unwrap().permissions().mode();
                let content = std::fs::read(&path).unwrap();
                all.insert(path.strip_prefix(folder).unwrap().to_owned(), (mode, content));
            }
        }
    }
    all
}
