//! Who gets in where a member listens, besides the rules for certificates: metrics, HTTP without gRPC
//! and without TLS, and addresses that are not listened on.

mod forwarded;
mod http;
mod metrics;
mod whitelist;

use crate::check::relations::subject::Subject;
use crate::diagnostic::Diagnostics;

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    metrics::check(subject, found);
    http::check(subject, found);
    forwarded::check(subject, found);
    whitelist::check(subject, found);
}
