//! `[etcd]` and `[member.etcd]`: any option of etcd, checked against the options table.

use crate::diagnostic::{Diagnostic, Diagnostics, Spanned, quoted};
use crate::spec::{OptionEntry, OptionsSpec, RawValue};
use bouquet_model::cluster::Setting;
use bouquet_model::option::{self, EtcdOption, Raw, Value};
use bouquet_model::suggest;
use bouquet_model::version::EtcdVersion;

/// The options of a table that are as etcd wants them, in the order in which they were written.
/// Where the version is wrong, the names are still looked at.
pub(super) fn lower(
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
        Ok(value) => Some(Setting { name: option.name(), value }),
        Err(finding) => {
            found.push(helped(option, finding).at(entry.value.span, ""));
            None
        }
    }
}

fn check(option: &EtcdOption, value: &RawValue, version: EtcdVersion) -> Result<Value, Diagnostic> {
    let raw = match value {
        RawValue::Bool(value) => Raw::Bool(*value),
        RawValue::Int(value) => Raw::Int(*value),
        RawValue::Float(value) => Raw::Float(*value),
        RawValue::Str(value) => Raw::Str(value),
        RawValue::Table | RawValue::Date => Raw::Other(value.kind()),
        RawValue::List(values) => {
            let text = |value: &'_ Spanned<RawValue>| match &value.value {
                RawValue::Str(text) => Ok(text.clone()),
                other => Err(other.kind()),
            };
            return match values.iter().map(text).collect::<Result<Vec<String>, _>>() {
                Ok(texts) => {
                    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
                    option.check(Raw::List(&texts), version)
                }
                Err("an integer") => option.check(Raw::Other("a list with integers"), version),
                Err(_) => option.check(Raw::Other("a list of other things than strings"), version),
            };
        }
    };
    option.check(raw, version)
}

/// What to do, or at least what the option is for.
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
