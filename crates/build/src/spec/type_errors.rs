//! Values of a wrong type, and what to write instead.

use super::keys::{Key, Kind, Section};
use super::value::article;
use crate::diagnostic::{Diagnostic, Span, quoted};
use toml::Spanned;
use toml::de::DeValue;

/// A value that its key does not take.
pub(super) fn value(key: &Key, value: &Spanned<DeValue<'_>>, text: &str) -> Diagnostic {
    let (written, span) = (kind(value.get_ref()), value.span());
    let source = text.get(span.clone()).unwrap_or_default();
    let instead = match (key.kind, value.get_ref()) {
        (Kind::Text, value) => in_quotes(value, source),
        (Kind::Texts, DeValue::String(_)) | (Kind::Numbers, DeValue::Integer(_)) => {
            Some(format!("[{source}]"))
        }
        (Kind::Port, DeValue::String(text)) => {
            text.trim().parse::<u16>().ok().map(|port| port.to_string())
        }
        (Kind::Number, DeValue::String(text)) => {
            text.trim().parse::<u32>().ok().map(|number| number.to_string())
        }
        (Kind::Flag, DeValue::String(text)) => flag(text),
        (Kind::Flag, DeValue::Integer(digits)) => flag(digits.as_str()),
        _ => None,
    };
    let name = key.name;
    let found = Diagnostic::error(format!("`{name}` takes {}, not {written}", key.kind.words()))
        .at(span, written);
    match instead {
        Some(value) => found.help(format!("write {}", quoted(&format!("{name} = {value}")))),
        None => found.help(format!("for example `{name} = {}`", key.example)),
    }
}

/// An element of a list that is not what the list is of.
pub(super) fn item(key: &Key, item: &Spanned<DeValue<'_>>, text: &str) -> Diagnostic {
    let written = kind(item.get_ref());
    let message = format!("`{}` takes {}, and this is {written}", key.name, key.kind.words());
    let found = Diagnostic::error(message).at(item.span(), written);
    let source = text.get(item.span()).unwrap_or_default();
    match in_quotes(item.get_ref(), source).filter(|_| key.kind == Kind::Texts) {
        Some(instead) => found.help(format!("write {}", quoted(&instead))),
        None => found.help(format!("for example `{} = {}`", key.name, key.example)),
    }
}

/// A number that is no port.
pub(super) fn port(key: &Key, number: &str, span: Span) -> Diagnostic {
    Diagnostic::error(format!("`{}` is {number}, and a port is 1 to 65535", key.name))
        .at(span, "not a port")
        .help(format!("etcd's usual one is {}", key.example))
}

/// A number that counts nothing.
pub(super) fn number(key: &Key, number: &str, span: Span) -> Diagnostic {
    Diagnostic::error(format!("`{}` is {number}, and counting begins at 1", key.name))
        .at(span, "")
        .help(format!("for example `{} = {}`", key.name, key.example))
}

/// A value where a table belongs: `etcd = "3.5"` below `[[member]]`.
pub(super) fn inner(outer: &Section, inner: &Section, at: Span, value: &DeValue<'_>) -> Diagnostic {
    let name = inner.name.rsplit('.').next().unwrap_or(inner.name);
    let written = kind(value);
    Diagnostic::error(format!("`{name}` of `{}` is a table, not {written}", outer.header))
        .at(at, "a key of this table")
        .help(format!(
            "etcd's options for one member stand under `{}`, below its own keys",
            inner.header
        ))
        .help("the version of etcd stands under `[cluster]`")
}

/// What a value is, with its article.
pub(super) fn kind(value: &DeValue<'_>) -> &'static str {
    article(value.type_str())
}

/// A number or a date that should have been text.
fn in_quotes(value: &DeValue<'_>, source: &str) -> Option<String> {
    let bare = value.is_integer() || value.is_float() || value.is_datetime();
    bare.then(|| format!("\"{source}\""))
}

fn flag(text: &str) -> Option<String> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Some("true".to_owned()),
        "false" | "no" | "off" | "0" => Some("false".to_owned()),
        _ => None,
    }
}
