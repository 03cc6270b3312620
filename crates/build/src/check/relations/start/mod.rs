//! What a member is started with: the release of etcd, and the files and arguments that carry its
//! options.

mod arguments;
mod formats;
mod releases;

use crate::check::relations::subject::Subject;
use crate::diagnostic::Diagnostics;

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    releases::check(subject, found);
    arguments::check(subject, found);
    formats::check(subject, found);
}
