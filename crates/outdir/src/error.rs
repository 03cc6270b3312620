//! Why a file could not be read or written, in words for anyone who runs the build.

use bouquet_model::diagnostic::Diagnostic;
use std::io::{self, ErrorKind};
use std::path::Path;

/// Explains what the operating system said. `action` goes into `cannot {action} …`.
pub(super) fn system(action: &str, path: &Path, error: &io::Error) -> Diagnostic {
    let (cause, help) = explain(error);
    refused(action, path, &cause, help)
}

/// Refuses what is in the place of what should be there.
pub(super) fn refused(action: &str, path: &Path, cause: &str, help: &str) -> Diagnostic {
    Diagnostic::error(format!("cannot {action} `{}`: {cause}", path.display())).help(help)
}

/// Refuses a folder in the place of a file.
pub(super) fn folder(action: &str, path: &Path) -> Diagnostic {
    system(action, path, &ErrorKind::IsADirectory.into())
}

/// What is to be done where a part of `out/` is on a disk of its own.
pub(super) const ONE_DISK: &str = "mount the whole of `out/` there, and nothing inside it";

/// Adds what becomes of a build that could not be put into place as a whole.
pub(super) fn decided(error: Diagnostic) -> Diagnostic {
    error.help("the rest is decided: the next build puts it into place")
}

fn explain(error: &io::Error) -> (String, &'static str) {
    let (cause, help) = match error.kind() {
        ErrorKind::StorageFull => ("the disk is full", "free some space, then build again"),
        ErrorKind::QuotaExceeded => {
            ("your disk quota is used up", "free some space, then build again")
        }
        ErrorKind::ReadOnlyFilesystem => (
            "the file system is read-only",
            "a build writes to `out/` whenever cluster.toml changes or a certificate is due",
        ),
        ErrorKind::PermissionDenied => (
            "permission denied",
            "`out/` and all in it must belong to the account that runs the build, and not be immutable",
        ),
        ErrorKind::NotADirectory => {
            ("a part of the path is a file, not a folder", "move that file away, then build again")
        }
        ErrorKind::IsADirectory => {
            ("a folder is in its place", "move that folder away, then build again")
        }
        ErrorKind::ResourceBusy => {
            ("it is in use, as a mount point is", "unmount it, then build again")
        }
        ErrorKind::DirectoryNotEmpty | ErrorKind::AlreadyExists => {
            ("something is in its place already", "move it away, then build again")
        }
        ErrorKind::CrossesDevices => ("it is on another file system than `out/`", ONE_DISK),
        ErrorKind::NotFound => {
            ("it is not there", "something else changes `out/` at the same time; build again")
        }
        _ => return (error.to_string(), "build again once that is put right"),
    };
    (cause.to_owned(), help)
}
