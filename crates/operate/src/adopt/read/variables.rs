//! Environment files, as systemd reads `EnvironmentFile=` (`parse_env_file_internal` in its `basic/env-file.c`). A shell
//! reads the same where a value with blanks is quoted; `export` before a name is a shell's.

use super::given::{Given, PREFIX, Said};
use super::lexer::is_name;
use bouquet_model::diagnostic::Diagnostic;

/// A line `NAME=value`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) line: usize,
}

/// Returns the variables of a file, in its order, and the lines that are none.
pub(super) fn variables(text: &str) -> (Vec<Variable>, Vec<usize>) {
    let (mut all, mut none) = (Vec::new(), Vec::new());
    let mut letters = text.chars().peekable();
    let mut line = 0;
    while letters.peek().is_some() {
        line += 1;
        let mut name = String::new();
        let end = loop {
            match letters.next() {
                end @ (None | Some('\n' | '=')) => break end,
                Some(c) => name.push(c),
            }
        };
        let name = name.trim();
        if end == Some('=') && !name.starts_with(['#', ';']) {
            let began = line;
            let value = value(&mut letters, &mut line);
            let name = name.strip_prefix("export ").unwrap_or(name).trim();
            if is_name(name) {
                all.push(Variable { name: name.to_owned(), value, line: began });
            } else {
                none.push(began);
            }
            continue;
        }
        if end == Some('=') {
            // The rest of a comment.
            while letters.next().is_some_and(|c| c != '\n') {}
        } else if !name.is_empty() && !name.starts_with(['#', ';']) {
            none.push(line);
        }
    }
    (all, none)
}

/// Returns the options of an environment file.
pub(super) fn options(text: &str, said: &mut Vec<Diagnostic>) -> Vec<Given> {
    let (all, none) = variables(text);
    said.extend(none.first().map(|line| {
        let more = match none.len() {
            1 => String::new(),
            count => format!(", and {} more", count - 1),
        };
        Diagnostic::warning(format!("line {line} is no `NAME=value`{more}"))
            .note("systemd ignores such a line, and a shell runs it")
    }));
    let is_etcds = |variable: &Variable| variable.name.starts_with(PREFIX);
    let given =
        |Variable { name, value, line }| Given::variable(&name, Said::Text(value), Some(line));
    all.into_iter().filter(is_etcds).map(given).collect()
}

/// Reads a value to the end of its line, or of the last one that a backslash or quotes join to it.
fn value(letters: &mut std::iter::Peekable<std::str::Chars<'_>>, line: &mut usize) -> String {
    let mut value = String::new();
    // So much of it stands in quotes, or behind a backslash, and is kept whatever it is.
    let mut kept = 0;
    // A quote begins quoted text where nothing bare is before it.
    let mut bare = false;
    while let Some(c) = letters.next() {
        match c {
            '\n' => break,
            '\\' => match letters.next() {
                Some('\n') => *line += 1,
                Some('\r') => {
                    letters.next_if_eq(&'\n');
                    *line += 1;
                }
                Some(c) => {
                    value.push(c);
                    (kept, bare) = (value.len(), true);
                }
                None => {}
            },
            '\'' if !bare => {
                while let Some(c) = letters.next().filter(|c| *c != '\'') {
                    *line += usize::from(c == '\n');
                    value.push(c);
                }
                kept = value.len();
            }
            '"' if !bare => {
                while let Some(c) = letters.next().filter(|c| *c != '"') {
                    let c = match (c, letters.peek()) {
                        ('\\', Some('"' | '\\' | '`' | '$')) => letters.next().unwrap_or(c),
                        ('\\', Some('\n')) => {
                            letters.next();
                            *line += 1;
                            continue;
                        }
                        (c, _) => c,
                    };
                    *line += usize::from(c == '\n');
                    value.push(c);
                }
                kept = value.len();
            }
            c if c.is_ascii_whitespace() && value.is_empty() => {}
            c => {
                bare |= !c.is_ascii_whitespace();
                value.push(c);
            }
        }
    }
    let end = value.trim_end_matches(|c: char| c.is_ascii_whitespace()).len();
    value.truncate(end.max(kept));
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String, usize)> {
        let all = variables(text).0.into_iter();
        all.map(|variable| (variable.name, variable.value, variable.line)).collect()
    }

    #[test]
    fn values_are_what_systemd_takes_them_for() {
        for (text, value) in [
            ("A=b", "b"),
            ("A=b c  ", "b c"),
            ("A= b", "b"),
            ("A=\"b c\"", "b c"),
            ("A=' b '", " b "),
            (r#"A="b \"c\" \\ \$ \x""#, r#"b "c" \ $ \x"#),
            (r"A=b\ c\\", r"b c\"),
            ("A=b\\\nc", "bc"),
            ("A=\"b\\\nc\"", "bc"),
            ("A=b\"c\"", "b\"c\""),
            ("A=", ""),
            ("export A=b\r\n", "b"),
            ("A=b=c#d", "b=c#d"),
        ] {
            assert_eq!(read(text), [("A".to_owned(), value.to_owned(), 1)], "{text}");
        }
    }

    #[test]
    fn comments_are_none_and_lines_are_counted() {
        let text = "# X=y\n;X=y\n\nA=b\\\nc\nD='\n'\nE=f\nhello\n1=2\n";
        let all = variables(text);
        let places: Vec<_> = all.0.iter().map(|v| (v.name.as_str(), v.line)).collect();
        assert_eq!(places, [("A", 4), ("D", 6), ("E", 8)]);
        assert_eq!(all.1, [9, 10]);
    }
}
