//! Clones of a package that share a target folder.
//!
//! To cargo they are one package: what it built for the one, it runs for the other, unless a watched path
//! of the former is not there. `out/` has a mark for that (`bouquet_outdir::here`); a clone without
//! secrets has no `out/`, and nothing may be written. What is left is the variable in which a shell tells its
//! folder.

use bouquet_outdir::here;
use std::path::Path;

/// The folder of the shell, as POSIX has it.
const FOLDER: &str = "PWD";

/// Returns the variable to watch where nothing else tells this clone from others of its target folder.
pub(super) fn variable(out_dir: &Path, package: &Path, out: &Path) -> Option<&'static str> {
    let package = std::path::absolute(Path::new(".").join(package)).ok()?;
    (!here::is_marked(out) && is_shared(out_dir, &package)).then_some(FOLDER)
}

/// Tells whether the target folder, of which `OUT_DIR` is `PROFILE/build/PACKAGE/out`, perhaps below the name
/// of a platform, may be that of other clones too: it lies in no folder of this package or its workspace.
fn is_shared(out_dir: &Path, package: &Path) -> bool {
    let roots = out_dir.ancestors().skip(4).take(2).filter_map(Path::parent);
    let is_ours = |root: &Path| package.starts_with(root) && root.join("Cargo.toml").exists();
    !roots.into_iter().any(is_ours)
}
