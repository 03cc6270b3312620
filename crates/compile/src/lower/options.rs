//! `[etcd]` and `[member.etcd]`: any option of etcd, checked against the options table.

use super::text::all;
use crate::diagnostic::{Diagnostic, Diagnostics, quoted};
use crate::spec::{OptionEntry, OptionsSpec, suggest};
use bouquet_model::cluster::Setting;
use bouquet_model::option::{self, Finding};
use bouquet_model::version::EtcdVersion;

/// Every option of a table, in the order in which it was written.
pub(super) fn lower(
    options: &OptionsSpec,
    version: EtcdVersion,
    found: &mut Diagnostics,
) -> Option<Vec<Setting>> {
    all(options.entries.iter().map(|entry| setting(entry, version, found)))
}

fn setting(
    entry: &OptionEntry,
    version: EtcdVersion,
    found: &mut Diagnostics,
) -> Option<Setting> {
    let name = entry.name.value.as_str();
    let Some(option) = option::find(name) else {
        found.push(unknown(entry));
        return None;
    };
    if let Some(finding) = option.not_for_users().or_else(|| option.unavailable(version)) {
        found.push(diagnostic(finding).at(entry.name.span, ""));
        return None;
    }
    if let Some(Finding { message, help }) = option.deprecation(version) {
        let warning = Diagnostic::warning(message).at(entry.name.span, "");
        found.push(help.into_iter().fold(warning, Diagnostic::help));
    }
    match option.accept(entry.value.value.as_raw(), version) {
        Ok(value) => Some(Setting { name: option.name(), value }),
        Err(finding) => {
            found.push(diagnostic(finding).at(entry.value.span, ""));
            None
        }
    }
}

fn diagnostic(finding: Finding) -> Diagnostic {
    finding.help.into_iter().fold(Diagnostic::error(finding.message), Diagnostic::help)
}

fn unknown(entry: &OptionEntry) -> Diagnostic {
    let name = &entry.name.value;
    let kebab = name.trim_start_matches("ETCD_").replace('_', "-").to_ascii_lowercase();
    let kebab = kebab.trim_start_matches('-');
    let near = option::find(kebab).map(|o| o.name()).or_else(|| suggest(kebab, option::names()));
    let error = Diagnostic::error(format!("{} is not an option of etcd", quoted(name)));
    error.at(entry.name.span, "").help(near.map_or_else(
        || "options are written as `etcd --help` has them, without the dashes in front".to_owned(),
        |near| format!("did you mean `{near}`?"),
    ))
}
