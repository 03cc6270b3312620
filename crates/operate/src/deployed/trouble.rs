//! Places that could not be judged.

use bouquet_model::diagnostic::Diagnostic;
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
    /// One that its member or client is to have is not there.
    NoFile,
    /// The list of revoked certificates is not there.
    NoList,
}

impl Trouble {
    pub(super) fn new(path: &Path, cause: Cause) -> Self {
        Self { path: path.to_owned(), cause }
    }

    /// Returns `true` where etcd is at a loss too, and refuses everybody: it opens certificate and
    /// list at every handshake.
    pub(crate) fn is_fatal(&self) -> bool {
        matches!(self.cause, Cause::NoCertificate | Cause::NoList)
    }

    /// Returns `true` where it is only missing, so that all else can be shown.
    pub(crate) fn is_missing(&self) -> bool {
        matches!(self.cause, Cause::NoFile | Cause::NoList)
    }

    /// Returns it as a problem, with what helps.
    pub(crate) fn problem(&self) -> Diagnostic {
        let problem = Diagnostic::error(self.to_string());
        match &self.cause {
            Cause::Unreadable(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                problem.help("run it as the user that etcd runs as, or as root")
            }
            Cause::Unreadable(_) | Cause::NoFiles => {
                problem.help("name the folder with the machine's certificates")
            }
            Cause::NoCertificate | Cause::NoFile | Cause::NoList => {
                problem.help("copy it again from out/")
            }
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
            Cause::NoFile | Cause::NoList => write!(f, "{path} is missing"),
        }
    }
}
