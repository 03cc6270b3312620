//! From the keys of a table to the type that declares them.
//!
//! serde stops at the first mistake, and knows no words for operators. So each value is held to what
//! its key takes first, one that does not fit is reported and taken out, and serde reads the rest.

use super::context::Context;
use super::document::Keys;
use super::found::Found;
use super::keys::{Key, Kind, Section, Table};
use super::tables::{MEMBER_ETCD, MemberSpec};
use super::value::OptionsSpec;
use super::{type_errors, unknown};
use crate::diagnostic::{Diagnostic, Span};
use serde::Deserialize;
use std::num::{NonZeroU16, NonZeroU32};
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, ValueDeserializer};

/// Reads a table, and reports all that is wrong with it. `None` where a key is missing that it must
/// have.
pub(super) fn table<T: Table>(context: &Context<'_>, found: Found<'_>) -> Option<T> {
    let Found { span, mut keys } = found;
    let section = T::SECTION;
    let misspelt = unknown_keys(context, section, &mut keys);
    if section.name == MemberSpec::SECTION.name {
        options_of_member(context, section, &mut keys);
    }
    let mut complete = true;
    for key in section.keys {
        if keys.unreadable.contains_key(key.name) {
            context.lose();
            complete &= !key.required;
            continue;
        }
        match keys.table.get(key.name) {
            Some(value) if fits(context, key, value) => {}
            Some(_) => {
                keys.table.remove(key.name);
                complete &= !key.required;
            }
            None if key.required => {
                complete = false;
                if !misspelt.contains(&key.name) {
                    missing(context, section, key, span);
                }
            }
            None => {}
        }
    }
    let table: T = complete.then(|| by_serde(context, keys.table, span)).flatten()?;
    Some(table.beginning_at(span))
}

/// Reads a table of etcd's options, which are whatever they are.
pub(super) fn options(context: &Context<'_>, found: Found<'_>) -> OptionsSpec {
    if !found.keys.unreadable.is_empty() {
        context.lose();
    }
    by_serde(context, found.keys.table, found.span).unwrap_or_default()
}

fn by_serde<'d, T: Deserialize<'d>>(
    context: &Context<'_>,
    table: DeTable<'d>,
    span: Span,
) -> Option<T> {
    let table = Spanned::new(span.range(), DeValue::Table(table));
    let read = T::deserialize(ValueDeserializer::from(table));
    // All that can go wrong was looked at, and yet this is a user's file.
    read.map_err(|error| {
        let at = error.span().map_or(span, Span::from);
        context.lose_by(|| Diagnostic::error(error.message()).at(at, ""));
    })
    .ok()
}

/// Reports and takes out the keys that the section does not have. Returns those that were meant.
fn unknown_keys(
    context: &Context<'_>,
    section: &'static Section,
    keys: &mut Keys<'_>,
) -> Vec<&'static str> {
    let inner = |name: &str| section.name == MemberSpec::SECTION.name && name == "etcd";
    let is_known = |name: &str| section.key(name).is_some() || inner(name);
    let (table, others): (DeTable<'_>, DeTable<'_>) =
        std::mem::take(&mut keys.table).into_iter().partition(|(key, _)| is_known(key.get_ref()));
    keys.table = table;
    let unreadable = keys.unreadable.keys().filter(|key| !is_known(key.get_ref()));
    let mut meant = Vec::new();
    for key in others.keys().chain(unreadable) {
        let name = key.get_ref();
        let near = unknown::meant(section, name);
        if let Some(near) = near {
            meant.push(near.name);
            context.lose();
        }
        context.report(|| unknown::key(section, key, near, context.options));
    }
    meant
}

/// `etcd` of a member is a table.
fn options_of_member(context: &Context<'_>, section: &Section, keys: &mut Keys<'_>) {
    if keys.unreadable.contains_key("etcd") {
        return context.lose();
    }
    let etcd = keys.table.get_key_value("etcd");
    if let Some((key, value)) = etcd.filter(|(_, value)| !value.get_ref().is_table()) {
        let (at, value) = (key.span().into(), value.get_ref());
        context.lose_by(|| type_errors::inner(section, &MEMBER_ETCD, at, value));
        keys.table.remove("etcd");
    }
}

fn missing(context: &Context<'_>, section: &Section, key: &Key, header: Span) {
    context.lose();
    if context.is_broken_below(header) {
        return;
    }
    let Key { name, example, .. } = key;
    context.report(|| {
        Diagnostic::error(format!("`{}` lacks `{name}`", section.header))
            .at(header, format!("`{name}` is missing"))
            .help(format!("add `{name} = {example}`: {}", key.doc()))
    });
}

/// Whether a key takes this value. It is reported where it does not.
fn fits(context: &Context<'_>, key: &Key, value: &Spanned<DeValue<'_>>) -> bool {
    let span = value.span().into();
    let refused = match (key.kind, value.get_ref()) {
        (Kind::Text, DeValue::String(_)) | (Kind::Flag, DeValue::Boolean(_)) => None,
        (Kind::Port, DeValue::Integer(_)) => {
            let port = integer(value).and_then(|number| u16::try_from(number).ok());
            let fits = port.and_then(NonZeroU16::new).is_some();
            (!fits).then(|| type_errors::port(key, &shown(context, value), span))
        }
        (Kind::Number, DeValue::Integer(_)) => counts(context, key, value),
        (Kind::Texts, DeValue::Array(items)) => {
            return each(context, items, |item| match item.get_ref() {
                DeValue::String(_) => None,
                _ => Some(type_errors::item(key, item, context.text)),
            });
        }
        (Kind::Numbers, DeValue::Array(items)) => {
            return each(context, items, |item| match item.get_ref() {
                DeValue::Integer(_) => counts(context, key, item),
                _ => Some(type_errors::item(key, item, context.text)),
            });
        }
        _ => Some(type_errors::value(key, value, context.text)),
    };
    let fits = refused.is_none();
    if let Some(refused) = refused {
        context.lose_by(|| refused);
    }
    fits
}

/// Whether a list takes each of its items.
fn each<'v>(
    context: &Context<'_>,
    items: &'v DeArray<'v>,
    check: impl Fn(&'v Spanned<DeValue<'v>>) -> Option<Diagnostic>,
) -> bool {
    let mut fits = true;
    for refused in items.iter().filter_map(check) {
        fits = false;
        context.lose_by(|| refused);
    }
    fits
}

/// What is wrong with a number that is to count something.
fn counts(context: &Context<'_>, key: &Key, value: &Spanned<DeValue<'_>>) -> Option<Diagnostic> {
    let number = integer(value).and_then(|number| u32::try_from(number).ok());
    let fits = number.and_then(NonZeroU32::new).is_some();
    (!fits).then(|| type_errors::number(key, &shown(context, value), value.span().into()))
}

/// An integer in decimal, or at least as written.
fn shown(context: &Context<'_>, value: &Spanned<DeValue<'_>>) -> String {
    integer(value)
        .map_or_else(|| context.text[value.span()].to_owned(), |number| number.to_string())
}

fn integer(value: &Spanned<DeValue<'_>>) -> Option<i64> {
    let digits = value.get_ref().as_integer()?;
    i64::from_str_radix(digits.as_str(), digits.radix()).ok()
}
