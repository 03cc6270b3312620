//! Issuing certificates.

use crate::certificate::{ParsedCertificate, fingerprint, serial_text};
use crate::constraints::{Constraints, Subtrees};
use crate::error::{Error, LONGEST_COMMON_NAME};
use crate::key::{KeyPair, NewKey};
use bouquet_model::certificate::{Certificate, Kind, Subject};
use bouquet_model::cluster::San;
use data_encoding::HEXLOWER;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, DnValue,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, KeyIdMethod, KeyUsagePurpose, NameConstraints,
    SanType, SerialNumber,
};
use ring::rand::{SecureRandom as _, SystemRandom};
use std::borrow::Cow;
use time::OffsetDateTime;
use x509_parser::asn1_rs::Tag;

/// A CA's certificate and its key.
pub struct Issuer {
    inner: rcgen::Issuer<'static, KeyPair>,
    key_id: Option<Vec<u8>>,
}

/// The content of a leaf besides its key, no matter who signs it.
#[derive(Debug, Clone, Copy)]
pub struct Leaf<'a> {
    /// What it is for.
    pub kind: Kind,
    /// The subject.
    pub subject: &'a Subject,
    /// What it vouches for.
    pub sans: &'a [San],
}

/// The time in which a certificate is valid, in seconds since 1970.
#[derive(Debug, Clone, Copy)]
pub struct Validity {
    /// The first second.
    pub not_before: i64,
    /// The last second.
    pub not_after: i64,
}

/// A certificate that was issued just now.
#[derive(Debug)]
pub struct Issued {
    /// Its DER form.
    pub der: Vec<u8>,
    /// What is known of it; it has no owner.
    pub facts: Certificate,
}

impl Issuer {
    /// Takes a CA's certificate and its key; `None` where its name cannot be written again as it is
    /// ([`ParsedCertificate::is_plainly_named`]).
    pub fn new(certificate: &ParsedCertificate<'_>, key: KeyPair) -> Option<Self> {
        let key_id = certificate.extensions.key_id.map(<[u8]>::to_vec);
        let mut params = CertificateParams::default();
        params.distinguished_name = subject(certificate)?;
        params.key_usages = key_usages(certificate.extensions.key_usage.unwrap_or_default());
        params.key_identifier_method =
            key_id.clone().map_or(KeyIdMethod::Sha256, KeyIdMethod::PreSpecified);
        Some(Self { inner: rcgen::Issuer::new(params, key), key_id })
    }

    /// Issues a leaf.
    ///
    /// # Errors
    /// Where X.509 cannot carry what is wanted, or the system has no random numbers.
    pub fn issue(
        &self,
        leaf: &Leaf<'_>,
        key: &NewKey,
        validity: Validity,
    ) -> Result<Issued, Error> {
        let serial = serial()?;
        let mut params = params(leaf.subject, key, &serial, validity)?;
        leaf.fill(&mut params)?;
        let certificate = params.signed_by(key, &self.inner).map_err(refused)?;
        // True by construction: the signature was made just now.
        let facts = Certificate {
            kind: leaf.kind,
            owner: None,
            common_name: Cow::Owned(leaf.subject.to_string()),
            sans: Cow::Owned(leaf.sans.to_vec()),
            serial: serial_text(&serial).into(),
            limits_addresses: false,
            fingerprint: fingerprint(certificate.der()),
            not_before: validity.not_before,
            not_after: validity.not_after,
        };
        Ok(Issued { der: certificate.der().to_vec(), facts })
    }

    /// Returns its subject key identifier, if its certificate has one.
    pub(crate) fn key_id(&self) -> Option<&[u8]> {
        self.key_id.as_deref()
    }

    pub(crate) fn rcgen(&self) -> &rcgen::Issuer<'static, KeyPair> {
        &self.inner
    }
}

impl Leaf<'_> {
    /// Returns what X.509 cannot carry of it.
    pub fn faults(&self) -> Vec<Error> {
        let name = check_name(self.subject).err();
        let sans = self.sans.iter().filter_map(|san| san_type(san).err());
        name.into_iter().chain(sans).collect()
    }

    /// Returns its subject and its extensions.
    pub(crate) fn params(&self) -> Result<CertificateParams, Error> {
        let mut params = named(self.subject)?;
        self.fill(&mut params)?;
        Ok(params)
    }

    fn fill(&self, params: &mut CertificateParams) -> Result<(), Error> {
        params.subject_alt_names = self.sans.iter().map(san_type).collect::<Result<_, _>>()?;
        // basicConstraints is written with cA absent, that is false: rcgen writes the subject key
        // identifier together with it, and strict verifiers want both.
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        if self.kind.server_auth() {
            params.extended_key_usages.push(ExtendedKeyUsagePurpose::ServerAuth);
        }
        if self.kind.client_auth() {
            params.extended_key_usages.push(ExtendedKeyUsagePurpose::ClientAuth);
        }
        Ok(())
    }
}

/// Makes a CA's certificate, in DER, signed with its own key.
///
/// Its path length is 0: it signs leaves only, and a CA that someone slips in below it is refused
/// by every verifier.
///
/// # Errors
/// As [`Issuer::issue`].
pub fn self_signed(
    common_name: &str,
    key: &NewKey,
    permitted: Option<&Constraints>,
    validity: Validity,
) -> Result<Vec<u8>, Error> {
    let subject = Subject::CommonName(common_name.to_owned());
    let mut params = params(&subject, key, &serial()?, validity)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.name_constraints = permitted.map(name_constraints);
    let pair = key.pair().map_err(|fault| Error::Refused("a certificate", fault.to_string()))?;
    Ok(params.self_signed(&pair).map_err(refused)?.der().to_vec())
}

/// Returns eight random hexadecimal digits.
///
/// # Errors
/// Where the system has no random numbers.
pub fn random_digits() -> Result<String, Error> {
    Ok(HEXLOWER.encode(&random::<4>()?))
}

/// Returns what leaves and CAs have in common.
fn params(
    subject: &Subject,
    key: &NewKey,
    serial: &[u8],
    validity: Validity,
) -> Result<CertificateParams, Error> {
    let mut params = named(subject)?;
    params.serial_number = Some(SerialNumber::from_slice(serial));
    params.not_before = date(validity.not_before)?;
    params.not_after = date(validity.not_after)?;
    params.use_authority_key_identifier_extension = true;
    // RFC 7093, section 2, method 1. rcgen's own, a hash over the key with its algorithm, is as good
    // but not among those that linters know.
    let mut key_id = fingerprint(&key.public).to_vec();
    key_id.truncate(20);
    params.key_identifier_method = KeyIdMethod::PreSpecified(key_id);
    Ok(params)
}

/// Returns what has that subject, and says nothing more.
fn named(subject: &Subject) -> Result<CertificateParams, Error> {
    check_name(subject)?;
    let attribute = match subject {
        Subject::CommonName(_) => DnType::CommonName,
        Subject::Organization(_) => DnType::OrganizationName,
    };
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(attribute, subject.name());
    Ok(params)
}

/// Returns 128 random bits. rcgen's default derives the serial from the key, and would repeat it for a key that is
/// kept; etcd's revocation lists compare serials alone, so they must differ across CAs too.
fn serial() -> Result<[u8; 16], Error> {
    random()
}

fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map_err(|ring::error::Unspecified| Error::NoRandomNumbers)?;
    Ok(bytes)
}

pub(crate) fn date(second: i64) -> Result<OffsetDateTime, Error> {
    OffsetDateTime::from_unix_timestamp(second).map_err(|_| Error::PastTheLastYear)
}

/// Checks that a common name is not empty and not too long. An organization's name has the same length (RFC 5280,
/// appendix A.1, `ub-organization-name`).
fn check_name(subject: &Subject) -> Result<(), Error> {
    let name = subject.name();
    match name.chars().count() {
        1..=LONGEST_COMMON_NAME => Ok(()),
        0 => Err(Error::NoCommonName),
        _ => Err(Error::LongCommonName(name.to_owned())),
    }
}

fn san_type(san: &San) -> Result<SanType, Error> {
    match san {
        San::Ip(ip) => Ok(SanType::IpAddress(*ip)),
        San::Dns(name) => {
            let ascii = name.as_ref().try_into().map(SanType::DnsName);
            ascii.map_err(|_| Error::NotAscii(name.to_string()))
        }
    }
}

/// Returns the subject of a CA, byte for byte as it is in its own certificate.
fn subject(certificate: &ParsedCertificate<'_>) -> Option<DistinguishedName> {
    if !certificate.is_plainly_named() {
        return None;
    }
    let mut name = DistinguishedName::new();
    for attribute in certificate.subject_name().iter_attributes() {
        let oid: Vec<u64> = attribute.attr_type().iter()?.collect();
        let value = attribute.attr_value();
        let text = core::str::from_utf8(value.data).ok()?;
        let text = match value.header.tag() {
            Tag::PrintableString => DnValue::PrintableString(text.try_into().ok()?),
            Tag::Ia5String => DnValue::Ia5String(text.try_into().ok()?),
            _ => DnValue::Utf8String(text.to_owned()),
        };
        name.push(DnType::from_oid(&oid), text);
    }
    Some(name)
}

/// Returns those of keyUsage's bits, the first one lowest.
fn key_usages(bits: u16) -> Vec<KeyUsagePurpose> {
    let in_order = [
        KeyUsagePurpose::DigitalSignature,
        KeyUsagePurpose::ContentCommitment,
        KeyUsagePurpose::KeyEncipherment,
        KeyUsagePurpose::DataEncipherment,
        KeyUsagePurpose::KeyAgreement,
        KeyUsagePurpose::KeyCertSign,
        KeyUsagePurpose::CrlSign,
        KeyUsagePurpose::EncipherOnly,
        KeyUsagePurpose::DecipherOnly,
    ];
    let set = |(bit, usage)| (bits >> bit & 1 == 1).then_some(usage);
    (0u16..).zip(in_order).filter_map(set).collect()
}

/// Returns them as they are written into a CA's certificate; rcgen marks the extension as critical.
pub(crate) fn name_constraints(constraints: &Constraints) -> NameConstraints {
    NameConstraints {
        permitted_subtrees: subtrees(&constraints.permitted),
        excluded_subtrees: subtrees(&constraints.excluded),
    }
}

fn subtrees(subtrees: &Subtrees) -> Vec<GeneralSubtree> {
    let domains = subtrees.domains.iter().cloned().map(GeneralSubtree::DnsName);
    let networks = subtrees.networks.iter().map(|network| {
        GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(network.ip, network.prefix))
    });
    domains.chain(networks).collect()
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that `map_err` wants")]
fn refused(error: rcgen::Error) -> Error {
    Error::Refused("a certificate", error.to_string())
}
