//! The outcome of a command: text, an exit code, or another program.

use crate::exit::Exit;
use crate::live::Look;
use crate::record::Recording;
use crate::secrets::{Export, Import};
use std::ffi::OsString;

/// The outcome of a command.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Data, with colours.
    pub stdout: String,
    /// Talk, with colours.
    pub stderr: String,
    /// The program's end.
    pub exit: Exit,
    /// The program that takes the process over once all is said.
    pub exec: Option<Program>,
    /// Work with keys, which are in no text; it comes once all is said.
    pub keys: Option<Keys>,
    /// What is to be recorded; it comes once all is said.
    pub recording: Option<Recording>,
    /// What is to be looked at; it comes once all is said.
    pub look: Option<Look>,
}

/// Keys are to go, or to come.
#[derive(Debug, PartialEq, Eq)]
pub enum Keys {
    /// To stdout.
    Export(Export),
    /// From a stream.
    Import(Import),
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
    /// The way to get it where it is not there.
    pub install: &'static str,
}

impl Outcome {
    /// Returns data and nothing else.
    pub(crate) fn data(stdout: String) -> Self {
        let (stderr, exit) = (String::new(), Exit::Done);
        Self { stdout, stderr, exit, exec: None, keys: None, recording: None, look: None }
    }
}
