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
    pub(super) fn new(message: impl AsRef<str>) -> Self {
        Self { message: visible(message.as_ref()), help: None }
    }

    #[must_use]
    pub(super) fn help(mut self, help: impl AsRef<str>) -> Self {
        self.help = Some(visible(help.as_ref()));
        self
    }
}

/// The same text on one line: a message quotes what was written, and a line
/// break or an escape sequence in that must not reach the terminal.
fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Finding {}
