//! What `toml` objects to, in words for someone who does not know TOML.
//!
//! It says what it expected next. People rather make the same dozen mistakes: no quotes, a colon for
//! `=`, typographic quotes. So the line or the value is looked at first, and the words of `toml` are
//! the fallback.

mod line;
mod mistake;
mod value;

pub(super) use line::header_meant;
pub(super) use mistake::{Mistake, floor};
pub(super) use value::{too_large, value};

use crate::diagnostic::{Diagnostic, Span, quoted};
use mistake::after;

/// Reports a line that cannot be read, or something between values.
pub(super) fn explain(text: &str, mistake: &Mistake) -> Diagnostic {
    let (what, at) = (mistake.what.as_str(), mistake.span);
    if what == "extra `=`" {
        return Diagnostic::error("there is one `=` too many")
            .at(at, "this one")
            .help("write `key = value`");
    }
    let help = match what {
        "carriage return must be followed by newline" => "end lines with a newline, or with both",
        "invalid comment character" => "delete it",
        _ if what.contains(" array") && !what.ends_with(" table") => {
            "a list is written `[\"a\", \"b\"]`"
        }
        _ if what.contains("inline table") || what.contains("key-value pairs") => {
            "a table on one line is written `{ key = value, key = value }`"
        }
        _ => match line::explain(text, at.start) {
            Some(explained) => return explained,
            None if mistake.is_of_a_key() => return key(text, mistake),
            None if what.starts_with("unexpected ") => return too_much(text, at),
            None => "write `key = value`, or `[table]`",
        },
    };
    let label = match mistake.expected.as_str() {
        "" => "here".to_owned(),
        expected => format!("expected {expected}"),
    };
    Diagnostic::error(what).at(after(text, at), label).help(help)
}

/// Reports a key that cannot be read.
fn key(text: &str, mistake: &Mistake) -> Diagnostic {
    let at = mistake.span;
    match text.get(at.range()).filter(|bad| !bad.is_empty()) {
        None => Diagnostic::error("a name is missing")
            .at(at, "a key belongs here")
            .help("write `key = value`, or `[table]`"),
        Some(bad) => Diagnostic::error(format!("{} cannot stand in a key", quoted(bad)))
            .at(at, "not a letter, digit, `-` or `_`")
            .help("keys of a spec are words such as `data-dir`"),
    }
}

fn too_much(text: &str, at: Span) -> Diagnostic {
    let rest = text.get(at.start..).unwrap_or_default();
    let next = rest.split_whitespace().next().unwrap_or_default();
    Diagnostic::error(format!("{} is too much on this line", quoted(next)))
        .at(after(text, at), "the line should end before this")
        .help("write one `key = value` a line; text stands in quotes, comments after `#`")
}

/// Reports a key that is set again, or extended where it takes no more keys.
pub(super) fn set_twice(text: &str, mistake: &Mistake) -> Diagnostic {
    let written = text.get(mistake.span.range()).unwrap_or_default();
    let name = quoted(written.trim_matches(['"', '\'']));
    let (message, again, help) = if mistake.what == "duplicate key" {
        (format!("{name} is set twice"), "set again here", "keep one of the two")
    } else {
        let help = "write the table in one form and in one place";
        (format!("{name}: {}", mistake.what), "extended here", help)
    };
    let found = Diagnostic::error(message).at(mistake.span, again).help(help);
    match first_set(text, mistake.span.start, written) {
        Some(first) => found.also(first, "first set here"),
        None => found,
    }
}

/// Returns the nearest place above at which a key was set, as it is set again; `toml` knows and does not tell.
fn first_set(text: &str, again: usize, written: &str) -> Option<Span> {
    let is_first_in_line = |at: usize| {
        let before = text.get(..at).and_then(|before| before.rsplit('\n').next());
        before.is_some_and(|before| before.trim_matches([' ', '\t', '[']).is_empty())
    };
    let name = written.trim_matches(['"', '\'']);
    let is_key = |at: usize| {
        let before = text[..at].trim_end_matches([' ', '\t', '"', '\'']);
        let after = text[at + name.len()..].trim_start_matches([' ', '\t', '"', '\'']);
        (before.is_empty() || before.ends_with(['\n', '{', ',', '.', '[']))
            && after.starts_with(['=', '.', ']'])
    };
    let of_a_line = is_first_in_line(again);
    let mut above = text.get(..again)?.rmatch_indices(name).map(|(at, _)| at);
    let at = above.find(|at| is_key(*at) && (!of_a_line || is_first_in_line(*at)))?;
    Some(Span::new(at, at + name.len()))
}

/// Reports a list or a table within ever more of the same.
pub(super) fn too_deep(mistake: &Mistake) -> Diagnostic {
    Diagnostic::error("nested too deeply")
        .at(mistake.span, "nothing this deep is read")
        .help("a spec holds tables, keys, and lists of values, and nothing below those")
}

/// Reports a list or a table on one line that is never closed, and where its end should be.
pub(super) fn unclosed(text: &str, opened: Span, end: usize) -> Diagnostic {
    let is_list = text.get(opened.start..).is_some_and(|rest| rest.starts_with('['));
    let (what, open, close) = if is_list { ("list", '[', ']') } else { ("table", '{', '}') };
    Diagnostic::error(format!("a {what} is never closed: `{close}` is missing"))
        .at(Span::new(opened.start, opened.start + 1), format!("this `{open}` has no `{close}`"))
        .also(Span::at(end), format!("`{close}` belongs here"))
        .help(format!("add `{close}`"))
}

/// Returns where something that is opened was probably meant to end: before the first line that looks like
/// the next table or key.
pub(super) fn likely_end(text: &str, opened: Span) -> usize {
    let mut end = opened.start;
    let mut at = opened.start;
    for line in text.get(at..).unwrap_or_default().split_inclusive('\n') {
        if end > opened.start && begins_another(line.trim_start()) {
            break;
        }
        let code = line.split('#').next().unwrap_or_default().trim_end();
        if !code.is_empty() {
            end = at + code.len();
        }
        at += line.len();
    }
    end
}

fn begins_another(line: &str) -> bool {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "-_.".contains(c));
    line.starts_with('[') || (rest.len() < line.len() && rest.trim_start().starts_with('='))
}
