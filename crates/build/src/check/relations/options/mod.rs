//! Options beside each other: what etcd refuses together, what it does not look at without another,
//! and what all members must have alike.

mod agreement;
mod compaction;
mod contradictions;
mod idle;
mod logging;
mod timing;
mod tokens;
mod v2;

use crate::check::relations::subject::Subject;
use crate::diagnostic::Diagnostics;

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    timing::check(subject, found);
    agreement::check(subject, found);
    compaction::check(subject, found);
    logging::check(subject, found);
    contradictions::check(subject, found);
    idle::check(subject, found);
    tokens::check(subject, found);
    v2::check(subject, found);
}
