//! Strings: any, paths, and words out of a few.

use crate::diagnostic::Diagnostic;
use crate::option::etcd_option::EtcdOption;
use crate::option::kind::Word;
use crate::option::value::Value;
use crate::version::EtcdVersion;

impl EtcdOption {
    pub(super) fn plain_text(&self, text: &str) -> Result<Value, Diagnostic> {
        self.printable(text)?;
        Ok(Value::Text(text.to_owned().into()))
    }

    pub(super) fn path(&self, text: &str) -> Result<Value, Diagnostic> {
        self.printable(text)?;
        if text.starts_with('/') {
            return Ok(Value::Text(text.to_owned().into()));
        }
        Err(Diagnostic::error(format!("`{text}` is not an absolute path"))
            .help("etcd would look for it wherever it is started"))
    }

    pub(super) fn word(
        &self,
        text: &str,
        words: &[Word],
        version: EtcdVersion,
    ) -> Result<Value, Diagnostic> {
        let known: Vec<&str> = Word::of(words, version).collect();
        if let Some(word) = known.iter().find(|word| **word == text) {
            return Ok(Value::text(word));
        }
        let elsewhere = words.iter().any(|word| word.text == text);
        let message = if elsewhere {
            format!("etcd {version} knows no `{text}` for `{}`", self.name)
        } else {
            format!("`{text}` is nothing that `{}` can be", self.name)
        };
        Err(Diagnostic::error(message).help(format!("write {}", one_of(&known))))
    }

    /// No format can carry a line break or any other control character safely,
    /// and etcd reads an empty text as if the option were not there.
    pub(super) fn printable(&self, text: &str) -> Result<(), Diagnostic> {
        if text.is_empty() {
            return Err(Diagnostic::error(format!("`{}` is empty", self.name))
                .help("leave it out to have etcd's default"));
        }
        match text.chars().find(|c| c.is_control()) {
            Some(c) => Err(Diagnostic::error(format!(
                "`{}` holds the control character U+{:04X}",
                self.name,
                u32::from(c)
            ))),
            None => Ok(()),
        }
    }
}

/// `` `a`, `b` or `c` ``
pub(super) fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}
