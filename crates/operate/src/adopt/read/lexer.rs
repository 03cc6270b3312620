//! The words of a shell's text, command by command (POSIX.1, Shell Command Language, sections 2.2, 2.3 and 2.6).

use super::given::Said;
use std::collections::BTreeMap;

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
    pub(super) quoted: bool,
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

/// How many bytes of variables a script has filled in, those of the files that it reads included: no variable of a program is
/// longer (execve(2), `MAX_ARG_STRLEN`), and one that is put into itself, twice and again, has no end. What goes beyond it is not
/// known here.
pub(super) const MOST_FILLED: usize = 1 << 17;

/// A text that is read from its beginning to its end.
pub(super) struct Lexer<'a> {
    letters: Vec<char>,
    at: usize,
    line: usize,
    /// How many bytes may still be filled in.
    left: &'a mut usize,
}

/// A value that is put in for a variable, or for what is not known.
enum Filled {
    Known(String),
    Open(String),
}

impl<'a> Lexer<'a> {
    pub(super) fn of(text: &str, left: &'a mut usize) -> Self {
        Self { letters: text.chars().collect(), at: 0, line: 1, left }
    }

    /// Returns how many bytes may still be filled in, for a text that stands in this one's place.
    pub(super) fn left(&mut self) -> &mut usize {
        self.left
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.letters.len()
    }

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
    pub(super) fn command(&mut self, variables: &Variables) -> Command {
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
                if let Some(known) = parameter(&inside, variables).filter(|it| self.may_fill(it)) {
                    return Filled::Known(known);
                }
            }
            (_, Some(c)) if c.is_ascii_alphabetic() || c == '_' => {
                while self.peek(0).is_some_and(|c| c.is_ascii_alphanumeric() || c == '_') {
                    self.skip(1);
                }
                let name: String = self.letters[from + 1..self.at].iter().collect();
                let known = variables.get(&name).and_then(Option::as_ref);
                if let Some(known) = known.filter(|it| self.may_fill(it)) {
                    return Filled::Known(known.clone());
                }
            }
            (_, Some(c)) if c.is_ascii_digit() || "@*#?$!-".contains(c) => self.skip(1),
            _ => return Filled::Known(first.to_string()),
        }
        Filled::Open(self.letters[from..self.at].iter().collect())
    }

    /// Takes that much of what may be filled in, if it is there.
    fn may_fill(&mut self, text: &str) -> bool {
        let left = self.left.checked_sub(text.len());
        *self.left = left.unwrap_or(*self.left);
        left.is_some()
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

/// Tells whether a text is the name of a variable.
pub(super) fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && letters.all(|c| c.is_ascii_alphanumeric() || c == '_')
}
