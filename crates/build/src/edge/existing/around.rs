//! What an earlier release wrote around the options: comments, the sandbox, the guard.

use bouquet_model::artifact::{self, FORMATS};
use bouquet_model::cluster::Cluster;
use bouquet_outdir::{Content, Out, Output};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The most clients whose files are looked at: what is around is the same for all.
const CLIENTS: usize = 8;

/// Returns the files that are there, are to hold something else, and are not what this release writes for
/// the cluster of the last build: whatever its options are, what is around them is new.
///
/// A file that cannot be read is none of them; the commit sees to it.
pub(in crate::edge) fn around(out: &Out, output: &Output, last: &Cluster) -> BTreeSet<String> {
    let clients: Vec<_> = last.clients.iter().take(CLIENTS).cloned().collect();
    let formats: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
    let last =
        Cluster { formats: Cow::Owned(formats), clients: Cow::Owned(clients), ..last.clone() };
    let was: BTreeMap<_, _> = artifact::all(&last).map(|one| (one.path, one.text)).collect();
    let mut around = BTreeSet::new();
    for (path, content) in output.files() {
        let Some(was) = was.get(path.as_str()) else { continue };
        let Content::Public { bytes, .. } = content else { continue };
        let before = out.read_file(path.as_str()).ok().flatten();
        if before.is_some_and(|before| before != *bytes && before != was.as_bytes()) {
            around.insert(path.as_str().to_owned());
        }
    }
    around
}
