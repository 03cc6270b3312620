//! Lists of revoked certificates.

use crate::check::relations::subject::Subject;
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::settings::CRL_FILES;

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    let spec = subject.spec;
    let off = spec.ca.crl.as_ref().filter(|crl| !crl.value);
    if let (Some(off), Some(revoked)) = (off, spec.revoked.first()) {
        found.push(
            Diagnostic::error("certificates are revoked, and no member would know")
                .at(off.span, "members check no list")
                .also(revoked.span, "is to be on it")
                .help("leave `crl` out, or write `crl = true`"),
        );
    }
    if subject.cluster.tls.is_none() {
        if let Some(revoked) = spec.revoked.first() {
            found.push(
                Diagnostic::error("certificates are revoked, and TLS is off")
                    .at(revoked.span, "nobody shows a certificate")
                    .help("remove `enabled = false` from [tls]"),
            );
        }
        return;
    }
    if !subject.cluster.tls.as_ref().is_some_and(|tls| tls.crl) {
        return;
    }
    for option in CRL_FILES {
        for placed in subject.writers(option) {
            found.push(
                Diagnostic::error(format!("`{option}` is written, and derived from `crl`"))
                    .at(subject.option_span(placed, option), "a list that someone else keeps")
                    .also(subject.crl_span(), "the list that the build keeps")
                    .help(format!("remove `{option}`: `[[revoked]]` says what is on the list")),
            );
        }
    }
}
