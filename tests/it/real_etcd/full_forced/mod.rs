//! What a build refuses, done by force: what its error says would happen happens. Each on the release where
//! it is worst, from files that know no guard.

mod cas;
mod members;
mod options;
mod tls;
mod versions;

use crate::support::build::Output;
use crate::support::cluster::Cluster;
use crate::support::machines::machines;
use crate::support::place::Block;
use crate::support::run::stdout;
use bouquet_build::prove;
use bouquet_model::change::{Change, Class, changes};
use bouquet_model::running::Running;
use std::path::Path;
use std::process::Command;
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

    /// Compiles both sides from a release and the rest of their specs.
    pub(super) fn pair(&self, release: &str, rests: [String; 2]) -> [Output; 2] {
        rests.map(|rest| self.build(&Side { release, rest: &rest }, "forced"))
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

/// Three members with TLS, built again and again over the same `out/`, of which each state is kept.
pub(super) struct Secured {
    release: &'static str,
    cluster: Cluster,
    block: Block,
}

impl Secured {
    pub(super) fn new(release: &'static str) -> Self {
        Self { release, cluster: Cluster::new(""), block: Block::claim() }
    }

    /// Builds with these options and further tables, keeps `out/` under a name, and returns what it would
    /// run.
    pub(super) fn build(&self, options: &str, tables: &str, kept: &str) -> Running {
        let spec = format!(
            "[cluster]\ntoken = \"forced\"\netcd = \"{release}\"\n\
             [etcd]\ndata-dir = '{here}/data'\n{options}\n[tls]\ncerts-dir = '{here}/certs'\n{tables}\
             {THREE}[[client]]\nname = 'root'\n",
            release = self.release,
            here = self.cluster.folder.path().display()
        );
        let spec = self.block.relocate(&spec, self.release);
        self.cluster.write(&spec);
        self.cluster.succeeds();
        let (out, kept) = (self.cluster.path("out"), self.cluster.path(kept));
        stdout(Command::new("cp").arg("-r").args([out, kept]));
        let (proven, _) = prove(spec.as_bytes());
        Running::of(&proven.expect("it is right").cluster, &[])
    }

    /// Starts all members from the first state, then one from the later: the others refuse it, each says so
    /// where it is expected to, and it serves nobody.
    pub(super) fn restarts_one_from(&self, later: &str, refused: &[(&str, &str)]) {
        let endpoints = [1, 2, 3]
            .map(|last| format!("https://{}:2379", self.block.address([10, 0, 0, last].into())));
        let says =
            refused.iter().map(|(member, words)| format!("within 20 says {member} '{words}'"));
        let says = says.collect::<Vec<_>>().join("\n");
        let script = format!(
            "export ETCDCTL_CACERT={client}/ca.crt ETCDCTL_CERT={client}/client.crt \
             ETCDCTL_KEY={client}/client.key
             for member in a b c; do run $member {release} \"$FOLDER/first\"; done
             healthy
             stop a; forget a; forget b; forget c; run a {release} \"$FOLDER/{later}\"
             {says}
             ENDPOINTS={}
             sleep 5
             if answers; then refuse a serves; fi",
            endpoints[0],
            release = self.release,
            client = self.cluster.path("first/clients/root").display(),
        );
        machines(self.cluster.folder.path(), &[self.release], &endpoints.join(","), &script);
    }
}

/// Returns the changes of a pair of builds that are refused.
pub(super) fn refused(before: &Output, after: &Output) -> Vec<Change> {
    let [before, after] = [before, after].map(|output| Running::of(&output.cluster, &[]));
    let all = changes(&before, &after);
    all.into_iter().filter(|change| change.class == Class::Refused).collect()
}
