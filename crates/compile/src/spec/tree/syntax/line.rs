//! Mistakes that a whole line shows.

use super::LINE_REACH;
use super::scalar::as_value;
use crate::diagnostic::{Diagnostic, Span, quoted};

/// A line, or what can be seen of it.
pub(super) struct Line<'a> {
    pub(super) start: usize,
    pub(super) text: &'a str,
}

impl Line<'_> {
    /// Where the line ends.
    pub(super) fn visible_end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The line around an offset.
pub(super) fn around(text: &str, offset: usize) -> Line<'_> {
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
    let whole = line.text.trim_start();
    let start = line.start + line.text.len() - whole.len();
    let whole = whole.trim_end();

    for sign in ["//", ";", "--", "%"] {
        if let Some(comment) = whole.strip_prefix(sign) {
            return Some(
                Diagnostic::error("comments begin with `#`")
                    .at(Span::new(start, start + sign.len()), "no comment in TOML")
                    .help(format!("write {}", quoted(&format!("# {}", comment.trim())))),
            );
        }
    }
    if let Some(assignment) = whole.strip_prefix("export ") {
        return Some(
            Diagnostic::error("this is a line of a shell script")
                .at(Span::new(start, start + "export".len()), "no `export` in TOML")
                .help(format!(
                    "etcd's options stand under `[etcd]` by their own names, not {}",
                    quoted(assignment)
                )),
        );
    }
    let name = whole.split(|c: char| !(c.is_alphanumeric() || "-_.".contains(c))).next()?;
    if name.is_empty() {
        return None;
    }
    let rest = &whole[name.len()..];
    let after = start + name.len();
    let value = rest.trim_start();
    if let Some(value) = value.strip_prefix(':') {
        let colon = after + rest.find(':')?;
        let value = value.trim_start_matches('=').trim();
        return Some(
            Diagnostic::error("`=` stands between a key and its value, not `:`")
                .at(Span::new(colon, colon + 1), "write `=`")
                .help(written(name, value)),
        );
    }
    if value.is_empty() {
        return Some(
            Diagnostic::error(format!("{} has no value", quoted(name)))
                .at(Span::new(start, after), "a key alone")
                .help("write `key = value`; a table's name stands in brackets: `[etcd]`"),
        );
    }
    if value.len() < rest.len() && !value.contains('=') {
        return Some(
            Diagnostic::error("`=` is missing")
                .at(Span::at(after), "between key and value")
                .help(written(name, value)),
        );
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
