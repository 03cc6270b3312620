//! The folder of a new package, and the workspace that it is in.

use super::source::manifest;
use crate::environment::Environment;
use bouquet_model::diagnostic::Diagnostic;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};
use toml::{Table, Value};

/// The folder of a new package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// Its path, without links.
    pub(crate) folder: PathBuf,
    /// The workspace that takes it for one of its members.
    pub(crate) workspace: Option<Workspace>,
    /// It is in a repository of git, or one itself.
    pub(crate) is_in_git: bool,
}

/// A workspace of cargo's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Workspace {
    /// Its folder.
    pub(crate) root: PathBuf,
    /// It has profiles of its own for what a build script spends its time in.
    pub(crate) has_profiles: bool,
}

/// An entry that a folder may have: cargo lets a package begin in an empty repository, too.
const GIT: &str = ".git";

/// More entries than this are not named.
const NAMED: usize = 3;

impl Place {
    /// Looks at the folder that was named, which is to be empty or not to be there.
    ///
    /// # Errors
    /// If something else is there.
    pub(crate) fn of(named: &Path, environment: &Environment<'_>) -> Result<Self, Diagnostic> {
        let folder = real(named, environment)?;
        empty(named, &folder, environment)?;
        let workspace =
            folder.ancestors().skip(1).find_map(|root| workspace(root, &folder, environment));
        let is_in_git =
            folder.ancestors().any(|folder| (environment.stat)(&folder.join(GIT)).is_ok());
        Ok(Self { workspace: workspace.flatten(), is_in_git, folder })
    }

    /// Returns the last part of its path, as far as that is text.
    pub(crate) fn name(&self) -> String {
        self.folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }
}

/// Returns the path without links, of which the last parts need not be there.
fn real(named: &Path, environment: &Environment<'_>) -> Result<PathBuf, Diagnostic> {
    let path = environment.current_dir.join(named);
    for there in path.ancestors() {
        let mut folder = match (environment.real)(there) {
            Ok(folder) => folder,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => {
                return Err(Diagnostic::error(format!("{} cannot be made: {error}", shown(named))));
            }
        };
        for part in path.strip_prefix(there).unwrap_or(Path::new("")).components() {
            match part {
                Component::ParentDir => {
                    folder.pop();
                }
                Component::Normal(name) => folder.push(name),
                _ => {}
            }
        }
        return Ok(folder);
    }
    Ok(path)
}

/// Refuses a folder in which something is.
fn empty(named: &Path, folder: &Path, environment: &Environment<'_>) -> Result<(), Diagnostic> {
    let entries = match (environment.list)(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            return Err(Diagnostic::error(format!("{} is no folder", shown(named))).help(OTHER));
        }
        Err(error) => {
            let message = format!("{} cannot be looked at: {error}", shown(named));
            return Err(Diagnostic::error(message));
        }
    };
    let mut others: Vec<String> = entries
        .iter()
        .filter_map(|entry| entry.file_name())
        .filter(|name| *name != GIT)
        .map(|name| shown(Path::new(name)))
        .collect();
    if others.is_empty() {
        return Ok(());
    }
    others.sort_unstable();
    let more = others.len().saturating_sub(NAMED);
    others.truncate(NAMED);
    let rest = if more == 0 { String::new() } else { format!(" and {more} more") };
    Err(Diagnostic::error(format!("{} is not empty", shown(named)))
        .note(format!("it has {}{rest}", others.join(", ")))
        .help(OTHER))
}

const OTHER: &str = "name a folder that is empty, or not there yet: it is made";

/// Returns a path in a message.
fn shown(path: &Path) -> String {
    format!("`{}`", path.display())
}

/// Tells whether a workspace begins in a folder, and if so, whether it takes a package for its member.
#[expect(clippy::option_option, reason = "no workspace, or one that takes it or does not")]
fn workspace(
    root: &Path,
    package: &Path,
    environment: &Environment<'_>,
) -> Option<Option<Workspace>> {
    let manifest = manifest(root, environment)?;
    let workspace = manifest.get("workspace")?;
    let patterns = |key| {
        let list = workspace.get(key).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str)
    };
    let path = package.strip_prefix(root).ok()?;
    let is_excluded = patterns("exclude").any(|folder| path.starts_with(folder));
    let is_named = patterns("members").any(|member| path == Path::new(member));
    let is_member = patterns("members").any(|pattern| matches(pattern, path));
    let takes = is_named || is_member && !is_excluded;
    let has_profiles = has_profiles(&manifest);
    Some(takes.then(|| Workspace { root: root.to_owned(), has_profiles }))
}

fn has_profiles(manifest: &Table) -> bool {
    let packages = manifest.get("profile").and_then(|profile| profile.get("dev")?.get("package"));
    packages.is_some_and(|packages| packages.get("ring").is_some())
}

/// Tells whether an entry of `members` means a path: each part of it, in which `*` stands for any letters.
fn matches(pattern: &str, path: &Path) -> bool {
    let parts: Vec<&str> = pattern.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    let names: Option<Vec<&str>> = path.iter().map(|name| name.to_str()).collect();
    names.is_some_and(|names| {
        names.len() == parts.len() && parts.iter().zip(names).all(|(part, name)| fits(part, name))
    })
}

fn fits(part: &str, name: &str) -> bool {
    match part.split_once('*') {
        None => part == name,
        Some((before, after)) => name.strip_prefix(before).is_some_and(|rest| {
            let ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
            ends.map(|at| &rest[at..]).any(|rest| fits(after, rest))
        }),
    }
}
