//! What a format cannot carry.

use super::subject::Subject;
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::artifact::yaml_gaps;
use bouquet_model::cluster::Format;
use bouquet_model::settings::CRL_FILES;
use std::collections::BTreeSet;

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    if !subject.cluster.formats.contains(&Format::Yaml) {
        return;
    }
    let mut said = BTreeSet::new();
    for placed in subject.members() {
        for option in yaml_gaps(subject.cluster, placed.member) {
            let derived = placed.member.option(option.name()).is_none();
            let is_list = derived && CRL_FILES.contains(&option.name());
            let span = if is_list {
                subject.crl_span()
            } else {
                subject.option_span(placed, option.name())
            };
            if said.insert(span) {
                found.push(
                    Diagnostic::error(format!(
                        "etcd.conf.yml of etcd {} cannot carry `{}`",
                        subject.cluster.version,
                        option.name()
                    ))
                    .at(span, "the file has no key for it")
                    .help("leave the file out: `formats = [\"command\", \"env\", \"systemd\"]` under [cluster]"),
                );
            }
        }
    }
}
