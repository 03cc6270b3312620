//! Replaces certificates and keys of a folder in one step.
//!
//! etcd opens a certificate and then its key at every handshake, perhaps here in `out/`. Between
//! two renames it would find halves of two pairs. So everything is renamed first in a *stand-in*, a
//! folder of hard links beside the folder. It changes places with the folder, which nobody sees
//! while the same is done there, and back, and is removed.
//!
//! The folder itself stays: anyone who has it mounted in a container goes on with it, and nothing is
//! lost that others put there. A stand-in that cannot be made, because there are folders inside or
//! the file system knows no such exchange, is done without.
//!
//! The stand-in holds [`MARK`]. If that is in place, then the stand-in is, and complete; if it is
//! not, a stand-in is of no use and only to be removed. So a kill at any moment leaves pairs.

use super::disk::{self, How};
use super::inspect;
use super::moves::{Move, in_order, with_prefix, without_prefix};
use bouquet_model::diagnostic::Diagnostic;
use std::ffi::OsStr;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// How the name of a stand-in begins.
const PREFIX: &str = ".bouquet-swap.";

/// What tells a stand-in from the folder that it stands in for.
const MARK: &str = ".bouquet-stand-in";

/// Renames what is staged in a folder into place.
pub(super) fn put(folder: &Path, steps: &[Move]) -> Result<(), Diagnostic> {
    if !replaces_a_pair(steps) {
        return rename_in(folder, steps);
    }
    settle(folder)?;
    let stand_in = stand_in(folder);
    let shown = make(&stand_in, folder, steps).and_then(|()| disk::exchange(&stand_in, folder));
    if shown.is_ok() {
        return finish(folder, &stand_in, steps);
    }
    settle(folder)?;
    rename_in(folder, steps)
}

/// Completes or undoes what a killed build has left of this.
pub(super) fn settle(folder: &Path) -> Result<(), Diagnostic> {
    let (stand_in, mark) = (stand_in(folder), folder.join(MARK));
    let is_folder = |path| Ok(inspect::look(path)?.is_some_and(|facts| facts.is_dir()));
    let in_place = is_folder(folder)? && inspect::look(&mark)?.is_some();
    if !in_place {
        return disk::remove_all(&stand_in);
    }
    if !is_folder(&stand_in)? {
        // Someone removed the folder itself. What stands in for it has everything.
        return disk::remove_file(&mark);
    }
    let staged = inspect::entries(&stand_in)?.into_iter();
    finish(folder, &stand_in, &in_order(staged.filter_map(Move::of).collect()))
}

/// Returns the folder that this is the stand-in of, if it is one.
pub(super) fn original(path: &Path) -> Option<PathBuf> {
    without_prefix(PREFIX, path)
}

fn stand_in(folder: &Path) -> PathBuf {
    with_prefix(PREFIX, folder)
}

fn replaces_a_pair(steps: &[Move]) -> bool {
    let is = |path: &Path, extension: &str| path.extension() == Some(OsStr::new(extension));
    steps.iter().filter(|step| is(&step.to, "key")).any(|key| {
        steps.iter().any(|other| is(&other.to, "crt") && other.to.with_extension("key") == key.to)
    })
}

/// Makes what the folder will be, its other files included.
fn make(stand_in: &Path, folder: &Path, steps: &[Move]) -> Result<(), Diagnostic> {
    disk::create_folder(stand_in, folder, 0o700)?;
    for file in inspect::entries(folder)? {
        disk::link(&file, &stand_in.join(name(&file)))?;
    }
    let how = How { mode: 0o644, modified: None, durable: false };
    disk::create(&stand_in.join(MARK), folder, &[], how)?;
    rename_in(stand_in, steps)
}

/// Renames with the stand-in in place, and the folder itself under the stand-in's name.
fn finish(folder: &Path, aside: &Path, steps: &[Move]) -> Result<(), Diagnostic> {
    rename_in(aside, steps)?;
    // What others have put there meanwhile, they have put into the stand-in.
    let same = |a: &Path, b: &Path| {
        let file = |path| Ok(inspect::look(path)?.map(|facts| (facts.dev(), facts.ino())));
        Ok(file(a)? == file(b)?)
    };
    for file in inspect::entries(folder)? {
        let own = aside.join(name(&file));
        if name(&file) != MARK && !same(&file, &own)? {
            disk::rename(&file, &own)?;
        }
    }
    disk::exchange(aside, folder)?;
    disk::remove_all(aside)
}

/// Renames in a folder, whatever it is called at the moment.
fn rename_in(folder: &Path, steps: &[Move]) -> Result<(), Diagnostic> {
    let at = |path: &Path| folder.join(name(path));
    steps.iter().try_for_each(|step| disk::replace(&at(&step.from), &at(&step.to), &step.to))
}

fn name(path: &Path) -> &OsStr {
    path.file_name().unwrap_or_default()
}
