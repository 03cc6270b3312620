//! What the last build was for: the module that it left in `out/`.

use crate::constants::{certificates_in, cluster_in, is_same_cluster};
use bouquet_lock::{LARGEST, Record, Recorded};
use bouquet_model::cluster::Cluster;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::running::Running;
use bouquet_model::time::Date;
use bouquet_outdir::{Out, inspect};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

/// Where `out/` has the module of its last build, in every layout.
const MODULE: &str = "cluster.rs";

/// Returns the module that the last build left, if it left one; one that is no text is empty, and nothing can be
/// made out of it.
///
/// # Errors
/// If it cannot be read.
pub(in crate::edge) fn module(out: &Out) -> Result<Option<String>, Diagnostic> {
    Ok(out.read_file(MODULE)?.map(|module| String::from_utf8(module).unwrap_or_default()))
}

/// Returns the same of an `out/` that is not opened, since nothing may be written; `None` also where it cannot be
/// read.
pub(in crate::edge) fn module_in(out: &Path) -> Option<String> {
    let module = inspect::read(&out.join(MODULE), LARGEST).ok()??;
    String::from_utf8(module).ok()
}

/// Returns the cluster of the last build; `None` where there was none, or its module cannot be made out. Where
/// it is the same, nothing has to be read for that.
pub(in crate::edge) fn cluster<'a>(
    last: Option<&str>,
    module: &str,
    cluster: &'a Cluster,
) -> Option<Cow<'a, Cluster>> {
    let last = last?;
    if is_same_cluster(last, module) {
        return Some(Cow::Borrowed(cluster));
    }
    cluster_in(last).map(Cow::Owned)
}

/// Returns the warning that the module of the last build cannot be made out. The day is there because cargo
/// repeats the words of a build until the next one.
pub(in crate::edge) fn damaged(out: &Out, day: Date) -> Diagnostic {
    Diagnostic::warning(format!(
        "`{}/{MODULE}` was damaged, and is written again ({day}): what the last build was for is not known",
        out.path().display()
    ))
    .note("of members and clients that are not recorded, this build cannot tell what changes")
    .help("`git diff cluster.toml` shows it; once they run, `cargo run -- done` records them")
}

/// Returns all that the last build was for as running from that second on: a release that wrote no lock left
/// it, and nobody could record anything.
pub(in crate::edge) fn all_of(module: &str, since: i64) -> Option<Recorded> {
    let Running { members, clients } = Running::of(&cluster_in(module)?, &certificates_in(module)?);
    Some(Recorded { members: records(members, since), clients: records(clients, since) })
}

fn records<T>(all: BTreeMap<String, T>, since: i64) -> BTreeMap<String, Record<T>> {
    let record = |what| Record { since, what: Some(what), before: None, id: None };
    all.into_iter().map(|(name, what)| (name, record(what))).collect()
}
