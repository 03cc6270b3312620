//! Values of a wrong type, and what to write instead.

use super::super::keys::{Key, Kind, Section};
use super::super::tree::{Entry, Item, Value};
use super::super::types::RawValue;
use crate::diagnostic::{Diagnostic, Span, Spanned, quoted};

/// A value that its key does not take.
pub(super) fn value(key: &Key, entry: &Entry<'_>, text: &str) -> Diagnostic {
    let written = kind(&entry.value);
    let source = text.get(entry.span.range()).unwrap_or_default();
    let instead = match (key.kind, &entry.value) {
        (Kind::Text, value) => in_quotes(value, source),
        (Kind::Texts, Value::Str(_)) | (Kind::Numbers, Value::Int(_)) => {
            Some(format!("[{source}]"))
        }
        (Kind::Port, Value::Str(text)) => {
            text.trim().parse::<u16>().ok().map(|port| port.to_string())
        }
        (Kind::Number, Value::Str(text)) => {
            text.trim().parse::<u32>().ok().map(|number| number.to_string())
        }
        (Kind::Flag, Value::Str(text)) => flag(text),
        (Kind::Flag, Value::Int(0)) => flag("0"),
        (Kind::Flag, Value::Int(1)) => flag("1"),
        _ => None,
    };
    let name = key.name;
    let found = Diagnostic::error(format!("`{name}` takes {}, not {written}", key.kind.words()))
        .at(entry.span, written);
    match instead {
        Some(value) => found.help(format!("write {}", quoted(&format!("{name} = {value}")))),
        None => found.help(format!("for example `{name} = {}`", key.example)),
    }
}

/// An element of a list that is not what the list is of.
pub(super) fn item(key: &Key, item: &Item<'_>, text: &str) -> Diagnostic {
    let written = kind(&item.value);
    let message = format!("`{}` takes {}, and this is {written}", key.name, key.kind.words());
    let found = Diagnostic::error(message).at(item.span, written);
    let source = text.get(item.span.range()).unwrap_or_default();
    match in_quotes(&item.value, source).filter(|_| key.kind == Kind::Texts) {
        Some(instead) => found.help(format!("write {}", quoted(&instead))),
        None => found.help(format!("for example `{} = {}`", key.name, key.example)),
    }
}

/// A number that is no port.
pub(super) fn port(key: &Key, number: i64, span: Span) -> Diagnostic {
    Diagnostic::error(format!("`{}` is {number}, and a port is 1 to 65535", key.name))
        .at(span, "not a port")
        .help(format!("etcd's usual one is {}", key.example))
}

/// A number that counts nothing.
pub(super) fn number(key: &Key, number: i64, span: Span) -> Diagnostic {
    Diagnostic::error(format!("`{}` is {number}, and counting begins at 1", key.name))
        .at(span, "")
        .help(format!("for example `{} = {}`", key.name, key.example))
}

/// A value where a table belongs: `etcd = "3.5"` below `[[member]]`.
pub(super) fn inner(outer: &Section, inner: &Section, entry: &Entry<'_>) -> Diagnostic {
    let (name, written) = (&*entry.key.value, kind(&entry.value));
    Diagnostic::error(format!("{} of `{}` is a table, not {written}", quoted(name), outer.header))
        .at(entry.key.span, "a key of this table")
        .help(format!(
            "etcd's options for one member stand under `{}`, below its own keys",
            inner.header
        ))
        .help("the version of etcd stands under `[cluster]`")
}

/// What a value is, with its article.
pub(super) fn kind(value: &Value<'_>) -> &'static str {
    match value {
        Value::Tables(_) => "a list of tables",
        other => raw(other).map_or("unreadable", |raw| raw.kind()),
    }
}

/// The value of an option of etcd; `None` if part of it could not be read.
pub(super) fn raw(value: &Value<'_>) -> Option<RawValue> {
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

/// A number or a date that should have been text.
fn in_quotes(value: &Value<'_>, source: &str) -> Option<String> {
    let bare = matches!(value, Value::Int(_) | Value::Float(_) | Value::Date);
    bare.then(|| format!("\"{source}\""))
}

fn flag(text: &str) -> Option<String> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Some("true".to_owned()),
        "false" | "no" | "off" | "0" => Some("false".to_owned()),
        _ => None,
    }
}
