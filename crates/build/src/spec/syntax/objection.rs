//! An objection and its place.

use crate::diagnostic::Span;

/// What `toml` objects to in a key or a value, and where.
pub(in crate::spec) struct Objection {
    /// What is wrong.
    pub(in crate::spec) what: String,
    /// What should have been there, in the words of `toml`.
    pub(super) expected: String,
    pub(in crate::spec) span: Span,
}

impl Objection {
    /// An error that counts from `start` on.
    pub(in crate::spec) fn new(error: &toml::de::Error, start: usize) -> Self {
        let message = error.message();
        let (what, expected) = message.split_once(", expected ").unwrap_or((message, ""));
        let span = error.span().unwrap_or(0..0);
        let span = Span::new(start + span.start, start + span.end);
        Self { what: what.to_owned(), expected: expected.to_owned(), span }
    }

    /// Whether a key cannot be read, of which there may be no trace.
    pub(in crate::spec) fn is_of_a_key(&self) -> bool {
        matches!(self.what.as_str(), "invalid unquoted key" | "unquoted keys cannot be empty")
    }

    /// Whether the key can be read, and is there already.
    pub(in crate::spec) fn is_of_a_key_set_again(&self) -> bool {
        self.what == "duplicate key" || self.what.starts_with("cannot extend value")
    }
}

/// A place between two bytes, widened to the character after it.
pub(super) fn after(text: &str, at: Span) -> Span {
    let width = text.get(at.start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    Span::new(at.start, at.start + width)
}
