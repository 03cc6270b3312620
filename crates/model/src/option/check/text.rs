//! Strings: any, paths, and words out of a few.

use crate::diagnostic::Diagnostic;
use crate::node_path::NodePath;
use crate::option::etcd_option::EtcdOption;
use crate::option::kind::Word;
use crate::option::value::Value;
use crate::text;
use crate::version::EtcdVersion;

impl EtcdOption {
    pub(super) fn plain_text(&self, text: &str) -> Result<Value, Diagnostic> {
        self.printable(text)?;
        Ok(Value::Text(text.to_owned().into()))
    }

    pub(super) fn path(&self, text: &str) -> Result<Value, Diagnostic> {
        self.printable(text)?;
        NodePath::parse(text).map(Value::Path)
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

    /// Checks a text: etcd reads an empty one as if the option were not there.
    pub(super) fn printable(&self, text: &str) -> Result<(), Diagnostic> {
        if text.is_empty() {
            return Err(Diagnostic::error(format!("`{}` is empty", self.name))
                .help("leave it out to have etcd's default"));
        }
        text::carried(self.name, text)
    }
}

/// Checks a path to a file that stands inside another text, which is not to change.
pub(super) fn normal_path(text: &str) -> Result<(), Diagnostic> {
    let path = NodePath::parse(text)?;
    if path.as_str() == text {
        return Ok(());
    }
    Err(Diagnostic::error(format!("`{text}` has more slashes than it needs"))
        .help(format!("write `{path}`")))
}

/// Returns `` `a`, `b` or `c` ``
pub(super) fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}
