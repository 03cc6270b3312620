//! Who is in the cluster: how many members, and under which names members and clients go.

mod clients;
mod constants;
mod count;
mod names;
mod users;

use crate::check::relations::subject::Subject;
use crate::diagnostic::Diagnostics;

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    count::check(subject, found);
    names::check(subject, found);
    users::check(subject, found);
    clients::check(subject, found);
    constants::check(subject, found);
}

pub(in crate::check) use count::too_many;
