//! Why a file could not be read or written, in words for whoever runs the build.

use bouquet_model::diagnostic::Diagnostic;
use core::fmt;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// An operation on a file that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    action: &'static str,
    path: PathBuf,
    cause: String,
    help: String,
}

impl Failure {
    /// The file or folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Why, in a few words: `the disk is full`.
    pub fn cause(&self) -> &str {
        &self.cause
    }

    /// What would help.
    pub fn help(&self) -> &str {
        &self.help
    }

    /// From what the operating system said. `action` goes into `cannot {action} …`.
    pub(super) fn system(action: &'static str, path: &Path, error: &io::Error) -> Self {
        let (cause, help) = explain(error);
        Self { action, path: path.to_owned(), cause, help: help.to_owned() }
    }

    /// From what was found in place of what should be there.
    pub(super) fn found(action: &'static str, path: &Path, cause: &str, help: &str) -> Self {
        Self { action, path: path.to_owned(), cause: cause.to_owned(), help: help.to_owned() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot {} `{}`: {}", self.action, self.path.display(), self.cause)
    }
}

impl core::error::Error for Failure {}

impl From<Failure> for Diagnostic {
    fn from(failure: Failure) -> Self {
        Self::error(failure.to_string()).help(failure.help)
    }
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
            "`out/` and all in it must belong to whoever runs the build, and not be immutable",
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
        ErrorKind::NotFound => {
            ("it is not there", "something else changes `out/` at the same time; build again")
        }
        _ => return (error.to_string(), "build again once that is put right"),
    };
    (cause.to_owned(), help)
}
