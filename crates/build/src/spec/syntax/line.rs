//! Mistakes that a whole line shows.

use super::mistake::around;
use super::value::as_value;
use crate::diagnostic::{Diagnostic, Span, quoted};

/// Reports what is wrong with the line at `at`, if it is one of the usual things.
pub(super) fn explain(text: &str, at: usize) -> Option<Diagnostic> {
    let (start, line) = around(text, at);
    let start = start + line.len() - line.trim_start().len();
    let line = line.trim();
    foreign(line, start).or_else(|| header(line, start)).or_else(|| assignment(line, start))
}

/// Finds lines of other languages.
fn foreign(line: &str, start: usize) -> Option<Diagnostic> {
    if let Some(sign) = ["//", ";", "--", "%"].into_iter().find(|sign| line.starts_with(sign)) {
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

/// A line with the brackets of a header, more or less.
struct Header<'l> {
    opened: usize,
    closed: usize,
    name: &'l str,
    /// All between the brackets.
    inside: &'l str,
}

impl<'l> Header<'l> {
    fn of(line: &'l str) -> Option<Self> {
        let line = line.split('#').next()?.trim();
        let opened = line.len() - line.trim_start_matches('[').len();
        let closed = line.len() - line.trim_end_matches(']').len();
        let inside = line.get(opened..line.len() - closed)?.trim();
        let name = inside.split([' ', '=', '"', '[', ']', ',']).next()?;
        let is_list = opened == 0 && (closed == 0 || inside.contains('='));
        let is_header = !is_list && !name.is_empty();
        is_header.then_some(Self { opened, closed, name, inside })
    }

    fn meant(&self) -> String {
        let name = self.name;
        if self.opened.max(self.closed) == 1 { format!("[{name}]") } else { format!("[[{name}]]") }
    }
}

/// Returns the header that a line was meant to be, if it is one.
pub(in crate::spec) fn header_meant(line: &str) -> Option<String> {
    let header = Header::of(line)?;
    let is_of_key = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let is_key = |part: &str| !part.is_empty() && part.chars().all(is_of_key);
    header.name.split('.').all(is_key).then(|| header.meant())
}

/// Reports a table's name with the wrong brackets.
fn header(line: &str, start: usize) -> Option<Diagnostic> {
    let header = Header::of(line)?;
    let Header { opened, closed, name, inside } = header;
    let help = format!("write {}", quoted(&header.meant()));
    if name.len() < inside.len() {
        let label = if closed == 0 { "`]` is missing" } else { "one word" };
        let found = Diagnostic::error("a table's name is one word in brackets, alone on its line")
            .at(Span::at(start + opened + name.len()), label)
            .help(help);
        return Some(found);
    }
    let (at, label) = match (opened, closed) {
        _ if opened.max(closed) > 2 => (start, "at most two"),
        _ if opened < closed => (start, "`[` is missing"),
        _ if opened > closed => (start + line.len(), "`]` is missing"),
        _ => return None,
    };
    let found = Diagnostic::error("the brackets around a table's name do not match");
    Some(found.at(Span::at(at), label).help(help))
}

/// Reports a key and a value with something wrong between them.
fn assignment(line: &str, start: usize) -> Option<Diagnostic> {
    let name = line.split(|c: char| !(c.is_alphanumeric() || "-_.".contains(c))).next()?;
    let rest = line.get(name.len()..).filter(|_| !name.is_empty())?;
    let (after, value) = (start + name.len(), rest.trim_start());
    if let Some(value) = value.strip_prefix(':') {
        let colon = after + rest.find(':')?;
        let value = value.trim_start_matches('=').trim();
        let found = Diagnostic::error("`=` stands between a key and its value, not `:`")
            .at(Span::new(colon, colon + 1), "write `=`");
        return Some(found.help(written(name, value)));
    }
    if value.is_empty() {
        let found = Diagnostic::error(format!("{} has no value", quoted(name)))
            .at(Span::new(start, after), "a key alone")
            .help("write `key = value`; a table's name stands in brackets: `[etcd]`");
        return Some(found);
    }
    let is_missing = value.len() < rest.len() && !value.contains('=');
    let found = Diagnostic::error("`=` is missing").at(Span::at(after), "between key and value");
    is_missing.then(|| found.help(written(name, value)))
}

/// Returns the line as it should be.
fn written(key: &str, value: &str) -> String {
    if value.is_empty() || value.contains(['{', '[', '#']) {
        return "write `key = value`".to_owned();
    }
    format!("write {}", quoted(&format!("{key} = {}", as_value(value))))
}
