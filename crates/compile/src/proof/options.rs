//! Options that contradict each other, and those that are rarely meant.

use super::{Placed, Proof};
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::option::{self, Successor, Value};

/// Options that only mean something where there is TLS.
const OF_TLS: &[&str] = &[
    "cipher-suites",
    "client-cert-allowed-hostname",
    "client-crl-file",
    "experimental-peer-skip-client-san-verification",
    "peer-cert-allowed-cn",
    "peer-cert-allowed-hostname",
    "peer-crl-file",
    "peer-skip-client-san-verification",
    "tls-max-version",
    "tls-min-version",
];

/// A value that is legal, works, and is regretted: option, value, consequence, what to do instead.
const REGRETTED: &[(&str, bool, &str, &str)] = &[
    (
        "strict-reconfig-check",
        false,
        "lets a change of members take the quorum away",
        "leave it out: it is on by default",
    ),
    (
        "unsafe-no-fsync",
        true,
        "loses acknowledged writes when a machine loses power",
        "leave it out, except on data that may be lost",
    ),
];

pub(super) fn check(proof: &Proof<'_>, found: &mut Diagnostics) {
    for (option, value, consequence, instead) in REGRETTED {
        for placed in proof.writers(option) {
            if placed.flag(option) == Some(*value) {
                found.push(
                    Diagnostic::warning(format!("`{option} = {value}` {consequence}"))
                        .at(proof.option_span(placed, option), "")
                        .help(*instead),
                );
            }
        }
    }
    if proof.cluster.tls.is_none() {
        for option in OF_TLS {
            for placed in proof.writers(option) {
                found.push(
                    Diagnostic::error(format!("`{option}` without TLS"))
                        .at(proof.option_span(placed, option), "nothing would look at it")
                        .help("remove it, or remove `enabled = false` from [tls]"),
                );
            }
        }
    }
    for placed in proof.distinct() {
        spelled_twice(proof, placed, found);
        gates(proof, placed, found);
        http_listener(proof, placed, found);
    }
}

/// etcd 3.6 knows the old and the new name of an option and refuses both together.
fn spelled_twice(proof: &Proof<'_>, placed: Placed<'_>, found: &mut Diagnostics) {
    for setting in placed.member.options.iter() {
        let Some(option) = option::find(setting.name) else { continue };
        let Successor::Renamed(new) = option.successor() else { continue };
        if placed.member.option(new).is_some() {
            found.push(
                Diagnostic::error(format!("`{}` and `{new}` are one option", setting.name))
                    .at(proof.option_span(placed, setting.name), "its old name")
                    .also(proof.option_span(placed, new), "its new name")
                    .help(format!("keep `{new}`; etcd refuses both together")),
            );
        }
    }
}

fn gates(proof: &Proof<'_>, placed: Placed<'_>, found: &mut Diagnostics) {
    let gates = placed.list("feature-gates");
    for setting in placed.member.options.iter() {
        let Some(option) = option::find(setting.name) else { continue };
        if let Some(gate) = gates.iter().find(|gate| option.clashes_with_gate(gate)) {
            found.push(
                Diagnostic::error(format!(
                    "`{}` and the feature gate `{gate}` are one option",
                    setting.name
                ))
                .at(proof.option_span(placed, setting.name), "its old name")
                .also(proof.option_span(placed, "feature-gates"), "its gate")
                .help("keep the gate; etcd refuses both together"),
            );
        }
    }
}

/// A second listener for clients takes HTTP away from the first, and with it a safeguard.
fn http_listener(proof: &Proof<'_>, placed: Placed<'_>, found: &mut Diagnostics) {
    let option = "listen-client-http-urls";
    if proof.cluster.tls.is_none() {
        return;
    }
    let urls = placed.list(option);
    if urls.iter().any(|url| url.starts_with("http://")) {
        found.push(
            Diagnostic::error("`listen-client-http-urls` would serve clients without TLS")
                .at(proof.option_span(placed, option), "")
                .help("write `https://`"),
        );
    }
    let revokes = matches!(placed.member.option("client-crl-file"), Some(Value::Text(_)));
    if !urls.is_empty() && revokes && !fixed(proof) {
        found.push(
            Diagnostic::error(
                "revoked clients would get in: `client-crl-file` with `listen-client-http-urls`",
            )
            .at(proof.option_span(placed, option), "")
            .also(proof.option_span(placed, "client-crl-file"), "not looked at on the gRPC port")
            .note("GHSA-3wh4-j44w-pg92, fixed in 3.5.32, 3.6.13 and 3.7.0")
            .help("name a fixed version as `etcd`, or remove `listen-client-http-urls`"),
        );
    }
}

fn fixed(proof: &Proof<'_>) -> bool {
    use bouquet_model::version::Minor;
    let version = proof.cluster.version;
    match version.minor() {
        Minor::V3_4 => false,
        Minor::V3_5 => version.floor() >= 32,
        Minor::V3_6 => version.floor() >= 13,
        Minor::V3_7 => true,
    }
}
