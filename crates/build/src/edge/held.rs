//! A build, held against what runs: what `cluster.lock` has recorded; and, where it has nothing, what the
//! last build was for.

use crate::change::{Written, pending, refused, revoked_in_use, unrecorded};
use crate::check::Proven;
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_lock::Lock;
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::change::{Accepted, Class, What, changes};
use bouquet_model::cluster::Cluster;
use bouquet_model::running::{Running, RunningClient, RunningMember};
use bouquet_model::time::Date;
use std::collections::{BTreeMap, BTreeSet};

/// The options of a member that name its certificates and keys.
const FILES: [&str; 4] = ["cert-file", "key-file", "peer-cert-file", "peer-key-file"];

/// A proven cluster, and what is recorded.
pub(super) struct Held<'a> {
    proven: &'a Proven,
    recorded: Running,
    /// The certificates of each client that is recorded: their serial numbers, and until when they are valid,
    /// in seconds since 1970.
    of_clients: BTreeMap<String, Vec<(String, i64)>>,
}

impl<'a> Held<'a> {
    /// Takes from the lock before the build what runs, and the client certificates that were issued.
    pub(super) fn new(proven: &'a Proven, lock: Option<&Lock>) -> Self {
        let recorded = lock.map(|lock| lock.recorded.running()).unwrap_or_default();
        let mut of_clients: BTreeMap<String, Vec<(String, i64)>> = BTreeMap::new();
        for (serial, entry) in lock.into_iter().flat_map(|lock| lock.issued.iter()) {
            let owner = entry.owner.as_ref().filter(|_| entry.kind == Kind::Client);
            if let Some(owner) = owner.filter(|owner| recorded.clients.contains_key(*owner)) {
                let all = of_clients.entry(owner.clone()).or_default();
                all.push((serial.to_owned(), entry.not_after));
            }
        }
        Self { proven, recorded, of_clients }
    }

    /// Holds another cluster against the same.
    pub(super) fn of(self, proven: &Proven) -> Held<'_> {
        Held { proven, ..self }
    }

    /// Returns what runs, as it is recorded.
    pub(super) fn recorded(&self) -> &Running {
        &self.recorded
    }

    /// Returns the files of certificates below `out/` that machines run with, as it is recorded, with their
    /// keys.
    pub(super) fn used(&self) -> BTreeSet<String> {
        let Running { members, clients } = &self.recorded;
        let of_member = |(name, member): (&String, &RunningMember)| {
            let files = FILES.iter().filter_map(|option| member.option(option)?.rsplit('/').next());
            let place = |file: &str| format!("members/{name}/certs/{file}");
            files.map(place).collect::<Vec<_>>()
        };
        let has_files = clients.iter().filter(|(_, client)| client.trust.is_some());
        let of_client = |(name, _): (&String, &RunningClient)| {
            ["crt", "key"].map(|ending| format!("clients/{name}/client.{ending}"))
        };
        members.iter().flat_map(of_member).chain(has_files.flat_map(of_client)).collect()
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
        if self.recorded == Running::default() {
            return false;
        }
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
        let valid = self.of_clients.iter().filter_map(|(client, all)| {
            let ends = all.iter().filter(|(serial, _)| !revoked.contains(serial));
            let last = ends.map(|(_, end)| *end).filter(|end| *end > day.0).max()?;
            Some((client.clone(), Date(last)))
        });
        let valid = valid.collect();
        let mut said = pending(recorded, last, &after, cluster, &valid, written);
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
