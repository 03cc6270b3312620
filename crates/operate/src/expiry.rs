//! How long certificates last, and what is said about it.

use crate::Compiled;
use crate::show::{date, distance};
use bouquet_model::certificate::{Certificate, Kind};
use serde::Serialize;
use std::time::Duration;

/// A certificate's validity at some moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Standing {
    /// It is valid, and stays so for a while.
    Valid,
    /// It has less than the window left.
    Expiring,
    /// It begins in the future: this machine's clock is slow, or the one that built was fast.
    NotYetValid,
    /// It is over.
    Expired,
}

/// How a certificate stands, seen from `now` with a window of some length before its end.
pub(crate) fn standing(certificate: &Certificate, now: i64, window: Duration) -> Standing {
    let left = certificate.not_after.saturating_sub(now);
    if now < certificate.not_before {
        Standing::NotYetValid
    } else if left < 0 {
        Standing::Expired
    } else if left.unsigned_abs() < window.as_secs() {
        Standing::Expiring
    } else {
        Standing::Valid
    }
}

/// The certificate that ends first.
pub(crate) fn first_to_end(certificates: &[Certificate]) -> Option<&Certificate> {
    certificates.iter().min_by_key(|certificate| certificate.not_after)
}

/// `server certificate of orange`.
pub(crate) fn described(certificate: &Certificate) -> String {
    match (&certificate.owner, certificate.kind) {
        (_, Kind::Ca) => "CA's certificate".to_owned(),
        (None, kind) => format!("shared {} certificate", kind.as_str()),
        (Some(owner), kind) => format!("{} certificate of {owner}", kind.as_str()),
    }
}

/// The window in which the build would issue leaf certificates anew.
pub(crate) fn renew_before(compiled: &Compiled<'_>) -> Duration {
    compiled.cluster.tls.as_ref().map_or(Duration::ZERO, |tls| tls.renew_before)
}

/// The one line that every command says where a certificate is about to end, has ended, or has not
/// begun.
pub(crate) fn announcement(compiled: &Compiled<'_>, now: i64) -> Option<String> {
    let window = renew_before(compiled);
    let with = |wanted: Standing| {
        let stands = move |c: &&Certificate| standing(c, now, window) == wanted;
        compiled.certificates.iter().filter(stands).collect::<Vec<_>>()
    };
    let (expired, expiring) = (with(Standing::Expired), with(Standing::Expiring));
    if let Some(first) = with(Standing::NotYetValid).first() {
        let (what, from) = (described(first), date(first.not_before));
        return Some(format!(
            "the {what} is valid from {from} only, and this machine says it is {}: set its clock",
            date(now)
        ));
    }
    let ending: Vec<&Certificate> = expired.iter().chain(&expiring).copied().collect();
    let first = *ending.iter().min_by_key(|certificate| certificate.not_after)?;
    let when = format!("{}, on {}", distance(first.not_after, now), date(first.not_after));
    if let Some(ca) = ending.iter().find(|certificate| certificate.kind == Kind::Ca) {
        // Leaves never outlast their CA, so issuing them anew does not help.
        let verb = if ca.not_after < now { "expired" } else { "expires" };
        let when = format!("{}, on {}", distance(ca.not_after, now), date(ca.not_after));
        return Some(format!(
            "the CA's certificate {verb} {when}, and all others with it: the cluster needs another \
             CA, and every member and client its new files"
        ));
    }
    let remedy = "`cargo build` issues";
    let (count, all) = (ending.len(), compiled.certificates.len());
    Some(match (count, expired.is_empty()) {
        (1, true) => format!("the {} expires {when}: {remedy} it anew", described(first)),
        (1, false) => format!("the {} expired {when}: {remedy} it anew", described(first)),
        (_, true) => format!(
            "{count} of {all} certificates expire soon, the first {when}: {remedy} them anew"
        ),
        (_, false) => format!(
            "{} of {all} certificates have expired, the first {when}: {remedy} {} anew",
            expired.len(),
            if count == expired.len() { "them" } else { "them and those that follow" },
        ),
    })
}
