//! Certificates that were replaced since the program was built.

use super::work::Recording;
use bouquet_lock::Lock;
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::change::Subject;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use std::collections::BTreeSet;

/// Refuses to record one for these members and clients. `cluster.toml` is the same text before and after a
/// certificate is issued again, and tells nothing of it; `line` is the command line without the program.
///
/// # Errors
/// If there is one.
pub(super) fn check(
    work: &Recording,
    lock: &Lock,
    subjects: &BTreeSet<Subject>,
    line: &str,
) -> Result<(), Diagnostic> {
    let has_members = subjects.iter().any(|subject| matches!(subject, Subject::Member(_)));
    let is_meant = |compiled: &Certificate| match (compiled.kind, compiled.owner.as_deref()) {
        // One that all members share.
        (_, None) => has_members,
        (Kind::Client, Some(owner)) => subjects.contains(&Subject::Client(owner.to_owned())),
        (_, Some(owner)) => subjects.contains(&Subject::Member(owner.to_owned())),
    };
    let is_replaced = |compiled: &&Certificate| {
        let current = lock.issued.current(compiled.owner.as_deref(), compiled.kind);
        current.is_some_and(|(_, entry)| entry.not_before > compiled.not_before)
    };
    let mut replaced = work.certificates.iter().filter(is_replaced);
    let Some(Certificate { kind, owner, .. }) = replaced.find(|it| is_meant(it)) else {
        return Ok(());
    };
    let owner = owner.as_deref().map_or_else(|| "all members".to_owned(), quoted);
    Err(Diagnostic::error(format!(
        "cluster.lock has a later {kind} certificate of {owner} than this program"
    ))
    .note("it was issued after this program was built, which would record the earlier one as what runs")
    .help(format!("build first: `cargo run -- {line}`"))
    .help(
        "where a build says that `out/` is older than cluster.lock: `cargo run -- secrets import` first",
    ))
}
