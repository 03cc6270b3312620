//! The package of this program: the folder of `cluster.toml` and `cluster.lock`, and its `out/`.

use crate::environment::Environment;
use crate::out::{PACKAGE, VARIABLE};
use bouquet_lock::{Lock, Origin, git};
use bouquet_model::diagnostic::Diagnostic;
use std::path::{Path, PathBuf};

/// The file that tells a package.
pub(crate) const SPEC: &str = "cluster.toml";

/// What is done where this program, or the definition, is older than what runs. How others' changes come here is the
/// operator's own: a package may be in no repository, or in one without a remote.
pub(crate) const BUILD_AGAIN: &str = "fetch what others have changed, and build";

/// What a restore is recorded by, once all members run with what was restored.
pub(crate) const DONE_RESTORED: &str = "done --restored FILE --token TOKEN";

/// A package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) folder: PathBuf,
    pub(crate) out: PathBuf,
}

/// Finds the package: that of the `out/` that was named, which need not be there; else the one that
/// cargo runs; else the nearest in or above the current directory; else the nearest above the running
/// program.
///
/// # Errors
/// If there is none.
pub(crate) fn find(
    named: Option<&Path>,
    environment: &Environment<'_>,
) -> Result<Package, Diagnostic> {
    let variable = |name| {
        let value = (environment.variable)(name).filter(|value| !value.is_empty());
        value.map(PathBuf::from)
    };
    let is_package = |folder: &Path| (environment.read)(&folder.join(SPEC)).is_ok();
    if let Some(out) = named.map(Path::to_owned).or_else(|| variable(VARIABLE)) {
        let out = environment.current_dir.join(out);
        let folder = out.parent().unwrap_or(&out).to_owned();
        if is_package(&folder) {
            return Ok(Package { folder, out });
        }
        return Err(Diagnostic::error(format!("there is no `{SPEC}` beside `{}`", out.display()))
            .help("name the `out/` of a package: cluster.lock, which counts, is beside it"));
    }
    let cargo = variable(PACKAGE);
    let here = environment.current_dir.ancestors().map(Path::to_owned);
    let program = environment.executable.as_deref().and_then(Path::parent);
    let program = program.into_iter().flat_map(Path::ancestors).map(Path::to_owned);
    let folder = cargo.into_iter().chain(here).chain(program).find(|folder| is_package(folder));
    let folder = folder.ok_or_else(|| {
        let shown = environment.current_dir.display();
        Diagnostic::error(format!("there is no `{SPEC}` in `{shown}` or above it"))
            .help("go into the folder of the cluster's package, or name its `out/` with `--out`")
    })?;
    let out = folder.join("out");
    Ok(Package { folder, out })
}

/// Reads the lock of this program's cluster, which is at that place; `origin` says which file that is,
/// `compiled` are the SHA-256 of the CAs that were compiled in, and `why` says what the lock is
/// needed for.
///
/// # Errors
/// If there is none, it cannot be understood, or it is another cluster's.
pub(crate) fn lock(
    file: Option<&[u8]>,
    place: &Path,
    origin: Origin<'_>,
    compiled: &[[u8; 32]],
    why: &str,
) -> Result<Lock, Diagnostic> {
    let shown = place.display();
    let Some(bytes) = file else {
        return Err(Diagnostic::error(format!("`{shown}` is missing")).note(why).help(format!(
            "it is committed with cluster.toml: `git pull`, or `{}`",
            git("checkout", place)
        )));
    };
    let lock = bouquet_lock::read(bytes).map_err(|why| why.explain(place, origin))?;
    let is_ours = lock.identity.authorities.values().any(|ca| compiled.contains(&ca.sha256));
    if !compiled.is_empty() && !is_ours {
        return Err(Diagnostic::error(format!(
            "`{shown}` is of another cluster than this program"
        ))
        .note("no CA of that file was compiled in")
        .help("use the program of that package, as by `cargo run`"));
    }
    Ok(lock)
}
