//! What certificates say of themselves.

use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::cluster::San;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fmt::Write as _;
use std::net::IpAddr;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer as _;

/// All certificates of a PEM file, as far as this program cares; `None` where there is none, or one
/// that cannot be read.
pub(super) fn certificates(pem: &[u8]) -> Option<Vec<Certificate>> {
    let ders: Vec<_> = CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().ok()?;
    let all: Vec<Certificate> = ders.iter().map(|der| facts(der)).collect::<Option<_>>()?;
    (!all.is_empty()).then_some(all)
}

/// What a certificate says of itself; its kind as far as that can be told without its place.
fn facts(der: &[u8]) -> Option<Certificate> {
    let (_, x509) = X509Certificate::from_der(der).ok()?;
    let common_name = x509.subject().iter_common_name().find_map(|name| name.as_str().ok());
    let names = x509.subject_alternative_name().ok()?;
    let sans = names.iter().flat_map(|names| &names.value.general_names).filter_map(san);
    let usage = x509.extended_key_usage().ok()?;
    let kind = match usage {
        _ if x509.is_ca() => Kind::Ca,
        Some(usage) if usage.value.server_auth => Kind::ServerAndPeer,
        _ => Kind::Client,
    };
    Some(Certificate {
        kind,
        owner: None,
        common_name: Cow::Owned(printable(common_name.unwrap_or_default())),
        sans: sans.collect(),
        serial: Cow::Owned(hexadecimal(x509.raw_serial())),
        fingerprint: Sha256::digest(der).into(),
        not_before: x509.validity().not_before.timestamp(),
        not_after: x509.validity().not_after.timestamp(),
    })
}

fn san(name: &GeneralName<'_>) -> Option<San> {
    match *name {
        GeneralName::DNSName(name) => Some(San::Dns(printable(name).into())),
        GeneralName::IPAddress(bytes) => <[u8; 4]>::try_from(bytes)
            .map(IpAddr::from)
            .or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from))
            .ok()
            .map(San::Ip),
        _ => None,
    }
}

/// A file may hold anything, and a terminal or a monitor must not obey it.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || c == '|' { '\u{fffd}' } else { c }).collect()
}

/// As the build writes serial numbers: without the zero bytes that DER may have in front.
fn hexadecimal(serial: &[u8]) -> String {
    serial.iter().skip_while(|byte| **byte == 0).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
