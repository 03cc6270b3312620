//! Anyone who connects needs a certificate, if there is TLS.

use crate::check::relations::subject::Subject;
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    let asks = subject.cluster.tls.as_ref().is_some_and(|tls| tls.client_auth);
    if asks && subject.cluster.clients.is_empty() {
        found.push(
            Diagnostic::warning("no [[client]]: nobody has a certificate to connect with")
                .help("add one for yourself, which etcdctl and this cluster's own binary use:\n\n[[client]]\nname = \"root\""),
        );
    }
}
