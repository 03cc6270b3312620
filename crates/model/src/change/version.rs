//! What it takes to run another etcd.

use super::class::Class;
use super::what::What;
use crate::release::{self, Fault};
use crate::running::{Running, RunningMember};
use crate::version::EtcdVersion;

/// Returns the way from one version to another, and what it asks for, from all that runs to all that is to run.
///
/// A version without a patch is judged by what holds for any patch.
pub(super) fn change(
    from: EtcdVersion,
    to: EtcdVersion,
    running: &Running,
    planned: &Running,
) -> (What, Class) {
    let faults: Vec<_> = faults(to, planned).collect();
    // Until all members run the new one, the cluster's version is the old one.
    let has_risen = running.members.values().all(|member| member.version.minor() > to.minor());
    let class = match from.steps_to(to) {
        _ if !faults.is_empty() => Class::Refused,
        // It is no longer said which patch runs.
        0 if to.patch().is_none() => Class::Free,
        0 => Class::Restart,
        1 if release::is_too_old(from, to) => Class::Refused,
        1 => Class::AskEtcd,
        -1 if !has_risen => Class::AskEtcd,
        _ => Class::Refused,
    };
    (What::Version { from, to, faults, has_risen }, class)
}

/// Returns what is known to be wrong with a release, in this cluster.
fn faults(version: EtcdVersion, cluster: &Running) -> impl Iterator<Item = &'static Fault> {
    let compares = |member: &RunningMember| member.option(release::INITIAL_CHECK) == Some("true");
    let compares = cluster.members.values().all(compares);
    let count = cluster.members.len();
    release::faults(version).filter(move |fault| fault.concerns.holds(count, compares))
}
