//! A build, held against what runs: what `cluster.lock` has recorded; and, where it has nothing, what the
//! last build was for.

use crate::change::{Written, pending, refused, revoked_in_use, unrecorded};
use crate::check::Proven;
use crate::constants::{certificates_in, cluster_in, is_same_cluster};
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_lock::{LARGEST, Lock, Record, Recorded};
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::change::{Class, What, changes};
use bouquet_model::cluster::Cluster;
use bouquet_model::running::{Running, RunningClient, RunningMember};
use bouquet_model::time::Date;
use bouquet_outdir::{Out, inspect};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Where `out/` has the module of its last build, in every layout.
const MODULE: &str = "cluster.rs";

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
    /// `lock` is what is known before the build.
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
        let words: Vec<String> = self.proven.accept.iter().map(|word| word.value.clone()).collect();
        let changes = changes(&self.recorded, &Running::of(&self.proven.cluster, &[]));
        changes.iter().any(|change| {
            let is_of_cas = matches!(change.what, What::Trust { .. });
            is_of_cas && change.class == Class::Refused && change.is_accepted(&words)
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

/// Returns the module that the last build left, if it left one.
///
/// # Errors
/// If it cannot be read.
pub(super) fn last_module(out: &Out) -> Result<Option<String>, Diagnostic> {
    Ok(out.read_file(MODULE)?.and_then(|module| String::from_utf8(module).ok()))
}

/// Returns the same of an `out/` that is not opened, since nothing may be written; `None` also where it cannot be
/// read.
pub(super) fn module_in(out: &Path) -> Option<String> {
    let module = inspect::read(&out.join(MODULE), LARGEST).ok()??;
    String::from_utf8(module).ok()
}

/// Returns the cluster of the last build; `None` where there was none, or its module cannot be made out. Where
/// it is the same, nothing has to be read for that.
pub(super) fn last<'a>(
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

/// Returns all that the last build was for as running from that second on: a release that wrote no lock left
/// it, and nobody could record anything.
pub(super) fn all_of(module: &str, since: i64) -> Option<Recorded> {
    let Running { members, clients } = Running::of(&cluster_in(module)?, &certificates_in(module)?);
    Some(Recorded { members: records(members, since), clients: records(clients, since) })
}

fn records<T>(all: BTreeMap<String, T>, since: i64) -> BTreeMap<String, Record<T>> {
    let record = |what| Record { since, what: Some(what), before: None, id: None };
    all.into_iter().map(|(name, what)| (name, record(what))).collect()
}
