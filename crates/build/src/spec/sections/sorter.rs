//! From blocks to tables, header by header.

use super::first::{First, Form};
use super::form_errors::{
    below_its_own, conflict, misformed, missing, name_in_header, no_table, otherwise, twice,
};
use crate::diagnostic::{Diagnostic, Span, quoted};
use crate::spec::context::Context;
use crate::spec::document::{Block, Header, Keys};
use crate::spec::found::{Found, Tables};
use crate::spec::keys::Section;
use crate::spec::tables::{SECTIONS, section};
use crate::spec::type_errors::kind;
use crate::spec::unknown;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeArray, DeString, DeTable, DeValue};

/// Sorts the tables of the file by section. One in the wrong form or under a misspelt name is
/// reported and used all the same, so that what is wrong inside it is found as well.
pub(in crate::spec) fn sort<'d>(context: &Context<'_>, blocks: Vec<Block<'d>>) -> Tables<'d> {
    let mut blocks = blocks.into_iter();
    let mut sorter = Sorter {
        context,
        tables: Tables::default(),
        seen: BTreeMap::new(),
        early: Vec::new(),
        misformed: BTreeMap::new(),
    };
    let root = blocks.next().map(|root| root.keys).unwrap_or_default();
    for (key, value) in root.table {
        sorter.root_key(&key, Some(value));
    }
    for (key, _) in root.unreadable {
        sorter.root_key(&key, None);
    }
    for Block { header, keys } in blocks {
        match header {
            Some(header) if header.path.len() > 1 => sorter.inner_table(&header, keys),
            Some(mut header) => sorter.table(&mut header, keys),
            None => context.lose(),
        }
    }
    sorter.finish()
}

struct Sorter<'c, 'd> {
    context: &'c Context<'c>,
    tables: Tables<'d>,
    seen: BTreeMap<String, First>,
    /// Headers of tables in a table that is not there.
    early: Vec<(&'static Section, Span, String)>,
    /// Headers with the wrong number of brackets, and nothing worse.
    misformed: BTreeMap<&'static str, (&'static Section, Vec<Span>)>,
}

impl<'d> Sorter<'_, 'd> {
    /// A key above every header; `None` where its value cannot be read.
    fn root_key(&mut self, key: &Spanned<DeString<'d>>, value: Option<Spanned<DeValue<'d>>>) {
        let (name, at) = (key.get_ref(), Span::from(key.span()));
        let is_table = value.as_ref().is_some_and(|value| value.get_ref().is_table());
        // A broken header leaves its keys to the table above, or to none.
        if !is_table && self.context.is_broken_above(at) {
            return self.context.lose();
        }
        let section = if is_table {
            let at = value.as_ref().map_or(at, |value| value.span().into());
            self.section_of(name, &format!("[{name}]"), at)
        } else {
            let section = outer(name);
            if section.is_none() {
                self.context.report(|| unknown::root(name, at, self.context.options));
            }
            section
        };
        self.see(name, First { span: at, form: Form::Key, section, many: false });
        let Some(section) = section else { return };
        let Some(value) = value else { return self.context.lose() };
        let span = Span::from(value.span());
        let refused = match value.into_inner() {
            DeValue::Table(table) if section.is_repeated() && named_by_key(&table) => {
                let inner = table.keys().next().map(|key| (key.span(), key.get_ref()));
                let (at, inner) = inner.map_or((at, ""), |(at, inner)| (at.into(), inner));
                name_in_header(section, at, inner)
            }
            DeValue::Table(table) => {
                if section.is_repeated() && section.name == name {
                    self.misform(section, span);
                }
                return self.add(section, span, Keys::from(table));
            }
            DeValue::Array(items) if section.is_repeated() => match tables_in(items) {
                Ok(tables) => {
                    return tables.into_iter().for_each(|(span, table)| {
                        self.add(section, span, Keys::from(table));
                    });
                }
                Err((at, kind)) => no_table(section, name, at, kind),
            },
            other => no_table(section, name, at, kind(&other)),
        };
        self.context.lose_by(|| refused);
    }

    /// `[name]` or `[[name]]`.
    fn table(&mut self, header: &mut Header<'d>, keys: Keys<'d>) {
        let name = header.path[0].get_ref().clone();
        let seen = self.seen.get(name.as_ref()).copied();
        let section = self.section_of(&name, &written(&header.path, header.many), header.span);
        // With brackets that do not match, it is what it should be.
        if let Some(section) = section.filter(|_| self.context.is_broken_at(header.span)) {
            header.many = section.is_repeated();
        }
        let (span, many) = (header.span, header.many);
        self.see(&name, First { span, form: Form::Header, section, many });
        let Some(section) = section else { return };
        let early = self.early.iter().find(|(of, ..)| of.name == section.name);
        let conflict = match (early, seen) {
            (Some((_, inner, _)), _) => Some(below_its_own(section, span, *inner)).filter(|_| many),
            (None, Some(first)) => conflict(section, &name, header, first),
            (None, None) => None,
        };
        if let Some(conflict) = conflict {
            self.early.retain(|(of, ..)| of.name != section.name);
            self.context.lose_by(|| conflict);
            self.misformed.remove(section.name);
        } else if section.name == name && section.is_repeated() != many {
            self.misform(section, span);
        }
        self.add(section, span, keys);
    }

    /// `[name.inner]`
    fn inner_table(&mut self, header: &Header<'d>, keys: Keys<'d>) {
        let Header { path, span, many } = header;
        let name = path[0].get_ref();
        let written = written(path, *many);
        let seen = self.seen.get(name.as_ref()).copied();
        let section = self.section_of(name, &written, *span);
        self.see(name, First { span: *span, form: Form::Inner, section, many: true });
        let Some(section) = section else { return };
        if let Some(First { span: first, form: Form::Key, .. }) = seen {
            return self.context.lose_by(|| otherwise(name, *span, first));
        }
        if !keys.unreadable.is_empty() {
            self.context.lose();
        }
        if self.tables.last(section).is_none() {
            if section.is_repeated() {
                return self.early.push((section, *span, path[1].get_ref().to_string()));
            }
            self.tables.add(section, Found { span: *span, keys: Keys::default() });
        }
        let Some(found) = self.tables.last(section) else { return };
        let table = DeValue::Table(keys.table);
        let value = if *many {
            DeValue::Array([Spanned::new(span.range(), table)].into_iter().collect())
        } else {
            table
        };
        let value = Spanned::new(span.range(), value);
        if let Err(first) = attach(&mut found.keys.table, &path[1..], value) {
            self.context.lose_by(|| twice(&written, *span, first));
        }
    }

    /// The section that a table's name is, or was meant to be; the first time it is not, that is
    /// reported.
    fn section_of(&self, name: &str, written: &str, at: Span) -> Option<&'static Section> {
        if let Some(section) = outer(name) {
            return Some(section);
        }
        let section = unknown::table(name);
        match section {
            _ if self.seen.contains_key(name) => {}
            Some(section) => {
                self.context.lose_by(|| unknown::misnamed(section, written, at));
            }
            None => {
                let options = self.context.options;
                self.context.report(|| unknown::no_table(written, name, at, options));
            }
        }
        section
    }

    /// Notes a header with the wrong number of brackets, unless it is that because it is broken.
    fn misform(&mut self, section: &'static Section, at: Span) {
        if !self.context.is_broken_at(at) {
            self.misformed.entry(section.name).or_insert((section, Vec::new())).1.push(at);
        }
    }

    /// Adds a table; the keys of one that there is only one of go into the first.
    fn add(&mut self, section: &'static Section, span: Span, keys: Keys<'d>) {
        let Some(first) = self.tables.last(section).filter(|_| !section.is_repeated()) else {
            return self.tables.add(section, Found { span, keys });
        };
        for (key, value) in keys.table {
            if let Some((before, _)) = first.keys.table.get_key_value(&key) {
                let before = before.span();
                self.context.lose_by(|| {
                    Diagnostic::error(format!("{} is set twice", quoted(key.get_ref())))
                        .at(key.span(), "set again here")
                        .also(before, "first set here")
                        .help("keep one of the two")
                });
            } else {
                first.keys.table.insert(key, value);
            }
        }
        first.keys.unreadable.extend(keys.unreadable);
    }

    /// Notes that a name is there, perhaps once more.
    fn see(&mut self, name: &str, now: First) {
        match self.seen.get_mut(name) {
            None => {
                self.seen.insert(name.to_owned(), now);
            }
            // One that cannot follow the first was reported; those after it are one of many.
            Some(first) if now.form == Form::Header => {
                first.many = now.many || first.form == Form::Header;
                first.form = Form::Header;
            }
            Some(_) => {}
        }
    }

    fn finish(self) -> Tables<'d> {
        for (section, spans) in self.misformed.values() {
            self.context.lose_by(|| misformed(section, spans));
        }
        for (section, span, inner) in &self.early {
            self.context.lose_by(|| name_in_header(section, *span, inner));
        }
        for section in SECTIONS.iter().filter(|section| section.required) {
            let named = |first: &First| first.section.is_some_and(|of| of.name == section.name);
            let is_empty = || self.tables.is_empty(section) && !self.context.has_lost();
            if !self.seen.values().any(named) || is_empty() {
                self.context.lose();
                if self.context.is_sound() {
                    self.context.report(|| missing(section, self.context.text.len()));
                }
            }
        }
        self.tables
    }
}

/// The section of a name that lies in no other.
fn outer(name: &str) -> Option<&'static Section> {
    section(name).filter(|section| !section.name.contains('.'))
}

/// A header as it is written.
fn written(path: &[Spanned<DeString<'_>>], many: bool) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.get_ref().as_ref()).collect();
    let name = parts.join(".");
    if many { format!("[[{name}]]") } else { format!("[{name}]") }
}

/// Puts a value behind the parts of a name.
///
/// # Errors
///
/// The place of what is there already.
fn attach<'d>(
    table: &mut DeTable<'d>,
    path: &[Spanned<DeString<'d>>],
    value: Spanned<DeValue<'d>>,
) -> Result<(), Span> {
    let [key, rest @ ..] = path else { return Ok(()) };
    if rest.is_empty() {
        if let Some(there) = table.get(key.get_ref().as_ref()) {
            return Err(there.span().into());
        }
        table.insert(key.clone(), value);
        return Ok(());
    }
    let inner = table
        .entry(key.clone())
        .or_insert_with(|| Spanned::new(value.span(), DeValue::Table(DeTable::new())));
    let first = inner.span().into();
    match inner.get_mut() {
        DeValue::Table(inner) => attach(inner, rest, value),
        _ => Err(first),
    }
}

/// The tables of a list, or the first item that is none.
fn tables_in(items: DeArray<'_>) -> Result<Vec<(Span, DeTable<'_>)>, (Span, &'static str)> {
    let mut tables = Vec::new();
    for item in items {
        let span = Span::from(item.span());
        match item.into_inner() {
            DeValue::Table(table) => tables.push((span, table)),
            other => return Err((span, kind(&other))),
        }
    }
    Ok(tables)
}

/// Whether a table holds nothing but tables: `member.pink.ip = …`.
fn named_by_key(table: &DeTable<'_>) -> bool {
    !table.is_empty() && table.values().all(|value| value.get_ref().is_table())
}
