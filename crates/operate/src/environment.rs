//! The world, as far as a command may know of it.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// Everything beyond the compiled cluster that a command depends on.
pub struct Environment<'a> {
    /// Seconds since 1970.
    pub now: i64,
    /// Where relative paths begin.
    pub current_dir: PathBuf,
    /// The running binary, if the system tells.
    pub executable: Option<PathBuf>,
    /// The value of an environment variable.
    pub variable: &'a dyn Fn(&str) -> Option<OsString>,
    /// A file's content.
    pub read: &'a dyn Fn(&Path) -> io::Result<Vec<u8>>,
    /// The entries of a folder, as paths, in any order.
    pub list: &'a dyn Fn(&Path) -> io::Result<Vec<PathBuf>>,
    /// The facts of a file or folder; of a symlink, those of what it leads to.
    pub stat: &'a dyn Fn(&Path) -> io::Result<Status>,
    /// The absolute path of what is there, without links.
    pub real: &'a dyn Fn(&Path) -> io::Result<PathBuf>,
    /// The `cluster.lock` of a folder as it is in a revision of git; the error is what git says.
    pub committed: &'a dyn Fn(&Path, &str) -> io::Result<Vec<u8>>,
}

/// The facts of a file or folder that the system keeps beside its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// It is a folder.
    pub is_folder: bool,
    /// The number of its owner.
    pub uid: u32,
    /// The number of its group.
    pub gid: u32,
    /// Who may do what with it: the last four octal digits of `st_mode`.
    pub mode: u32,
}
