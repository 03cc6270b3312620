//! What a command may know of the world, and what it may ask of it.

use crate::Exit;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// Everything beyond the compiled cluster that a command depends on.
pub struct Outside<'a> {
    /// Seconds since 1970.
    pub now: i64,
    /// Where relative paths begin.
    pub current_dir: PathBuf,
    /// The running binary, if the system tells.
    pub executable: Option<PathBuf>,
    /// The environment.
    pub variable: &'a dyn Fn(&str) -> Option<OsString>,
    /// A file's content.
    pub read: &'a dyn Fn(&Path) -> io::Result<Vec<u8>>,
    /// What is in a folder, as paths, in any order.
    pub list: &'a dyn Fn(&Path) -> io::Result<Vec<PathBuf>>,
}

/// What a command leads to.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Data, with colours.
    pub stdout: String,
    /// Talk, with colours.
    pub stderr: String,
    /// How it ends.
    pub exit: Exit,
    /// What takes the process over once all is said.
    pub becomes: Option<Program>,
}

/// Another program in place of this one.
#[derive(Debug, PartialEq, Eq)]
pub struct Program {
    /// Its name, to be looked up in `PATH`.
    pub name: &'static str,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// Variables that it must not inherit.
    pub unset: Vec<&'static str>,
    /// Variables that it gets.
    pub set: Vec<(&'static str, String)>,
    /// What to do where it is not there.
    pub install: &'static str,
}
