//! Keys that cannot be read, or are there already.

use super::line;
use super::objection::Objection;
use crate::diagnostic::{Diagnostic, Span, quoted};

/// A key that cannot be read.
pub(in crate::spec) fn key(text: &str, raw: &str, span: Span, error: &Objection) -> Diagnostic {
    if let Some(explained) = line::explain(text, span) {
        return explained;
    }
    if raw.is_empty() || error.what == "unquoted keys cannot be empty" {
        return Diagnostic::error("a name is missing")
            .at(span, "a key belongs here")
            .help("write `key = value`, or `[table]`");
    }
    if error.what != "invalid unquoted key" {
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
pub(in crate::spec) fn set_twice(text: &str, error: &Objection, first: Option<Span>) -> Diagnostic {
    let name = text.get(error.span.range()).unwrap_or_default();
    let name = quoted(name.trim_matches(['"', '\'']));
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
