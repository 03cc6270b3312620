//! The validity of certificates, and the warning before it ends.

use crate::compiled::Compiled;
use crate::show::{date, distance};
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::time::DAY;
use serde::Serialize;
use std::time::Duration;

/// A certificate's validity at some moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Validity {
    /// It is valid, and stays so for a while.
    Valid,
    /// It has less than the window left.
    Expiring,
    /// It begins in the future: this machine's clock is slow, or the one that built was fast.
    NotYetValid,
    /// It is over.
    Expired,
}

/// Returns a certificate's validity at `now`, with a window of some length before its end.
pub(crate) fn validity(certificate: &Certificate, now: i64, window: Duration) -> Validity {
    let left = certificate.not_after.saturating_sub(now);
    if now < certificate.not_before {
        Validity::NotYetValid
    } else if left < 0 {
        Validity::Expired
    } else if left.unsigned_abs() < window.as_secs() {
        Validity::Expiring
    } else {
        Validity::Valid
    }
}

/// Returns the whole days until it ends; negative once it has.
pub(crate) fn days_left(certificate: &Certificate, now: i64) -> i64 {
    certificate.not_after.saturating_sub(now).div_euclid(DAY)
}

/// Returns the certificate that ends first.
pub(crate) fn first_to_end(certificates: &[Certificate]) -> Option<&Certificate> {
    certificates.iter().min_by_key(|certificate| certificate.not_after)
}

/// Describes it: `server certificate of orange`.
pub(crate) fn described(certificate: &Certificate) -> String {
    match (&certificate.owner, certificate.kind) {
        (_, Kind::Ca) => "CA's certificate".to_owned(),
        (None, kind) => format!("shared {} certificate", kind.as_str()),
        (Some(owner), kind) => format!("{} certificate of {owner}", kind.as_str()),
    }
}

/// Returns the window in which the build would reissue leaf certificates.
pub(crate) fn renew_before(compiled: &Compiled<'_>) -> Duration {
    compiled.cluster.tls.as_ref().map_or(Duration::ZERO, |tls| tls.renew_before)
}

/// Returns the one line that every command says where a certificate is about to end, has ended, or
/// has not begun; the worst of it where there is more.
pub(crate) fn announcement(compiled: &Compiled<'_>, now: i64) -> Option<String> {
    let window = renew_before(compiled);
    let with = |wanted: Validity| {
        let stands = move |c: &&Certificate| validity(c, now, window) == wanted;
        compiled.certificates.iter().filter(stands).collect::<Vec<_>>()
    };
    if let Some(first) = with(Validity::NotYetValid).first() {
        return Some(format!(
            "the {} is valid from {}, and this machine takes today for {}: set its clock",
            described(first),
            date(first.not_before),
            date(now)
        ));
    }
    let total = compiled.certificates.len();
    let ended = ending(&with(Validity::Expired), total, now);
    ended.or_else(|| ending(&with(Validity::Expiring), total, now))
}

/// Says that these certificates end, or ended, and what to do.
fn ending(certificates: &[&Certificate], total: usize, now: i64) -> Option<String> {
    let first = certificates.iter().min_by_key(|certificate| certificate.not_after)?;
    let ca = certificates.iter().find(|certificate| certificate.kind == Kind::Ca);
    let shown = ca.unwrap_or(first);
    let when = format!("{}, on {}", distance(shown.not_after, now), date(shown.not_after));
    let past = shown.not_after < now;
    let ends = if past { "expired" } else { "expires" };
    if ca.is_some() {
        // Nothing outlasts its CA, so reissuing under the same one does not help.
        return Some(format!(
            "the CA's certificate {ends} {when}, and all others with it: the cluster needs \
             another CA, and every machine its new files"
        ));
    }
    let what = match (certificates.len(), past) {
        (1, _) => format!("the {} {ends} {when}", described(shown)),
        (count, true) => format!("{count} of {total} certificates have expired, the first {when}"),
        (count, false) => format!("{count} of {total} certificates expire soon, the first {when}"),
    };
    // Cargo looks at files, not at the calendar: an untouched spec is not built again.
    Some(format!(
        "{what}: run `touch cluster.toml && cargo build`, then copy the new files to their machines"
    ))
}
