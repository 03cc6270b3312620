//! Values of the spec that serde has no type for.

use crate::diagnostic::Span;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A value and where it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "toml::Spanned<T>", bound = "T: Deserialize<'de>")]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it was written.
    pub span: Span,
}

impl<T> From<toml::Spanned<T>> for Spanned<T> {
    fn from(written: toml::Spanned<T>) -> Self {
        let span = written.span().into();
        Self { value: written.into_inner(), span }
    }
}

/// A switch that also takes a word.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum FlagOrText {
    /// `true` or `false`
    Flag(bool),
    /// A word.
    Text(String),
}

/// Options of etcd by their own names, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(from = "BTreeMap<toml::Spanned<String>, toml::Spanned<toml::Value>>")]
pub struct OptionsSpec {
    /// The options. No name occurs twice, and none has been looked at.
    pub entries: Vec<OptionEntry>,
}

/// One option of etcd.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionEntry {
    /// Its name, as written.
    pub name: Spanned<String>,
    /// Its value, as written.
    pub value: Spanned<toml::Value>,
}

impl OptionsSpec {
    /// Returns the option of that name.
    pub fn find(&self, name: &str) -> Option<&OptionEntry> {
        self.entries.iter().find(|entry| entry.name.value == name)
    }
}

impl From<BTreeMap<toml::Spanned<String>, toml::Spanned<toml::Value>>> for OptionsSpec {
    fn from(options: BTreeMap<toml::Spanned<String>, toml::Spanned<toml::Value>>) -> Self {
        let entry = |(name, value): (toml::Spanned<_>, toml::Spanned<_>)| OptionEntry {
            name: name.into(),
            value: value.into(),
        };
        let mut entries: Vec<_> = options.into_iter().map(entry).collect();
        entries.sort_by_key(|entry| entry.name.span);
        Self { entries }
    }
}

/// Returns the type of a value with its article, `an integer`, from the word that `toml` has for it.
pub(crate) fn article(kind: &str) -> &'static str {
    match kind {
        "boolean" => "a boolean",
        "integer" => "an integer",
        "float" => "a float",
        "string" => "a string",
        "array" => "a list",
        "table" => "a table",
        _ => "a date",
    }
}
