//! The length of what a member is started with.

use crate::check::relations::subject::Subject;
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::settings::settings;
use bouquet_model::text::LONGEST_ARGUMENT;
use std::collections::BTreeSet;

/// Refuses a string that is too long for execve(2), be it the flag or the variable, of which the latter is longer.
pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mut said = BTreeSet::new();
    for placed in subject.distinct() {
        for setting in settings(subject.cluster, placed.member) {
            let variable = setting.option().env_name().len() + "=".len();
            let length = variable + setting.value.flag_text().len();
            let span = subject.option_span(placed, setting.name);
            if length > LONGEST_ARGUMENT && said.insert(span) {
                found.push(
                    Diagnostic::error(format!(
                        "`{}` takes {length} bytes of a command line, and at most {LONGEST_ARGUMENT}",
                        setting.name
                    ))
                    .at(span, "")
                    .note("Linux hands no longer argument to a program: etcd would not start")
                    .help("shorten it"),
                );
            }
        }
    }
}
