//! Features that are off unless asked for, by an option or by a gate, and what each of them needs.

mod checkpoints;
mod local_address;
mod switches;

use crate::check::relations::subject::Subject;
use crate::diagnostic::Diagnostics;

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    switches::check(subject, found);
    local_address::check(subject, found);
}
