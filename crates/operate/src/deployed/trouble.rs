//! What could not be judged, and why.

use crate::failure::Failure;
use std::path::{Path, PathBuf};
use std::{fmt, io};

/// A place that could not be judged.
pub(crate) struct Trouble {
    path: PathBuf,
    cause: Cause,
}

pub(super) enum Cause {
    Unreadable(io::Error),
    NoFiles,
    NoCertificate,
}

impl Trouble {
    pub(super) fn new(path: &Path, cause: Cause) -> Self {
        Self { path: path.to_owned(), cause }
    }

    /// Whether etcd cannot use the file either; otherwise only this program is at a loss.
    pub(crate) fn is_fatal(&self) -> bool {
        matches!(self.cause, Cause::NoCertificate)
    }

    /// As a failure, with what helps.
    pub(crate) fn failure(&self) -> Failure {
        let failure = Failure::new(self.to_string());
        match &self.cause {
            Cause::Unreadable(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                failure.help("run it as the user that etcd runs as, or as root")
            }
            Cause::Unreadable(_) | Cause::NoFiles => {
                failure.help("name the folder with the machine's certificates")
            }
            Cause::NoCertificate => failure.help("copy it again from out/"),
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.cause {
            Cause::Unreadable(error) => write!(f, "{path} cannot be read: {error}"),
            Cause::NoFiles => write!(f, "{path} holds no .crt file"),
            Cause::NoCertificate => write!(f, "{path} holds no certificate in PEM form"),
        }
    }
}
