//! `cipher-suites`: names that etcd knows, in an order that Go takes, that fit the kind of key.

use crate::check::relations::subject::{Placed, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics, quoted};
use bouquet_model::cluster::KeyKind;
use bouquet_model::suggest;
use bouquet_model::version::{EtcdVersion, Minor};
use std::borrow::Cow;

pub(super) const CIPHERS: &str = "cipher-suites";

/// The cipher suites of TLS 1.2 that Go offers without calling them insecure, and those that it
/// knows besides (`crypto/tls`, `CipherSuites` and `InsecureCipherSuites`); etcd takes the older names
/// of two of them as well (`GetCipherSuite` in its `client/pkg/tlsutil/cipher_suites.go`).
const SUITES: &[&str] = &[
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
    "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
    "TLS_ECDHE_RSA_WITH_RC4_128_SHA",
    "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
    "TLS_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_RSA_WITH_AES_128_CBC_SHA",
    "TLS_RSA_WITH_AES_256_CBC_SHA",
    "TLS_RSA_WITH_AES_128_CBC_SHA256",
    "TLS_RSA_WITH_RC4_128_SHA",
    "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
];

/// HTTP/2, and so gRPC, demands it (RFC 9113, section 9.2.2); with a key that signs by ECDSA or
/// Ed25519, only this one of its two forms can be agreed on.
const DEMANDED: &str = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";

pub(super) fn check(
    subject: &Subject<'_>,
    placed: Placed<'_>,
    key: KeyKind,
    suites: &[Cow<'_, str>],
    found: &mut Diagnostics,
) {
    let span = subject.option_span(placed, CIPHERS);
    let version = subject.cluster.version;
    let of = |suite: &str| subject.item_span(placed, CIPHERS, suite);
    let unknown =
        suites.iter().filter_map(|suite| Some(unknown(suite, version)?.at(of(suite), "")));
    let unknown: Vec<_> = unknown.collect();
    if !unknown.is_empty() {
        found.extend(unknown);
        return;
    }
    if suites.iter().all(|suite| !suite.contains("_ECDSA_")) {
        found.push(
            Diagnostic::error(format!("no suite in `cipher-suites` fits a key of kind `{key}`"))
                .at(span, "these are for RSA keys")
                .note("etcd would start, and every handshake of TLS 1.2 fail: no cipher suite supported by both client and server")
                .help(format!("add `{DEMANDED}`")),
        );
    } else if suites.iter().all(|suite| suite != DEMANDED) {
        found.push(
            Diagnostic::error("`cipher-suites` lacks the suite that HTTP/2 demands")
                .at(span, "")
                .note("etcd: http2: TLSConfig.CipherSuites is missing an HTTP/2-required AES_128_GCM_SHA256 cipher")
                .help(format!("add `{DEMANDED}`")),
        );
    } else if let Some((bad, good)) = approved_too_late(version, suites) {
        found.push(
            Diagnostic::error(format!("`{good}` comes after `{bad}`, which HTTP/2 does not approve"))
                .at(of(good), "")
                .also(of(bad), "not approved")
                .note("etcd until 3.4.19 and 3.5.4 is built with Go 1.16 or older: http2: TLSConfig.CipherSuites contains an HTTP/2-approved cipher suite, but it comes after unapproved cipher suites")
                .help(format!("write `{good}` before `{bad}`, or leave `{bad}` out")),
        );
    } else if let Some(weak) = suites.iter().find(|suite| is_insecure(suite)) {
        found.push(
            Diagnostic::warning(format!("`{weak}` is a cipher suite that Go calls insecure"))
                .at(of(weak), "")
                .help("leave it out: every client that speaks to etcd knows a better one"),
        );
    }
}

/// Returns the error for a suite that etcd does not know by that name.
fn unknown(suite: &str, version: EtcdVersion) -> Option<Diagnostic> {
    if let Some(old) = old_name(suite).filter(|_| knows_old_names_alone(version)) {
        return Some(
            Diagnostic::error(format!("etcd {version} does not know `{suite}` by this name"))
                .note("etcd: unexpected TLS cipher suite; the name came with 3.4.22")
                .help(format!("write `{old}`, its older name, which every release knows")),
        );
    }
    if SUITES.contains(&suite) {
        return None;
    }
    let error =
        Diagnostic::error(format!("{} is not a cipher suite of TLS 1.2 in Go", quoted(suite)));
    let help = if suite.starts_with("TLS_AES") || suite.starts_with("TLS_CHACHA20") {
        "suites of TLS 1.3 cannot be chosen; leave them out".to_owned()
    } else {
        suggest::word(suite, SUITES.iter().copied()).map_or_else(
            || format!("for example `{DEMANDED}`"),
            |near| format!("did you mean `{near}`?"),
        )
    };
    Some(error.help(help))
}

/// Returns the name that a suite had before Go 1.14.
fn old_name(suite: &str) -> Option<&str> {
    suite.strip_suffix("_SHA256").filter(|old| old.ends_with("_CHACHA20_POLY1305"))
}

/// Tells whether etcd knows old names alone: until 3.4.21, `cipherSuites` in its `pkg/tlsutil/cipher_suites.go` was
/// a list of its own.
fn knows_old_names_alone(version: EtcdVersion) -> bool {
    version.minor() == Minor::V3_4 && version.floor() < 22
}

/// Tells whether Go calls a suite insecure (`crypto/tls`, `InsecureCipherSuites`): broken ciphers,
/// CBC that leaks by its timing, and no forward secrecy.
fn is_insecure(suite: &str) -> bool {
    let broken = ["_RC4_", "_3DES_", "_CBC_SHA256"].iter().any(|part| suite.contains(part));
    broken || suite.starts_with("TLS_RSA_")
}

/// Returns the first suite that HTTP/2 approves behind one that it does not (RFC 9113, appendix A), with that
/// one, where the order counts: Go's own HTTP/2 server refused it up to 1.16 (`ConfigureServer` in
/// `golang.org/x/net/http2`, `sawBad`). Releases are built with that up to 3.4.19 and 3.5.4; those
/// after them bring a newer one of their own.
fn approved_too_late<'a>(
    version: EtcdVersion,
    suites: &'a [Cow<'_, str>],
) -> Option<(&'a str, &'a str)> {
    let counts = match version.minor() {
        Minor::V3_4 => version.floor() < 20,
        Minor::V3_5 => version.floor() < 5,
        Minor::V3_6 | Minor::V3_7 => false,
    };
    let bad = suites.iter().position(|suite| !is_approved(suite)).filter(|_| counts)?;
    let good = suites[bad..].iter().find(|suite| is_approved(suite))?;
    Some((&suites[bad], good))
}

/// Tells whether a suite has forward secrecy and a cipher with authentication.
fn is_approved(suite: &str) -> bool {
    suite.starts_with("TLS_ECDHE_") && (suite.contains("_GCM_") || suite.contains("_CHACHA20_"))
}
