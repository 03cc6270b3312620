//! The edge: finds the etcd that is to run.

use super::install::{Machine, archive, ways};
use super::version::{Told, lacks, told};
use super::ways::Ways;
use bouquet_model::Cluster;
use bouquet_model::diagnostic::{Diagnostic, visible};
use bouquet_model::option::OPTIONS;
use bouquet_model::version::EtcdVersion;
use std::env::consts::{ARCH, OS};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;

/// An etcd that can run the cluster.
#[derive(Debug)]
pub(crate) struct Etcd {
    /// How it is called.
    pub(crate) program: PathBuf,
    pub(crate) version: EtcdVersion,
    /// What has to be said of it.
    pub(super) note: Option<String>,
}

/// How long an etcd may take to tell its version.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// The one that is looked up in `PATH`.
const ETCD: &str = "etcd";

/// Returns the etcd of a file, or that of `PATH`.
///
/// # Errors
/// If there is none, it is none, or it lacks what the cluster asks for.
pub(super) async fn find(
    cluster: &Cluster,
    named: Option<&Path>,
    ways: &Ways,
) -> Result<Etcd, Diagnostic> {
    let release = (ways.read)(Path::new("/etc/os-release")).ok();
    let release = release.as_deref().map(String::from_utf8_lossy);
    let machine = Machine { release: release.as_deref(), system: OS, processor: ARCH };
    let program = named.map_or_else(|| PathBuf::from(ETCD), Path::to_path_buf);
    let shown = named.map_or_else(
        || "the `etcd` of PATH".to_owned(),
        |file| format!("`{}`", visible(&file.display().to_string())),
    );
    let said = version_of(&program, PATIENCE).await.map_err(|error| {
        if named.is_none() && error.kind() == io::ErrorKind::NotFound {
            return missing(cluster.version, &machine);
        }
        Diagnostic::error(format!("{shown} cannot be run: {error}"))
            .help("name a file that is an etcd of this system: `--etcd FILE`")
    })?;
    let version = match told(&said) {
        Some(Told::Known(version)) => version,
        Some(Told::Unknown(version)) => {
            let version = visible(&version).into_owned();
            return Err(Diagnostic::error(format!("{shown} is etcd {version}"))
                .note("3.4 to 3.7 are those whose options are known here")
                .help(archive(&machine, cluster.version)));
        }
        None => {
            return Err(Diagnostic::error(format!("{shown} is not etcd"))
                .note("`--version` does not print `etcd Version:`")
                .help(archive(&machine, cluster.version)));
        }
    };
    let lacks = lacks(cluster, version);
    if !lacks.is_empty() {
        let problem = format!("{shown} is etcd {version}, and cannot run this cluster");
        let problem = lacks
            .iter()
            .fold(Diagnostic::error(problem), |problem, lack| problem.note(lack.message.clone()));
        return Err(problem.help(archive(&machine, cluster.version)));
    }
    let note = (!version.is_of(cluster.version)).then(|| {
        format!(
            "{shown} is etcd {version}, and cluster.toml has {}: it runs all the same, as it has every option",
            cluster.version
        )
    });
    Ok(Etcd { program, version, note })
}

fn missing(version: EtcdVersion, machine: &Machine<'_>) -> Diagnostic {
    let problem = Diagnostic::error("there is no `etcd` in PATH");
    ways(machine, version).into_iter().fold(problem, Diagnostic::help)
}

/// Asks for the version, with nothing of etcd's in the environment; what does not tell it within that time is ended.
///
/// # Errors
/// If it cannot be run, or takes longer.
pub(crate) async fn version_of(program: &Path, within: Duration) -> io::Result<String> {
    let mut command = Command::new(program);
    forget(&mut command);
    let output = command.arg("--version").stdin(Stdio::null()).kill_on_drop(true).output();
    let output = tokio::time::timeout(within, output).await.map_err(|_| {
        let within = within.as_secs();
        io::Error::other(format!("it did not tell its version within {within} s"))
    })?;
    Ok(String::from_utf8_lossy(&output?.stdout).into_owned())
}

/// Leaves out what the caller has of etcd's own variables: an option that is there and a flag as well is fatal.
pub(crate) fn forget(command: &mut Command) {
    for option in OPTIONS {
        command.env_remove(option.env_name());
    }
}
