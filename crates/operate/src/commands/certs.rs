//! `certs`: every certificate, and how long it lasts.

use crate::cli::CertsArgs;
use crate::expiry::{Standing, renew_before, standing};
use crate::outside::Outcome;
use crate::show::{BAD, Cell, DIM, NAME, Row, WARN, date, distance, instant, json, table, wrap};
use crate::{Compiled, Exit};
use anstyle::Style;
use bouquet_model::certificate::Certificate;
use serde::Serialize;
use std::time::Duration;

/// Lines of SANs under a certificate; more are counted.
const SAN_LINES: usize = 3;

/// What fits into 80 columns with the indentation of a remark.
const SAN_WIDTH: usize = 76;

pub(super) fn run(compiled: &Compiled<'_>, args: &CertsArgs, now: i64) -> Outcome {
    let window = args.within.unwrap_or_else(|| renew_before(compiled));
    let certificates = compiled.certificates;
    let stdout = if args.json {
        json(&certificates.iter().map(|c| view(c, now, window)).collect::<Vec<_>>())
    } else if certificates.is_empty() {
        String::new()
    } else if args.wide {
        wide(certificates, now, window)
    } else {
        narrow(certificates, now, window)
    };
    let mut outcome = Outcome::data(stdout);
    if compiled.cluster.tls.is_none() {
        outcome.stderr.push_str("TLS is off in cluster.toml: there are no certificates\n");
    }
    if args.check {
        let worst = certificates.iter().map(|c| standing(c, now, window)).max();
        outcome.exit = match worst.unwrap_or(Standing::Valid) {
            Standing::Valid => Exit::Done,
            Standing::Expiring => Exit::Expiring,
            Standing::NotYetValid | Standing::Expired => Exit::Invalid,
        };
    }
    outcome
}

/// A certificate in JSON.
#[derive(Serialize)]
struct CertificateView<'a> {
    kind: &'static str,
    /// The member or client; null for the CA's and for one that all members share.
    owner: Option<&'a str>,
    common_name: &'a str,
    sans: Vec<String>,
    serial: &'a str,
    /// `sha256:` and hexadecimal digits, of the DER form.
    fingerprint: String,
    /// RFC 3339, in UTC.
    not_before: String,
    not_after: String,
    /// Whole days; negative once it has expired.
    days_left: i64,
    standing: Standing,
}

fn view(certificate: &Certificate, now: i64, window: Duration) -> CertificateView<'_> {
    CertificateView {
        kind: certificate.kind.as_str(),
        owner: certificate.owner.as_deref(),
        common_name: &certificate.common_name,
        sans: sans(certificate),
        serial: &certificate.serial,
        fingerprint: certificate.fingerprint_text(),
        not_before: instant(certificate.not_before),
        not_after: instant(certificate.not_after),
        days_left: certificate.not_after.saturating_sub(now).div_euclid(24 * 60 * 60),
        standing: standing(certificate, now, window),
    }
}

/// For 80 columns: SANs on lines of their own, the beginning of the fingerprint, and no owner,
/// because a certificate that has one bears its name.
fn narrow(certificates: &[Certificate], now: i64, window: Duration) -> String {
    let row = |certificate: &Certificate| {
        let mut cells = vec![
            Cell::new(certificate.kind.as_str()),
            Cell::new(&*certificate.common_name).style(NAME),
        ];
        cells.extend(end(certificate, now, window));
        cells.push(Cell::new(&certificate.fingerprint_text()["sha256:".len()..][..16]).style(DIM));
        let mut below = wrap(&sans(certificate), SAN_WIDTH);
        if below.len() > SAN_LINES {
            let shown: usize =
                below[..SAN_LINES].iter().map(|line| line.matches(',').count()).sum();
            below.truncate(SAN_LINES);
            let more = certificate.sans.len() - shown;
            below.push(format!("and {more} more: --wide shows them"));
        }
        Row { cells, below }
    };
    let rows: Vec<Row> = certificates.iter().map(row).collect();
    table(&["KIND", "COMMON NAME", "EXPIRES", "", "SHA-256"], &rows)
}

/// One certificate a line, whatever its length.
fn wide(certificates: &[Certificate], now: i64, window: Duration) -> String {
    let row = |certificate: &Certificate| {
        let mut cells = vec![
            Cell::new(certificate.kind.as_str()),
            Cell::new(certificate.owner.as_deref().unwrap_or("–")).style(NAME),
            Cell::new(&*certificate.common_name),
        ];
        cells.extend(end(certificate, now, window));
        let sans = sans(certificate).join(",");
        cells.push(Cell::new(if sans.is_empty() { "–" } else { &sans }));
        cells.push(Cell::new(&*certificate.serial));
        cells.push(Cell::new(certificate.fingerprint_text()));
        Row { cells, below: Vec::new() }
    };
    let rows: Vec<Row> = certificates.iter().map(row).collect();
    let heads = ["KIND", "OWNER", "COMMON NAME", "EXPIRES", "", "SANS", "SERIAL", "FINGERPRINT"];
    table(&heads, &rows)
}

/// When it ends, as a date and from now.
fn end(certificate: &Certificate, now: i64, window: Duration) -> [Cell; 2] {
    let (when, style) = match standing(certificate, now, window) {
        Standing::Valid => (distance(certificate.not_after, now), Style::new()),
        Standing::Expiring => (distance(certificate.not_after, now), WARN),
        Standing::Expired => (distance(certificate.not_after, now), BAD),
        Standing::NotYetValid => (format!("not before {}", instant(certificate.not_before)), BAD),
    };
    [Cell::new(date(certificate.not_after)).style(style), Cell::new(when).style(style)]
}

fn sans(certificate: &Certificate) -> Vec<String> {
    certificate.sans.iter().map(ToString::to_string).collect()
}
