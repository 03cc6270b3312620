//! Places that could not be judged, and files that are not as they should be.

use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::KeyFault;
use std::path::{Path, PathBuf};
use std::{fmt, io};

/// A place that could not be judged, or a file that is not as it should be.
pub(crate) struct Trouble {
    pub(crate) path: PathBuf,
    cause: Cause,
}

/// How much depends on it. They are ordered as the states of a monitor are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gravity {
    /// It could not be judged.
    Unknown,
    /// Someone should look.
    Warning,
    /// etcd is at a loss too, and refuses everybody: it opens certificate, key and list at every
    /// handshake. Or all of the cluster's secrets are at stake.
    Critical,
}

pub(super) enum Cause {
    Unreadable(io::Error),
    NoFiles,
    NoCertificate,
    /// One that its member or client is to have is not there.
    NoFile,
    /// The other name of that file, by which etcd looks for it, is not there.
    NoLink(&'static str),
    /// The list of revoked certificates is not there.
    NoList,
    /// What is there is none.
    BrokenList,
    /// A key or list that cannot be read.
    Unjudged(io::Error),
    /// The key beside the certificate of that name.
    Key(KeyFault, String),
    /// A CA's key, which no node may have.
    CaKey,
    /// A key, by its mode.
    Open {
        mode: u32,
        reader: Reader,
    },
    /// A folder, or a file that is no secret, by its mode.
    Writable(u32),
    /// That account, as which etcd runs, cannot read it.
    NotFor(String),
    /// A user's number, where an account's is expected.
    Owner {
        is: u32,
        should: String,
    },
    Owners {
        file: u32,
        folder: u32,
    },
}

/// Who reads a key once it is closed to all but its owner and its group.
pub(super) enum Reader {
    /// The account that does now.
    Same,
    /// Not this account any more, which reads it as everybody can.
    NoMore(String),
    /// Nothing tells.
    Unknown,
}

impl Trouble {
    pub(super) fn new(path: &Path, cause: Cause) -> Self {
        Self { path: path.to_owned(), cause }
    }

    pub(crate) fn gravity(&self) -> Gravity {
        match &self.cause {
            Cause::Unreadable(_)
            | Cause::NoFiles
            | Cause::Unjudged(_)
            | Cause::Key(KeyFault::Unsupported, _) => Gravity::Unknown,
            // Go takes the first of several keys.
            Cause::Key(KeyFault::Several, _)
            | Cause::NoFile
            | Cause::Open { .. }
            | Cause::Writable(_)
            | Cause::Owner { .. }
            | Cause::Owners { .. } => Gravity::Warning,
            Cause::NoCertificate
            | Cause::NoLink(_)
            | Cause::NoList
            | Cause::BrokenList
            | Cause::Key(..)
            | Cause::CaKey
            | Cause::NotFor(_) => Gravity::Critical,
        }
    }

    /// Returns `true` where certificates could not be looked at because of it, so that what else there
    /// is would look like all.
    pub(crate) fn hides(&self) -> bool {
        matches!(self.cause, Cause::Unreadable(_) | Cause::NoFiles | Cause::NoCertificate)
    }

    /// Returns the word for it in JSON.
    pub(crate) fn as_str(&self) -> &'static str {
        match &self.cause {
            Cause::Unreadable(error) | Cause::Unjudged(error)
                if error.kind() == io::ErrorKind::NotFound =>
            {
                "missing"
            }
            Cause::Unreadable(_) | Cause::Unjudged(_) => "unreadable",
            Cause::NoFiles | Cause::NoFile | Cause::NoLink(_) | Cause::NoList => "missing",
            Cause::Key(KeyFault::Mismatch, _) => "does_not_fit",
            Cause::Key(KeyFault::Unsupported, _) => "unsupported",
            Cause::NoCertificate | Cause::BrokenList | Cause::Key(..) => "damaged",
            Cause::CaKey => "key_of_a_ca",
            Cause::Open { .. } | Cause::Writable(_) => "too_open",
            Cause::NotFor(_) => "not_for_etcd",
            Cause::Owner { .. } | Cause::Owners { .. } => "other_owner",
        }
    }

    /// Returns it as a problem, with what helps. `from` is where the build has such files.
    pub(crate) fn problem(&self, from: &str) -> Diagnostic {
        let problem = if self.hides() || self.gravity() == Gravity::Critical {
            Diagnostic::error(self.to_string())
        } else {
            Diagnostic::warning(self.to_string())
        };
        let path = self.path.display().to_string();
        let word = shell_word(&path);
        match &self.cause {
            Cause::Unreadable(error) | Cause::Unjudged(error)
                if error.kind() == io::ErrorKind::PermissionDenied =>
            {
                problem.help("run it as the user that etcd runs as, or as root")
            }
            Cause::Unreadable(_) | Cause::NoFiles => {
                let help = "name the folder with the machine's certificates";
                problem.help(format!("{help}, or copy them from {from}"))
            }
            Cause::NoLink(file) => problem.help(format!("`ln -sfn {file} {word}`")),
            Cause::Unjudged(_)
            | Cause::NoCertificate
            | Cause::NoFile
            | Cause::NoList
            | Cause::BrokenList => problem.help(format!("copy it again from {from}")),
            Cause::Key(KeyFault::Unsupported, _) => {
                problem.help("ask openssl whether both have one public key: `openssl pkey -pubout`")
            }
            Cause::Key(_, certificate) => {
                problem.help(format!("copy it and {certificate} again, together, from {from}"))
            }
            Cause::CaKey => problem
                .note("anyone who has it can become root in etcd, and a member")
                .help("take it back to out/pki/ of the machine that builds, and remove it here")
                .help("if it could have been read here, change the CA: docs/certificates.md"),
            Cause::Open { reader, .. } => problem
                .help(match reader {
                    Reader::Same => format!("`chmod g-w,o= {word}`"),
                    Reader::NoMore(account) => {
                        format!("`chown {} {word} && chmod g-w,o= {word}`", shell_word(account))
                    }
                    Reader::Unknown => {
                        format!("`chmod g-w,o= {word}`, once it belongs to the user that reads it")
                    }
                })
                .help("if others use this machine, have it issued again: raise `generation`"),
            Cause::Writable(_) => problem
                .note("anyone who may write there may put another CA or key in its place")
                .help(format!("`chmod go-w {word}`")),
            Cause::NotFor(account) => {
                problem.help(format!("`chown {} {word}`", shell_word(account)))
            }
            Cause::Owner { should, .. } => {
                problem.help(format!("`chown {} {word}`", shell_word(should)))
            }
            Cause::Owners { .. } => {
                let folder = self.path.parent().unwrap_or(Path::new("/")).display().to_string();
                problem.help(format!("`chown --reference={} {word}`", shell_word(&folder)))
            }
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.cause {
            Cause::Unreadable(error) | Cause::Unjudged(error) => {
                write!(f, "{path} cannot be read: {error}")
            }
            Cause::NoFiles => write!(f, "{path} holds no .crt file"),
            Cause::NoCertificate => write!(f, "{path} holds no certificate in PEM form"),
            Cause::NoFile | Cause::NoList => write!(f, "{path} is missing"),
            Cause::NoLink(file) => write!(f, "{path} is missing, a link to {file}"),
            Cause::BrokenList => write!(f, "{path} holds no list of revoked certificates"),
            Cause::Key(KeyFault::Mismatch, certificate) => {
                write!(f, "{path} does not fit {certificate}: every handshake fails")
            }
            Cause::Key(KeyFault::Unsupported, certificate) => {
                write!(f, "{path} is of a kind that cannot be compared with {certificate} here")
            }
            Cause::Key(fault, certificate) => {
                write!(f, "{path}, the key of {certificate}, {fault}")
            }
            Cause::CaKey => write!(f, "{path} is the key of a CA, which no node may have"),
            Cause::Open { mode, .. } if mode & 0o007 != 0 => {
                write!(f, "{path} is open to everybody (mode {mode:04o})")
            }
            Cause::Open { mode, .. } => {
                write!(f, "{path} may be written by its group (mode {mode:04o})")
            }
            Cause::Writable(mode) => {
                let who = if mode & 0o002 == 0 { "its group" } else { "everybody" };
                write!(f, "{path} may be written by {who} (mode {mode:04o})")
            }
            Cause::NotFor(account) => {
                write!(f, "{path} cannot be read by `{account}`, the user of the unit")
            }
            Cause::Owner { is, should } => {
                write!(
                    f,
                    "{path} belongs to {}, not to `{should}`, the user of the unit",
                    user(*is)
                )
            }
            Cause::Owners { file, folder } => {
                write!(f, "{path} belongs to {}, its folder to {}", user(*file), user(*folder))
            }
        }
    }
}

fn user(uid: u32) -> String {
    if uid == 0 { "root".to_owned() } else { format!("user {uid}") }
}
