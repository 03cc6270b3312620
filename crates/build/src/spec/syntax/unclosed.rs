//! Lists and inline tables without an end.
//!
//! The parser reads on to the end of the file, so all that it then says about
//! the lines it swallowed is wrong; the builder forgets it.

use crate::diagnostic::{Diagnostic, Span};

/// A bracket that is never closed.
pub(super) fn explain(text: &str, opened: Span, what: &str, open: char, close: char) -> Diagnostic {
    let message = format!("a {what} is never closed: `{close}` is missing");
    Diagnostic::error(message)
        .at(opened, format!("this `{open}` has no `{close}`"))
        .also(Span::at(likely_end(text, opened)), format!("`{close}` belongs here"))
        .help(format!("add `{close}`"))
}

/// Where it was probably meant to end: before the first line that looks like
/// the next table or key.
fn likely_end(text: &str, opened: Span) -> usize {
    let mut end = None;
    let mut at = opened.start;
    for line in text.get(opened.start..).unwrap_or_default().split_inclusive('\n') {
        if end.is_some() && begins_anew(line.trim_start()) {
            break;
        }
        let code = line.split('#').next().unwrap_or_default().trim_end();
        if !code.is_empty() {
            end = Some(at + code.len());
        }
        at += line.len();
    }
    end.unwrap_or(opened.end)
}

fn begins_anew(line: &str) -> bool {
    let word = line.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "-_.".contains(c));
    line.starts_with('[') || (word.len() < line.len() && word.trim_start().starts_with('='))
}
