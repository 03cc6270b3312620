//! What a commit did.

use super::OutPath;
use core::fmt;
use std::path::{Path, PathBuf};

/// What a commit did; nothing was printed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Files that are new or changed.
    pub written: Vec<OutPath>,
    /// Those of them that held something else before.
    pub replaced: Vec<OutPath>,
    /// Files that were no longer wanted and are gone.
    pub pruned: Vec<OutPath>,
    /// How many files were as they should be.
    pub unchanged: usize,
    /// What the user has to know.
    pub notices: Vec<Notice>,
}

/// Something that a person should know, if not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// Others could read a key or enter its folder; they no longer can.
    TooOpen {
        /// The key or folder.
        path: PathBuf,
        /// The permissions that it had.
        was: u32,
        /// Those that it has now.
        now: u32,
    },
    /// Everybody could put something into a folder; now its owner alone can.
    Writable {
        /// The folder.
        path: PathBuf,
        /// The permissions that it had.
        was: u32,
        /// Those that it has now.
        now: u32,
    },
    /// A key's file had a further name (a hard link), which still has its content.
    Linked {
        /// The key, which is a file of its own now.
        path: PathBuf,
    },
    /// Keys that nothing wants any more, with their certificates: a build never removes a key.
    Left {
        /// The member's or client's folder.
        folder: PathBuf,
        /// What can be removed: the whole folder, or these files where it holds others too.
        remove: Vec<PathBuf>,
    },
}

impl Notice {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::TooOpen { path, .. } | Self::Linked { path } if path.ends_with("ca.key") => {
                "whoever has the key of the CA can join the cluster: if others use this machine, \
                 make a new CA"
                    .to_owned()
            }
            Self::TooOpen { .. } => {
                "if others use this machine, issue anew what could be read".to_owned()
            }
            Self::Writable { .. } => {
                "if others use this machine, look for files in it that are not yours".to_owned()
            }
            Self::Linked { path } => format!(
                "find it by its content: `sudo find / -xdev -name '*.key' -exec cmp -s {} {{}} \\; -print`",
                quoted(path)
            ),
            Self::Left { folder, .. } if folder.ends_with("pki") => {
                "leave it, or move it to a safe place: there is no other key of this CA".to_owned()
            }
            Self::Left { folder, remove } if remove.contains(folder) => {
                format!("if it is not coming back: `rm -r {}`", quoted(folder))
            }
            Self::Left { remove, .. } => {
                let files: Vec<_> = remove.iter().map(|path| quoted(path)).collect();
                format!("if they are not coming back: `rm {}`", files.join(" "))
            }
        }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooOpen { path, was, now } => {
                let path = path.display();
                write!(f, "`{path}` was open to others (mode {was:04o}); it is {now:04o} now")
            }
            Self::Writable { path, was, now } => {
                let path = path.display();
                write!(
                    f,
                    "everybody could write into `{path}` (mode {was:04o}); its mode is {now:04o} now"
                )
            }
            Self::Linked { path } => {
                let path = path.display();
                write!(
                    f,
                    "`{path}` had a second name; it is a file of its own now, but the other is still there"
                )
            }
            Self::Left { folder, .. } => {
                let folder = folder.display();
                write!(
                    f,
                    "`{folder}` holds a private key that cluster.toml no longer wants; a build never removes a key"
                )
            }
        }
    }
}

/// A path as a shell takes it.
pub(crate) fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@,".contains(c);
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
