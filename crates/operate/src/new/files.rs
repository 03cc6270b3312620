//! All files of a new package, as text.

use super::manifest::{Profiles, manifest};
use super::member::Member;
use super::place::Place;
use super::source::Crates;
use super::spec::spec;
use super::work::File;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::name::ClientName;
use bouquet_model::version::EtcdVersion;

/// What is asked for, as proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The package's name.
    pub(crate) name: String,
    pub(crate) token: String,
    pub(crate) etcd: EtcdVersion,
    /// An example where there are none.
    pub(crate) members: Vec<Member>,
    /// Those besides `root`.
    pub(crate) clients: Vec<ClientName>,
}

/// As in this project's own repository.
const BUILD: &str = r#"//! Compiles cluster.toml.

fn main() -> std::process::ExitCode {
    bouquet_build::compile("cluster.toml", "out")
}
"#;

/// As in this project's own repository.
const MAIN: &str = "//! The cluster that `cluster.toml` describes, as one program.

bouquet_model::include_cluster!();

fn main() -> std::process::ExitCode {
    bouquet_operate::main(&cluster::CLUSTER, cluster::CERTIFICATES)
}
";

const GITIGNORE: &str = "\
/target
# Keys are in here. All else belongs into git: cluster.toml, cluster.lock and Cargo.lock, too.
/out
# Snapshots hold all that is in etcd.
*.db
";

const DOCKERIGNORE: &str = "\
# Keys never belong into an image.
out/
target/
*.db
";

/// Returns all files of a package. `Cargo.toml` is the last: without it there is none.
///
/// # Errors
/// If a path is no text.
pub(crate) fn files(
    asked: &Asked,
    crates: &Crates,
    place: &Place,
) -> Result<Vec<File>, Diagnostic> {
    let Asked { name, token, etcd, members, clients } = asked;
    let profiles = match &place.workspace {
        None => Profiles::Here,
        Some(workspace) if workspace.has_profiles => Profiles::There,
        Some(_) => Profiles::Missing,
    };
    let file = |path, text: &str| File { path, text: text.to_owned() };
    Ok(vec![
        file(".gitignore", GITIGNORE),
        file(".dockerignore", DOCKERIGNORE),
        file("build.rs", BUILD),
        file("src/main.rs", MAIN),
        file("cluster.toml", &spec(token, *etcd, members, clients)),
        file("Cargo.toml", &manifest(name, crates, &place.folder, profiles)?),
    ])
}
