//! Text in a page.

use core::fmt::{self, Write as _};

/// Anything that is shown, as text of HTML: in an element, or in an attribute within quotes.
pub(super) struct Text<T>(pub(super) T);

impl<T: fmt::Display> fmt::Display for Text<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Escaped(f), "{}", self.0)
    }
}

/// Writes what is written to it, escaped. A control character is no character of HTML.
struct Escaped<'a, 'f>(&'a mut fmt::Formatter<'f>);

impl fmt::Write for Escaped<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|character| match character {
            '&' => self.0.write_str("&amp;"),
            '<' => self.0.write_str("&lt;"),
            '>' => self.0.write_str("&gt;"),
            '"' => self.0.write_str("&quot;"),
            '\'' => self.0.write_str("&#39;"),
            control if control.is_control() => self.0.write_char(char::REPLACEMENT_CHARACTER),
            plain => self.0.write_char(plain),
        })
    }
}
