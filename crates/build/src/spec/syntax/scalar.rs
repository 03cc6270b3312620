//! Values that are none: mostly, text without quotes.

use super::objection::{Objection, after};
use crate::diagnostic::{Diagnostic, Span, quoted};

/// Quotes that word processors make, which TOML does not know.
const TYPOGRAPHIC: [char; 9] = ['“', '”', '„', '‟', '‘', '’', '‚', '«', '»'];

/// The key of a value as written, and where.
type Key<'t> = Option<(&'t str, Span)>;

/// A value that cannot be read; `key` is what it is for, unless it stands in a
/// list, and `inline` whether it stands in a table on one line.
pub(in crate::spec) fn scalar(
    text: &str,
    raw: &str,
    span: Span,
    error: &Objection,
    key: Key<'_>,
    inline: bool,
) -> Diagnostic {
    if raw.starts_with(['"', '\'']) {
        string(text, raw, span, error)
    } else {
        bare(text, raw, span, error, key, inline)
    }
}

/// A number beyond what TOML demands of its readers.
pub(in crate::spec) fn too_large(raw: &str, span: Span) -> Diagnostic {
    Diagnostic::error(format!("{} is too large a number", quoted(raw)))
        .at(span, "does not fit into 64 bits")
}

/// A value as TOML would have it: quoted, unless it already is one.
pub(super) fn as_value(raw: &str) -> String {
    let bare = raw.trim_matches(TYPOGRAPHIC);
    let known = matches!(raw, "true" | "false") || raw.parse::<i64>().is_ok();
    let quoted =
        raw.len() > 1 && ['"', '\''].iter().any(|q| raw.starts_with(*q) && raw.ends_with(*q));
    if known || quoted {
        return raw.to_owned();
    }
    let bare = bare.trim_matches(['"', '\'']);
    format!("\"{}\"", bare.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A value that is not there.
pub(in crate::spec) fn nothing(text: &str, span: Span, key: Key<'_>) -> Diagnostic {
    if text.get(..span.start).is_some_and(|before| before.ends_with("==")) {
        return Diagnostic::error("there is one `=` too many")
            .at(Span::new(span.start - 1, span.start), "this one")
            .help("write `key = value`");
    }
    let Some((key, at)) = key else {
        return Diagnostic::error("a value is missing").at(after(text, span), "before this");
    };
    let before = text.get(..span.start).unwrap_or_default().trim_end();
    let label = if before.ends_with('=') { "nothing follows `=`" } else { "a key alone" };
    Diagnostic::error(format!("{} has no value", quoted(key)))
        .at(at, label)
        .help("give it one, or delete the line: a key that is left out has its default")
}

fn string(text: &str, raw: &str, span: Span, error: &Objection) -> Diagnostic {
    let at = error.span;
    let quote = raw.chars().next().unwrap_or('"');
    let wants_quote = error.expected.starts_with(&format!("`{quote}"));
    if wants_quote && at.start >= span.end {
        let quotes = if raw.starts_with(&quote.to_string().repeat(3)) { 3 } else { 1 };
        let close = quote.to_string().repeat(quotes);
        let end_of_line = text
            .get(span.range())
            .and_then(|text| text.find('\n'))
            .map_or(span.end, |at| span.start + at);
        return Diagnostic::error("text is never closed")
            .at(Span::new(span.start, span.start + quotes), "opened here")
            .also(Span::at(end_of_line), "no closing quote")
            .help(format!("add `{close}` where the text ends"));
    }
    match error.what.as_str() {
        "missing escaped value" | "too few unicode value digits" | "invalid value" => {
            let before = text.get(span.start..at.start).unwrap_or_default();
            let escape = before.rfind('\\').map_or(span.start, |from| span.start + from);
            let end = after(text, Span::at(at.start)).end;
            let closed = text.get(at.start..end) == Some("\"");
            let end = if closed { at.start } else { end };
            let escaped = text.get(escape..end).unwrap_or_default();
            Diagnostic::error(format!("{} means nothing in text", quoted(escaped)))
                .at(Span::new(escape, end), "`\\` begins an escape")
                .help("write `\\\\` for a backslash, or put the text in single quotes")
        }
        _ => Diagnostic::error("text holds a control character")
            .at(after(text, at), "here")
            .help("delete it, or write it as an escape: `\\n`, `\\t`, `\\u0007`"),
    }
}

fn bare(
    text: &str,
    raw: &str,
    span: Span,
    error: &Objection,
    key: Key<'_>,
    inline: bool,
) -> Diagnostic {
    if raw.contains(TYPOGRAPHIC) {
        return Diagnostic::error("these are typographic quotes; TOML knows only straight ones")
            .at(span, "not text yet")
            .help(instead(key, &as_value(raw)));
    }
    match raw.to_ascii_lowercase().as_str() {
        word @ ("true" | "false") => {
            return Diagnostic::error(format!("{} is written {}", quoted(raw), quoted(word)))
                .at(span, "in lower case")
                .help(instead(key, word));
        }
        "yes" | "on" | "y" => return not_toml(raw, "true", span, key),
        "no" | "off" | "n" => return not_toml(raw, "false", span, key),
        "null" | "nil" | "none" | "~" => {
            return Diagnostic::error(format!("{} is no value: TOML has no null", quoted(raw)))
                .at(span, "nothing")
                .help("delete the line: a key that is left out has its default");
        }
        _ => {}
    }
    // `a = 1 b = 2`: what looks like one value is a value and the next key.
    let next = text.get(span.end..).map(|rest| rest.trim_start_matches([' ', '\t']));
    if raw.contains(' ') && next.is_some_and(|next| next.starts_with('=')) {
        let help = if inline {
            "put a comma between them: `{ a = 1, b = 2 }`"
        } else {
            "write one `key = value` a line"
        };
        return Diagnostic::error("two keys run into each other")
            .at(span, "a value and the next key")
            .help(help);
    }
    let number = |c: char| c.is_ascii_digit() || "+-_.".contains(c);
    let digits = raw.contains(|c: char| c.is_ascii_digit()) && raw.matches('.').count() < 2;
    if raw.parse::<f64>().is_ok() || digits && raw.chars().all(number) {
        return number_form(raw, span, error, key);
    }
    let opened = raw.ends_with(['"', '\'']);
    let message = if opened {
        format!("{} ends with a quote and begins without one", quoted(raw))
    } else {
        format!("{} must stand in quotes", quoted(raw))
    };
    let label = if opened { "a quote is missing before this" } else { "text without quotes" };
    Diagnostic::error(message).at(span, label).help(instead(key, &as_value(raw)))
}

fn not_toml(raw: &str, word: &str, span: Span, key: Key<'_>) -> Diagnostic {
    Diagnostic::error(format!("{} is neither `true` nor `false`", quoted(raw)))
        .at(span, "a word without quotes")
        .help(instead(key, word))
}

fn number_form(raw: &str, span: Span, error: &Objection, key: Key<'_>) -> Diagnostic {
    let found = Diagnostic::error(format!("{} is not how TOML writes a number", quoted(raw)))
        .at(span, error.what.as_str());
    let plain: String = raw.replace('_', "");
    let plain = plain.trim_start_matches('+').trim_start_matches('0');
    let plain = if plain.starts_with('.') { format!("0{plain}") } else { plain.to_owned() };
    let number = plain.trim_end_matches('.');
    match number.parse::<f64>() {
        Ok(_) => found.help(instead(key, number)),
        Err(_) => found.help(instead(key, &as_value(raw))),
    }
}

/// "write `key = value`", or only the value where no key is at hand.
fn instead(key: Key<'_>, value: &str) -> String {
    let whole = match key {
        Some((key, _)) => format!("{key} = {value}"),
        None => value.to_owned(),
    };
    format!("write {}", quoted(&whole))
}
