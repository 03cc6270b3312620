//! `[etcd]` and `[member.etcd]`: any option of etcd, checked against the options table.

use crate::diagnostic::{Diagnostic, Diagnostics, quoted};
use crate::spec::{OptionEntry, OptionsSpec, article};
use bouquet_model::cluster::Setting;
use bouquet_model::option::{self, EtcdOption, Kind, Raw, Value};
use bouquet_model::suggest;
use bouquet_model::version::EtcdVersion;

/// Returns the options of a table that are as etcd wants them, in the order in which they were written.
/// Where the version is wrong, the names are still looked at.
pub(super) fn settings(
    options: &OptionsSpec,
    version: Option<EtcdVersion>,
    found: &mut Diagnostics,
) -> Vec<Setting> {
    options.entries.iter().filter_map(|entry| setting(entry, version, found)).collect()
}

fn setting(
    entry: &OptionEntry,
    version: Option<EtcdVersion>,
    found: &mut Diagnostics,
) -> Option<Setting> {
    let name = entry.name.value.as_str();
    let Some(option) = option::find(name) else {
        found.push(unknown(entry));
        return None;
    };
    let unavailable = || version.and_then(|version| option.unavailable(version));
    if let Some(finding) = option.not_for_users().or_else(unavailable) {
        found.push(helped(option, finding).at(entry.name.span, ""));
        return None;
    }
    let version = version?;
    if let Some(warning) = option.deprecation(version) {
        found.push(warning.at(entry.name.span, ""));
    }
    match check(option, &entry.value.value, version) {
        Ok(value) => {
            let doubts = option.doubts(&value).into_iter();
            found.extend(doubts.map(|(at, doubt)| doubt.at(entry.item(at), "")));
            Some(Setting { name: option.name(), value })
        }
        Err(finding) => {
            let single = single(option, entry, &finding, version);
            // Another finding than those is about the list as a whole: it is empty, or too long.
            if single.iter().any(|(_, one)| *one == finding) {
                let place = |(at, one)| helped(option, one).at(entry.item(at), "");
                found.extend(single.into_iter().map(place));
            } else {
                found.push(helped(option, finding).at(entry.value.span, ""));
            }
            None
        }
    }
}

/// Reports what is wrong with single items of a list that was refused, with their places in it.
fn single(
    option: &EtcdOption,
    entry: &OptionEntry,
    finding: &Diagnostic,
    version: EtcdVersion,
) -> Vec<(usize, Diagnostic)> {
    let (toml::Value::Array(values), Kind::List { .. }) = (&entry.value.value, option.kind())
    else {
        return Vec::new();
    };
    if let Some(other) = values.iter().position(|value| !value.is_str()) {
        return vec![(other, finding.clone())];
    }
    let texts: Vec<&str> = values.iter().filter_map(toml::Value::as_str).collect();
    option.wrong_entries(&texts, version)
}

fn check(
    option: &EtcdOption,
    value: &toml::Value,
    version: EtcdVersion,
) -> Result<Value, Diagnostic> {
    let raw = match value {
        toml::Value::Boolean(value) => Raw::Bool(*value),
        toml::Value::Integer(value) => Raw::Int(*value),
        toml::Value::Float(value) => Raw::Float(*value),
        toml::Value::String(value) => Raw::Str(value),
        toml::Value::Table(_) | toml::Value::Datetime(_) => Raw::Other(article(value.type_str())),
        toml::Value::Array(values) => {
            let texts = values.iter().map(|v| v.as_str().ok_or(article(v.type_str())));
            return match texts.collect::<Result<Vec<&str>, _>>() {
                Ok(texts) => option.check(Raw::List(&texts), version),
                Err("an integer") => option.check(Raw::Other("a list with integers"), version),
                Err(_) => option.check(Raw::Other("a list of other things than strings"), version),
            };
        }
    };
    option.check(raw, version)
}

/// Adds what to do, or at least what the option is for.
fn helped(option: &EtcdOption, finding: Diagnostic) -> Diagnostic {
    if !finding.help.is_empty() {
        return finding;
    }
    let mut doc = option.doc().chars();
    let first = doc.next().map(|c| c.to_ascii_lowercase());
    let doc: String = first.into_iter().chain(doc).collect();
    finding.help(format!("`{}`: {doc}", option.name()))
}

fn unknown(entry: &OptionEntry) -> Diagnostic {
    let name = &entry.name.value;
    let kebab = name.trim_start_matches("ETCD_").replace('_', "-").to_ascii_lowercase();
    let kebab = kebab.trim_start_matches('-');
    let near =
        option::find(kebab).map(EtcdOption::name).or_else(|| suggest::word(kebab, option::names()));
    let error = Diagnostic::error(format!("{} is not an option of etcd", quoted(name)));
    error.at(entry.name.span, "").help(near.map_or_else(
        || "options are written as `etcd --help` has them, without the dashes in front".to_owned(),
        |near| format!("did you mean `{near}`?"),
    ))
}
