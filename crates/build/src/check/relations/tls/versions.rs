//! TLS versions, and cipher suites beside them: together they must leave a handshake possible.

use super::suites::{self, CIPHERS};
use crate::check::relations::subject::{Placed, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics};

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
        suites::check(subject, placed, tls.key, &suites, found);
    }
}

/// Refuses a member that speaks TLS 1.3 alone beside one that stops at 1.2: they never meet.
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
