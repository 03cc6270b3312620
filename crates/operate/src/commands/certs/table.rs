//! Certificates as tables.

use super::listed::{Entry, Listed};
use crate::compiled::REFUSED;
use crate::expiry::{Validity, validity};
use crate::show::{
    BAD, Cell, DIM, GAP, NAME, Row, WARN, date, distance, instant, paint, table, wrap,
};
use anstyle::Style;
use bouquet_model::certificate::Certificate;
use unicode_width::UnicodeWidthStr;

/// Lines of SANs under a certificate; more are counted.
const SAN_LINES: usize = 3;

/// The width of a screen.
const WIDTH: usize = 80;

/// The digits of a fingerprint that are shown: enough to see a difference.
const FINGERPRINT: usize = 12;

/// The width that fits into 80 columns with the indentation of a remark.
const SAN_WIDTH: usize = 76;

/// Renders the table for 80 columns: SANs on lines of their own, and no owner, because a certificate that has one bears
/// its name. The beginning of the fingerprint is shown where there is room. Where a long common name leaves no room for
/// the date of expiry, that goes onto a line below.
pub(super) fn narrow(listed: &Listed<'_>) -> String {
    let widest = |of: &dyn Fn(&Entry<'_>) -> usize| listed.all.iter().map(of).max().unwrap_or(0);
    let name = widest(&|entry| entry.certificate.kind.as_str().len()).max("KIND".len())
        + GAP.len()
        + widest(&|entry| entry.certificate.common_name.width()).max("COMMON NAME".len());
    let with_end = name + GAP.len() + widest(&|entry| end_width(&entry.certificate, listed));
    let has_end = with_end <= WIDTH;
    let has_fingerprint = with_end + GAP.len() + FINGERPRINT <= WIDTH;
    let row = |entry: &Entry<'_>| {
        let certificate = &*entry.certificate;
        let mut cells = vec![
            Cell::new(certificate.kind.as_str()),
            Cell::new(&*certificate.common_name).style(NAME),
        ];
        let mut below = Vec::new();
        let (date, when, style) = end(certificate, listed);
        if has_end {
            cells.extend([date, when].map(|text| Cell::new(text).style(style)));
        } else {
            below.push(paint(style, format!("expires {date}, {when}")));
        }
        let limits = certificate.limits_addresses;
        below.extend(limits.then(|| format!("{}: {REFUSED}", paint(WARN, "limits addresses"))));
        if has_fingerprint {
            let digits = &certificate.fingerprint_text()["sha256:".len()..][..FINGERPRINT];
            cells.push(Cell::new(digits).style(DIM));
        }
        let mut sans = wrap(&sans(certificate), SAN_WIDTH);
        if sans.len() > SAN_LINES {
            let shown: usize = sans[..SAN_LINES].iter().map(|line| line.matches(',').count()).sum();
            sans.truncate(SAN_LINES);
            let more = certificate.sans.len() - shown;
            sans.push(format!("and {more} more: --wide shows them"));
        }
        below.extend(sans);
        below.extend(file(entry));
        Row { cells, below }
    };
    let rows: Vec<Row> = listed.all.iter().map(row).collect();
    let heads = ["KIND", "COMMON NAME", "EXPIRES", "", "SHA-256"];
    let columns = match (has_end, has_fingerprint) {
        (false, _) => 2,
        (true, false) => 4,
        (true, true) => 5,
    };
    table(&heads[..columns], &rows)
}

/// Renders one certificate a line, whatever its length.
pub(super) fn wide(listed: &Listed<'_>) -> String {
    let from_files = listed.all.iter().any(|entry| entry.file.is_some());
    let row = |entry: &Entry<'_>| {
        let certificate = &*entry.certificate;
        let mut cells = vec![
            Cell::new(certificate.kind.as_str()),
            Cell::new(certificate.owner.as_deref().unwrap_or("–")).style(NAME),
            Cell::new(&*certificate.common_name),
        ];
        let (date, when, style) = end(certificate, listed);
        cells.extend([date, when].map(|text| Cell::new(text).style(style)));
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

/// Returns its end, as a date and from now, in the colour of what that means.
fn end(certificate: &Certificate, listed: &Listed<'_>) -> (String, String, Style) {
    let now = listed.now;
    let (when, style) = match validity(certificate, now, listed.window) {
        Validity::Valid => (distance(certificate.not_after, now), Style::new()),
        Validity::Expiring => (distance(certificate.not_after, now), WARN),
        Validity::Expired => (distance(certificate.not_after, now), BAD),
        Validity::NotYetValid => (format!("not before {}", instant(certificate.not_before)), BAD),
    };
    (date(certificate.not_after), when, style)
}

/// Returns the width of the two cells of its end.
fn end_width(certificate: &Certificate, listed: &Listed<'_>) -> usize {
    let (date, when, _) = end(certificate, listed);
    date.width() + GAP.len() + when.width()
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
