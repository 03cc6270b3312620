//! Values that their keys do not take, and what to write instead.

use super::keys::{Key, Kind};
use super::value::article;
use crate::diagnostic::{Diagnostic, Span, quoted};
use toml::Spanned;
use toml::de::{DeInteger, DeValue};

/// Reports what is wrong with the value of a key, or with each item of one that is a list.
pub(super) fn of(key: &Key, value: &Spanned<DeValue<'_>>, text: &str) -> Vec<Diagnostic> {
    let (items, of) = match (key.kind, value.get_ref()) {
        (Kind::Texts, DeValue::Array(items)) => (items, Kind::Text),
        (Kind::Numbers, DeValue::Array(items)) => (items, Kind::Number),
        (of, _) => return one(key, of, value, text).into_iter().collect(),
    };
    items.iter().filter_map(|item| one(key, of, item, text)).collect()
}

/// Reports what is wrong with a value that is to be of a kind: that of its key, or of the key's items.
fn one(key: &Key, of: Kind, value: &Spanned<DeValue<'_>>, text: &str) -> Option<Diagnostic> {
    let Key { name, example, .. } = key;
    let (span, written) = (value.span(), kind(value.get_ref()));
    let source = text.get(span.clone()).unwrap_or_default();
    let instead = match (of, value.get_ref()) {
        (Kind::Text | Kind::FlagOrText, DeValue::String(_))
        | (Kind::Flag | Kind::FlagOrText | Kind::FlagOrPort, DeValue::Boolean(_)) => return None,
        (Kind::Port | Kind::FlagOrPort | Kind::Number, DeValue::Integer(digits)) => {
            return out_of_range(key, digits, span, source);
        }
        // Quotes alone do not make it a length of time.
        (Kind::Text, DeValue::Integer(_)) if is_length_of_time(example) => None,
        (Kind::Text, DeValue::Integer(_) | DeValue::Float(_) | DeValue::Datetime(_)) => {
            Some(format!("\"{source}\""))
        }
        (Kind::Texts, DeValue::String(_)) | (Kind::Numbers, DeValue::Integer(_)) => {
            Some(format!("[{source}]"))
        }
        (Kind::Port, DeValue::String(text)) => port(text),
        (Kind::FlagOrPort, DeValue::String(text)) => port(text).or_else(|| flag(text)),
        (Kind::Number, DeValue::String(text)) => {
            text.trim().parse::<u32>().ok().map(|n| n.to_string())
        }
        (Kind::Flag, DeValue::String(text)) => flag(text),
        (Kind::Flag, DeValue::Integer(digits)) => flag(digits.as_str()),
        _ => None,
    };
    let (not, before) =
        if of == key.kind { ("not", format!("{name} = ")) } else { ("and this is", String::new()) };
    let takes = key.kind.words();
    let found = Diagnostic::error(format!("`{name}` takes {takes}, {not} {written}"));
    Some(found.at(span, written).help(match instead {
        Some(value) => format!("write {}", quoted(&format!("{before}{value}"))),
        None => format!("for example `{name} = {example}`"),
    }))
}

/// Returns a port that is written as a text.
fn port(text: &str) -> Option<String> {
    text.trim().parse::<u16>().ok().map(|port| port.to_string())
}

/// Tells whether an example is a number with its unit, such as `"365d"`.
fn is_length_of_time(example: &str) -> bool {
    let unit = example.trim_matches('"').trim_start_matches(|c: char| c.is_ascii_digit());
    unit.len() == 1 && example.len() > 3
}

/// Reports what is wrong with a number that is no port, or counts nothing.
fn out_of_range(
    key: &Key,
    digits: &DeInteger<'_>,
    span: impl Into<Span>,
    source: &str,
) -> Option<Diagnostic> {
    let number = i64::from_str_radix(digits.as_str(), digits.radix()).ok();
    let is_port = key.kind == Kind::Port;
    let most = if is_port { i64::from(u16::MAX) } else { i64::from(u32::MAX) };
    if number.is_some_and(|number| (1..=most).contains(&number)) {
        return None;
    }
    let Key { name, example, .. } = key;
    let number = number.map_or_else(|| source.to_owned(), |number| number.to_string());
    let (limit, label, help) = if is_port {
        ("a port is 1 to 65535", "not a port", format!("etcd's usual one is {example}"))
    } else {
        ("counting begins at 1", "", format!("for example `{name} = {example}`"))
    };
    let found = Diagnostic::error(format!("`{name}` is {number}, and {limit}"));
    Some(found.at(span, label).help(help))
}

/// Reports a value where a table belongs: `etcd = "3.5"` below `[[member]]`.
pub(super) fn options_of_member(at: Span, value: &DeValue<'_>) -> Diagnostic {
    Diagnostic::error(format!("`etcd` of `[[member]]` is a table, not {}", kind(value)))
        .at(at, "a key of this table")
        .help("etcd's options for one member stand under `[member.etcd]`, below its own keys")
        .help("the version of etcd stands under `[cluster]`")
}

/// Returns what a value is, with its article.
pub(super) fn kind(value: &DeValue<'_>) -> &'static str {
    article(value.type_str())
}

fn flag(text: &str) -> Option<String> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Some("true".to_owned()),
        "false" | "no" | "off" | "0" => Some("false".to_owned()),
        _ => None,
    }
}
