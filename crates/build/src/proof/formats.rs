//! What a format cannot carry.

use super::Proof;
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::artifact::yaml_gaps;
use bouquet_model::cluster::Format;
use bouquet_model::settings::CRL_FILES;
use std::collections::BTreeSet;

pub(super) fn check(proof: &Proof<'_>, found: &mut Diagnostics) {
    if !proof.cluster.formats.contains(&Format::Yaml) {
        return;
    }
    let mut said = BTreeSet::new();
    for placed in proof.members() {
        for option in yaml_gaps(proof.cluster, placed.member) {
            let derived = placed.member.option(option.name()).is_none();
            let is_list = derived && CRL_FILES.contains(&option.name());
            let span =
                if is_list { proof.crl_span() } else { proof.option_span(placed, option.name()) };
            if said.insert(span) {
                found.push(
                    Diagnostic::error(format!(
                        "etcd.conf.yml of etcd {} cannot carry `{}`",
                        proof.cluster.version,
                        option.name()
                    ))
                    .at(span, "the file has no key for it")
                    .help("leave the file out: `formats = [\"command\", \"env\", \"systemd\"]` under [cluster]"),
                );
            }
        }
    }
}
