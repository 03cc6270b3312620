//! The edge: files that are written beside their places first.

#![expect(clippy::disallowed_methods, reason = "the edge that writes to a node")]

use super::deeds::Deed;
use crate::node::machine::Machine;
use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::Diagnostic;
use std::fs::{self, File, Permissions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// Writes the files beside their places: that a disk is full or read-only is told before anything is changed.
pub(super) fn stage(machine: Machine<'_>, deeds: &[Deed]) -> Result<(), Diagnostic> {
    let writes = |(place, text): (PathBuf, &str)| {
        let folder = place.parent().unwrap_or(Path::new("/"));
        fs::create_dir_all(folder)
            .and_then(|()| write_through(&staged(&place), text))
            .map_err(|error| unwritable(&place, &error).note("nothing was changed"))
    };
    written(machine, deeds).try_for_each(writes).inspect_err(|_| unstage(machine, deeds))
}

/// Removes those that did not take their places.
pub(super) fn unstage(machine: Machine<'_>, deeds: &[Deed]) {
    for (place, _) in written(machine, deeds) {
        let _ = fs::remove_file(staged(&place));
        // That of drop-ins may have been made for it.
        let folder = place.parent().filter(|folder| folder.extension() == Some("d".as_ref()));
        let _ = folder.map(fs::remove_dir);
    }
}

/// Returns the files that are written, with their texts.
fn written<'a>(
    machine: Machine<'a>,
    deeds: &'a [Deed],
) -> impl Iterator<Item = (PathBuf, &'a str)> {
    deeds.iter().filter_map(move |deed| match deed {
        Deed::Write { place, text, .. } => Some((machine.path(place), text.as_str())),
        _ => None,
    })
}

/// Has a file take its place.
pub(super) fn place(place: &Path) -> Result<(), Diagnostic> {
    let folder = place.parent().unwrap_or(Path::new("/"));
    fs::rename(staged(place), place)
        .and_then(|()| File::open(folder)?.sync_all())
        .map_err(|error| unwritable(place, &error))
}

/// Returns where a file is before it takes its place; systemd reads none of that name.
fn staged(place: &Path) -> PathBuf {
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    place.with_file_name(format!(".{name}.next"))
}

fn write_through(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.set_permissions(Permissions::from_mode(0o644))?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Says why nothing can be written there, and what to do about it.
pub(super) fn unwritable(place: &Path, error: &io::Error) -> Diagnostic {
    let shown = place.display();
    let problem = Diagnostic::error(format!("{shown} cannot be written: {error}"));
    let folder = place.parent().unwrap_or(Path::new("/")).display().to_string();
    let folder = shell_word(&folder);
    problem.help(match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            format!("make room there, `df -h {folder}`, and do this again")
        }
        ErrorKind::ReadOnlyFilesystem => format!(
            "see why it is read-only, `findmnt -T {folder}`, and `dmesg` where the disk has failed; then \
             `mount -o remount,rw` of that, and do this again"
        ),
        _ => "do this again once that is put right".to_owned(),
    })
}
