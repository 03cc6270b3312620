//! The crates' place, as a command line names it.

use super::source::Crates;
use crate::environment::Environment;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use std::path::Path;

/// Returns the crates of a clone of this project's repository.
///
/// # Errors
/// If the folder is none.
pub(crate) fn checkout(folder: &Path, environment: &Environment<'_>) -> Result<Crates, Diagnostic> {
    let shown = folder.display();
    let real = (environment.real)(&environment.current_dir.join(folder))
        .map_err(|error| Diagnostic::error(format!("`{shown}` cannot be looked at: {error}")))?;
    if (environment.read)(&real.join("crates/operate/Cargo.toml")).is_ok() {
        return Ok(Crates::of_checkout(&real));
    }
    Err(Diagnostic::error(format!("`{shown}` is no clone of Bouquet's repository"))
        .note("there is no `crates/operate/Cargo.toml` in it"))
}

/// Returns the crates of a repository that cargo clones, perhaps at a commit, a tag or a branch.
///
/// # Errors
/// If it is no address of cargo's.
pub(crate) fn repository(
    url: &str,
    at: Option<(&'static str, String)>,
) -> Result<Crates, Diagnostic> {
    if url.contains("://") {
        let url = ("git", url.to_owned());
        return Ok(Crates::fetched([url].into_iter().chain(at).collect()));
    }
    let help = match url.split_once(':') {
        // As `git clone` takes it.
        Some((host, path)) if !host.contains('/') => {
            format!("write `ssh://{host}/{}`", path.trim_start_matches('/'))
        }
        _ if url.starts_with('/') => format!("write `file://{url}`"),
        _ => "write `https://HOST/PATH`; a clone on this machine is named by `--path`".to_owned(),
    };
    let message = format!("{} is no URL, and cargo takes no other address", quoted(url));
    Err(Diagnostic::error(message).help(help))
}

/// Returns the crates of a release in the registry.
///
/// # Errors
/// If it is no version.
pub(crate) fn release(version: &str) -> Result<Crates, Diagnostic> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || " .,+-^~=<>*".contains(c);
    if version.contains(|c: char| c.is_ascii_digit()) && version.chars().all(is_part) {
        return Ok(Crates::fetched(vec![("version", version.to_owned())]));
    }
    Err(Diagnostic::error(format!("{} is no version of a crate", quoted(version)))
        .help(format!("write one such as `{}`", env!("CARGO_PKG_VERSION"))))
}
