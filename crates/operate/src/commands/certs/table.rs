//! Certificates as tables.

use super::listed::{Entry, Listed};
use crate::compiled::REFUSED;
use crate::expiry::{Validity, validity};
use crate::show::{BAD, Cell, DIM, NAME, Row, WARN, date, distance, instant, paint, table, wrap};
use anstyle::Style;
use bouquet_model::certificate::Certificate;

/// Lines of SANs under a certificate; more are counted.
const SAN_LINES: usize = 3;

/// The width that fits into 80 columns with the indentation of a remark.
const SAN_WIDTH: usize = 76;

/// For 80 columns: SANs on lines of their own, the beginning of the fingerprint, and no owner,
/// because a certificate that has one bears its name.
pub(super) fn narrow(listed: &Listed<'_>) -> String {
    let row = |entry: &Entry<'_>| {
        let certificate = &*entry.certificate;
        let mut cells = vec![
            Cell::new(certificate.kind.as_str()),
            Cell::new(&*certificate.common_name).style(NAME),
        ];
        cells.extend(end(certificate, listed));
        cells.push(Cell::new(&certificate.fingerprint_text()["sha256:".len()..][..16]).style(DIM));
        let mut below = wrap(&sans(certificate), SAN_WIDTH);
        if below.len() > SAN_LINES {
            let shown: usize =
                below[..SAN_LINES].iter().map(|line| line.matches(',').count()).sum();
            below.truncate(SAN_LINES);
            let more = certificate.sans.len() - shown;
            below.push(format!("and {more} more: --wide shows them"));
        }
        let limits = certificate.limits_addresses;
        below.extend(limits.then(|| format!("{}: {REFUSED}", paint(WARN, "limits addresses"))));
        below.extend(file(entry));
        Row { cells, below }
    };
    let rows: Vec<Row> = listed.all.iter().map(row).collect();
    table(&["KIND", "COMMON NAME", "EXPIRES", "", "SHA-256"], &rows)
}

/// One certificate a line, whatever its length.
pub(super) fn wide(listed: &Listed<'_>) -> String {
    let from_files = listed.all.iter().any(|entry| entry.file.is_some());
    let row = |entry: &Entry<'_>| {
        let certificate = &*entry.certificate;
        let mut cells = vec![
            Cell::new(certificate.kind.as_str()),
            Cell::new(certificate.owner.as_deref().unwrap_or("–")).style(NAME),
            Cell::new(&*certificate.common_name),
        ];
        cells.extend(end(certificate, listed));
        let sans = sans(certificate).join(",");
        cells.push(Cell::new(if sans.is_empty() { "–" } else { &sans }));
        cells.push(Cell::new(&*certificate.serial));
        cells.push(Cell::new(certificate.fingerprint_text()));
        cells.extend(file(entry).map(Cell::new));
        Row { cells, below: Vec::new() }
    };
    let rows: Vec<Row> = listed.all.iter().map(row).collect();
    let heads =
        ["KIND", "OWNER", "COMMON NAME", "EXPIRES", "", "SANS", "SERIAL", "FINGERPRINT", "FILE"];
    table(&heads[..heads.len() - usize::from(!from_files)], &rows)
}

/// Returns its end, as a date and from now.
fn end(certificate: &Certificate, listed: &Listed<'_>) -> [Cell; 2] {
    let now = listed.now;
    let (when, style) = match validity(certificate, now, listed.window) {
        Validity::Valid => (distance(certificate.not_after, now), Style::new()),
        Validity::Expiring => (distance(certificate.not_after, now), WARN),
        Validity::Expired => (distance(certificate.not_after, now), BAD),
        Validity::NotYetValid => (format!("not before {}", instant(certificate.not_before)), BAD),
    };
    [Cell::new(date(certificate.not_after)).style(style), Cell::new(when).style(style)]
}

fn sans(certificate: &Certificate) -> Vec<String> {
    certificate.sans.iter().map(ToString::to_string).collect()
}

/// Returns the file that it was read from, and its difference from the build's.
fn file(entry: &Entry<'_>) -> Option<String> {
    let file = entry.file.as_ref()?.display();
    Some(match entry.difference {
        None => file.to_string(),
        Some(difference) => format!("{file} {}", paint(WARN, difference)),
    })
}
