//! What a format cannot carry, or has to name.

use crate::check::relations::subject::Subject;
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::artifact::{self, FORMATS, Format};
use bouquet_model::cluster::Cluster;
use bouquet_model::settings::CRL_FILES;
use std::collections::BTreeSet;

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mut said = BTreeSet::new();
    for format in artifact::formats(subject.cluster) {
        let lacks = format.lacks_release(subject.cluster);
        found.extend(lacks.map(|lacks| lacks.at(subject.spec.cluster.etcd.span, "")));
        for placed in subject.members() {
            for option in format.gaps(subject.cluster, placed.member) {
                let derived = placed.member.option(option.name()).is_none();
                let is_list = derived && CRL_FILES.contains(&option.name());
                let span = if is_list {
                    subject.crl_span()
                } else {
                    subject.option_span(placed, option.name())
                };
                if said.insert((format.name, span)) {
                    found.push(
                        Diagnostic::error(format!(
                            "{} of etcd {} cannot carry `{}`",
                            format.file,
                            subject.cluster.version,
                            option.name()
                        ))
                        .at(span, "the file has no key for it")
                        .help(format!(
                            "leave the file out: `formats = [{}]` under [cluster]",
                            all_but(subject.cluster, format)
                        )),
                    );
                }
            }
        }
    }
}

/// Returns the other formats that are written by default or were asked for, as `formats` takes them.
fn all_but(cluster: &Cluster, format: &Format) -> String {
    let is_usual = |other: &&&Format| other.by_default || cluster.formats.contains(&other.name);
    let others = FORMATS.iter().filter(is_usual).filter(|other| other.name != format.name);
    others.map(|other| format!("\"{}\"", other.name)).collect::<Vec<_>>().join(", ")
}
