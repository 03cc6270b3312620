//! The making of a plan: which steps come, in which order.

mod around;
mod at_once;
mod membership;
mod restarts;
mod so_far;

use super::commands::{Program, former_files};
use super::quota::Quota;
use super::step::Step;
use super::work::Work;
use crate::cluster::MemberId;
use crate::running::Running;
use so_far::SoFar;
use std::collections::BTreeMap;

/// What the steps' commands have to know.
#[derive(Debug, Clone, Copy)]
pub(super) struct Typed<'a> {
    /// The program as it is typed.
    pub(super) program: &'a str,
    /// As [`Known::ids`](super::Known::ids).
    pub(super) ids: &'a BTreeMap<String, MemberId>,
    /// Whether members are started by the unit in `out/`.
    pub(super) has_unit: bool,
}

/// Returns the steps of this work.
///
/// Certificates come first, because a member may be restarted at any time; then members
/// join, clients get to know them and forget those that leave, and only then these go. What a restart
/// takes comes last, and after it what can only be done once all were restarted.
pub(super) fn steps(work: Work, before: &Running, after: &Running, typed: Typed<'_>) -> Vec<Step> {
    if work == Work::default() {
        return Vec::new();
    }
    let has_alarm = work.quota == Some(Quota::Raised);
    let files = former_files(before, after);
    let Typed { program, ids, has_unit } = typed;
    let program = Program { typed: program, ids, compiled: after, files: &files, has_alarm };
    let mut so_far = SoFar::new(work, before, after, program, has_unit);
    around::looks(&mut so_far);
    around::snapshot(&mut so_far);
    around::certificates(&mut so_far);
    at_once::at_once(&mut so_far);
    membership::founders(&mut so_far);
    membership::joins(&mut so_far);
    around::endpoints_if_safe(&mut so_far);
    membership::leaves(&mut so_far);
    membership::moves(&mut so_far);
    // Those whose addresses were taken until now.
    membership::joins(&mut so_far);
    restarts::rounds(&mut so_far);
    around::endpoints(&mut so_far);
    around::disarm(&mut so_far);
    around::gone(&mut so_far);
    around::record(&mut so_far);
    so_far.steps
}
