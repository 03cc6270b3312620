//! What a build refuses, done by force: what its error says would happen happens. Each on the release where
//! it is worst, from files that know no guard.

mod cas;
mod members;
mod options;
mod tls;
mod versions;

use crate::support::build::Output;
use crate::support::machines::machines;
use crate::support::place::Block;
use bouquet_model::change::{Change, Class, changes};
use bouquet_model::running::Running;
use std::path::Path;
use tempfile::TempDir;

/// Three members without TLS that ran from one build, and the build that comes after it.
pub(super) struct Forced {
    folder: TempDir,
    block: Block,
}

/// One of the two builds.
pub(super) struct Side<'a> {
    pub(super) release: &'a str,
    /// More of `[etcd]`, and the members.
    pub(super) rest: &'a str,
}

/// Three members.
pub(super) const THREE: &str = "[[member]]\nname = 'a'\nip = '10.0.0.1'\n\
     [[member]]\nname = 'b'\nip = '10.0.0.2'\n[[member]]\nname = 'c'\nip = '10.0.0.3'\n";

impl Forced {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        Self { folder, block: Block::claim() }
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Compiles a side, each by itself, as if there had been nothing before it.
    pub(super) fn build(&self, side: &Side<'_>, token: &str) -> Output {
        let Side { release, rest } = side;
        let rest = rest.replace("FOLDER", &self.folder().display().to_string());
        let spec = format!(
            "[cluster]\ntoken = \"{token}\"\netcd = \"{release}\"\n[tls]\nenabled = false\n{rest}"
        );
        Output::of(&self.block.relocate(&spec, release))
    }

    /// Starts the members of the first build, writes a key, and goes on with the script, in which `BEFORE`
    /// and `AFTER` are the two builds' folders.
    pub(super) fn script(&self, releases: &[&str], before: &Output, after: &Output, script: &str) {
        let endpoints: Vec<_> =
            before.cluster.endpoints().iter().map(ToString::to_string).collect();
        let begin = format!(
            "BEFORE={} AFTER={}\nfor member in a b c; do run $member {} \"$BEFORE\"; done\nhealthy\n\
             ask put bouquet of-flowers\n",
            before.path("").display(),
            after.path("").display(),
            releases[0],
        );
        machines(self.folder(), releases, &endpoints.join(","), &format!("{begin}{script}"));
    }
}

/// Returns the changes of a pair of builds that are refused.
pub(super) fn refused(before: &Output, after: &Output) -> Vec<Change> {
    let [before, after] = [before, after].map(|output| Running::of(&output.cluster, &[]));
    let all = changes(&before, &after);
    all.into_iter().filter(|change| change.class == Class::Refused).collect()
}
