//! What it takes to run another etcd.

use super::class::Class;
use crate::release;
use crate::running::{Running, RunningMember};
use crate::version::EtcdVersion;

/// Returns what the way from one version to another asks for, from all that runs to all that is to run.
///
/// A version without a patch is judged by what holds for any patch.
pub(super) fn class(
    from: EtcdVersion,
    to: EtcdVersion,
    running: &Running,
    planned: &Running,
) -> Class {
    let steps = i16::from(to.minor().number()) - i16::from(from.minor().number());
    let is_known_bad = faults(to, planned).next().is_some();
    match steps {
        _ if is_known_bad => Class::Refused,
        // It is no longer said which patch runs.
        0 if to.patch().is_none() => Class::Free,
        0 => Class::Restart,
        1 if release::is_too_old(from, to) => Class::Refused,
        1 => Class::AskEtcd,
        // Until all members run the new one, the cluster's version is the old one.
        -1 if running.members.values().any(|member| member.version.minor() <= to.minor()) => {
            Class::AskEtcd
        }
        _ => Class::Refused,
    }
}

/// What is known to be wrong with a release, in this cluster.
fn faults(
    version: EtcdVersion,
    cluster: &Running,
) -> impl Iterator<Item = &'static release::Fault> {
    let compares = |member: &RunningMember| member.option(release::INITIAL_CHECK) == Some("true");
    let compares = cluster.members.values().all(compares);
    let count = cluster.members.len();
    release::faults(version).filter(move |fault| fault.concerns.holds(count, compares))
}
