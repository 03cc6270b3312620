//! Mistakes that a whole line shows.

use super::scalar::as_value;
use crate::diagnostic::{Diagnostic, Span, quoted};

/// How far to either side of a mistake its line is looked at. A line may be
/// megabytes long and hold a thousand mistakes.
const LINE_REACH: usize = 400;

/// A line, or what can be seen of it.
struct Line<'a> {
    start: usize,
    text: &'a str,
}

/// The line around an offset.
fn around(text: &str, offset: usize) -> Line<'_> {
    let offset = floor(text, offset);
    let from = floor(text, offset.saturating_sub(LINE_REACH));
    let to = floor(text, offset + LINE_REACH);
    let start = text[from..offset].rfind('\n').map_or(from, |at| from + at + 1);
    let end = text[offset..to].find('\n').map_or(to, |at| offset + at);
    Line { start, text: text[start..end].trim_end_matches('\r') }
}

fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// What is wrong with the line at `at`, if it is one of the usual things.
pub(super) fn explain(text: &str, at: Span) -> Option<Diagnostic> {
    let line = around(text, at.start);
    let whole = line.text.trim();
    let start = line.start + line.text.len() - line.text.trim_start().len();
    foreign(whole, start).or_else(|| header(whole, start)).or_else(|| assignment(whole, start))
}

/// Lines of other languages.
fn foreign(line: &str, start: usize) -> Option<Diagnostic> {
    let comment = ["//", ";", "--", "%"].into_iter().find(|sign| line.starts_with(sign));
    if let Some(sign) = comment {
        let comment = line.trim_start_matches(sign).trim();
        let found = Diagnostic::error("comments begin with `#`")
            .at(Span::new(start, start + sign.len()), "no comment in TOML")
            .help(format!("write {}", quoted(&format!("# {comment}"))));
        return Some(found);
    }
    let assignment = line.strip_prefix("export ")?;
    let found = Diagnostic::error("this is a line of a shell script")
        .at(Span::new(start, start + "export".len()), "no `export` in TOML")
        .help(format!(
            "etcd's options stand under `[etcd]` by their own names, not {}",
            quoted(assignment)
        ));
    Some(found)
}

/// A table's name with the wrong brackets.
fn header(line: &str, start: usize) -> Option<Diagnostic> {
    let line = line.split('#').next()?.trim_end();
    let (opened, closed) = (run(line.chars(), '['), run(line.chars().rev(), ']'));
    let inside = line.trim_start_matches('[').trim_end_matches(']').trim();
    let name = inside.split([' ', '=', '"', '[', ']', ',']).next()?;
    let brackets = opened.max(closed);
    if brackets == 0 || name.is_empty() || inside.len() < line.len() - opened - closed {
        return None;
    }
    let whole = if brackets == 1 { format!("[{name}]") } else { format!("[[{name}]]") };
    let help = format!("write {}", quoted(&whole));
    if name.len() < inside.len() {
        let at = start + opened + name.len();
        let found = Diagnostic::error("a table's name is one word in brackets, alone on its line")
            .at(Span::at(at), if closed == 0 { "`]` is missing" } else { "one word" })
            .help(help);
        return Some(found);
    }
    if opened == closed && opened <= 2 {
        return None;
    }
    let (at, label) = if opened < closed {
        (start, "`[` is missing")
    } else {
        (start + line.len(), "`]` is missing")
    };
    let (at, label) = if brackets > 2 { (start, "at most two") } else { (at, label) };
    Some(
        Diagnostic::error("the brackets around a table's name do not match")
            .at(Span::at(at), label)
            .help(help),
    )
}

fn run(chars: impl Iterator<Item = char>, bracket: char) -> usize {
    chars.take_while(|c| *c == bracket).count()
}

/// A key and a value with something wrong between them.
fn assignment(line: &str, start: usize) -> Option<Diagnostic> {
    let name = line.split(|c: char| !(c.is_alphanumeric() || "-_.".contains(c))).next()?;
    if name.is_empty() {
        return None;
    }
    let rest = &line[name.len()..];
    let after = start + name.len();
    let value = rest.trim_start();
    if let Some(value) = value.strip_prefix(':') {
        let colon = after + rest.find(':')?;
        let value = value.trim_start_matches('=').trim();
        let found = Diagnostic::error("`=` stands between a key and its value, not `:`")
            .at(Span::new(colon, colon + 1), "write `=`")
            .help(written(name, value));
        return Some(found);
    }
    if value.is_empty() {
        let found = Diagnostic::error(format!("{} has no value", quoted(name)))
            .at(Span::new(start, after), "a key alone")
            .help("write `key = value`; a table's name stands in brackets: `[etcd]`");
        return Some(found);
    }
    if value.len() < rest.len() && !value.contains('=') {
        let found = Diagnostic::error("`=` is missing")
            .at(Span::at(after), "between key and value")
            .help(written(name, value));
        return Some(found);
    }
    None
}

/// The line as it should be.
fn written(key: &str, value: &str) -> String {
    if value.is_empty() || value.contains(['{', '[', '#']) {
        return "write `key = value`".to_owned();
    }
    format!("write {}", quoted(&format!("{key} = {}", as_value(value))))
}
