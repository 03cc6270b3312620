//! Values that are none: mostly, text without quotes.

use super::mistake::{Mistake, after, around};
use crate::diagnostic::{Diagnostic, Span, quoted};

/// Quotes that word processors make, which TOML does not know.
const TYPOGRAPHIC: [char; 9] = ['“', '”', '„', '‟', '‘', '’', '‚', '«', '»'];

/// Reports a value that cannot be read.
pub(in crate::spec) fn value(text: &str, mistake: &Mistake) -> Diagnostic {
    match mistake.what.as_str() {
        "missing escaped value" | "too few unicode value digits" | "invalid value" => {
            escape(text, mistake.span.start)
        }
        what if what.ends_with(" basic string") || what.ends_with(" literal string") => {
            unclosed(text, mistake).unwrap_or_else(|| bare(text, mistake))
        }
        _ => bare(text, mistake),
    }
}

/// Reports a number beyond what TOML demands of its readers.
pub(in crate::spec) fn too_large(raw: &str, span: Span) -> Diagnostic {
    Diagnostic::error(format!("{} is too large a number", quoted(raw)))
        .at(span, "does not fit into 64 bits")
}

/// Returns a value as TOML would have it: quoted, unless it already is one.
pub(super) fn as_value(raw: &str) -> String {
    let quoted =
        raw.len() > 1 && ['"', '\''].iter().any(|q| raw.starts_with(*q) && raw.ends_with(*q));
    if quoted || matches!(raw, "true" | "false") || raw.parse::<i64>().is_ok() {
        return raw.to_owned();
    }
    let bare = raw.trim_matches(TYPOGRAPHIC).trim_matches(['"', '\'']);
    format!("\"{}\"", bare.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Reports text whose quote is not there again, or with a character that cannot stand in it.
fn unclosed(text: &str, mistake: &Mistake) -> Option<Diagnostic> {
    let Span { start: end, .. } = mistake.span;
    let quote = if mistake.what.contains("basic") { '"' } else { '\'' };
    let close = quote.to_string().repeat(if mistake.what.contains("multi-line") { 3 } else { 1 });
    let start = match close.len() {
        3 => text.get(..end)?.rfind(&close)?,
        _ => Written::at(text, mistake).start,
    };
    let written = text.get(start..end).filter(|written| written.starts_with(quote))?;
    if !mistake.expected.starts_with(&format!("`{quote}")) {
        let found = Diagnostic::error("text holds a control character")
            .at(after(text, mistake.span), "here")
            .help("delete it, or write it as an escape: `\\n`, `\\t`, `\\u0007`");
        return Some(found);
    }
    let line_end = start + written.find('\n').unwrap_or(written.len());
    let found = Diagnostic::error("text is never closed")
        .at(Span::new(start, start + close.len()), "opened here")
        .also(Span::at(line_end), "no closing quote")
        .help(format!("add `{close}` where the text ends"));
    Some(found)
}

/// Reports an escape that TOML does not have.
fn escape(text: &str, at: usize) -> Diagnostic {
    let start = text.get(..at).and_then(|before| before.rfind('\\')).unwrap_or(at);
    let wrong = after(text, Span::at(at)).end;
    let end = if text.get(at..wrong) == Some("\"") { at } else { wrong };
    let escaped = text.get(start..end).unwrap_or_default();
    Diagnostic::error(format!("{} means nothing in text", quoted(escaped)))
        .at(Span::new(start, end), "`\\` begins an escape")
        .help("write `\\\\` for a backslash, or put the text in single quotes")
}

/// A value as it is written in its line, and its key.
struct Written<'t> {
    raw: &'t str,
    start: usize,
    /// What it is for, unless it stands in a list.
    key: Option<&'t str>,
    /// Whether it stands in a table on one line.
    inline: bool,
}

impl<'t> Written<'t> {
    /// Returns the value that a mistake is in.
    fn at(text: &'t str, mistake: &Mistake) -> Self {
        let (line, shown) = around(text, mistake.span.start);
        let before = shown.get(..mistake.span.start - line).unwrap_or_default();
        let (mut start, mut key, mut inline, mut quote) = (0, None, false, None);
        let mut escaped = false;
        for (at, c) in before.char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' if quote == Some('"') => escaped = true,
                _ if quote.is_some() => quote = quote.filter(|quote| *quote != c),
                '"' | '\'' => quote = Some(c),
                '=' => (key, start) = (before.get(start..at).map(str::trim), at + 1),
                ',' | '[' | '{' => {
                    (key, start) = (None, at + 1);
                    inline |= c == '{';
                }
                _ => {}
            }
        }
        let rest = shown.get(start..).unwrap_or_default();
        let start = line + start + rest.len() - rest.trim_start().len();
        let start = start.min(mistake.span.start);
        let end = mistake.span.end.max(start);
        let ends = [',', ']', '}', ' ', '\t', '#', '\r', '\n'];
        let rest = text.get(end..).unwrap_or_default();
        let end = end + rest.find(ends).unwrap_or(rest.len());
        Self { raw: text.get(start..end).unwrap_or_default().trim_end(), start, key, inline }
    }
}

fn bare(text: &str, mistake: &Mistake) -> Diagnostic {
    let Written { raw, start, key, inline } = Written::at(text, mistake);
    let span = Span::new(start, start + raw.len());
    if raw.is_empty() {
        return nothing(text, span, key);
    }
    if mistake.what == "invalid literal string" {
        // Where a key stands in a table on one line, `toml` invents empty text behind it.
        return nothing(text, Span::at(mistake.span.start), Some(raw));
    }
    // `a = 1 b = 2`: what looks like one value is a value and the next key.
    let next = text.get(span.end..).map(|rest| rest.trim_start_matches([' ', '\t']));
    if raw.contains(' ') && next.is_some_and(|next| next.starts_with('=')) {
        let one_line = "put a comma between them: `{ a = 1, b = 2 }`";
        return Diagnostic::error("two keys run into each other")
            .at(span, "a value and the next key")
            .help(if inline { one_line } else { "write one `key = value` a line" });
    }
    let (shown, lower) = (quoted(raw), raw.to_ascii_lowercase());
    let (message, label, value) = match lower.as_str() {
        "null" | "nil" | "none" | "~" => {
            return Diagnostic::error(format!("{shown} is no value: TOML has no null"))
                .at(span, "nothing")
                .help(LEFT_OUT);
        }
        "true" | "false" => (format!("{shown} is written `{lower}`"), "in lower case", lower),
        "yes" | "on" | "y" | "no" | "off" | "n" => {
            let flag = matches!(lower.as_str(), "yes" | "on" | "y").to_string();
            (format!("{shown} is neither `true` nor `false`"), "a word without quotes", flag)
        }
        _ if raw.contains(TYPOGRAPHIC) => {
            let message = "these are typographic quotes; TOML knows only straight ones";
            (message.to_owned(), "not text yet", as_value(raw))
        }
        _ if is_number(raw) => {
            let what = mistake.what.as_str();
            (format!("{shown} is not how TOML writes a number"), what, as_number(raw))
        }
        _ if raw.ends_with(['"', '\'']) => {
            let message = format!("{shown} ends with a quote and begins without one");
            (message, "a quote is missing before this", as_value(raw))
        }
        _ => (format!("{shown} must stand in quotes"), "text without quotes", as_value(raw)),
    };
    // Only the value where no key is at hand.
    let instead = key.map_or(value.clone(), |key| format!("{key} = {value}"));
    Diagnostic::error(message).at(span, label).help(format!("write {}", quoted(&instead)))
}

/// Tells whether someone may have meant a number.
fn is_number(raw: &str) -> bool {
    let is_of_number = |c: char| c.is_ascii_digit() || "+-_.".contains(c);
    let has_digits = raw.contains(|c: char| c.is_ascii_digit()) && raw.matches('.').count() < 2;
    raw.parse::<f64>().is_ok() || has_digits && raw.chars().all(is_of_number)
}

/// Returns a number as TOML would have it, or at least text.
fn as_number(raw: &str) -> String {
    let plain = raw.replace('_', "");
    let plain = plain.trim_start_matches(['+', '0']).trim_end_matches('.');
    let plain = if plain.starts_with('.') { format!("0{plain}") } else { plain.to_owned() };
    if plain.parse::<f64>().is_ok() { plain } else { as_value(raw) }
}

/// What may be done about a key that has no value.
const LEFT_OUT: &str = "delete the line: a key that is left out has its default";

/// Reports a value that is not there.
fn nothing(text: &str, span: Span, key: Option<&str>) -> Diagnostic {
    let before = text.get(..span.start).unwrap_or_default();
    let place = |key: &&str| before.rfind(*key).filter(|_| !key.is_empty());
    let Some((key, at)) = key.and_then(|key| Some((key, place(&key)?))) else {
        return Diagnostic::error("a value is missing").at(after(text, span), "before this");
    };
    let label =
        if before.trim_end().ends_with('=') { "nothing follows `=`" } else { "a key alone" };
    Diagnostic::error(format!("{} has no value", quoted(key)))
        .at(Span::new(at, at + key.len()), label)
        .help(format!("give it one, or {LEFT_OUT}"))
}
