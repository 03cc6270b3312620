//! Values of the spec that serde has no type for.

use crate::diagnostic::Span;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroU16;

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

/// A switch that also takes a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum FlagOrPort {
    /// `true` or `false`
    Flag(bool),
    /// A port.
    Port(NonZeroU16),
}

/// Options of etcd by their own names, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(from = "BTreeMap<toml::Spanned<String>, toml::Spanned<Written>>")]
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
    /// Where each item was written, if it is a list.
    pub items: Vec<Span>,
}

impl OptionsSpec {
    /// Returns the option of that name.
    pub fn find(&self, name: &str) -> Option<&OptionEntry> {
        self.entries.iter().find(|entry| entry.name.value == name)
    }
}

impl OptionEntry {
    /// Returns the place of an item of a list; of anything else, and of an item that is not there, the
    /// value's.
    pub fn item(&self, at: usize) -> Span {
        self.items.get(at).copied().unwrap_or(self.value.span)
    }
}

impl From<BTreeMap<toml::Spanned<String>, toml::Spanned<Written>>> for OptionsSpec {
    fn from(options: BTreeMap<toml::Spanned<String>, toml::Spanned<Written>>) -> Self {
        let entry = |(name, value): (toml::Spanned<_>, toml::Spanned<Written>)| {
            let span = value.span().into();
            let Written { value, items } = value.into_inner();
            OptionEntry { name: name.into(), value: Spanned { value, span }, items }
        };
        let mut entries: Vec<_> = options.into_iter().map(entry).collect();
        entries.sort_by_key(|entry| entry.name.span);
        Self { entries }
    }
}

/// Any value, with the places of its items if it is a list: `toml::Value` forgets them.
struct Written {
    value: toml::Value,
    items: Vec<Span>,
}

impl From<toml::Value> for Written {
    fn from(value: toml::Value) -> Self {
        Self { value, items: Vec::new() }
    }
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Written;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Written, E> {
        Ok(toml::Value::Boolean(value).into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Written, E> {
        Ok(toml::Value::Integer(value).into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Written, E> {
        Ok(toml::Value::Float(value).into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Written, E> {
        Ok(toml::Value::String(value.to_owned()).into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Written, A::Error> {
        let (mut values, mut items) = (Vec::new(), Vec::new());
        while let Some(item) = list.next_element::<toml::Spanned<toml::Value>>()? {
            items.push(item.span().into());
            values.push(item.into_inner());
        }
        Ok(Written { value: toml::Value::Array(values), items })
    }

    /// Takes a table, or a date, which `toml` hands over as one.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Written, A::Error> {
        toml::Value::deserialize(MapAccessDeserializer::new(map)).map(Written::from)
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
