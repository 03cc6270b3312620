//! A file of YAML, line by line: blocks, and strings that are always in quotes.

use crate::option::yaml_string;
use std::fmt::Write as _;

/// A file that is being written.
pub(super) struct Yaml {
    text: String,
    /// At how many spaces the next line begins.
    at: usize,
    /// The next line begins an item of a list.
    begins: bool,
}

impl Yaml {
    /// Begins a file with its head.
    pub(super) fn below(head: String) -> Self {
        Self { text: head, at: 0, begins: false }
    }

    /// Writes a key, and goes into what it holds.
    pub(super) fn block(mut self, key: &str) -> Self {
        self.line(key, "");
        self.at += 2;
        self
    }

    /// Begins an item of a list, which holds keys, and goes into it.
    pub(super) fn item(self) -> Self {
        Self { at: self.at + 2, begins: true, ..self }
    }

    /// Goes out of a block, or of an item.
    pub(super) fn out(self) -> Self {
        Self { at: self.at.saturating_sub(2), ..self }
    }

    /// Goes back to the top.
    pub(super) fn top(self) -> Self {
        Self { at: 0, ..self }
    }

    /// Writes a key with a number, or a word that is no string.
    pub(super) fn word(mut self, key: &str, word: &str) -> Self {
        self.line(key, &format!(" {word}"));
        self
    }

    /// Writes a key with a string.
    pub(super) fn text(self, key: &str, text: &str) -> Self {
        self.word(key, &yaml_string(text))
    }

    /// Writes a key with a list of strings.
    pub(super) fn list(mut self, key: &str, items: &[String]) -> Self {
        self.line(key, "");
        for item in items {
            let _ = writeln!(self.text, "{:at$}  - {}", "", yaml_string(item), at = self.at);
        }
        self
    }

    /// Writes items of a list, which are strings.
    pub(super) fn items(mut self, items: &[&str]) -> Self {
        for item in items {
            let _ = writeln!(self.text, "{:at$}- {}", "", yaml_string(item), at = self.at);
        }
        self
    }

    /// Writes a key with a text of several lines, as they are.
    pub(super) fn literal(mut self, key: &str, text: &str) -> Self {
        self.line(key, " |");
        for line in text.lines() {
            let at = if line.is_empty() { 0 } else { self.at + 2 };
            let _ = writeln!(self.text, "{:at$}{line}", "");
        }
        self
    }

    /// Returns the whole file.
    pub(super) fn end(self) -> String {
        self.text
    }

    fn line(&mut self, key: &str, rest: &str) {
        let mark = if core::mem::take(&mut self.begins) { "- " } else { "" };
        let at = self.at - mark.len();
        let _ = writeln!(self.text, "{:at$}{mark}{key}:{rest}", "");
    }
}
