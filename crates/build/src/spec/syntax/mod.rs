//! What `toml` objects to, in words for somebody who does not know TOML.
//!
//! The parser says what it expected next. People rather make the same dozen
//! mistakes: no quotes, a colon for `=`, typographic quotes. So the line or the
//! value is looked at first, and the parser's words are the fallback.

mod line;
mod scalar;
mod unclosed;

pub(super) use scalar::{nothing, scalar, too_large};

use crate::diagnostic::{Diagnostic, Diagnostics, Span, quoted};
use std::collections::HashSet;
use toml_parser::ParseError;

/// How far to either side of a mistake its line is looked at. A line may be
/// megabytes long and hold a thousand mistakes.
const LINE_REACH: usize = 400;

/// What `toml` objects to in a key or a value, and where.
pub(super) struct Objection {
    /// What is wrong.
    pub(super) what: String,
    /// What should have been there, in the words of `toml`.
    expected: String,
    pub(super) span: Span,
}

impl Objection {
    /// An error that counts from `start` on.
    pub(super) fn new(error: &toml::de::Error, start: usize) -> Self {
        let message = error.message();
        let (what, expected) = message.split_once(", expected ").unwrap_or((message, ""));
        let span = error.span().unwrap_or(0..0);
        let span = Span::new(start + span.start, start + span.end);
        Self { what: what.to_owned(), expected: expected.to_owned(), span }
    }
}

/// A list or a dotted key within ever more of the same.
pub(super) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::error("nested too deeply")
        .at(span, "nothing this deep is read")
        .help("a spec holds tables, keys, and lists of values, and nothing below those")
}

/// A key that cannot be read.
pub(super) fn key(text: &str, raw: &str, span: Span, error: &Objection) -> Diagnostic {
    if let Some(explained) = line::explain(text, span) {
        return explained;
    }
    if raw.is_empty() {
        return Diagnostic::error("a name is missing")
            .at(span, "a key belongs here")
            .help("write `key = value`, or `[table]`");
    }
    if raw.starts_with(['"', '\'']) {
        return Diagnostic::error(format!("the key {} cannot be read", quoted(raw)))
            .at(error.span, error.what.as_str())
            .help("the keys of a spec need no quotes");
    }
    let bad = error.span;
    let bad_text = text.get(bad.range()).filter(|text| !text.is_empty());
    let message = match bad_text {
        Some(bad) => format!("{} cannot stand in a key", quoted(bad)),
        None => format!("{} cannot be a key", quoted(raw)),
    };
    Diagnostic::error(message)
        .at(bad, "not a letter, digit, `-` or `_`")
        .help("keys of a spec are words such as `data-dir`")
}

/// A key that is set again, or extended where it takes no more keys.
pub(super) fn set_twice(error: &Objection, name: &str, first: Option<Span>) -> Diagnostic {
    let name = quoted(name);
    let value = error.what.strip_prefix("cannot extend value of type ");
    let (message, again, before, help) = match value {
        None => (
            format!("{name} is set twice"),
            "set again here",
            "first set here",
            "keep one of the two",
        ),
        Some(kind) => {
            let why = if kind.starts_with("inline table") {
                "was defined elsewhere and takes no more keys here"
            } else {
                "holds a value, so it has no keys of its own"
            };
            let help = "write the table in one form and in one place";
            (format!("{name} {why}"), "extended here", "defined here", help)
        }
    };
    let found = Diagnostic::error(message).at(error.span, again);
    match first {
        Some(first) => found.also(first, before).help(help),
        None => found.help(help),
    }
}

/// Where the first bracket is that is never closed: what comes after it was read as part of it.
pub(super) fn swallowed_from(errors: &[ParseError]) -> Option<usize> {
    errors
        .iter()
        .filter(|error| matches!(error.description(), "unclosed array" | "unclosed inline table"))
        .filter_map(|error| error.context().map(|open| open.start()))
        .min()
}

/// Adds the errors in the structure of the file, and the values that are not
/// there. Of several in one line only the first is kept, and none where a key
/// or a value was already reported: one slip of the pen makes the parser
/// stumble more than once.
pub(super) fn add_structural(
    text: &str,
    errors: &[ParseError],
    absent: &Diagnostics,
    found: &mut Diagnostics,
) {
    let start = |d: &Diagnostic| d.primary.as_ref().map_or(0, |label| label.span.start);
    let line = |d: &Diagnostic| {
        let before = text.get(..start(d)).unwrap_or_default();
        before.rfind('\n').map_or(0, |at| at + 1)
    };
    let swallowed = swallowed_from(errors);
    let mut taken: HashSet<usize> = found.iter().map(line).collect();
    let errors = errors.iter().map(|error| structural(text, error));
    for explained in absent.iter().cloned().chain(errors) {
        let real = swallowed.is_none_or(|from| start(&explained) <= from);
        if real && taken.insert(line(&explained)) {
            found.push(explained);
        }
    }
}

fn structural(text: &str, error: &ParseError) -> Diagnostic {
    let at = error.unexpected().map_or(Span::at(text.len()), span);
    let opened = error.context().map_or(at, span);
    match error.description() {
        "unclosed table" | "unclosed array table" => line::explain(text, at).unwrap_or_else(|| {
            Diagnostic::error("the name of a table is not closed")
                .at(at, "`]` is missing")
                .help("a table begins with its name in brackets: `[etcd]`")
        }),
        "unclosed array" => unclosed::explain(text, opened, "list", '[', ']'),
        "unclosed inline table" => unclosed::explain(text, opened, "table", '{', '}'),
        "cannot recurse further; max recursion depth met" => too_deep(at),
        "carriage return must be followed by newline" => {
            Diagnostic::error("a carriage return stands alone")
                .at(at, "no newline here")
                .help("end lines with a newline, or with both")
        }
        "invalid comment character" => Diagnostic::error("a comment holds a control character")
            .at(after(text, at), "here")
            .help("delete it"),
        "extra `=`" => Diagnostic::error("there is one `=` too many")
            .at(at, "this one")
            .help("write `key = value`"),
        "unexpected key or value" | "unexpected content between comment and newline" => {
            line::explain(text, at).unwrap_or_else(|| too_much(text, at))
        }
        "missing comma between array elements" => Diagnostic::error("a comma is missing in a list")
            .at(after(text, at), "before this")
            .help("a list is written `[\"a\", \"b\"]`"),
        "missing table open" | "invalid key-value pair" => {
            line::explain(text, at).unwrap_or_else(|| {
                let at = after(text, at);
                let sign = text.get(at.range()).unwrap_or_default();
                Diagnostic::error(format!("no line begins with {}", quoted(sign)))
                    .at(at, "nothing was opened before it")
                    .help("write `key = value`, or `[table]`")
            })
        }
        list if list.contains("array") => Diagnostic::error(plain(list))
            .at(after(text, at), "here")
            .help("a list is written `[\"a\", \"b\"]`"),
        table if table.contains("inline table") || table.contains("between key-value pairs") => {
            Diagnostic::error(plain(table))
                .at(after(text, at), "here")
                .help("a table on one line is written `{ key = value, key = value }`")
        }
        other => line::explain(text, at).unwrap_or_else(|| {
            Diagnostic::error(plain(other))
                .at(after(text, at), "here")
                .help("write `key = value`, or `[table]`")
        }),
    }
}

/// The parser's words, without its jargon.
fn plain(description: &str) -> String {
    description
        .replace("array elements", "the elements of a list")
        .replace("array", "list")
        .replace("inline table", "table")
        .replace("key-value pairs", "keys")
        .replace("assignment", "`=`")
        .replace("element", "key")
        .replace("the keys of a list", "the elements of a list")
}

fn too_much(text: &str, at: Span) -> Diagnostic {
    let rest = text.get(at.start..).unwrap_or_default();
    let next = rest.split_whitespace().next().unwrap_or_default();
    Diagnostic::error(format!("{} is too much on this line", quoted(next)))
        .at(after(text, at), "the line should end before this")
        .help("write one `key = value` a line; text stands in quotes, comments after `#`")
}

/// A place between two bytes, widened to the character after it.
fn after(text: &str, at: Span) -> Span {
    let width = text.get(at.start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    Span::new(at.start, at.start + width)
}

fn span(span: toml_parser::Span) -> Span {
    Span::new(span.start(), span.end())
}
