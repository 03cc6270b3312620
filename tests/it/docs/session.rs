//! The terminal of a reader: a clone of this repository that has been built.

use super::terminal::{build, shell};
use super::{root, scratch};
use bouquet_build::Asked;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

mod cluster {
    //! The cluster that the program was built from.
    #![expect(unreachable_pub, dead_code, reason = "generated for any package")]
    include!(concat!(env!("OUT_DIR"), "/cluster.rs"));
}

/// Where a reader's clone is, as documents show it.
const CLONE: &str = "/home/you/bouquet";

/// What a reader does elsewhere: getting the repository, and setting up the shell.
const ELSEWHERE: &[&str] = &["git clone ", "cd ", "export PATH="];

/// The IDs and digests of the members and of the cluster, which follow from cluster.toml.
pub(crate) fn known_ids() -> &'static [String] {
    static IDS: LazyLock<Vec<String>> = LazyLock::new(|| {
        let members = &cluster::CLUSTER.members;
        let ids = members.iter().filter_map(|m| m.id).map(|id| id.to_string());
        let ids = ids.chain(cluster::CLUSTER.id.map(|id| id.to_string()));
        let digests = members.iter().map(|member| member.digest).chain([cluster::CLUSTER.digest]);
        ids.chain(digests.flat_map(|digest| [digest.to_string(), digest.full()])).collect()
    });
    &IDS
}

/// A folder with this repository's cluster.toml and what was built from it.
pub(crate) struct Session {
    folder: PathBuf,
}

impl Session {
    /// With the `out/` that the program was built with. `name` tells it from the others.
    pub(crate) fn new(name: &str) -> Self {
        Self::with(name, &root().join("out"))
    }

    /// With the `out/` of its own builds, which commands may change and destroy as they like.
    pub(crate) fn apart(name: &str) -> Self {
        Self::with(name, Path::new("fresh/out"))
    }

    fn with(name: &str, out: &Path) -> Self {
        // In a folder of its own, so that what is made beside the clone is gone with it.
        let folder = scratch(name).join("bouquet");
        std::fs::create_dir(&folder).unwrap();
        std::fs::copy(root().join("cluster.toml"), folder.join("cluster.toml")).unwrap();
        std::fs::create_dir(folder.join("bin")).unwrap();
        symlink(env!("CARGO_BIN_EXE_bouquet"), folder.join("bin/bouquet")).unwrap();
        symlink(out, folder.join("out")).unwrap();
        Self { folder }
    }

    /// What a command line prints, on stdout and stderr.
    pub(crate) fn run(&self, command: &str) -> String {
        if ELSEWHERE.iter().any(|word| command.starts_with(word)) {
            return String::new();
        }
        let printed = match command {
            "cargo build" => self.build().1,
            "cargo run" => match self.build() {
                (true, printed) => printed + &self.shell("bouquet"),
                (false, printed) => printed,
            },
            _ => self.shell(command),
        };
        let printed = printed.replace(&self.folder.display().to_string(), CLONE);
        // The program was built in this repository, which is the clone too.
        printed.replace(&root().display().to_string(), CLONE)
    }

    fn shell(&self, command: &str) -> String {
        shell(command, &self.folder, &self.folder, &self.folder.join("bin"))
    }

    /// The compile step. It writes to a folder of its own, because the program that runs here has the CA
    /// of the real `out/` in it.
    fn build(&self) -> (bool, String) {
        build(&self.folder, &self.folder.join("fresh"), Asked::default())
    }
}
