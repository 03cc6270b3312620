//! Certificates, taken apart, no matter who made them.

use crate::constraints::{Constraints, address};
use crate::der::{BITS, CONTEXT_0, Der, INTEGER, SEQUENCE};
use crate::public_key::PublicKey;
use bouquet_model::certificate::{Certificate, Kind, Subject};
use bouquet_model::cluster::San;
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use std::borrow::Cow;
use std::collections::BTreeSet;
use x509_parser::asn1_rs::Tag;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{ExtendedKeyUsage, GeneralName, ParsedExtension};
use x509_parser::oid_registry::{OID_X509_COMMON_NAME, OID_X509_ORGANIZATION_NAME};
use x509_parser::prelude::FromDer as _;
use x509_parser::x509::X509Name;

/// A certificate, taken apart.
pub struct ParsedCertificate<'a> {
    der: &'a [u8],
    x509: X509Certificate<'a>,
    /// Its extensions.
    pub extensions: Extensions<'a>,
}

/// The limits of a CA.
#[derive(Default)]
pub enum Limits {
    /// Nothing.
    #[default]
    None,
    /// These names.
    Known(Constraints),
    /// Something that is not understood.
    Unknown,
}

/// The extensions of a certificate, as far as they matter here.
#[derive(Default)]
pub struct Extensions<'a> {
    /// The DNS names and addresses of subjectAltName, in the order of the certificate.
    pub sans: Vec<San>,
    /// Its names of other kinds as text, such as `URI("https://…")`.
    pub other_names: Vec<String>,
    /// basicConstraints' cA.
    pub ca: bool,
    /// basicConstraints' pathLenConstraint: how many CAs may be below it.
    pub path_length: Option<usize>,
    /// keyUsage's bits, the first one lowest; `None` without the extension.
    pub key_usage: Option<u16>,
    /// extKeyUsage in a fixed order; empty without the extension.
    pub purposes: Vec<String>,
    /// nameConstraints.
    pub constraints: Limits,
    /// The subject key identifier.
    pub key_id: Option<&'a [u8]>,
    /// The authority key identifier's key.
    pub issuer_key_id: Option<&'a [u8]>,
}

/// keyUsage's bit digitalSignature.
pub const DIGITAL_SIGNATURE: u16 = 1;
/// keyUsage's bit keyCertSign.
pub const KEY_CERT_SIGN: u16 = 1 << 5;
/// `serverAuth` among [`Extensions::purposes`].
pub const SERVER_AUTH: &str = "serverAuth";
/// `clientAuth` among [`Extensions::purposes`].
pub const CLIENT_AUTH: &str = "clientAuth";

impl<'a> ParsedCertificate<'a> {
    /// Takes it apart; `None` where it is not a certificate, or not all of it is.
    pub fn parse(der: &'a [u8]) -> Option<Self> {
        let (rest, x509) = X509Certificate::from_der(der).ok()?;
        if !rest.is_empty() || !is_well_wrapped(der) {
            return None;
        }
        let mut extensions = Extensions::default();
        for (i, extension) in x509.extensions().iter().enumerate() {
            if x509.extensions()[..i].iter().any(|earlier| earlier.oid == extension.oid) {
                return None;
            }
            extensions.learn(extension.parsed_extension())?;
        }
        Some(Self { der, x509, extensions })
    }

    /// Returns the subject, where it is what a leaf's is to be: one attribute, a common name or an
    /// organization.
    pub fn leaf_subject(&self) -> Option<Subject> {
        let mut attributes = self.x509.subject().iter_attributes();
        let (attribute, None) = (attributes.next()?, attributes.next()) else { return None };
        let name = attribute.as_str().ok()?.to_owned();
        let kind = attribute.attr_type();
        if *kind == OID_X509_COMMON_NAME {
            Some(Subject::CommonName(name))
        } else if *kind == OID_X509_ORGANIZATION_NAME {
            Some(Subject::Organization(name))
        } else {
            None
        }
    }

    /// Returns the subject's common name; `None` where the subject is anything more or less.
    pub fn common_name(&self) -> Option<&str> {
        let mut attributes = self.x509.subject().iter_attributes();
        let name = attributes.next().filter(|a| *a.attr_type() == OID_X509_COMMON_NAME)?;
        if attributes.next().is_some() { None } else { name.as_str().ok() }
    }

    /// Returns the subject as a person reads it.
    pub fn subject_text(&self) -> String {
        text(self.x509.subject())
    }

    /// Returns the issuer as a person reads it.
    pub fn issuer_text(&self) -> String {
        text(self.x509.issuer())
    }

    /// Returns the subject, encoded. Names are compared as bytes, as Go does.
    pub fn subject(&self) -> &'a [u8] {
        self.x509.tbs_certificate.subject.as_raw()
    }

    /// Returns the issuer, encoded.
    pub fn issuer(&self) -> &'a [u8] {
        self.x509.tbs_certificate.issuer.as_raw()
    }

    /// Tells whether rcgen can write its subject again, byte for byte, as the issuer of another:
    /// each attribute once and alone in its set, as text.
    pub fn is_plainly_named(&self) -> bool {
        let mut kinds = BTreeSet::new();
        self.x509.subject().iter().all(|set| {
            let mut attributes = set.iter();
            let (Some(attribute), None) = (attributes.next(), attributes.next()) else {
                return false;
            };
            let tag = attribute.attr_value().header.tag();
            [Tag::Utf8String, Tag::PrintableString, Tag::Ia5String].contains(&tag)
                && kinds.insert(attribute.attr_type().as_bytes())
        })
    }

    /// Tells whether it names itself as its issuer.
    pub fn is_self_issued(&self) -> bool {
        let Extensions { key_id, issuer_key_id, .. } = self.extensions;
        self.issuer() == self.subject() || (key_id.is_some() && key_id == issuer_key_id)
    }

    /// Returns its serial number, as [`serial_text`] writes it.
    pub fn serial(&self) -> String {
        serial_text(self.x509.raw_serial())
    }

    /// Returns the time from which it is valid, in seconds since 1970.
    pub fn not_before(&self) -> i64 {
        self.x509.validity().not_before.timestamp()
    }

    /// Returns the time until which it is valid, in seconds since 1970.
    pub fn not_after(&self) -> i64 {
        self.x509.validity().not_after.timestamp()
    }

    /// Returns the key that it certifies.
    pub fn public_key(&self) -> PublicKey<'_> {
        PublicKey::of(self.x509.public_key())
    }

    /// Returns the OID of the algorithm of its signature, what was signed, and the signature.
    #[cfg(feature = "keys")]
    pub(crate) fn signature(&self) -> (&[u8], &[u8], &[u8]) {
        let algorithm = self.x509.signature_algorithm.algorithm.as_bytes();
        (algorithm, self.x509.tbs_certificate.as_ref(), &self.x509.signature_value.data)
    }

    /// Returns all that it says, for those who judge it as other verifiers do.
    #[cfg(feature = "keys")]
    pub(crate) fn x509(&self) -> &X509Certificate<'a> {
        &self.x509
    }

    /// Returns its subject, for those who write it again.
    #[cfg(feature = "issue")]
    pub(crate) fn subject_name(&self) -> &X509Name<'_> {
        self.x509.subject()
    }

    /// Returns what is worth knowing of it, as a certificate of that kind and owner.
    pub fn facts(&self, kind: Kind, owner: Option<&str>) -> Certificate {
        Certificate {
            kind,
            owner: owner.map(|owner| Cow::Owned(owner.to_owned())),
            common_name: Cow::Owned(self.subject_text()),
            sans: Cow::Owned(self.extensions.sans.clone()),
            serial: Cow::Owned(self.serial()),
            limits_addresses: self.extensions.limit_addresses(),
            fingerprint: fingerprint(self.der),
            not_before: self.not_before(),
            not_after: self.not_after(),
        }
    }
}

impl<'a> Extensions<'a> {
    fn limit_addresses(&self) -> bool {
        matches!(&self.constraints, Limits::Known(known) if known.limit_addresses())
    }

    fn learn(&mut self, extension: &ParsedExtension<'a>) -> Option<()> {
        match extension {
            ParsedExtension::ParseError { .. } => return None,
            ParsedExtension::SubjectAlternativeName(names) => {
                for name in &names.general_names {
                    match san(name) {
                        Some(san) => self.sans.push(san),
                        None => self.other_names.push(format!("{name:?}")),
                    }
                }
            }
            ParsedExtension::BasicConstraints(constraints) => {
                self.ca = constraints.ca;
                let length = constraints.path_len_constraint;
                self.path_length = length.map(|length| length.try_into().unwrap_or(usize::MAX));
            }
            ParsedExtension::KeyUsage(usage) => self.key_usage = Some(usage.flags),
            ParsedExtension::ExtendedKeyUsage(usage) => self.purposes = purposes(usage),
            ParsedExtension::NameConstraints(constraints) => {
                self.constraints =
                    Constraints::parse(constraints).map_or(Limits::Unknown, Limits::Known);
            }
            ParsedExtension::SubjectKeyIdentifier(id) => self.key_id = Some(id.0),
            ParsedExtension::AuthorityKeyIdentifier(id) => {
                self.issuer_key_id = id.key_identifier.as_ref().map(|id| id.0);
            }
            _ => {}
        }
        Some(())
    }
}

/// Returns the SHA-256 of bytes, such as a certificate's DER form.
pub fn fingerprint(der: &[u8]) -> [u8; 32] {
    Sha256::digest(der).into()
}

/// Writes a serial number as hexadecimal digits, without leading zero bytes: DER drops those of the
/// number and may add one for its sign.
pub fn serial_text(bytes: &[u8]) -> String {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    HEXLOWER.encode(&bytes[zeros..])
}

/// Tells whether the little that no signature covers is as it must be: the certificate's outer
/// structure, and its algorithm, which must be the signed one. x509-parser reads it leniently; Go
/// does not.
fn is_well_wrapped(der: &[u8]) -> bool {
    let algorithms = || {
        let mut file = Der(der);
        let mut certificate = Der(file.take(SEQUENCE)?);
        file.end()?;
        let mut signed = Der(certificate.take(SEQUENCE)?);
        let outside = certificate.element(SEQUENCE)?;
        certificate.take(BITS)?.strip_prefix(&[0])?;
        certificate.end()?;
        signed.optional(CONTEXT_0);
        signed.take(INTEGER)?;
        Some((signed.element(SEQUENCE)?, outside))
    };
    algorithms().is_some_and(|(inside, outside)| inside == outside)
}

fn san(name: &GeneralName<'_>) -> Option<San> {
    match name {
        GeneralName::DNSName(name) => Some(San::Dns((*name).to_owned().into())),
        GeneralName::IPAddress(bytes) => address(bytes).map(San::Ip),
        _ => None,
    }
}

fn purposes(usage: &ExtendedKeyUsage<'_>) -> Vec<String> {
    let named = [
        (usage.server_auth, SERVER_AUTH),
        (usage.client_auth, CLIENT_AUTH),
        (usage.any, "anyExtendedKeyUsage"),
        (usage.code_signing, "codeSigning"),
        (usage.email_protection, "emailProtection"),
        (usage.time_stamping, "timeStamping"),
        (usage.ocsp_signing, "OCSPSigning"),
    ];
    let named = named.iter().filter(|(set, _)| *set).map(|(_, name)| (*name).to_owned());
    named.chain(usage.other.iter().map(ToString::to_string)).collect()
}

fn text(name: &X509Name<'_>) -> String {
    let mut names = name.iter_common_name().filter_map(|attribute| attribute.as_str().ok());
    names.next().map_or_else(|| name.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{NewKey, Subtrees, Validity, self_signed};
    use bouquet_model::cluster::KeyKind;

    #[test]
    fn a_ca_that_is_limited_to_thousands_of_names_is_read() {
        let domains = (0..5000).map(|n| format!("user-{n}.prod.example")).collect();
        let limits = Constraints {
            permitted: Subtrees { domains, ..Subtrees::default() },
            ..Constraints::default()
        };
        let key = NewKey::generate(KeyKind::EcdsaP256).expect("a key");
        let validity = Validity { not_before: 0, not_after: 1_000_000_000 };
        let der = self_signed("x", &key, Some(&limits), validity).expect("a certificate");
        assert!(der.len() > 1 << 16, "{}", der.len());
        let ca = ParsedCertificate::parse(&der).expect("a certificate");
        assert!(matches!(ca.extensions.constraints, Limits::Known(known) if known == limits));
    }

    #[test]
    fn a_serial_reads_the_same_before_and_after_der() {
        for (bytes, text) in [([0xab, 1], "ab01"), ([0, 0xab], "ab"), ([0, 1], "01"), ([0, 0], "")]
        {
            assert_eq!(serial_text(&bytes), text);
        }
    }
}
