//! Folders and files on a machine: each can be etcd's, stays, and holds nothing that is another's.

mod clients;
mod data;
mod fitness;
mod machines;

use crate::check::relations::subject::Subject;
use crate::diagnostic::Diagnostics;

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    fitness::check(subject, found);
    data::check(subject, found);
    machines::check(subject, found);
    clients::check(subject, found);
}
