//! What TOML's parser objects to, in words for somebody who does not know TOML.
//!
//! The parser says what it expected next. People rather make the same dozen
//! mistakes: no quotes, a colon for `=`, typographic quotes. So the line or the
//! value is looked at first, and the parser's words are the fallback.

mod line;
mod scalar;

use std::collections::HashSet;

use toml_parser::ParseError;

pub(super) use scalar::{Wanted, scalar};

use crate::diagnostic::{Diagnostic, Span, quoted};

/// How far to either side of a mistake its line is looked at. A line may be
/// megabytes long and hold a thousand mistakes.
const LINE_REACH: usize = 400;

/// A list or a dotted key within ever more of the same.
pub(super) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::error("nested too deeply")
        .at(span, "nothing this deep is read")
        .help("a spec holds tables, keys, and lists of values, and nothing below those")
}

/// A key that cannot be read.
pub(super) fn key(text: &str, raw: &str, span: Span, error: &ParseError) -> Diagnostic {
    if let Some(explained) = line::explain(text, span) {
        return explained;
    }
    if raw.is_empty() {
        return Diagnostic::error("a name is missing")
            .at(span, "a key belongs here")
            .help("write `key = value`");
    }
    if raw.starts_with(['"', '\'']) {
        return Diagnostic::error(format!("the key {} cannot be read", quoted(raw)))
            .at(place(error, span), error.description())
            .help("the keys of a spec need no quotes");
    }
    let bad = place(error, span);
    let bad_text = text.get(bad.range()).filter(|text| !text.is_empty());
    let message = match bad_text {
        Some(bad) => format!("{} cannot stand in a key", quoted(bad)),
        None => format!("{} cannot be a key", quoted(raw)),
    };
    Diagnostic::error(message)
        .at(bad, "not a letter, digit, `-` or `_`")
        .help("keys of a spec are words such as `data-dir`")
}

/// Adds the errors in the structure of the file. Of several in one line only
/// the first is kept, and none where a key or a value was already reported: one
/// slip of the pen makes the parser stumble more than once.
pub(super) fn add_structural(text: &str, errors: Vec<ParseError>, found: &mut Vec<Diagnostic>) {
    let line_of =
        |offset: usize| text.get(..offset).and_then(|t| t.rfind('\n')).map_or(0, |at| at + 1);
    let mut taken: HashSet<usize> = HashSet::new();
    for diagnostic in found.iter() {
        for label in diagnostic.primary.iter().chain(&diagnostic.secondary) {
            taken.insert(line_of(label.span.start));
        }
    }
    for error in errors {
        let explained = structural(text, &error);
        let start = explained.primary.as_ref().map_or(0, |label| label.span.start);
        if taken.insert(line_of(start)) {
            found.push(explained);
        }
    }
}

fn structural(text: &str, error: &ParseError) -> Diagnostic {
    let at = place(error, Span::at(text.len()));
    let context = error.context().map(span);
    match error.description() {
        "unclosed table" | "unclosed array table" => unclosed_header(text, context, at),
        "unclosed array" => unclosed(context, at, "list", "[", "]"),
        "unclosed inline table" => unclosed(context, at, "table", "{", "}"),
        "missing comma between array elements" => Diagnostic::error("a comma is missing in a list")
            .at(at, "before this")
            .help("write `[\"a\", \"b\"]`"),
        "cannot recurse further; max recursion depth met" => too_deep(at),
        "carriage return must be followed by newline" => {
            Diagnostic::error("a carriage return stands alone")
                .at(at, "after this")
                .help("end lines with a newline, or with both")
        }
        "invalid comment character" => Diagnostic::error("a comment holds a control character")
            .at(at, "here")
            .help("delete it"),
        "extra `=`" => Diagnostic::error("there is one `=` too many")
            .at(at, "this one")
            .help("write `key = value`"),
        "missing table open" => Diagnostic::error("`]` closes nothing")
            .at(after(text, at), "no `[` before it")
            .help("a table begins with its name in brackets: `[etcd]`"),
        other => line::explain(text, at).unwrap_or_else(|| unexpected(text, at, other)),
    }
}

fn unclosed_header(text: &str, context: Option<Span>, at: Span) -> Diagnostic {
    let line = line::around(text, at.start);
    let written = line.text.split('#').next().unwrap_or_default().trim();
    let name = written.trim_matches(['[', ']', ' ']);
    let whole = if written.starts_with("[[") { format!("[[{name}]]") } else { format!("[{name}]") };
    let found = Diagnostic::error("a table's name is never closed").at(at, "`]` is missing");
    let found = match context {
        Some(open) if open.end < at.start => found.also(open, "opened here"),
        _ => found,
    };
    found.help(format!("write {}", quoted(&whole)))
}

fn unclosed(context: Option<Span>, at: Span, what: &str, open: &str, close: &str) -> Diagnostic {
    let message = format!("a {what} is never closed: `{close}` is missing");
    let opened = context.unwrap_or(at);
    Diagnostic::error(message)
        .at(opened, format!("this `{open}` has no `{close}`"))
        .also(at, format!("`{close}` belongs here or before"))
        .help(format!("add `{close}`"))
}

/// The fallback, in the parser's words.
fn unexpected(text: &str, at: Span, description: &str) -> Diagnostic {
    let next = text.get(at.start..).and_then(|rest| rest.split_whitespace().next());
    let at = if at.start == at.end { after(text, at) } else { at };
    match (description, next) {
        ("unexpected key or value", Some(next)) => {
            Diagnostic::error(format!("{} is too much on this line", quoted(next)))
                .at(at, "the line should end before this")
                .help("write one `key = value` a line; text stands in quotes, comments after `#`")
        }
        _ => Diagnostic::error(description.to_owned())
            .at(at, "here")
            .help("write `key = value` or `[table]`"),
    }
}

/// A place between two bytes, widened to the character after it.
fn after(text: &str, at: Span) -> Span {
    let width = text.get(at.start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    Span::new(at.start, at.start + width)
}

fn place(error: &ParseError, otherwise: Span) -> Span {
    error.unexpected().map_or(otherwise, span)
}

fn span(span: toml_parser::Span) -> Span {
    Span::new(span.start(), span.end())
}
