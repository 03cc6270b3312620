//! What a format cannot carry.

use super::Proof;
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::artifact::{self, FORMATS, Format};
use bouquet_model::settings::CRL_FILES;
use std::collections::BTreeSet;

pub(super) fn check(proof: &Proof<'_>, found: &mut Diagnostics) {
    let mut said = BTreeSet::new();
    for format in artifact::formats(proof.cluster) {
        for placed in proof.members() {
            for option in format.gaps(proof.cluster, placed.member) {
                let derived = placed.member.option(option.name()).is_none();
                let is_list = derived && CRL_FILES.contains(&option.name());
                let span = if is_list {
                    proof.crl_span()
                } else {
                    proof.option_span(placed, option.name())
                };
                if said.insert((format.name, span)) {
                    found.push(
                        Diagnostic::error(format!(
                            "{} of etcd {} cannot carry `{}`",
                            format.file,
                            proof.cluster.version,
                            option.name()
                        ))
                        .at(span, "the file has no key for it")
                        .help(format!(
                            "leave the file out: `formats = [{}]` under [cluster]",
                            all_but(format)
                        )),
                    );
                }
            }
        }
    }
}

fn all_but(format: &Format) -> String {
    let others = FORMATS.iter().filter(|other| other.name != format.name);
    others.map(|other| format!("\"{}\"", other.name)).collect::<Vec<_>>().join(", ")
}
