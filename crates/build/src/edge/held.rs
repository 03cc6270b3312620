//! A build, held against what runs: what `cluster.lock` has recorded; and, where it has nothing, what the
//! last build was for.

use crate::change::{Written, pending, refused, revoked_in_use, unrecorded};
use crate::check::Proven;
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_lock::Lock;
use bouquet_model::certificate::Certificate;
use bouquet_model::change::{Accepted, Class, What, changes};
use bouquet_model::cluster::Cluster;
use bouquet_model::running::Running;
use bouquet_model::time::Date;
use std::collections::BTreeSet;

/// A proven cluster, and what is recorded.
pub(super) struct Held<'a> {
    proven: &'a Proven,
    recorded: Running,
}

impl<'a> Held<'a> {
    /// `lock` is what is known before the build.
    pub(super) fn new(proven: &'a Proven, lock: Option<&Lock>) -> Self {
        let recorded = lock.map(|lock| lock.recorded.running()).unwrap_or_default();
        Self { proven, recorded }
    }

    /// Holds another cluster against the same.
    pub(super) fn of(self, proven: &Proven) -> Held<'_> {
        Held { proven, recorded: self.recorded }
    }

    /// Returns what runs, as it is recorded.
    pub(super) fn recorded(&self) -> &Running {
        &self.recorded
    }

    /// Returns the cluster.
    pub(super) fn cluster(&self) -> &'a Cluster {
        &self.proven.cluster
    }

    /// Stops a build before it writes anything.
    ///
    /// # Errors
    /// Each change that no build makes.
    pub(super) fn check(&self) -> Result<(), Diagnostics> {
        let refused = self.refused();
        if refused.is_empty() { Ok(()) } else { Err(refused.into()) }
    }

    /// Returns an error for each change that no build makes, and what belongs to those.
    pub(super) fn refused(&self) -> Vec<Diagnostic> {
        // What is not issued yet is no change.
        let after = Running::of(&self.proven.cluster, &[]);
        refused(&self.recorded, &after, self.written())
    }

    /// Tells whether a change of CA is accepted that is refused of what is recorded.
    pub(super) fn accepts_cas(&self) -> bool {
        let accepted = Accepted::handed(&self.proven.cluster.accept);
        let changes = changes(&self.recorded, &Running::of(&self.proven.cluster, &[]));
        changes.iter().any(|change| {
            let is_of_cas = matches!(change.what, What::Trust { .. });
            is_of_cas && change.class == Class::Refused && change.is_accepted(&accepted)
        })
    }

    /// Returns what is to be done on the machines, and what is taken as not running. `last` is what
    /// the last build was for; `revoked` are serial numbers.
    pub(super) fn said(
        &self,
        last: Option<&Cluster>,
        certificates: &[Certificate],
        revoked: &BTreeSet<String>,
        day: Date,
    ) -> Vec<Diagnostic> {
        let (cluster, recorded, written) = (&self.proven.cluster, &self.recorded, self.written());
        let after = Running::of(cluster, certificates);
        let last = last.map(|last| Running::of(last, &[]));
        let last = last.as_ref();
        let mut said = pending(recorded, last, &after, cluster, written);
        said.extend(revoked_in_use(recorded, &after, revoked));
        said.extend(
            last.into_iter().flat_map(|last| unrecorded(last, recorded, &after, written, day)),
        );
        said
    }

    fn written(&self) -> Written<'_> {
        let Proven { accept, places, issuing, .. } = self.proven;
        Written { accept, places, cas: &issuing.spans }
    }
}
