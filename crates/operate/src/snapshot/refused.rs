//! Why a snapshot cannot be written where it is to go.

use bouquet_model::diagnostic::Diagnostic;
use std::io::{self, ErrorKind};
use std::path::Path;

/// Explains what the operating system said.
pub(super) fn refused(path: &Path, error: &io::Error) -> Diagnostic {
    let (cause, help) = match error.kind() {
        ErrorKind::StorageFull => {
            ("the disk is full".to_owned(), "free some space, or save to another disk")
        }
        ErrorKind::QuotaExceeded => {
            ("your disk quota is used up".to_owned(), "free some space, or save to another disk")
        }
        ErrorKind::FileTooLarge => (
            "a file must not be so large here".to_owned(),
            "raise the limit of the process (`ulimit -f`, `LimitFSIZE=`), or save to another file system",
        ),
        ErrorKind::NotFound => {
            ("there is no such folder".to_owned(), "make the folder first: `mkdir -p`")
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            (error.to_string(), "save to a folder that this account may write")
        }
        ErrorKind::IsADirectory => {
            ("a folder is in its place".to_owned(), "name a file, or a folder that is there")
        }
        _ => (error.to_string(), "save to another place"),
    };
    Diagnostic::error(format!("cannot write `{}`: {cause}", path.display()))
        .note("snapshots that were there before are as they were")
        .help(help)
}

/// Says whose a partial file is.
pub(super) fn of_another(path: &Path, owner: u32) -> Diagnostic {
    let shown = path.display();
    Diagnostic::error(format!("`{shown}` is of another account, with the UID {owner}"))
        .note("nothing was saved: that account could read all that is written into it")
        .help(
            "save to a folder that this account alone writes; or have the file removed, if no \
             `snapshot` of that account runs",
        )
}

/// Says that a snapshot was put in its place, and may not stay there.
pub(super) fn unsynced(place: &Path, error: &io::Error) -> Diagnostic {
    let shown = place.display();
    let said = "is whole and in its place, but its folder cannot be written to the disk";
    Diagnostic::error(format!("`{shown}` {said}: {error}"))
        .note("it may be gone after a loss of power; nothing else was removed")
        .help("save it once more, or to another disk")
}
