//! Lines and brackets that do not fit together.

use super::objection::after;
use super::{line, unclosed};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, quoted};
use std::collections::HashSet;
use toml_parser::ParseError;

/// Where the first bracket is that is never closed: what comes after it was read as part of it.
pub(in crate::spec) fn swallowed_from(errors: &[ParseError]) -> Option<usize> {
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
pub(in crate::spec) fn add_structural(
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

/// A list or a table within ever more of the same.
fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::error("nested too deeply")
        .at(span, "nothing this deep is read")
        .help("a spec holds tables, keys, and lists of values, and nothing below those")
}

fn span(span: toml_parser::Span) -> Span {
    Span::new(span.start(), span.end())
}
