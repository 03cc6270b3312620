//! The commands of a shell's text, as far as they can be known without running it (POSIX.1, Shell Command Language,
//! sections 2.2, 2.3 and 2.6).

use super::given::Said;
use std::collections::{BTreeMap, BTreeSet};

/// A command: its words, and the line that it begins in.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Command {
    pub(super) line: usize,
    pub(super) words: Vec<Word>,
}

/// A word of a command.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    /// What of it only the shell knows that runs it, as it is written.
    pub(super) open: Option<String>,
    /// Its first part is quoted, so that it is no assignment.
    quoted: bool,
}

impl Word {
    /// Makes a word of which something is known only on the node.
    pub(super) fn open(text: String, open: String) -> Self {
        Self { text, open: Some(open), quoted: false }
    }

    /// Returns what follows that many bytes of it.
    pub(super) fn after(&self, bytes: usize) -> Said {
        match &self.open {
            Some(open) => Said::Open(open.clone()),
            None => Said::Text(self.text.get(bytes..).unwrap_or_default().to_owned()),
        }
    }

    /// Returns the name of the program that it would be.
    pub(super) fn name(&self) -> &str {
        self.text.rsplit('/').next().unwrap_or_default()
    }

    /// Makes a word that is known.
    pub(super) fn whole(text: String) -> Self {
        Self { text, ..Self::default() }
    }
}

/// The variables that a text has set, by their names; `None` for one whose value is not known.
pub(super) type Variables = BTreeMap<String, Option<String>>;

/// The words that a command may stand behind in what is made of several.
const RESERVED: [&str; 9] = ["then", "do", "else", "elif", "if", "while", "until", "!", "{"];

/// No script reads more files: one that names itself in ever other words would never end.
const MOST_FILES: usize = 32;

/// Returns the commands of a text. Variables that it sets are filled in where it uses them.
pub(super) fn commands(text: &str) -> Vec<Command> {
    commands_with(text, Variables::new(), &|_| None)
}

/// Reads the same, with variables that are set already. Commands of a file that it reads (`. FILE`) stand in place of
/// that command, where `other` finds the file.
pub(super) fn commands_with(
    text: &str,
    mut variables: Variables,
    other: &dyn Fn(&str) -> Option<String>,
) -> Vec<Command> {
    added(text, &mut variables, other, &mut BTreeSet::new())
}

fn added(
    text: &str,
    variables: &mut Variables,
    other: &dyn Fn(&str) -> Option<String>,
    files: &mut BTreeSet<String>,
) -> Vec<Command> {
    let mut lexer = Lexer { letters: text.chars().collect(), at: 0, line: 1 };
    let mut all = Vec::new();
    while lexer.at < lexer.letters.len() {
        let command = lexer.command(variables);
        if command.words.is_empty() {
            continue;
        }
        for (name, value) in assigned(&command).into_iter().filter_map(assignment) {
            variables.insert(name.to_owned(), value);
        }
        match file(&command).and_then(Result::ok) {
            // A file that was read has nothing new, and may be this one.
            Some(path) if files.contains(path) => {}
            Some(path) => match other(path).filter(|_| files.len() < MOST_FILES) {
                Some(text) => {
                    files.insert(path.to_owned());
                    let inner = added(&text, variables, other, files);
                    let line = command.line;
                    all.extend(inner.into_iter().map(|inner| Command { line, ..inner }));
                }
                None => all.push(command),
            },
            None => all.push(command),
        }
    }
    all
}

/// Returns the file whose commands a command runs, or what of its path only the node knows.
pub(super) fn file(command: &Command) -> Option<Result<&str, &str>> {
    match simple(&command.words) {
        [first, path, ..] if first.text == "." || first.text == "source" => {
            Some(path.open.as_deref().map_or(Ok(&*path.text), Err))
        }
        _ => None,
    }
}

/// Returns the words of a command without those that it may stand behind.
pub(super) fn simple(words: &[Word]) -> &[Word] {
    let is_reserved = |word: &Word| RESERVED.contains(&&*word.text);
    let first = words.iter().position(|word| !is_reserved(word)).unwrap_or(words.len());
    &words[first..]
}

/// Returns the words by which a command sets variables for those that follow: where it is nothing else, or declares
/// them.
pub(super) fn assigned(command: &Command) -> Vec<&Word> {
    let words = simple(&command.words);
    if let [first, rest @ ..] = words
        && ["export", "readonly", "local", "declare", "typeset"].contains(&first.text.as_str())
    {
        return rest.iter().filter(|word| assignment(word).is_some()).collect();
    }
    let is_all = words.iter().all(|word| assignment(word).is_some());
    words.iter().filter(|_| is_all).collect()
}

/// Returns the name and the value of a word `NAME=value`.
pub(super) fn assignment(word: &Word) -> Option<(&str, Option<String>)> {
    let (name, value) = word.text.split_once('=').filter(|_| !word.quoted)?;
    is_name(name).then(|| (name, word.open.is_none().then(|| value.to_owned())))
}

/// Tells whether a text is the name of a variable.
pub(super) fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && letters.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

struct Lexer {
    letters: Vec<char>,
    at: usize,
    line: usize,
}

/// A value that is put in for a variable, or for what is not known.
enum Filled {
    Known(String),
    Open(String),
}

impl Lexer {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.letters.get(self.at + ahead).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek(0)?;
        self.at += 1;
        self.line += usize::from(c == '\n');
        Some(c)
    }

    /// Reads to what ends a command.
    fn command(&mut self, variables: &Variables) -> Command {
        let mut command = Command { line: self.line, words: Vec::new() };
        let mut word: Option<Word> = None;
        while let Some(c) = self.peek(0) {
            match c {
                '\\' if self.peek(1) == Some('\n') => self.skip(2),
                ' ' | '\t' | '\r' => {
                    command.words.extend(word.take());
                    self.skip(1);
                }
                '#' if word.is_none() => {
                    while self.peek(0).is_some_and(|c| c != '\n') {
                        self.skip(1);
                    }
                }
                '\n' | ';' | '&' | '|' | '(' | ')' => {
                    self.skip(1);
                    break;
                }
                '<' | '>' => {
                    // The number of a file may stand right before it.
                    word.take_if(|word| word.text.chars().all(|c| c.is_ascii_digit()));
                    command.words.extend(word.take());
                    self.redirection(variables);
                }
                _ => {
                    if word.is_none() && command.words.is_empty() {
                        command.line = self.line;
                    }
                    self.letter(&mut word, &mut command.words, variables);
                }
            }
        }
        command.words.extend(word);
        command
    }

    fn skip(&mut self, count: usize) {
        for _ in 0..count {
            self.next();
        }
    }

    /// Passes over where output goes, or input comes from.
    fn redirection(&mut self, variables: &Variables) {
        while self.peek(0).is_some_and(|c| matches!(c, '<' | '>' | '&' | '|' | '-' | ' ' | '\t')) {
            self.skip(1);
        }
        let mut word = None;
        while self.peek(0).is_some_and(|c| !c.is_whitespace() && !";&|()<>".contains(c)) {
            self.letter(&mut word, &mut Vec::new(), variables);
        }
    }

    /// Reads one letter of a word, or what is quoted or filled in there.
    fn letter(&mut self, word: &mut Option<Word>, words: &mut Vec<Word>, variables: &Variables) {
        let Some(c) = self.next() else { return };
        match c {
            '\'' => {
                let word = begun(word, true);
                while let Some(c) = self.next().filter(|c| *c != '\'') {
                    word.text.push(c);
                }
            }
            '"' => self.quoted(begun(word, true), variables),
            '\\' => begun(word, true).text.extend(self.next()),
            '$' | '`' => {
                let filled = self.filled(c, variables);
                match filled {
                    Filled::Open(open) => begun(word, false).open = Some(open),
                    // Its blanks part words, where it is not quoted.
                    Filled::Known(text) => {
                        let mut parts = text.split_whitespace();
                        if text.starts_with(char::is_whitespace) {
                            words.extend(word.take());
                        }
                        if let Some(first) = parts.next() {
                            begun(word, false).text.push_str(first);
                        }
                        for part in parts {
                            words.extend(word.take());
                            *word = Some(Word::whole(part.to_owned()));
                        }
                    }
                }
            }
            c => begun(word, false).text.push(c),
        }
    }

    /// Reads to the second of two double quotes.
    fn quoted(&mut self, word: &mut Word, variables: &Variables) {
        while let Some(c) = self.next().filter(|c| *c != '"') {
            match c {
                '\\' => match self.next() {
                    Some('\n') | None => {}
                    Some(c @ ('"' | '\\' | '$' | '`')) => word.text.push(c),
                    Some(c) => word.text.extend(['\\', c]),
                },
                '$' | '`' => match self.filled(c, variables) {
                    Filled::Known(text) => word.text.push_str(&text),
                    Filled::Open(open) => word.open = Some(open),
                },
                c => word.text.push(c),
            }
        }
    }

    /// Reads what follows a `$`, or a backquote.
    fn filled(&mut self, first: char, variables: &Variables) -> Filled {
        let from = self.at - 1;
        match (first, self.peek(0)) {
            ('`', _) => while self.next().is_some_and(|c| c != '`') {},
            (_, Some('(')) => self.balanced('(', ')'),
            (_, Some('{')) => {
                self.balanced('{', '}');
                let inside: String = self.letters[(from + 2).min(self.at)..self.at]
                    .iter()
                    .take_while(|c| **c != '}')
                    .collect();
                if let Some(known) = parameter(&inside, variables) {
                    return Filled::Known(known);
                }
            }
            (_, Some(c)) if c.is_ascii_alphabetic() || c == '_' => {
                while self.peek(0).is_some_and(|c| c.is_ascii_alphanumeric() || c == '_') {
                    self.skip(1);
                }
                let name: String = self.letters[from + 1..self.at].iter().collect();
                if let Some(Some(known)) = variables.get(&name) {
                    return Filled::Known(known.clone());
                }
            }
            (_, Some(c)) if c.is_ascii_digit() || "@*#?$!-".contains(c) => self.skip(1),
            _ => return Filled::Known(first.to_string()),
        }
        Filled::Open(self.letters[from..self.at].iter().collect())
    }

    /// Passes over what stands between two brackets, those in it included.
    fn balanced(&mut self, open: char, close: char) {
        let mut depth = 0_usize;
        while let Some(c) = self.next() {
            if c == open {
                depth += 1;
            } else if c == close {
                depth -= 1;
            }
            if depth == 0 {
                return;
            }
        }
    }
}

/// Returns the value of `NAME`, or of `NAME:-other`, where it is known.
fn parameter(inside: &str, variables: &Variables) -> Option<String> {
    let (name, other) = match inside.split_once(":-").or_else(|| inside.split_once('-')) {
        Some((name, other)) => (name, Some(other)),
        None => (inside, None),
    };
    let plain = |text: &&str| !text.contains(['$', '`', '"', '\'', '\\']);
    match variables.get(name) {
        Some(value) => value.clone(),
        None => other.filter(plain).filter(|_| is_name(name)).map(str::to_owned),
    }
}

fn begun(word: &mut Option<Word>, quoted: bool) -> &mut Word {
    word.get_or_insert_with(|| Word { quoted, ..Word::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Vec<String>> {
        let shown = |word: &Word| match &word.open {
            Some(open) => format!("?{open}"),
            None => word.text.clone(),
        };
        commands(text).iter().map(|c| c.words.iter().map(shown).collect()).collect()
    }

    #[test]
    fn words_are_taken_apart_as_a_shell_does() {
        for (text, expected) in [
            ("etcd --name a # b\n", vec![vec!["etcd", "--name", "a"]]),
            ("etcd \\\n  --a=b\\\n c", vec![vec!["etcd", "--a=b", "c"]]),
            (r#"a 'b "c"' "d \"e\" \x" \"#, vec![vec!["a", r#"b "c""#, r#"d "e" \x"#, ""]]),
            ("a; b && c | d & e", vec![vec!["a"], vec!["b"], vec!["c"], vec!["d"], vec!["e"]]),
            ("a >b 2>&1 </dev/null c", vec![vec!["a", "c"]]),
            ("A=b\nc $A ${A}x \"$A\" '$A'", vec![vec!["A=b"], vec!["c", "b", "bx", "b", "$A"]]),
            ("A='b c'\nd $A\"$A\"", vec![vec!["A=b c"], vec!["d", "b", "cb c"]]),
            (
                "a ${B:-c} ${D} $(hostname -s)x `e`",
                vec![vec!["a", "c", "?${D}", "?$(hostname -s)", "?`e`"]],
            ),
            ("a $1 $ b", vec![vec!["a", "?$1", "$", "b"]]),
            ("", vec![]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn a_command_knows_its_line() {
        let lines: Vec<usize> =
            commands("\n# a\nb\n\n  c \\\n d\n").iter().map(|c| c.line).collect();
        assert_eq!(lines, [3, 5]);
    }

    #[test]
    fn a_script_that_reads_itself_ends() {
        let text = "A=x${A:-}\n. ./$A\n. ./same\n";
        let all = commands_with(text, Variables::new(), &|_| Some(text.to_owned()));
        let assignments = all.iter().filter(|it| it.words[0].text.starts_with("A=")).count();
        assert_eq!(assignments, MOST_FILES + 1);
    }

    #[test]
    fn text_that_ends_too_early_is_read_to_its_end() {
        for text in ["'", "\"", "$(", "${", "`", "\\", "a >", "$((("] {
            commands(text);
        }
    }
}
