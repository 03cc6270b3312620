//! Quoting for a shell, for systemd's `EnvironmentFile=` and for its `ExecStart=`.

use std::borrow::Cow;

/// Returns a word for a POSIX shell: as it is where that is safe, in single quotes otherwise (POSIX.1,
/// Shell Command Language, section 2.2.2).
pub fn shell_word(text: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=,@%+".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(format!("'{}'", text.replace('\'', r"'\''")))
    }
}

/// Returns a value of an environment file: as it is where a POSIX shell, systemd's `EnvironmentFile=` and
/// `docker --env-file` read it alike, in double quotes otherwise. A shell splits no words and looks for
/// no files behind `NAME=` (POSIX.1, Shell Command Language, section 2.9.1), so that brackets are
/// safe; `~` is not.
pub(super) fn env_value(text: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_./:,=@%+-[]".contains(c);
    if text.chars().all(plain) { Cow::Borrowed(text) } else { Cow::Owned(double_quoted(text)) }
}

/// Returns a value in double quotes that a POSIX shell and systemd's `EnvironmentFile=` read alike: both
/// take a backslash before `"`, `\`, `$` and a backquote as that character, and nothing else.
fn double_quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\' | '$' | '`') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

/// Returns a word of `ExecStart=`: as [`path_word`], and `$` doubled, because systemd expands variables there,
/// even within quotes (systemd.service(5), "Command lines").
pub(super) fn exec_word(text: &str) -> String {
    path_word(&text.replace('$', "$$"))
}

/// Returns a word of any other line of a unit that takes several: `%` doubled, because systemd expands
/// specifiers in all of them (systemd.unit(5), "Specifiers").
pub(super) fn path_word(text: &str) -> String {
    let text = text.replace('%', "%%");
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=,@%+$[]".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text
    } else {
        format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_word_is_quoted_only_where_it_must_be() {
        assert_eq!(shell_word("--name=orange"), "--name=orange");
        assert_eq!(shell_word("https://[fd00::1]:2379"), "'https://[fd00::1]:2379'");
        assert_eq!(shell_word("it's $HOME"), r"'it'\''s $HOME'");
        assert_eq!(shell_word(""), "''");
    }

    #[test]
    fn a_value_of_an_environment_file_is_quoted_only_where_it_must_be() {
        for bare in ["", "true", "10h", "https://[fd00::1]:2379,https://10.0.0.1:2379", "a=b@c%+-"]
        {
            assert_eq!(env_value(bare), bare);
        }
        for (text, quoted) in [
            ("~/data", r#""~/data""#),
            ("a b", r#""a b""#),
            ("a#b", r#""a#b""#),
            ("$HOME", r#""\$HOME""#),
            (r"C:\x", r#""C:\\x""#),
        ] {
            assert_eq!(env_value(text), quoted);
        }
    }

    #[test]
    fn systemd_specifiers_are_doubled() {
        assert_eq!(exec_word("--x=100%$a"), "--x=100%%$$a");
        assert_eq!(path_word("/100%$a"), "/100%%$a");
        assert_eq!(exec_word(r#"a "b" \c"#), r#""a \"b\" \\c""#);
    }
}
