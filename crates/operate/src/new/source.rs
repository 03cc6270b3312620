//! The places that a package has this project's crates from.
//!
//! It has them from where the package at hand has them: that is what its owner chose, and what this program was
//! built of. The program itself says nothing of where it was built.

use crate::environment::Environment;
use crate::out::PACKAGE;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// The place of one crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// A folder, as an absolute path.
    Folder(PathBuf),
    /// What cargo fetches: keys of a dependency and their values.
    Fetched(Vec<(&'static str, String)>),
}

/// The places of the crates that a package names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Crates {
    pub(crate) model: Source,
    pub(crate) operate: Source,
    pub(crate) build: Source,
}

/// Keys of a dependency that say where cargo fetches it.
const FETCHED: [&str; 6] = ["git", "rev", "tag", "branch", "version", "registry"];

impl Crates {
    /// Returns all of them in a clone of this project's repository.
    pub(super) fn of_checkout(folder: &Path) -> Self {
        let of = |name| Source::Folder(folder.join("crates").join(name));
        Self { model: of("model"), operate: of("operate"), build: of("build") }
    }

    /// Returns all of them by one answer of cargo's.
    pub(super) fn fetched(by: Vec<(&'static str, String)>) -> Self {
        let source = Source::Fetched(by);
        Self { model: source.clone(), operate: source.clone(), build: source }
    }

    /// Says where they are, for a person.
    pub(super) fn shown(&self) -> String {
        match &self.build {
            Source::Folder(folder) => {
                let checkout = folder.parent().filter(|crates| crates.ends_with("crates"));
                checkout.and_then(Path::parent).unwrap_or(folder).display().to_string()
            }
            Source::Fetched(keys) => {
                let of = |key| keys.iter().find(|(name, _)| *name == key).map(|(_, value)| value);
                match (of("git"), of("version")) {
                    (Some(url), _) => url.clone(),
                    (None, Some(version)) => format!("version {version}"),
                    (None, None) => "a registry".to_owned(),
                }
            }
        }
    }
}

/// Finds the package at hand that names the crates: the one that cargo runs; else the nearest above the running
/// program; else the nearest here or above.
pub(crate) fn find(environment: &Environment<'_>) -> Option<Crates> {
    let cargo = (environment.variable)(PACKAGE).filter(|folder| !folder.is_empty());
    let program = environment.executable.as_deref().and_then(Path::parent);
    let program = program.into_iter().flat_map(Path::ancestors).map(Path::to_owned);
    let here = environment.current_dir.ancestors().map(Path::to_owned);
    let folders = cargo.map(PathBuf::from).into_iter().chain(program).chain(here);
    folders.into_iter().find_map(|folder| of_package(&folder, environment))
}

/// Returns the sources in a package's own `Cargo.toml`, if it has all three crates.
fn of_package(folder: &Path, environment: &Environment<'_>) -> Option<Crates> {
    let manifest = manifest(folder, environment)?;
    let of = |table: &str, name: &str| {
        let dependency = manifest.get(table)?.get(name)?;
        source(dependency, name, folder, environment)
    };
    Some(Crates {
        model: of("dependencies", "bouquet-model")?,
        operate: of("dependencies", "bouquet-operate")?,
        build: of("build-dependencies", "bouquet-build")?,
    })
}

/// Reads the `Cargo.toml` of a folder; nothing, where there is none that can be read.
pub(super) fn manifest(folder: &Path, environment: &Environment<'_>) -> Option<Table> {
    let bytes = (environment.read)(&folder.join("Cargo.toml")).ok()?;
    String::from_utf8(bytes).ok()?.parse().ok()
}

/// Returns the source that a dependency names, in a manifest of that folder.
fn source(
    dependency: &Value,
    name: &str,
    folder: &Path,
    environment: &Environment<'_>,
) -> Option<Source> {
    if let Some(version) = dependency.as_str() {
        return Some(Source::Fetched(vec![("version", version.to_owned())]));
    }
    if dependency.get("workspace").and_then(Value::as_bool) == Some(true) {
        let (root, workspace) = folder.ancestors().find_map(|folder| {
            Some((folder, manifest(folder, environment)?.get("workspace")?.clone()))
        })?;
        let dependency = workspace.get("dependencies")?.get(name)?;
        let is_circle = dependency.get("workspace").is_some();
        return if is_circle { None } else { source(dependency, name, root, environment) };
    }
    if let Some(path) = dependency.get("path").and_then(Value::as_str) {
        // One that is gone does not lead anywhere.
        return (environment.real)(&folder.join(path)).ok().map(Source::Folder);
    }
    let value = |key| Some((key, dependency.get(key)?.as_str()?.to_owned()));
    let keys: Vec<_> = FETCHED.into_iter().filter_map(value).collect();
    (!keys.is_empty()).then_some(Source::Fetched(keys))
}
