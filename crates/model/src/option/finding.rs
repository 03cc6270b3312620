//! What is to be said about an option that was written.

use std::fmt;

/// A message and how to get out of it; the reader of the spec adds the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong: lower case, the value in backticks, no final dot.
    pub message: String,
    /// What to write instead, or why it is so.
    pub help: Option<String>,
}

impl Finding {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    #[must_use]
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Finding {}
