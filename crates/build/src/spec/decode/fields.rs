//! The keys of one table.

use super::super::keys::{Key, Kind, MEMBER, Section};
use super::super::tree::{Entry, Table, Value};
use super::super::types::{OptionEntry, OptionsSpec};
use super::super::unknown;
use super::{Context, wrong};
use crate::diagnostic::{Diagnostic, Span, Spanned};

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
        let missing = Vec::new();
        Self { context, section, table, header, missing }
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
        let Value::Int(number) = entry.value else {
            return self.refuse(key, entry);
        };
        match u16::try_from(number) {
            Ok(port @ 1..) => Some(Spanned::new(port, entry.span)),
            _ => self.context.lose(|| wrong::port(key, number, entry.span)),
        }
    }

    pub(super) fn number(&mut self, name: &str) -> Option<Spanned<u32>> {
        let (key, entry) = self.entry(name, Kind::Number)?;
        self.counted(key, &entry.value, entry.span).unwrap_or_else(|| self.refuse(key, entry))
    }

    pub(super) fn numbers(&mut self, name: &str) -> Option<Spanned<Vec<Spanned<u32>>>> {
        let (key, entry) = self.entry(name, Kind::Numbers)?;
        let Value::List(items) = &entry.value else {
            return self.refuse(key, entry);
        };
        let mut numbers = Vec::with_capacity(items.len());
        for item in items {
            match self.counted(key, &item.value, item.span) {
                Some(number) => numbers.extend(number),
                None if matches!(item.value, Value::Bad) => self.context.lost.set(true),
                None => {
                    self.context.lose::<()>(|| wrong::item(key, item, self.context.text));
                }
            }
        }
        Some(Spanned::new(numbers, entry.span))
    }

    /// `None` where it is no integer at all.
    #[expect(clippy::option_option, reason = "no integer and none that counts differ")]
    fn counted(&self, key: &Key, value: &Value<'_>, span: Span) -> Option<Option<Spanned<u32>>> {
        let Value::Int(number) = *value else { return None };
        Some(match u32::try_from(number) {
            Ok(number @ 1..) => Some(Spanned::new(number, span)),
            _ => self.context.lose(|| wrong::number(key, number, span)),
        })
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
                Value::Bad => self.context.lost.set(true),
                _ => {
                    self.context.lose::<()>(|| wrong::item(key, item, self.context.text));
                }
            }
        }
        Some(texts)
    }

    /// The table of another section, inside this one.
    pub(super) fn inner(&mut self, section: &Section) -> Option<(Span, &'t Table<'a>)> {
        let entry = self.table.get(last_part(section))?;
        match &entry.value {
            Value::Table(table) => Some((entry.span, table)),
            Value::Bad => None,
            _ => self.context.lose(|| wrong::inner(self.section, section, entry)),
        }
    }

    /// All keys of the table, as options of etcd.
    pub(super) fn options(self) -> OptionsSpec {
        let mut entries = Vec::with_capacity(self.table.entries.len());
        for Entry { key, value, span } in &self.table.entries {
            match wrong::raw(value) {
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
        for entry in &self.table.entries {
            if self.knows(&entry.key.value) {
                continue;
            }
            let meant = unknown::meant(self.section, &entry.key.value);
            if let Some(meant) = meant {
                self.missing.retain(|key| key.name != meant.name);
                self.context.lost.set(true);
            }
            let options = self.context.options;
            self.context.report(|| unknown::key(self.section, entry, meant, options));
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
            let Key { name, example, doc, .. } = key;
            self.context.report(|| {
                Diagnostic::error(format!("`{header}` lacks `{name}`"))
                    .at(self.header, format!("`{name}` is missing"))
                    .help(format!("add `{name} = {example}`: {doc}"))
            });
        }
    }

    /// Whether the section has a key, or a section inside, of this name.
    fn knows(&self, name: &str) -> bool {
        self.section.key(name).is_some() || (self.section.name == MEMBER.name && name == "etcd")
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

    /// Reports a value of a wrong type, unless it could not even be read.
    fn refuse<T>(&mut self, key: &'static Key, entry: &Entry<'a>) -> Option<T> {
        if matches!(entry.value, Value::Bad) {
            self.context.lost.set(true);
            return None;
        }
        self.context.lose(|| wrong::value(key, entry, self.context.text))
    }
}

/// `etcd` of `member.etcd`.
fn last_part(section: &Section) -> &'static str {
    section.name.rsplit('.').next().unwrap_or(section.name)
}
