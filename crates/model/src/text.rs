//! What every text has to be that ends in a flag, a unit, an environment file and a YAML file.

use crate::diagnostic::Diagnostic;

/// The longest string that Linux hands to a program, be it an argument or a variable, without the
/// zero byte at its end: `MAX_ARG_STRLEN` of execve(2) is 128 KiB.
pub const LONGEST_ARGUMENT: usize = (128 << 10) - 1;

/// The most bytes of a token. etcd sets no limit, but a line of text has one, and nobody tells two longer ones
/// apart.
const LONGEST_TOKEN: usize = 255;

/// Holds a text to what the token of a cluster can be.
///
/// # Errors
/// If it is empty, too long, or not the same in all formats.
pub fn token(text: &str) -> Result<(), Diagnostic> {
    if text.is_empty() {
        return Err(Diagnostic::error("the token must not be empty").help(
            "it keeps this cluster apart from others; a name and a number do, such as \
             `etcd-cluster-1`",
        ));
    }
    if text.len() > LONGEST_TOKEN {
        let message = format!("the token has {} bytes, and at most {LONGEST_TOKEN}", text.len());
        return Err(Diagnostic::error(message).help(
            "it is part of every member's command line; a name and a number are enough, such \
             as `etcd-cluster-1`",
        ));
    }
    carried("token", text)
}

/// Holds a text, the value of `key`, to what all formats carry unchanged.
///
/// # Errors
/// Names the first character that one of them does not.
pub fn carried(key: &str, text: &str) -> Result<(), Diagnostic> {
    let Some(c) = text.chars().find(|c| !is_carried(*c)) else { return Ok(()) };
    let what = if c.is_control() { "control character" } else { "character" };
    Err(Diagnostic::error(format!("`{key}` cannot contain the {what} `{}`", shown(c))).help(
        "shells, units, environment files and YAML do not all carry it unchanged; leave it out",
    ))
}

/// Returns `true` for a character that is the same text in all formats.
///
/// A control character, U+0085 among them, or a separator of lines ends a line or a word somewhere;
/// U+FEFF is taken for the mark at a file's beginning (YAML 1.1, sections 5.1 and 5.4). systemd ignores a
/// line with a noncharacter (`utf8_encoded_to_unichar` in its `basic/utf8.c`).
pub fn is_carried(c: char) -> bool {
    let noncharacter = matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe;
    !(c.is_control() || noncharacter || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}'))
}

/// Compares two texts where `==` cannot: in the evaluation of a constant.
pub(crate) const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

fn shown(c: char) -> String {
    match c {
        '\n' | '\r' | '\t' => c.escape_default().to_string(),
        c => format!("U+{:04X}", u32::from(c)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_in_any_language_is_carried() {
        assert_eq!(carried("token", "flowers é 日本 🌷 \u{a0}\u{e000}~"), Ok(()));
    }

    #[test]
    fn what_some_format_changes_is_named() {
        for (text, shown) in [
            ("a\nb", "control character `\\n`"),
            ("a\rb", "control character `\\r`"),
            ("\u{0}", "control character `U+0000`"),
            ("\u{7f}", "control character `U+007F`"),
            ("\u{85}", "control character `U+0085`"),
            ("\u{2028}", "character `U+2028`"),
            ("\u{2029}", "character `U+2029`"),
            ("\u{feff}", "character `U+FEFF`"),
            ("\u{fdd0}", "character `U+FDD0`"),
            ("\u{fdef}", "character `U+FDEF`"),
            ("\u{fffe}", "character `U+FFFE`"),
            ("\u{1ffff}", "character `U+1FFFF`"),
            ("\u{10fffe}", "character `U+10FFFE`"),
        ] {
            let finding = carried("token", text).expect_err("it is not carried");
            assert_eq!(finding.message, format!("`token` cannot contain the {shown}"));
        }
    }
}
