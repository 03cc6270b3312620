//! What `toml` objects to, what kind of mistake that is, and the text around it.

use crate::diagnostic::Span;

/// An objection of `toml`, and its place.
pub(in crate::spec) struct Mistake {
    /// What is wrong.
    pub(super) what: String,
    /// What should have been there.
    pub(super) expected: String,
    pub(in crate::spec) span: Span,
}

impl Mistake {
    pub(in crate::spec) fn new(text: &str, error: &toml::de::Error) -> Self {
        let message = error.message();
        let (what, expected) = message.split_once(", expected ").unwrap_or((message, ""));
        // It has no place for a name of too many parts.
        let span = error.span().map_or_else(|| Span::at(most_dots(text)), Span::from);
        Self { what: what.to_owned(), expected: expected.to_owned(), span }
    }

    /// Tells whether a list or a table on one line has no end.
    pub(in crate::spec) fn is_an_open_bracket(&self) -> bool {
        matches!(self.what.as_str(), "unclosed array" | "unclosed inline table")
    }

    /// Tells whether values or names lie so deep in each other that nobody reads them.
    pub(in crate::spec) fn is_too_deep(&self) -> bool {
        self.what.starts_with("cannot recurse further") || self.what == "recursion limit"
    }

    /// Tells whether a key has no value.
    pub(in crate::spec) fn is_a_bare_key(&self) -> bool {
        matches!(self.what.as_str(), "key with no value" | "missing value for key")
    }

    /// Tells whether a key or a header is wrong, so that what follows may belong elsewhere.
    pub(in crate::spec) fn is_of_the_line(&self) -> bool {
        let of_keys = ["unclosed table", "unclosed array table", "unexpected key or value"];
        self.is_a_bare_key() || self.is_of_a_key() || of_keys.contains(&self.what.as_str())
    }

    /// Tells whether a key cannot be read.
    pub(super) fn is_of_a_key(&self) -> bool {
        matches!(self.what.as_str(), "invalid unquoted key" | "unquoted keys cannot be empty")
    }

    /// Tells whether the key can be read, and is there already.
    pub(in crate::spec) fn is_of_a_key_set_again(&self) -> bool {
        self.what == "duplicate key" || self.what.starts_with("cannot extend value")
    }

    /// Tells whether text is never closed.
    pub(in crate::spec) fn is_of_open_text(&self) -> bool {
        self.what.ends_with("basic string") && self.expected.starts_with("`\"")
    }

    /// Tells whether a value cannot be read, the structure of the file being sound.
    pub(in crate::spec) fn is_of_a_value(&self) -> bool {
        const OF_VALUES: [&str; 11] = [
            "invalid ",
            "string values must be quoted",
            "missing opening quote",
            "missing escaped value",
            "too few unicode value digits",
            "unexpected leading zero",
            "unexpected sign",
            "`_` may only go",
            "radix must be",
            "integers with a radix",
            "redundant integer",
        ];
        const OF_OTHERS: [&str; 3] =
            ["invalid comment character", "invalid key-value pair", "invalid inline table element"];
        OF_VALUES.iter().any(|what| self.what.starts_with(what))
            && !self.is_of_a_key()
            && !OF_OTHERS.contains(&self.what.as_str())
    }
}

/// Returns the first line of a text with more dots than a name may have.
fn most_dots(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.matches('.').count() >= 80 {
            return at;
        }
        at += line.len();
    }
    0
}

/// Returns a place between two bytes, widened to the character after it.
pub(super) fn after(text: &str, at: Span) -> Span {
    let width = text.get(at.start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    Span::new(at.start, at.start + width)
}

/// How far to either side of a mistake its line is looked at. A line may be
/// megabytes long and hold a thousand mistakes.
const REACH: usize = 400;

/// Returns the line around a place, or what can be seen of it, and where that begins.
pub(super) fn around(text: &str, at: usize) -> (usize, &str) {
    let at = floor(text, at);
    let from = floor(text, at.saturating_sub(REACH));
    let to = floor(text, at + REACH);
    let start = text[from..at].rfind('\n').map_or(from, |newline| from + newline + 1);
    let end = text[at..to].find('\n').map_or(to, |newline| at + newline);
    (start, text[start..end].trim_end_matches('\r'))
}

/// Returns the place of the character that is there.
pub(in crate::spec) fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
