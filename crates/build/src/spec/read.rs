//! From the keys of a table to the type that declares them.
//!
//! serde stops at the first mistake, and knows no words for operators. So each value is held to what
//! its key takes first, one that does not fit is reported and taken out, and serde reads the rest.

use super::context::Context;
use super::keys::{Key, Required, Section, Table};
use super::sections::Found;
use super::tables::MemberSpec;
use super::value::OptionsSpec;
use super::{type_errors, unknown};
use crate::diagnostic::{Diagnostic, Span};
use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue, ValueDeserializer};

/// Reads a table, and reports all that is wrong with it. `None` where a key is missing that it must
/// have.
pub(super) fn table<T: Table>(context: &Context<'_>, found: Found<'_>) -> Option<T> {
    let Found { span, mut keys } = found;
    let section = T::SECTION;
    let misspelt = unknown_keys(context, section, &mut keys);
    if section.name == MemberSpec::SECTION.name {
        options_of_member(context, &mut keys);
    }
    let mut complete = true;
    for key in section.keys {
        match keys.get(key.name) {
            Some(value) if fits(context, key, value) => {}
            Some(_) => {
                keys.remove(key.name);
                complete &= !is_required(key, &keys);
            }
            None if is_required(key, &keys) => {
                complete = false;
                if !misspelt.contains(&key.name) {
                    missing(context, section, key, span);
                }
            }
            None => {}
        }
    }
    let table: T = complete.then(|| by_serde(context, keys, span)).flatten()?;
    Some(table.beginning_at(span))
}

/// Reads a table of etcd's options, which are whatever they are.
pub(super) fn options(context: &Context<'_>, found: Found<'_>) -> OptionsSpec {
    by_serde(context, found.keys, found.span).unwrap_or_default()
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
        context.lose();
        if context.is_sound() {
            let at = error.span().map_or(span, Span::from);
            context.report(|| Diagnostic::error(error.message()).at(at, ""));
        }
    })
    .ok()
}

/// Reports and takes out the keys that the section does not have. Returns those that were meant.
fn unknown_keys(
    context: &Context<'_>,
    section: &'static Section,
    keys: &mut DeTable<'_>,
) -> Vec<&'static str> {
    let inner = |name: &str| section.name == MemberSpec::SECTION.name && name == "etcd";
    let is_known = |name: &str| section.key(name).is_some() || inner(name);
    let mut meant = Vec::new();
    for (key, value) in std::mem::take(keys) {
        if is_known(key.get_ref()) {
            keys.insert(key, value);
            continue;
        }
        if has_broken_key(context, &key, &value) {
            continue;
        }
        let near = unknown::meant(section, key.get_ref());
        if let Some(near) = near {
            meant.push(near.name);
            context.lose();
        }
        context.report(|| unknown::key(section, &key, near, context.options));
    }
    meant
}

/// Takes out `etcd` of a member if it is no table.
fn options_of_member(context: &Context<'_>, keys: &mut DeTable<'_>) {
    let etcd = keys.get_key_value("etcd");
    if let Some((key, value)) = etcd.filter(|(_, value)| !value.get_ref().is_table()) {
        if !is_broken(context, value) {
            let (at, value) = (key.span().into(), value.get_ref());
            context.lose_by(|| type_errors::options_of_member(at, value));
        }
        keys.remove("etcd");
    }
}

/// Tells whether the section must have a key beside these.
fn is_required(key: &Key, keys: &DeTable<'_>) -> bool {
    match key.required {
        Required::Always => true,
        Required::Never => false,
        Required::Unless { key, value } => {
            keys.get(key).and_then(|there| there.get_ref().as_str()) != Some(value)
        }
    }
}

fn missing(context: &Context<'_>, section: &Section, key: &Key, header: Span) {
    context.lose();
    if context.is_broken_below(header) {
        return;
    }
    let Key { name, example, required, .. } = key;
    context.report(|| {
        let found = Diagnostic::error(format!("`{}` lacks `{name}`", section.header))
            .at(header, format!("`{name}` is missing"))
            .help(format!("add `{name} = {example}`: {}", key.doc()));
        match required {
            Required::Unless { key, value } => {
                found.help(format!("or, where there is none, write `{key} = \"{value}\"`"))
            }
            Required::Always | Required::Never => found,
        }
    });
}

/// Tells whether something in a value cannot be read. Where there is none, `toml` invents one.
fn is_broken(context: &Context<'_>, value: &Spanned<DeValue<'_>>) -> bool {
    value.span().is_empty() || context.is_broken_at(value.span().into())
}

/// Tells whether a part of a key, which may be dotted, cannot be read.
fn has_broken_key(
    context: &Context<'_>,
    key: &Spanned<DeString<'_>>,
    value: &Spanned<DeValue<'_>>,
) -> bool {
    let inner = value.get_ref().as_table().filter(|_| value.span() == key.span());
    context.is_broken_at(key.span().into())
        || inner.is_some_and(|table| table.iter().any(|(k, v)| has_broken_key(context, k, v)))
}

/// Tells whether a key takes this value. What it does not take is reported.
fn fits(context: &Context<'_>, key: &Key, value: &Spanned<DeValue<'_>>) -> bool {
    if is_broken(context, value) {
        context.lose();
        return false;
    }
    let refused = type_errors::of(key, value, context.text);
    let fits = refused.is_empty();
    for refused in refused {
        context.lose_by(|| refused);
    }
    fits
}
