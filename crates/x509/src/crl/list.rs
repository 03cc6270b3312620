//! Reading a list.

use crate::der::{BITS, Der, INTEGER, OID, SEQUENCE};
use crate::pem;
use crate::public_key::PublicKey;
use bouquet_model::revocation::RevocationReason;
use x509_parser::prelude::{FromDer as _, ParsedExtension};
use x509_parser::revocation_list::{CertificateRevocationList, RevokedCertificate};

/// A certificate that is revoked. They are ordered by serial number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Revoked {
    /// Big-endian, without leading zero bytes.
    pub serial: Vec<u8>,
    /// Since when, in seconds since 1970.
    pub date: i64,
    /// Why.
    pub reason: RevocationReason,
}

/// A list, taken apart.
#[derive(Debug)]
pub struct ParsedList<'a> {
    /// Its number (RFC 5280, section 5.2.3), where it has one that fits: the next one's is larger.
    pub number: Option<u64>,
    /// When the next is due, in seconds since 1970.
    pub next_update: i64,
    /// The issuer's name, encoded.
    pub issuer: &'a [u8],
    /// In the order of the list.
    pub entries: Vec<Revoked>,
    signed: &'a [u8],
    algorithm: &'a [u8],
    signature: &'a [u8],
}

impl ParsedList<'_> {
    /// Tells whether that key signed it.
    pub fn is_signed_by(&self, issuer: PublicKey<'_>) -> bool {
        issuer.verifies(self.algorithm, self.signed, self.signature) == Some(true)
    }
}

/// Returns the DER form of a list in a file: OpenSSL writes PEM, cfssl and others DER.
pub fn der(file: &[u8]) -> Option<Vec<u8>> {
    match pem::blocks(file).as_deref() {
        Some([block]) if block.label == "X509 CRL" => Some(block.der.to_vec()),
        Some([_, ..]) => None,
        _ => Some(file.to_vec()),
    }
}

/// Takes a list apart; `None` where it is not one such as is issued here: damaged, without
/// `nextUpdate`, or with a reason or a critical extension, neither of which is ever written here.
pub fn read(der: &[u8]) -> Option<ParsedList<'_>> {
    let (rest, list) = CertificateRevocationList::from_der(der).ok()?;
    let number = list.crl_number().and_then(|number| u64::try_from(number).ok());
    let list = list.tbs_cert_list;
    if !rest.is_empty() || list.extensions().iter().any(|extension| extension.critical) {
        return None;
    }
    let (signed, algorithm, signature) = wrapping(der)?;
    Some(ParsedList {
        number,
        next_update: list.next_update?.timestamp(),
        issuer: list.issuer.as_raw(),
        entries: list.revoked_certificates.iter().map(revoked).collect::<Option<_>>()?,
        signed,
        algorithm,
        signature,
    })
}

/// Returns what is signed, the OID of the algorithm, and the signature.
///
/// x509-parser reads leniently what no signature covers, Go does not: there is one encoding, and the
/// algorithm must be the signed one.
fn wrapping(der: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let mut file = Der(der);
    let mut parts = Der(file.take(SEQUENCE)?);
    file.end()?;
    let signed = parts.element(SEQUENCE)?;
    let mut inside = Der(Der(signed).take(SEQUENCE)?);
    inside.take(INTEGER)?;
    let algorithm = inside.element(SEQUENCE)?;
    if parts.element(SEQUENCE)? != algorithm {
        return None;
    }
    let signature = parts.take(BITS)?.strip_prefix(&[0])?;
    parts.end()?;
    Some((signed, Der(Der(algorithm).take(SEQUENCE)?).take(OID)?, signature))
}

fn revoked(entry: &RevokedCertificate<'_>) -> Option<Revoked> {
    use RevocationReason as Reason;
    let mut reason = Reason::Unspecified;
    for extension in entry.extensions() {
        let ParsedExtension::ReasonCode(code) = extension.parsed_extension() else { return None };
        let known = Reason::ALL.iter().find(|known| number(**known) == Some(code.0));
        reason = *known?;
    }
    let zeros = entry.raw_serial().iter().take_while(|byte| **byte == 0).count();
    Some(Revoked {
        serial: entry.raw_serial()[zeros..].to_vec(),
        date: entry.revocation_date.timestamp(),
        reason,
    })
}

/// Returns the code of a reason; the absence of one says `unspecified` (RFC 5280, section 5.3.1).
fn number(reason: RevocationReason) -> Option<u8> {
    match reason {
        RevocationReason::Unspecified => None,
        RevocationReason::KeyCompromise => Some(1),
        RevocationReason::CaCompromise => Some(2),
        RevocationReason::AffiliationChanged => Some(3),
        RevocationReason::Superseded => Some(4),
        RevocationReason::CessationOfOperation => Some(5),
        RevocationReason::PrivilegeWithdrawn => Some(9),
    }
}
