//! Every handshake that has to succeed, and those that must not: versions, cipher suites, who accepts
//! whose certificate, and which of them are revoked.

mod allowed;
mod listeners;
mod pairs;
mod revocation;
mod suites;
mod trust;
mod versions;

use crate::check::relations::subject::Subject;
use crate::diagnostic::Diagnostics;

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    versions::check(subject, found);
    pairs::check(subject, found);
    listeners::check(subject, found);
    revocation::check(subject, found);
}
