//! `[etcd]` and `[member.etcd]`: any option of etcd, checked against the options table.

use super::text::all;
use crate::diagnostic::{Diagnostic, Diagnostics, quoted};
use crate::spec::{OptionEntry, OptionsSpec, suggest};
use bouquet_model::cluster::Setting;
use bouquet_model::option::{self, Finding, Origin};
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
    let at_name = |finding: Finding| diagnostic(finding).at(entry.name.span, "");
    let Some(option) = option::find(name) else {
        found.push(unknown(entry));
        return None;
    };
    match option.origin() {
        Origin::User => {}
        Origin::Derived { from } => {
            found.push(
                Diagnostic::error(format!("`{name}` is derived, not written"))
                    .at(entry.name.span, "")
                    .help(format!("it follows from {from}; change that")),
            );
            return None;
        }
        Origin::Refused { why } => {
            found.push(
                Diagnostic::error(format!("`{name}` has no place in a described cluster"))
                    .at(entry.name.span, "")
                    .help(why),
            );
            return None;
        }
    }
    if let Err(finding) = option.check_version(version) {
        found.push(at_name(finding));
        return None;
    }
    match option.check(version, entry.value.value.as_raw()) {
        Ok(value) => Some(Setting { name: option.name(), value }),
        Err(finding) => {
            found.push(diagnostic(finding).at(entry.value.span, ""));
            None
        }
    }
}

fn diagnostic(finding: Finding) -> Diagnostic {
    let error = Diagnostic::error(finding.message);
    match finding.help {
        Some(help) => error.help(help),
        None => error,
    }
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
