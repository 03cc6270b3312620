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
}
