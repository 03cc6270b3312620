//! Certificates as JSON.

use super::listed::{Entry, Listed};
use crate::deployed::Difference;
use crate::expiry::{Validity, days_left, validity};
use crate::show::instant;
use serde::Serialize;

/// A certificate in JSON.
#[derive(Serialize)]
pub(super) struct CertificateView<'a> {
    kind: &'static str,
    /// The member or client; null for the CA's and for one that all members share.
    owner: Option<&'a str>,
    common_name: &'a str,
    sans: Vec<String>,
    serial: &'a str,
    /// Of a CA: gRPC in C++, Python, Ruby and PHP (BoringSSL) refuses what it issued.
    limits_addresses: bool,
    /// `sha256:` and hexadecimal digits, of the DER form.
    fingerprint: String,
    /// RFC 3339, in UTC.
    not_before: String,
    not_after: String,
    /// Whole days; negative once it has expired.
    days_left: i64,
    validity: Validity,
    /// Where it was read; null for one of the build.
    file: Option<String>,
    /// Null where it is the build's.
    difference: Option<&'static str>,
}

pub(super) fn view<'a>(entry: &'a Entry<'_>, listed: &Listed<'_>) -> CertificateView<'a> {
    let certificate = &*entry.certificate;
    CertificateView {
        kind: certificate.kind.as_str(),
        owner: certificate.owner.as_deref(),
        common_name: &certificate.common_name,
        sans: certificate.sans.iter().map(ToString::to_string).collect(),
        serial: &certificate.serial,
        limits_addresses: certificate.limits_addresses,
        fingerprint: certificate.fingerprint_text(),
        not_before: instant(certificate.not_before),
        not_after: instant(certificate.not_after),
        days_left: days_left(certificate, listed.now),
        validity: validity(certificate, listed.now, listed.window),
        file: entry.file.as_ref().map(|file| file.display().to_string()),
        difference: entry.difference.map(Difference::as_str),
    }
}
