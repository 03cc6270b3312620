//! Options that contradict each other, and those that are rarely meant.

use crate::check::relations::subject::{Placed, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::option::{self, Successor};

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

/// Options that look at what clients show.
const OF_CLIENTS: &[&str] = &["client-cert-allowed-hostname", "client-crl-file"];

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

/// The option that etcd reads only where it has more than one entry: `setupLogging` in 3.4's
/// `embed/config_logging.go`.
const OLD_OUTPUT: &str = "log-output";

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    for (option, value, consequence, instead) in REGRETTED {
        for placed in subject.writers(option) {
            if placed.flag(option) == Some(*value) {
                found.push(
                    Diagnostic::warning(format!("`{option} = {value}` {consequence}"))
                        .at(subject.option_span(placed, option), "")
                        .help(*instead),
                );
            }
        }
    }
    for placed in subject.writers(OLD_OUTPUT) {
        found.push(
            Diagnostic::error(format!(
                "etcd 3.4 goes by `log-outputs` rather than by `{OLD_OUTPUT}`"
            ))
            .at(subject.option_span(placed, OLD_OUTPUT), "ignored where it has one entry")
            .help("write `log-outputs`"),
        );
    }
    if subject.cluster.tls.is_none() {
        for option in OF_TLS {
            for placed in subject.writers(option) {
                found.push(
                    Diagnostic::error(format!("`{option}` without TLS"))
                        .at(subject.option_span(placed, option), "nothing would look at it")
                        .help("remove it, or remove `enabled = false` from [tls]"),
                );
            }
        }
    }
    if subject.cluster.tls.as_ref().is_some_and(|tls| !tls.client_auth) {
        for option in OF_CLIENTS {
            for placed in subject.writers(option) {
                found.push(
                    Diagnostic::error(format!("`{option}` without certificates of clients"))
                        .at(subject.option_span(placed, option), "nothing would look at it")
                        .help("remove it, or remove `client-auth = false` from [tls]"),
                );
            }
        }
    }
    for placed in subject.distinct() {
        spelled_twice(subject, placed, found);
    }
}

/// Refuses the old and the new name of an option together: etcd 3.6 knows both, and does so as well.
fn spelled_twice(subject: &Subject<'_>, placed: Placed<'_>, found: &mut Diagnostics) {
    for setting in placed.member.options.iter() {
        let Some(option) = option::find(setting.name) else { continue };
        let Successor::Renamed(new) = option.successor() else { continue };
        if placed.member.option(new).is_some() && setting.name != OLD_OUTPUT {
            found.push(
                Diagnostic::error(format!("`{}` and `{new}` are one option", setting.name))
                    .at(subject.option_span(placed, setting.name), "its old name")
                    .also(subject.option_span(placed, new), "its new name")
                    .help(format!("keep `{new}`; etcd refuses both together")),
            );
        }
    }
}
