//! Whose certificates were issued, as far as the build knew: without one, nobody starts, and no client gets in.

use crate::compiled::Compiled;
use bouquet_model::certificate::{Kind, Wanted, wanted};
use bouquet_model::change::Subject;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use std::collections::BTreeSet;

/// More names than this are counted.
const NAMES: usize = 12;

/// What helps where the CA's key is elsewhere.
pub(crate) const SIGNED: &str =
    "where its request is in `out/pki/requests`: have it signed, and build again";

/// Returns the members and clients that lack a certificate: a build without keys compiles those of
/// `cluster.lock`, and a CA whose key is elsewhere issues later.
pub(crate) fn unissued(compiled: &Compiled<'_>) -> BTreeSet<Subject> {
    let Compiled { cluster, certificates } = compiled;
    let issued: BTreeSet<(Kind, Option<&str>)> =
        certificates.iter().map(|it| (it.kind, it.owner.as_deref())).collect();
    let is_lacking = |it: &Wanted| !issued.contains(&(it.kind, it.owner.as_deref()));
    let whose = |it: Wanted| match it.owner {
        Some(name) if it.kind == Kind::Client => vec![Subject::Client(name)],
        Some(name) => vec![Subject::Member(name)],
        // All members share it.
        None => cluster.members.iter().map(|it| Subject::Member(it.name.to_string())).collect(),
    };
    wanted(cluster).into_iter().filter(is_lacking).flat_map(whose).collect()
}

/// Says that they lack certificates, and where these come from; it is an error or a warning, as `make` has it.
pub(crate) fn lack<'a>(
    whose: impl Iterator<Item = &'a Subject>,
    make: fn(String) -> Diagnostic,
) -> Diagnostic {
    let words = |subject: &Subject| match subject {
        Subject::Cluster => "the cluster".to_owned(),
        Subject::Member(name) => format!("member {}", quoted(name)),
        Subject::Client(name) => format!("client {}", quoted(name)),
    };
    let mut names: Vec<String> = whose.map(words).collect();
    let more = names.len().saturating_sub(NAMES);
    names.truncate(NAMES);
    if more > 0 {
        names.push(format!("{more} more"));
    }
    make(format!("no certificate was issued for {}", names.join(", ")))
        .note("without it a member does not start, and no member lets a client in")
        .help("build where the keys are and commit cluster.lock there, then `git pull` and build here")
        .help(SIGNED)
}
