//! Which table of the file is which section.

use super::super::keys::{SECTIONS, Section, section};
use super::super::tree::{Entry, Item, Table, Value};
use super::super::unknown;
use super::Context;
use super::wrong::kind;
use crate::diagnostic::{Diagnostic, Span, quoted};

/// The tables of the file by section, in the order of the file.
pub(super) struct Tables<'t, 'a> {
    found: Vec<(&'static Section, Span, &'t Table<'a>)>,
}

impl<'t, 'a> Tables<'t, 'a> {
    pub(super) fn all(
        &self,
        section: &'static Section,
    ) -> impl Iterator<Item = (Span, &'t Table<'a>)> {
        let name = section.name;
        self.found
            .iter()
            .filter(move |(of, ..)| of.name == name)
            .map(|(_, span, table)| (*span, *table))
    }

    pub(super) fn first(&self, section: &'static Section) -> Option<(Span, &'t Table<'a>)> {
        self.all(section).next()
    }
}

/// Sorts the keys of the root. A table in the wrong form or under a misspelt
/// name is reported and used all the same, so that what is wrong inside it is
/// found as well.
pub(super) fn sort<'t, 'a>(context: &Context<'_>, root: &'t Table<'a>) -> Tables<'t, 'a> {
    let mut tables = Tables { found: Vec::new() };
    let mut named = Vec::new();
    for entry in &root.entries {
        // A broken header leaves its keys to the table above, or to none.
        if !holds_tables(&entry.value) && context.is_broken_above(entry.key.span) {
            context.lost.set(true);
            continue;
        }
        let known = section(&entry.key.value);
        let meant = known.or_else(|| unknown::table(&entry.key.value, holds_tables(&entry.value)));
        let Some(section) = meant else {
            context.report(|| unknown::root(entry, context.options));
            continue;
        };
        named.push(section.name);
        if known.is_none() {
            context.lose::<()>(|| unknown::misnamed(section, entry));
        }
        let Some(all) = tables_of(context, section, entry) else {
            context.lost.set(true);
            continue;
        };
        if known.is_some() && !context.is_broken_at(entry.span) {
            check_form(context, section, entry);
        }
        let all = all.into_iter().map(|(span, table)| (section, span, table));
        tables.found.extend(all);
    }
    for section in SECTIONS.iter().filter(|section| section.required) {
        if !named.contains(&section.name) {
            context.lost.set(true);
            if context.syntax.is_empty() {
                context.report(|| missing(context, section));
            }
        }
    }
    tables
}

fn holds_tables(value: &Value<'_>) -> bool {
    matches!(value, Value::Table(_) | Value::Tables(_))
}

/// The tables behind a section's key, in whatever form; `None` when one is none.
fn tables_of<'t, 'a>(
    context: &Context<'_>,
    section: &'static Section,
    entry: &'t Entry<'a>,
) -> Option<Vec<(Span, &'t Table<'a>)>> {
    let report = match &entry.value {
        Value::Table(table) if section.is_repeated() && named_by_key(table) => {
            name_in_header(section, entry, table)
        }
        Value::Table(table) => return Some(vec![(entry.span, table)]),
        Value::Tables(all) => {
            return Some(all.iter().map(|(span, table)| (*span, table)).collect());
        }
        Value::List(items) if section.is_repeated() => {
            let table = |item: &'t Item<'a>| match &item.value {
                Value::Table(table) => Ok((item.span, table)),
                other => Err((item.span, other)),
            };
            match items.iter().map(table).collect() {
                Ok(all) => return Some(all),
                Err((_, Value::Bad)) => return None,
                Err((span, other)) => no_table(section, entry, span, other),
            }
        }
        Value::Bad => return None,
        other => no_table(section, entry, entry.key.span, other),
    };
    context.lose(|| report)
}

/// Whether a table holds nothing but tables: `[member.pink]`.
fn named_by_key(table: &Table<'_>) -> bool {
    !table.entries.is_empty() && table.entries.iter().all(|entry| holds_tables(&entry.value))
}

fn name_in_header(section: &Section, entry: &Entry<'_>, table: &Table<'_>) -> Diagnostic {
    let (span, name) =
        table.entries.first().map_or((entry.span, "pink"), |first| (first.span, &*first.key.value));
    let written = quoted(&format!("[{}.{name}]", section.name));
    let (header, one) = (section.header, section.name);
    if name == "etcd" {
        return Diagnostic::error(format!("{written} has no `{header}` above it"))
            .at(span, format!("lies in no {one}"))
            .help(format!("write it below the keys of the {one} that it is for"));
    }
    let key = quoted(&format!("name = \"{name}\""));
    Diagnostic::error(format!("{written} is not how a {one} is written"))
        .at(span, "the name is a key, not a part of the header")
        .help(format!("write `{header}` and below it {key}"))
}

fn no_table(section: &Section, entry: &Entry<'_>, span: Span, value: &Value<'_>) -> Diagnostic {
    let name = &*entry.key.value;
    let written = kind(value);
    let found = Diagnostic::error(format!("{} is a table, not {written}", quoted(name)))
        .at(span, "a key of the whole file");
    match name {
        "etcd" => found
            .help("the version of etcd stands under `[cluster]`: `etcd = \"3.5\"`")
            .help("options of etcd stand under `[etcd]`"),
        _ => found.help(format!("write `{}` and its keys below", section.header)),
    }
}

/// Reports `[member]` for `[[member]]`, and the reverse.
fn check_form(context: &Context<'_>, section: &Section, entry: &Entry<'_>) {
    let (name, header) = (section.name, section.header);
    let report = match &entry.value {
        Value::Table(_) if section.is_repeated() => {
            Diagnostic::error(format!("a {name} is written `{header}`"))
                .at(entry.span, "one pair of brackets makes a single table")
                .help(format!("write `{header}`: a spec has many of them, each begun by this line"))
        }
        Value::Tables(all) if !section.is_repeated() => {
            let report = Diagnostic::error(format!(
                "there is one `{header}`, without a second pair of brackets"
            ))
            .at(entry.span, "two pairs begin one table of many");
            let report = match all.get(1) {
                Some((second, _)) => report.also(*second, "and another"),
                None => report,
            };
            report.help(format!("write `{header}`"))
        }
        _ => return,
    };
    context.lose::<()>(|| report);
}

fn missing(context: &Context<'_>, section: &Section) -> Diagnostic {
    let header = section.header;
    let keys = section.keys.iter().filter(|key| key.required);
    let lines: Vec<_> = keys.map(|key| format!("{} = {}", key.name, key.example)).collect();
    let message = match section.name {
        "member" => "the cluster has no members".to_owned(),
        _ => format!("`{header}` is missing"),
    };
    Diagnostic::error(message)
        .at(Span::at(context.text.len()), format!("end of file, and no `{header}` so far"))
        .help(format!("add `{header}`, {}:\n\n{header}\n{}", section.doc, lines.join("\n")))
}
