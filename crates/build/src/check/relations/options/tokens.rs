//! The tokens of users who log in with a password.

use crate::check::relations::subject::Subject;
use crate::diagnostic::{Diagnostic, Diagnostics};

const TOKENS: &str = "auth-token";

/// Warns of a public key alone: `newTokenProviderJWT` in etcd's `auth/jwt.go` is `verifyOnly` then.
pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    for placed in subject.writers(TOKENS) {
        let tokens = placed.text(TOKENS).unwrap_or_default();
        if tokens.starts_with("jwt,") && !tokens.contains(",priv-key=") {
            found.push(
                Diagnostic::warning("a member with a public key alone makes no tokens")
                    .at(
                        subject.option_span(placed, TOKENS),
                        "nobody can log in with a password here",
                    )
                    .note("etcd: auth: token signing attempted with verify-only key")
                    .help("add `priv-key=/…`, which signs; a client with a certificate needs no token"),
            );
        }
    }
}
