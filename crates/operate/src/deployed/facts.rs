//! What certificates say of themselves, fit to be shown.

use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::cluster::San;
use bouquet_x509::{ParsedCertificate, SERVER_AUTH, pem};

/// Returns all certificates of a PEM file; `None` where there is none, or one that cannot be read.
pub(super) fn certificates(file: &[u8]) -> Option<Vec<Certificate>> {
    let ders = pem::certificates_among(file)?;
    let all: Vec<Certificate> = ders.iter().map(|der| facts(der)).collect::<Option<_>>()?;
    (!all.is_empty()).then_some(all)
}

/// Returns what a certificate says of itself; its kind as far as that can be told without its
/// place.
fn facts(der: &[u8]) -> Option<Certificate> {
    let parsed = ParsedCertificate::parse(der)?;
    let kind = match &parsed.extensions {
        extensions if extensions.ca => Kind::Ca,
        extensions if extensions.purposes.iter().any(|p| p == SERVER_AUTH) => Kind::ServerAndPeer,
        _ => Kind::Client,
    };
    let mut facts = parsed.facts(kind, None);
    facts.common_name = printable(&facts.common_name).into();
    for san in facts.sans.to_mut() {
        if let San::Dns(name) = san {
            *name = printable(name).into();
        }
    }
    Some(facts)
}

/// Replaces control characters and `|`: a file may hold anything, and a terminal or a monitor must
/// not obey it.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || c == '|' { '\u{fffd}' } else { c }).collect()
}
