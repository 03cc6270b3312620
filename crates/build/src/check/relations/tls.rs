//! TLS versions, cipher suites and the kind of key: together they must leave a handshake possible.

use super::subject::{Placed, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics, quoted};
use bouquet_model::cluster::KeyKind;
use bouquet_model::suggest;

/// The cipher suites of TLS 1.2 that Go offers without calling them insecure, and those that it
/// knows besides (`crypto/tls`, `CipherSuites` and `InsecureCipherSuites`).
const SUITES: &[&str] = &[
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
    "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
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

const CIPHERS: &str = "cipher-suites";
const LEAST: &str = "tls-min-version";
const MOST: &str = "tls-max-version";

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    let Some(tls) = &subject.cluster.tls else { return };
    common_version(subject, found);
    for placed in subject.distinct() {
        let least = placed.text(LEAST);
        let most = placed.text(MOST);
        if least.as_deref() == Some("TLS1.3") && most.as_deref() == Some("TLS1.2") {
            found.push(
                Diagnostic::error("`tls-min-version` is above `tls-max-version`")
                    .at(subject.option_span(placed, LEAST), "")
                    .also(subject.option_span(placed, MOST), "")
                    .help("leave `tls-max-version` out"),
            );
        }
        let suites = placed.list(CIPHERS);
        if suites.is_empty() {
            continue;
        }
        if least.as_deref() == Some("TLS1.3") {
            found.push(
                Diagnostic::error("`cipher-suites` cannot be chosen where TLS 1.3 is the least")
                    .at(subject.option_span(placed, CIPHERS), "these are for TLS 1.2")
                    .also(subject.option_span(placed, LEAST), "")
                    .note("etcd: cipher suites cannot be configured when only TLS1.3 is enabled")
                    .help("remove `cipher-suites`: TLS 1.3 has no weak ones"),
            );
            continue;
        }
        check_suites(subject, placed, tls.key, &suites, found);
    }
}

/// A member that speaks TLS 1.3 alone and one that stops at 1.2 never meet.
fn common_version(subject: &Subject<'_>, found: &mut Diagnostics) {
    let has = |option, version| {
        subject.members().find(move |m: &Placed<'_>| m.text(option).as_deref() == Some(version))
    };
    let (Some(new), Some(old)) = (has(LEAST, "TLS1.3"), has(MOST, "TLS1.2")) else { return };
    if new.index == old.index {
        return;
    }
    found.push(
        Diagnostic::error(format!(
            "`{}` and `{}` have no version of TLS in common",
            new.member.name, old.member.name
        ))
        .at(subject.option_span(old, MOST), "at most this")
        .also(subject.option_span(new, LEAST), "at least this")
        .note("etcd would start, and every handshake between them fail")
        .help(format!("leave `{MOST}` out")),
    );
}

/// What Go calls insecure (`crypto/tls`, `InsecureCipherSuites`): broken ciphers, CBC that leaks by
/// its timing, and no forward secrecy.
fn is_insecure(suite: &str) -> bool {
    let broken = ["_RC4_", "_3DES_", "_CBC_SHA256"].iter().any(|part| suite.contains(part));
    broken || suite.starts_with("TLS_RSA_")
}

fn check_suites(
    subject: &Subject<'_>,
    placed: Placed<'_>,
    key: KeyKind,
    suites: &[std::borrow::Cow<'_, str>],
    found: &mut Diagnostics,
) {
    let span = subject.option_span(placed, CIPHERS);
    let unknown: Vec<_> = suites.iter().filter(|s| !SUITES.contains(&s.as_ref())).collect();
    for suite in &unknown {
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
        found.push(error.at(subject.item_span(placed, CIPHERS, suite), "").help(help));
    }
    if !unknown.is_empty() {
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
    } else if let Some(weak) = suites.iter().find(|suite| is_insecure(suite)) {
        found.push(
            Diagnostic::warning(format!("`{weak}` is a cipher suite that Go calls insecure"))
                .at(subject.item_span(placed, CIPHERS, weak), "")
                .help("leave it out: every client that speaks to etcd knows a better one"),
        );
    }
}
