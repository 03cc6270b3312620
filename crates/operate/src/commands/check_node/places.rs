//! Where the files of a node are, and what they are.

use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::node::files::references;
use crate::unit;
use bouquet_model::artifact::{self, Format};
use bouquet_model::settings::CRL;
use bouquet_model::{Cluster, Member};
use std::io;
use std::path::{Path, PathBuf};

/// What is at a path.
pub(super) enum Target {
    /// A folder of certificates.
    Folder,
    /// A certificate, key or list of that folder.
    OfFolder(PathBuf),
    /// A file of options.
    Text(String),
}

/// Tells what is at a path, by its content, then by its name.
pub(super) fn target(file: &Path, environment: &Environment<'_>) -> io::Result<Target> {
    let path = environment.current_dir.join(file);
    if (environment.stat)(&path)?.is_folder {
        return Ok(Target::Folder);
    }
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty());
    let folder = || Target::OfFolder(parent.unwrap_or(Path::new(".")).to_owned());
    let ending = file.extension().and_then(|extension| extension.to_str());
    if matches!(ending, Some("crt" | "key")) || file.ends_with(CRL) {
        return Ok(folder());
    }
    let text = String::from_utf8_lossy(&(environment.read)(&path)?).into_owned();
    Ok(if text.contains("-----BEGIN ") { folder() } else { Target::Text(text) })
}

/// Returns the places of a member's static Pod and of its container, where the cluster has such: another's may be there
/// elsewhere.
pub(super) fn manifests(cluster: &Cluster) -> Vec<PathBuf> {
    let place = |format: &Format| match format.name {
        "static-pod" => Some(Path::new("/etc/kubernetes/manifests").join(format.file)),
        "quadlet" => Some(Path::new("/etc/containers/systemd").join(format.file)),
        _ => None,
    };
    artifact::formats(cluster).filter_map(place).collect()
}

/// Returns the files of a member that are at the places that the guide gives them: its unit, its static Pod or its container, what a
/// unit of the operator's takes, and the folder of certificates.
pub(super) fn usual(
    compiled: &Compiled<'_>,
    member: &Member,
    environment: &Environment<'_>,
) -> Vec<PathBuf> {
    let is_there = |path: &PathBuf| (environment.stat)(path).is_ok();
    let units = unit::places(Some(member.name.as_str()));
    let mut files: Vec<PathBuf> =
        units.into_iter().chain(manifests(compiled.cluster)).filter(is_there).collect();
    for unit in files.clone() {
        let text = (environment.read)(&unit).unwrap_or_default();
        for file in references(&String::from_utf8_lossy(&text)) {
            if !files.contains(&file) {
                files.push(file);
            }
        }
    }
    let certs = compiled.cluster.tls.as_ref().map(|tls| tls.certs_dir.as_str());
    files.extend(certs.map(PathBuf::from));
    files
}
