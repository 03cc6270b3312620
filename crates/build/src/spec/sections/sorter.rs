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
use std::collections::{BTreeMap, BTreeSet};
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
        in_conflict: BTreeSet::new(),
    };
    if let Some(root) = blocks.next() {
        sorter.root(root.keys);
    }
    for Block { header, keys } in blocks {
        match header {
            Some(header) if header.path.len() > 1 => sorter.inner_table(&header, keys),
            Some(header) => sorter.table(&header, keys),
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
    /// Headers with the wrong number of brackets.
    misformed: BTreeMap<&'static str, (&'static Section, Vec<Span>)>,
    /// Sections of which two headers cannot both be.
    in_conflict: BTreeSet<&'static str>,
}

impl<'d> Sorter<'_, 'd> {
    /// The keys above every header.
    fn root(&mut self, keys: Keys<'d>) {
        let readable = keys.table.into_iter().map(|(key, value)| (key, Some(value)));
        let unreadable = keys.unreadable.into_iter().map(|(key, _)| (key, None));
        let mut entries: Vec<_> = readable.chain(unreadable).collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in entries {
            self.root_key(&key, value);
        }
    }

    fn root_key(&mut self, key: &Spanned<DeString<'d>>, value: Option<Spanned<DeValue<'d>>>) {
        let (name, at) = (key.get_ref(), Span::from(key.span()));
        let table_at =
            value.as_ref().filter(|v| v.get_ref().is_table()).map(|v| Span::from(v.span()));
        // A broken header leaves its keys to the table above, or to none.
        if table_at.is_none() && self.context.is_broken_above(at) {
            return self.context.lose();
        }
        let known = outer(name);
        let Some(section) = known.or_else(|| unknown::table(name).filter(|_| table_at.is_some()))
        else {
            return self.context.report(|| match table_at {
                Some(at) => unknown::no_table(&format!("[{name}]"), name, at, self.context.options),
                None => unknown::root(name, at, self.context.options),
            });
        };
        self.see(name, First { span: at, form: Form::Key, section: Some(section), many: false });
        if let Some(at) = table_at.filter(|_| known.is_none()) {
            self.context.lose_by(|| unknown::misnamed(section, &format!("[{name}]"), at));
        }
        let Some(value) = value else { return self.context.lose() };
        let span = Span::from(value.span());
        let refused = match value.into_inner() {
            DeValue::Table(table) if section.is_repeated() && named_by_key(&table) => {
                let inner = table.keys().next().map_or(Span::default(), |key| key.span().into());
                let first = table.keys().next().map_or("", |key| key.get_ref());
                name_in_header(section, inner, first)
            }
            DeValue::Table(table) => {
                if section.is_repeated() && known.is_some() && !self.context.is_broken_at(span) {
                    self.context.lose_by(|| misformed(section, &[span]));
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
    fn table(&mut self, header: &Header<'d>, keys: Keys<'d>) {
        let Header { path, span, many } = header;
        let name = path[0].get_ref();
        let written = written(path, *many);
        let known = outer(name);
        let seen = self.seen.get(name.as_ref()).copied();
        let Some(section) = known.or_else(|| unknown::table(name)) else {
            match seen {
                None => self
                    .context
                    .report(|| unknown::no_table(&written, name, *span, self.context.options)),
                Some(first) if *many || first.form == Form::Inner => {}
                Some(first) => self.context.report(|| twice(&written, *span, first.span)),
            }
            return self
                .see(name, First { span: *span, form: Form::Header, section: None, many: *many });
        };
        if known.is_none() && seen.is_none() {
            self.context.lose_by(|| unknown::misnamed(section, &written, *span));
        }
        let early = self.early.iter().position(|(of, ..)| of.name == section.name);
        let conflict = match (early, seen) {
            (Some(early), _) => {
                let (_, inner, _) = self.early[early];
                self.early.retain(|(of, ..)| of.name != section.name);
                Some(below_its_own(section, *span, inner)).filter(|_| *many)
            }
            (None, Some(first)) => conflict(section, name, header, first),
            (None, None) => None,
        };
        if let Some(conflict) = conflict {
            self.context.lose_by(|| conflict);
            self.in_conflict.insert(section.name);
        } else if known.is_some()
            && section.is_repeated() != *many
            && !self.context.is_broken_at(*span)
        {
            self.misformed.entry(section.name).or_insert((section, Vec::new())).1.push(*span);
        }
        self.see(
            name,
            First { span: *span, form: Form::Header, section: Some(section), many: *many },
        );
        self.add(section, *span, keys);
    }

    /// `[name.inner]`
    fn inner_table(&mut self, header: &Header<'d>, keys: Keys<'d>) {
        let Header { path, span, many } = header;
        let name = path[0].get_ref();
        let written = written(path, *many);
        let known = outer(name);
        let seen = self.seen.get(name.as_ref()).copied();
        let Some(section) = known.or_else(|| unknown::table(name)) else {
            if seen.is_none() {
                self.context
                    .report(|| unknown::no_table(&written, name, *span, self.context.options));
            }
            return self
                .see(name, First { span: *span, form: Form::Inner, section: None, many: true });
        };
        if known.is_none() && seen.is_none() {
            self.context.lose_by(|| unknown::misnamed(section, &written, *span));
        }
        if let Some(First { span: first, form: Form::Key, .. }) = seen {
            return self.context.lose_by(|| otherwise(name, *span, first));
        }
        self.see(
            name,
            First { span: *span, form: Form::Inner, section: Some(section), many: true },
        );
        if !keys.unreadable.is_empty() {
            self.context.lose();
        }
        if self.tables.last(section).is_none() {
            if section.is_repeated() {
                self.early.push((section, *span, path[1].get_ref().to_string()));
                return;
            }
            self.tables.0.push((section, Found { span: *span, keys: Keys::default() }));
        }
        let Some(found) = self.tables.last(section) else { return };
        let table = DeValue::Table(keys.table);
        let value = if *many {
            DeValue::Array([Spanned::new(span.range(), table)].into_iter().collect())
        } else {
            table
        };
        if let Err(first) =
            attach(&mut found.keys.table, &path[1..], Spanned::new(span.range(), value))
        {
            self.context.lose_by(|| twice(&written, *span, first));
        }
    }

    /// Adds a table; the keys of one that there is only one of go into the first.
    fn add(&mut self, section: &'static Section, span: Span, keys: Keys<'d>) {
        let Some(first) = self.tables.last(section).filter(|_| !section.is_repeated()) else {
            return self.tables.0.push((section, Found { span, keys }));
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
            Some(first) if now.form == Form::Header => {
                first.form = Form::Header;
                first.many &= now.many;
            }
            Some(_) => {}
        }
    }

    fn finish(self) -> Tables<'d> {
        for (name, (section, spans)) in &self.misformed {
            if !self.in_conflict.contains(name) {
                self.context.lose_by(|| misformed(section, spans));
            }
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
