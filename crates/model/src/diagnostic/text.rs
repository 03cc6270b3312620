//! User input inside messages.

use std::borrow::Cow;

/// The most characters of user input that a message repeats.
const LONGEST_QUOTE: usize = 64;

/// Quotes user input for a message: in backticks, escaped, and cut when long.
///
/// ```
/// use bouquet_model::diagnostic::quoted;
/// assert_eq!(quoted("pink"), "`pink`");
/// assert_eq!(quoted("a\nb\u{1b}[31m"), r"`a\nb\u{1b}[31m`");
/// ```
pub fn quoted(input: &str) -> String {
    let mut rest = input.chars();
    let head: String = rest.by_ref().take(LONGEST_QUOTE).collect();
    let cut = if rest.next().is_some() { "…" } else { "" };
    format!("`{}{cut}`", visible(&head))
}

/// Returns text in which nothing can move the cursor, colour the terminal or turn the direction of writing: such
/// characters appear as Rust's escapes.
pub fn visible(text: &str) -> Cow<'_, str> {
    escape_where(text, is_unsafe_to_print)
}

/// Does as [`visible`] does, but lines may break: for help with an example in it.
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    escape_where(text, |c| c != '\n' && is_unsafe_to_print(c))
}

/// Returns source as it may be shown: what the renderer does not make visible itself becomes a replacement
/// character, so that columns stay what they are.
pub fn printable(source: &str) -> Cow<'_, str> {
    let unsafe_here = |c: char| !c.is_ascii() && is_unsafe_to_print(c);
    if !source.contains(unsafe_here) {
        return Cow::Borrowed(source);
    }
    let shown = |c: char| {
        if unsafe_here(c) { char::REPLACEMENT_CHARACTER } else { c }
    };
    Cow::Owned(source.chars().map(shown).collect())
}

fn escape_where(text: &str, escaped: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&escaped) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if escaped(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Tells whether a character is a control, a line separator, or one of the invisible ones with which one text can
/// be made to look like another (CVE-2021-42574).
fn is_unsafe_to_print(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_input_is_cut() {
        let long = quoted(&"é".repeat(100_000));
        assert_eq!(long.chars().count(), LONGEST_QUOTE + 3);
        assert!(long.ends_with("…`"));
    }

    #[test]
    fn invisible_characters_are_escaped() {
        assert_eq!(visible("a\u{202e}b\u{200b}\0"), r"a\u{202e}b\u{200b}\u{0}");
        assert_eq!(visible("日本 é"), "日本 é");
        assert_eq!(visible_lines("a\n\tb"), "a\n\\tb");
    }
}
