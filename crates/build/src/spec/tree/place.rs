//! Where a value goes, by TOML's rules on what may be defined twice.

use super::super::keys::{Section, section};
use super::{Defined, Entry, Key, Table, Value};
use crate::diagnostic::{Diagnostic, Span, quoted};

/// A conflict, boxed because it is rare and large.
type Conflict = Box<Diagnostic>;

/// Puts a value behind a key, which may be dotted.
pub(super) fn add_by_path<'a>(
    mut table: &mut Table<'a>,
    mut parts: Vec<Key<'a>>,
    value: Value<'a>,
    span: Span,
) -> Result<(), Conflict> {
    let Some(key) = parts.pop() else {
        return Ok(());
    };
    for part in parts {
        let at = table.position(&part.value).unwrap_or_else(|| {
            let value = Value::Table(Table::new(Defined::Dotted));
            table.add(Entry { span: part.span, key: part.clone(), value })
        });
        let entry = &table.entries[at];
        match &entry.value {
            Value::Table(inner) if inner.defined.takes_dotted_keys() => {}
            Value::Bad => return Ok(()),
            other => return Err(closed(&part, entry.key.span, other)),
        }
        let Some(inner) = table.inner(at) else {
            return Ok(());
        };
        inner.defined = Defined::Dotted;
        table = inner;
    }
    if let Some(at) = table.position(&key.value) {
        return Err(twice(&key, table.entries[at].key.span));
    }
    table.add(Entry { key, value, span });
    Ok(())
}

/// Goes to the table that a header names, and makes it. The way there is given
/// as positions among entries. After a conflict it leads to the table that was
/// there first, so that its keys are still looked at; `None` where there is none.
pub(super) fn enter<'a>(
    root: &mut Table<'a>,
    mut parts: Vec<Key<'a>>,
    array: bool,
    header: Span,
) -> (Option<Vec<usize>>, Option<Conflict>) {
    let Some(key) = parts.pop() else {
        return (None, None);
    };
    let mut way = Vec::with_capacity(parts.len() + 1);
    let mut table = root;
    for part in parts {
        let at = table.position(&part.value).unwrap_or_else(|| {
            let value = Value::Table(Table::new(Defined::OnTheWay));
            table.add(Entry { span: header, key: part.clone(), value })
        });
        way.push(at);
        let entry = &table.entries[at];
        let conflict = match &entry.value {
            Value::Table(inner) if inner.defined != Defined::Inline => None,
            Value::Tables(_) => None,
            Value::Bad => return (None, None),
            other => Some(closed(&part, entry.key.span, other)),
        };
        if conflict.is_some() {
            return (None, conflict);
        }
        let Some(inner) = table.inner(at) else {
            return (None, None);
        };
        table = inner;
    }

    let fresh = Table::new(Defined::Header);
    let Some(at) = table.position(&key.value) else {
        let value = if array { Value::Tables(vec![(header, fresh)]) } else { Value::Table(fresh) };
        way.push(table.add(Entry { key, value, span: header }));
        return (Some(way), None);
    };
    way.push(at);
    let entry = &mut table.entries[at];
    let many = array || section(&key.value).is_some_and(Section::is_repeated);
    let conflict = match &mut entry.value {
        Value::Tables(all) if array => {
            all.push((header, fresh));
            None
        }
        Value::Table(inner) if !array && inner.defined == Defined::OnTheWay => {
            inner.defined = Defined::Header;
            entry.span = header;
            None
        }
        Value::Table(_) | Value::Tables(_) => {
            let conflict = header_twice(&key, header, array, entry);
            if many {
                add_table(entry, header, fresh);
            }
            Some(conflict)
        }
        Value::Bad => return (None, None),
        _ => return (None, Some(twice(&key, entry.key.span))),
    };
    (Some(way), conflict)
}

/// Takes one more table where, by what was written, there should be one. What
/// is wrong has been reported; keys of one member are not those of another.
fn add_table<'a>(entry: &mut Entry<'a>, header: Span, fresh: Table<'a>) {
    let there = std::mem::replace(&mut entry.value, Value::Tables(Vec::new()));
    let mut all = match there {
        Value::Tables(all) => all,
        Value::Table(first) if first.defined != Defined::OnTheWay => vec![(entry.span, first)],
        _ => Vec::new(),
    };
    all.push((header, fresh));
    entry.value = Value::Tables(all);
}

fn twice(key: &Key<'_>, first: Span) -> Conflict {
    let message = format!("{} is set twice", quoted(&key.value));
    let found = Diagnostic::error(message)
        .at(key.span, "set again here")
        .also(first, "first set here")
        .help("keep one of the two");
    Box::new(found)
}

fn header_twice(key: &Key<'_>, header: Span, array: bool, there: &Entry<'_>) -> Conflict {
    let name = &key.value;
    let single = quoted(&format!("[{name}]"));
    let many = quoted(&format!("[[{name}]]"));
    let repeated = section(name).is_some_and(Section::is_repeated);
    let (first, defined) = match &there.value {
        Value::Tables(all) => (all.first().map_or(there.span, |(span, _)| *span), Defined::Header),
        Value::Table(inner) => (there.span, inner.defined),
        _ => (there.span, Defined::Inline),
    };
    let by_header = defined == Defined::Header;
    let (message, help) = if repeated && by_header {
        (format!("each {name} begins with {many}"), format!("write {many} each time"))
    } else if defined == Defined::OnTheWay {
        let message = format!("{many} stands below a table that lies in it");
        (message, format!("put {many} above its tables"))
    } else if !by_header {
        let message = format!("{} is already defined, in another form", quoted(name));
        (message, "write it in one form and in one place".to_owned())
    } else if array {
        (format!("{many} cannot follow {single}"), format!("put all its keys under one {single}"))
    } else {
        (format!("{single} is written twice"), format!("put all its keys under one {single}"))
    };
    let (here, there) = match defined {
        Defined::OnTheWay => ("begins here", "lies in it"),
        _ => ("again here", "first here"),
    };
    let found = Diagnostic::error(message).at(header, here).also(first, there).help(help);
    Box::new(found)
}

fn closed(part: &Key<'_>, first: Span, there: &Value<'_>) -> Conflict {
    let name = quoted(&part.value);
    let why = match there {
        Value::Tables(_) => "is many tables, and takes keys only below their headers",
        Value::Table(_) => "was defined elsewhere and takes no more keys here",
        _ => "holds a value, so it has no keys of its own",
    };
    let found = Diagnostic::error(format!("{name} {why}"))
        .at(part.span, "extended here")
        .also(first, "defined here")
        .help("write the table in one form and in one place");
    Box::new(found)
}
