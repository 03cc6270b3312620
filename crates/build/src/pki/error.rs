//! What went wrong, or is about to, and what to do about it.

use core::fmt;

/// A message about certificates. It has no place in `cluster.toml`: it is about files in `out/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PkiError {
    /// What is wrong: lower case, values in backticks, no final dot.
    pub message: String,
    /// What can be done, one way or fact a line.
    pub help: Vec<String>,
}

impl PkiError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: Vec::new() }
    }

    pub(super) fn help(mut self, line: impl Into<String>) -> Self {
        self.help.push(line.into());
        self
    }
}

impl fmt::Display for PkiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for PkiError {}
