//! The keys of one table.

use super::super::keys::{Key, Kind, MEMBER_ETCD, Section};
use super::super::tree::{Entry, Item, Table, Value};
use super::super::types::{OptionEntry, OptionsSpec, RawValue};
use super::super::unknown;
use super::{Context, title};
use crate::diagnostic::{Diagnostic, Span, Spanned, quoted};

/// A table, read key by key. Each reading reports what is wrong with that key;
/// [`Fields::close`] reports the keys that nobody asked for.
pub(super) struct Fields<'f, 't, 'a> {
    context: &'f Context<'f>,
    section: &'static Section,
    table: &'t Table<'a>,
    pub(super) header: Span,
    /// Required keys that are not there, reported once it is known that no
    /// misspelt key stands for them.
    missing: Vec<&'static Key>,
}

impl<'f, 't, 'a> Fields<'f, 't, 'a> {
    pub(super) fn new(
        context: &'f Context<'f>,
        section: &'static Section,
        table: &'t Table<'a>,
        header: Span,
    ) -> Self {
        Self { context, section, table, header, missing: Vec::new() }
    }

    pub(super) fn text(&mut self, name: &str) -> Option<Spanned<String>> {
        let (key, entry) = self.entry(name, Kind::Text)?;
        match &entry.value {
            Value::Str(text) => Some(Spanned::new(text.to_string(), entry.span)),
            _ => self.refuse(key, entry),
        }
    }

    pub(super) fn flag(&mut self, name: &str) -> Option<Spanned<bool>> {
        let (key, entry) = self.entry(name, Kind::Flag)?;
        match &entry.value {
            Value::Bool(flag) => Some(Spanned::new(*flag, entry.span)),
            _ => self.refuse(key, entry),
        }
    }

    pub(super) fn port(&mut self, name: &str) -> Option<Spanned<u16>> {
        let (key, entry) = self.entry(name, Kind::Port)?;
        let Value::Int(number) = &entry.value else {
            return self.refuse(key, entry);
        };
        if let Ok(port @ 1..) = u16::try_from(*number) {
            return Some(Spanned::new(port, entry.span));
        }
        self.context.lost.set(true);
        self.context.report(
            Diagnostic::error(format!("`{name}` is {number}, and a port is 1 to 65535"))
                .at(entry.span, "not a port")
                .help(format!("etcd's usual one is {}", key.example)),
        );
        None
    }

    pub(super) fn texts(&mut self, name: &str) -> Option<Vec<Spanned<String>>> {
        let (key, entry) = self.entry(name, Kind::Texts)?;
        let Value::List(items) = &entry.value else {
            return self.refuse(key, entry);
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            match &item.value {
                Value::Str(text) => texts.push(Spanned::new(text.to_string(), item.span)),
                other => {
                    self.context.lost.set(true);
                    let Some(kind) = kind(other) else { continue };
                    let message =
                        format!("`{name}` takes {}, and this is {kind}", key.kind.words());
                    let found = Diagnostic::error(message).at(item.span, kind);
                    self.context.report(match in_quotes(other, self.context.text, item.span) {
                        Some(quoted) => found.help(format!("put it in quotes: `{quoted}`")),
                        None => found,
                    });
                }
            }
        }
        Some(texts)
    }

    /// The table of this section, inside this one.
    pub(super) fn inner(&mut self, section: &Section) -> Option<(Span, &'t Table<'a>)> {
        let name = section.name.rsplit('.').next().unwrap_or(section.name);
        let entry = self.table.get(name)?;
        match &entry.value {
            Value::Table(table) => return Some((entry.span, table)),
            Value::Bad => {}
            other => {
                let written = kind(other).unwrap_or("something else");
                self.context.report(
                    Diagnostic::error(format!("`{name}` of {} is a table, not {written}", title(self.section)))
                        .at(entry.key.span, "a key of this table")
                        .help(format!("write `{}` below the member's own keys; the version of etcd stands in `[cluster]`", section.header)),
                );
            }
        }
        self.context.lost.set(true);
        None
    }

    /// All keys of the table, as options of etcd.
    pub(super) fn options(self) -> OptionsSpec {
        let mut entries = Vec::with_capacity(self.table.entries.len());
        for Entry { key, value, span } in &self.table.entries {
            match raw(value) {
                Some(value) => entries.push(OptionEntry {
                    name: Spanned::new(key.value.to_string(), key.span),
                    value: Spanned::new(value, *span),
                }),
                None => self.context.lost.set(true),
            }
        }
        OptionsSpec { span: Some(self.header), entries }
    }

    /// Reports keys that the section does not have, and required ones that
    /// are not there.
    pub(super) fn close(mut self) {
        let inner = |name: &str| {
            self.section.name == "member" && MEMBER_ETCD.name.ends_with(name) && name == "etcd"
        };
        for entry in &self.table.entries {
            let name = &*entry.key.value;
            if self.section.key(name).is_some() || inner(name) {
                continue;
            }
            let unknown = unknown::key(self.section, entry, self.context.options);
            if let Some(meant) = unknown.meant {
                self.missing.retain(|key| key.name != meant);
                self.context.lost.set(true);
            }
            self.context.report(unknown.report);
        }
        if self.missing.is_empty() {
            return;
        }
        self.context.lost.set(true);
        if self.context.is_broken_below(self.header) {
            return;
        }
        for key in self.missing {
            let header = self.section.header;
            let (name, example, doc) = (key.name, key.example, key.doc);
            self.context.report(
                Diagnostic::error(format!("`{header}` lacks `{name}`"))
                    .at(self.header, format!("`{name}` is missing"))
                    .help(format!("add `{name} = {example}`: {doc}")),
            );
        }
    }

    /// The entry of a key, which the section's table must know.
    fn entry(&mut self, name: &str, kind: Kind) -> Option<(&'static Key, &'t Entry<'a>)> {
        let key = self.section.key(name).filter(|key| key.kind == kind);
        let key = key.expect("the decoder asks for keys that `SECTIONS` lists");
        let entry = self.table.get(name);
        if entry.is_none() && key.required {
            self.missing.push(key);
        }
        Some((key, entry?))
    }

    /// Reports a value of a wrong type.
    fn refuse<T>(&mut self, key: &'static Key, entry: &Entry<'a>) -> Option<T> {
        self.context.lost.set(true);
        let written = kind(&entry.value)?;
        let name = key.name;
        let message = format!("`{name}` takes {}, not {written}", key.kind.words());
        let found = Diagnostic::error(message).at(entry.span, written);
        let value = match (key.kind, &entry.value) {
            (Kind::Text, value) => in_quotes(value, self.context.text, entry.span),
            (Kind::Texts, Value::Str(_)) => {
                self.context.text.get(entry.span.range()).map(|text| format!("[{text}]"))
            }
            (Kind::Port, Value::Str(text)) => {
                text.trim().parse::<u16>().ok().map(|port| port.to_string())
            }
            (Kind::Flag, Value::Str(text)) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" | "1" => Some("true".to_owned()),
                "false" | "no" | "off" | "0" => Some("false".to_owned()),
                _ => None,
            },
            _ => None,
        };
        let value = value.unwrap_or_else(|| key.example.to_owned());
        self.context.report(found.help(format!("write {}", quoted(&format!("{name} = {value}")))));
        None
    }
}

/// What a value is, or `None` where that could not be read.
pub(super) fn kind(value: &Value<'_>) -> Option<&'static str> {
    match value {
        Value::Tables(_) => Some("tables"),
        other => raw(other).map(|raw| raw.kind()),
    }
}

/// A number or a date that should have been text.
fn in_quotes(value: &Value<'_>, text: &str, span: Span) -> Option<String> {
    match value {
        Value::Int(_) | Value::Float(_) | Value::Bool(_) | Value::Date => {
            text.get(span.range()).map(|text| format!("\"{text}\""))
        }
        _ => None,
    }
}

fn raw(value: &Value<'_>) -> Option<RawValue> {
    Some(match value {
        Value::Bad => return None,
        Value::Bool(flag) => RawValue::Bool(*flag),
        Value::Int(number) => RawValue::Int(*number),
        Value::Float(number) => RawValue::Float(*number),
        Value::Str(text) => RawValue::Str(text.to_string()),
        Value::Date => RawValue::Date,
        Value::Table(_) | Value::Tables(_) => RawValue::Table,
        Value::List(items) => {
            let item = |item: &Item<'_>| Some(Spanned::new(raw(&item.value)?, item.span));
            RawValue::List(items.iter().map(item).collect::<Option<_>>()?)
        }
    })
}
