//! Which table of the file is which section, and what headers are to each other.

use super::context::Context;
use super::document::{Header, Tree};
use super::keys::{Required, Section};
use super::tables::{SECTIONS, section};
use super::type_errors::kind;
use super::unknown;
use crate::diagnostic::{Diagnostic, Span, quoted};
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// The keys of a section, and where they begin.
#[derive(Default)]
pub(super) struct Found<'d> {
    pub(super) span: Span,
    pub(super) keys: DeTable<'d>,
}

/// The tables of the file by the names of their sections, in the order of the file.
pub(super) type Tables<'d> = BTreeMap<&'static str, Vec<Found<'d>>>;

/// Sorts what trees hold by section. A table in the wrong form or under a misspelt name is reported
/// and used all the same, so that what is wrong inside it is found as well.
pub(super) fn sort<'d>(context: &Context<'_>, trees: Vec<Tree<'d>>) -> Tables<'d> {
    let mut entries = Vec::new();
    for Tree { header, table } in trees {
        let of_tree = table.into_iter().flat_map(Entry::of);
        let Some(header) = header else {
            entries.extend(of_tree);
            continue;
        };
        let (keys, tables): (Vec<_>, Vec<_>) = of_tree.partition(|entry| entry.form == Form::Key);
        entries.extend(tables);
        entries.push(Entry::below(&header, keys));
    }
    entries.sort_by_key(|entry| entry.span);
    let mut sorter = Sorter { context, tables: Tables::new(), first: BTreeMap::new() };
    for entry in entries {
        sorter.add(entry);
    }
    sorter.finish()
}

/// Says how a name comes into the file.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// By `name = …` or `name.key = …`, above every header.
    Key,
    /// By `[name]` or `[[name]]`.
    Header,
    /// By `[name.inner]` alone.
    Inner,
}

/// A name in the file, and what it names.
struct Entry<'d> {
    name: DeString<'d>,
    form: Form,
    /// Its header, or its key.
    span: Span,
    /// Whether by `[[name]]`.
    many: bool,
    value: Spanned<DeValue<'d>>,
}

impl<'d> Entry<'d> {
    fn of((key, value): (Spanned<DeString<'d>>, Spanned<DeValue<'d>>)) -> Vec<Self> {
        let (form, span) = match inner_header(&key, &value) {
            Some(_) if is_header(&key, &value) => (Form::Header, value.span().into()),
            Some(span) => (Form::Inner, span),
            None => (Form::Key, key.span().into()),
        };
        let name = key.into_inner();
        if form == Form::Header && value.get_ref().is_array() {
            let DeValue::Array(items) = value.into_inner() else { return Vec::new() };
            let one = |value: Spanned<_>| Self {
                name: name.clone(),
                form,
                span: value.span().into(),
                many: true,
                value,
            };
            return items.into_iter().map(one).collect();
        }
        vec![Self { name, form, span, many: false, value }]
    }

    /// Returns the table of a broken header, of the keys that stand below it.
    fn below((header, span): &Header, keys: Vec<Self>) -> Self {
        let spanned = |value| Spanned::new(span.range(), DeValue::Table(value));
        let key = |key: Self| (Spanned::new(key.span.range(), key.name), key.value);
        let mut path = header.trim_matches(['[', ']']).split('.');
        let name = path.next().unwrap_or_default().to_owned().into();
        let mut value = spanned(keys.into_iter().map(key).collect());
        let mut form = Form::Header;
        for part in path.rev() {
            let part = Spanned::new(span.range(), part.to_owned().into());
            (form, value) = (Form::Inner, spanned([(part, value)].into_iter().collect()));
        }
        Self { name, form, span: *span, many: header.starts_with("[["), value }
    }
}

/// Tells whether a table begins with a header, which its key is in.
fn is_header(key: &Spanned<DeString<'_>>, value: &Spanned<DeValue<'_>>) -> bool {
    value.span().start < key.span().start
}

/// Returns the header that a table has, or that of the first table in one which has none.
fn inner_header(key: &Spanned<DeString<'_>>, value: &Spanned<DeValue<'_>>) -> Option<Span> {
    if is_header(key, value) {
        return Some(value.span().into());
    }
    let table = value.get_ref().as_table().filter(|_| value.span() == key.span())?;
    table.iter().find_map(|(key, value)| inner_header(key, value))
}

/// The first of all that have a name.
#[derive(Clone, Copy)]
struct First {
    span: Span,
    form: Form,
    section: Option<&'static Section>,
}

struct Sorter<'c, 'd> {
    context: &'c Context<'c>,
    tables: Tables<'d>,
    first: BTreeMap<String, First>,
}

impl<'d> Sorter<'_, 'd> {
    fn add(&mut self, entry: Entry<'d>) {
        let Entry { name, form, span, mut many, value } = entry;
        let context = self.context;
        let is_value = form == Form::Key && !value.get_ref().is_table();
        let at = if form == Form::Key { value.span().into() } else { span };
        // A broken header leaves its keys to none.
        if (is_value && (context.is_broken_above(span) || context.is_broken_at(at)))
            || ((form == Form::Key || name.is_empty()) && context.is_broken_at(span))
        {
            return context.lose();
        }
        let section = match section(&name) {
            None if is_value => {
                context.report(|| unknown::root(&name, span, context.options));
                None
            }
            None => self.section_meant(&name, form, many, at),
            section => section,
        };
        let is_broken = form != Form::Key && context.is_broken_at(span);
        // With brackets that do not match, it is what it should be.
        if let Some(section) = section.filter(|_| form == Form::Header && is_broken) {
            many = section.is_repeated();
        }
        let now = First { span, form, section };
        let first = self.first.get(name.as_ref()).copied();
        let noted = self.first.entry(name.to_string()).or_insert(now);
        if form == Form::Header {
            noted.form = form;
        }
        let Some(section) = section else { return };
        let conflict = first.and_then(|first| conflict(section, &name, now, many, first));
        let is_misformed = section.name == name && section.is_repeated() != many;
        match (form, value.into_inner()) {
            (Form::Inner, DeValue::Table(table)) => match conflict {
                Some(conflict) => context.lose_by(|| conflict),
                None => self.attach(section, span, table),
            },
            (Form::Header, DeValue::Table(table)) => {
                if let Some(conflict) = conflict {
                    context.lose_by(|| conflict);
                } else if is_misformed && !is_broken {
                    context.lose_by(|| misformed(section, span));
                }
                self.put(section, span, table);
            }
            (_, DeValue::Table(table)) if section.is_repeated() && named_by_key(&table) => {
                let inner = table.keys().next();
                let at = inner.map_or(span, |inner| inner.span().into());
                let inner = inner.map_or("", |inner| inner.get_ref());
                context.lose_by(|| name_in_header(section, at, inner));
            }
            (_, DeValue::Table(table)) => {
                if is_misformed && section.is_repeated() {
                    context.lose_by(|| misformed(section, span));
                }
                self.put(section, span, table);
            }
            (_, DeValue::Array(items)) if section.is_repeated() => {
                for item in items {
                    let span = Span::from(item.span());
                    match item.into_inner() {
                        DeValue::Table(table) => self.put(section, span, table),
                        other => context.lose_by(|| no_table(section, &name, span, kind(&other))),
                    }
                }
            }
            (_, other) => context.lose_by(|| no_table(section, &name, span, kind(&other))),
        }
    }

    /// Returns the section that a table's name was meant to be; the first time, it is reported.
    fn section_meant(
        &self,
        name: &str,
        form: Form,
        many: bool,
        at: Span,
    ) -> Option<&'static Section> {
        let context = self.context;
        let section = unknown::table(name);
        if self.first.contains_key(name) {
            return section;
        }
        let written = match form {
            Form::Inner => context.text_at(at).to_owned(),
            _ if many => format!("[[{name}]]"),
            _ => format!("[{name}]"),
        };
        match section {
            Some(section) => context.lose_by(|| unknown::misnamed(section, &written, at)),
            None => {
                context.report(|| unknown::no_table(&written, name, at, context.options));
            }
        }
        section
    }

    /// Returns the last table of a section so far.
    fn last(&mut self, section: &Section) -> Option<&mut Found<'d>> {
        self.tables.get_mut(section.name)?.last_mut()
    }

    /// Puts a table into its section; the keys of one that there is only one of go into the first.
    fn put(&mut self, section: &'static Section, span: Span, keys: DeTable<'d>) {
        let context = self.context;
        let Some(first) = self.last(section).filter(|_| !section.is_repeated()) else {
            return self.tables.entry(section.name).or_default().push(Found { span, keys });
        };
        for (key, value) in keys {
            let Some((before, _)) = first.keys.get_key_value(&key) else {
                first.keys.insert(key, value);
                continue;
            };
            context.lose_by(|| {
                Diagnostic::error(format!("{} is set twice", quoted(key.get_ref())))
                    .at(key.span(), "set again here")
                    .also(before.span(), "first set here")
                    .help("keep one of the two")
            });
        }
    }

    /// Puts the tables in a table into the last of its section.
    fn attach(&mut self, section: &'static Section, span: Span, inner: DeTable<'d>) {
        let context = self.context;
        let Some(last) = self.last(section) else {
            if !section.is_repeated() {
                self.put(section, span, inner);
            }
            return;
        };
        for (key, value) in inner {
            match last.keys.get(&key) {
                None => drop(last.keys.insert(key, value)),
                Some(there) => {
                    let there = there.span().into();
                    context.lose_by(|| twice(context.text_at(span), span, there));
                }
            }
        }
    }

    fn finish(self) -> Tables<'d> {
        let context = self.context;
        for (name, First { span, form, section, .. }) in &self.first {
            let section = section.filter(|of| of.is_repeated() && of.name == name);
            if let Some(section) = section.filter(|_| *form == Form::Inner) {
                let mut parts = context.text_at(*span).trim_matches(['[', ']']).split('.');
                let inner = parts.nth(1).unwrap_or_default();
                context.lose_by(|| name_in_header(section, *span, inner));
            }
        }
        for section in SECTIONS.iter().filter(|section| section.required) {
            let named = |first: &First| first.section.is_some_and(|of| of.name == section.name);
            let is_empty = || !self.tables.contains_key(section.name) && !context.has_lost();
            if !self.first.values().any(named) || is_empty() {
                context.lose();
                if context.is_sound() {
                    context.report(|| missing(section, context.text.len()));
                }
            }
        }
        self.tables
    }
}

/// Tells whether a table holds nothing but tables: `member.pink.ip = …`.
fn named_by_key(table: &DeTable<'_>) -> bool {
    !table.is_empty() && table.values().all(|value| value.get_ref().is_table())
}

/// Says how a table conflicts with the first of its name, if it does.
fn conflict(
    section: &Section,
    name: &str,
    now: First,
    many: bool,
    first: First,
) -> Option<Diagnostic> {
    let header = section.header;
    let found = |message: String, here: &str, there: &str| {
        Diagnostic::error(message).at(now.span, here).also(first.span, there)
    };
    match (now.form, first.form) {
        (Form::Key, _) => None,
        (_, Form::Key) => {
            let message = format!("{} is already defined, in another form", quoted(name));
            let found = found(message, "again here", "first here");
            Some(found.help("write it in one form and in one place"))
        }
        (Form::Header, Form::Inner) if many => {
            let message = format!("`{header}` stands below a table that lies in it");
            let found = found(message, "begins here", "lies in it");
            Some(found.help(format!("put `{header}` above its tables")))
        }
        (Form::Header, Form::Header) if !section.is_repeated() => {
            Some(twice(&format!("[{name}]"), now.span, first.span))
        }
        _ => None,
    }
}

/// Reports the same header once more.
fn twice(written: &str, again: Span, first: Span) -> Diagnostic {
    let written = quoted(written);
    Diagnostic::error(format!("{written} is written twice"))
        .at(again, "again here")
        .also(first, "first here")
        .help(format!("put all its keys under one {written}"))
}

/// Reports `[member.pink]`, or `[member.etcd]` without its member.
fn name_in_header(section: &Section, at: Span, name: &str) -> Diagnostic {
    let written = quoted(&format!("[{}.{name}]", section.name));
    let (header, one) = (section.header, section.name);
    if name == "etcd" {
        return Diagnostic::error(format!("{written} has no `{header}` above it"))
            .at(at, format!("lies in no {one}"))
            .help(format!("write it below the keys of the {one} that it is for"));
    }
    let key = quoted(&format!("name = \"{name}\""));
    Diagnostic::error(format!("{written} is not how a {one} is written"))
        .at(at, "the name is a key, not a part of the header")
        .help(format!("write `{header}` and below it {key}"))
}

/// Reports a value where a table belongs.
fn no_table(section: &Section, name: &str, at: Span, written: &str) -> Diagnostic {
    let found = Diagnostic::error(format!("{} is a table, not {written}", quoted(name)))
        .at(at, "a key of the whole file");
    match name {
        "etcd" => found
            .help("the version of etcd stands under `[cluster]`: `etcd = \"3.5\"`")
            .help("options of etcd stand under `[etcd]`"),
        _ => found.help(format!("write `{}` and its keys below", section.header)),
    }
}

/// Reports `[member]` for `[[member]]`, or the reverse.
fn misformed(section: &Section, header: Span) -> Diagnostic {
    let (name, right) = (section.name, section.header);
    if section.is_repeated() {
        return Diagnostic::error(format!("a {name} is written `{right}`"))
            .at(header, "one pair of brackets makes a single table")
            .help(format!("write `{right}`: a spec has many of them, each begun by this line"));
    }
    Diagnostic::error(format!("there is one `{right}`, without a second pair of brackets"))
        .at(header, "two pairs begin one table of many")
        .help(format!("write `{right}`"))
}

/// Reports a section that must be there.
fn missing(section: &Section, end: usize) -> Diagnostic {
    let header = section.header;
    let keys = section.keys.iter().filter(|key| key.required != Required::Never);
    let lines: Vec<_> = keys.map(|key| format!("{} = {}", key.name, key.example)).collect();
    let message = match section.name {
        "member" => "the cluster has no members".to_owned(),
        _ => format!("`{header}` is missing"),
    };
    Diagnostic::error(message)
        .at(Span::at(end), format!("end of file, and no `{header}` so far"))
        .help(format!("add `{header}`, {}:\n\n{header}\n{}", section.doc(), lines.join("\n")))
}
