//! A member that is all of its cluster: no other has its data, or could take its place.

use super::Known;
use bouquet_model::diagnostic::{Diagnostic, quoted};

impl Known<'_> {
    pub(super) fn is_alone(&self) -> bool {
        self.cluster.members.len() == 1
    }

    /// Returns what helps where its data is lost.
    pub(super) fn is_lost(&self) -> String {
        if self.is_alone() {
            let line = (self.install)("--restore FILE");
            return format!("if it is lost: restore the last snapshot, {line}");
        }
        format!("if it is lost, and the others have a quorum: {}", self.replaced())
    }

    /// Reports that the data of a cluster's only member is not there, although the cluster has run.
    pub(super) fn has_lost_all(&self) -> Diagnostic {
        Diagnostic::error(format!(
            "{} is all of a cluster that has run, and its data is not here",
            quoted(self.name())
        ))
        .note("this program was built with it as a member of a cluster that runs; without its data it would found a second one")
        .help("if its data is somewhere, on a disk that is not mounted: bring it back, and do this again")
        .help(self.is_lost())
    }
}
