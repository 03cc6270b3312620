//! Issuing: what goes into a certificate.

use super::PkiError;
use super::ca::Authority;
use super::constraints::Constraints;
use super::decide::seconds;
use super::key::{self, NewKey, Pair};
use super::pem;
use super::seen;
use crate::secret::Secret;
use bouquet_model::certificate::{Certificate, Wanted};
use bouquet_model::cluster::{KeyKind, San, Tls};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyIdMethod, KeyUsagePurpose, SanType, SerialNumber,
};
use ring::rand::{SecureRandom as _, SystemRandom};
use std::borrow::Cow;
use time::OffsetDateTime;

/// A certificate is valid from this many seconds before it is issued, as clocks differ.
pub(super) const BACKDATED: i64 = 5 * 60;

/// The longest common name that X.509 allows (RFC 5280, appendix A.1, `ub-common-name`).
pub(super) const LONGEST_COMMON_NAME: usize = 64;

/// A new certificate and its key.
pub(super) struct Issued {
    /// PEM.
    pub(super) certificate: String,
    pub(super) key: Secret,
    pub(super) facts: Certificate,
}

/// Issues a leaf, for that key or a new one.
///
/// # Errors
/// Where X.509 cannot carry what is wanted, or the system has no random numbers.
pub(super) fn leaf(
    wanted: &Wanted,
    key: Option<NewKey>,
    ca: &Authority,
    issuer: &Issuer<'_, Pair>,
    now: i64,
) -> Result<Issued, PkiError> {
    let random = SystemRandom::new();
    let key = key.map_or_else(|| new_key(wanted.key), Ok)?;
    let serial = serial(&random)?;
    // Not from before its CA, which would make it invalid for that time.
    let not_before = (now - BACKDATED).max(ca.facts.not_before);
    let not_after = ca.leaf_not_after(now, wanted.valid_for);
    let mut params = params(&wanted.common_name, &key, &serial, (not_before, not_after))?;
    fill(&mut params, wanted)?;
    let certificate = params.signed_by(&key, issuer).map_err(refused)?;
    let facts = Certificate {
        kind: wanted.kind,
        owner: wanted.owner.clone().map(Cow::Owned),
        common_name: wanted.common_name.clone().into(),
        sans: wanted.sans.clone().into(),
        serial: seen::serial_text(&serial).into(),
        fingerprint: seen::fingerprint(certificate.der()),
        not_before,
        not_after,
    };
    let certificate = pem::encode("CERTIFICATE", certificate.der()) + &ca.chain.between;
    // True by construction: the key was proven or is new, and the signature was made just now.
    Ok(Issued { certificate, key: key.secret, facts })
}

/// A new key of that kind.
///
/// # Errors
/// Where the system has no random numbers.
pub(super) fn new_key(kind: KeyKind) -> Result<NewKey, PkiError> {
    key::generate(kind, &SystemRandom::new()).ok_or_else(no_random_numbers)
}

/// What a leaf says besides its subject, whoever signs it.
///
/// # Errors
/// Where X.509 cannot carry what is wanted.
pub(super) fn fill(params: &mut CertificateParams, wanted: &Wanted) -> Result<(), PkiError> {
    params.subject_alt_names = wanted.sans.iter().map(san_type).collect::<Result<_, _>>()?;
    // basicConstraints is written with cA absent, that is false: rcgen writes the subject key
    // identifier together with it, and strict verifiers want both.
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    if wanted.kind.server_auth() {
        params.extended_key_usages.push(ExtendedKeyUsagePurpose::ServerAuth);
    }
    if wanted.kind.client_auth() {
        params.extended_key_usages.push(ExtendedKeyUsagePurpose::ClientAuth);
    }
    Ok(())
}

/// What has that subject, and says nothing more.
///
/// # Errors
/// Where X.509 cannot carry the name.
pub(super) fn named(common_name: &str) -> Result<CertificateParams, PkiError> {
    check_common_name(common_name)?;
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    Ok(params)
}

/// Makes a CA: its certificate in PEM and its key.
///
/// Its path length is 0: it signs leaves only, and a CA that somebody slips in below it is refused
/// by every verifier.
///
/// # Errors
/// As [`leaf`].
pub(super) fn ca(
    common_name: &str,
    tls: &Tls,
    permitted: Option<&Constraints>,
    now: i64,
) -> Result<(String, Secret), PkiError> {
    let random = SystemRandom::new();
    let key = new_key(tls.key)?;
    let pair = key.pair().map_err(|fault| PkiError::new(format!("the new CA's key {fault}")))?;
    let not_after = now.saturating_add(seconds(tls.ca_valid_for));
    let validity = (now - BACKDATED, not_after);
    let mut params = params(common_name, &key, &serial(&random)?, validity)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.name_constraints = permitted.map(Constraints::to_rcgen);
    let certificate = params.self_signed(&pair).map_err(refused)?;
    Ok((pem::encode("CERTIFICATE", certificate.der()), key.secret))
}

/// What X.509 cannot carry of what is wanted, each thing once. A name that many certificates have
/// is not told many times.
pub(super) fn impossible(wanted: &[Wanted]) -> Vec<PkiError> {
    let mut errors = Vec::new();
    for wanted in wanted {
        let name = check_common_name(&wanted.common_name).err();
        let sans = wanted.sans.iter().filter_map(|san| san_type(san).err());
        for error in name.into_iter().chain(sans) {
            if !errors.contains(&error) {
                errors.push(error);
            }
        }
    }
    errors
}

/// What leaves and CAs have in common.
fn params(
    common_name: &str,
    key: &NewKey,
    serial: &[u8],
    (not_before, not_after): (i64, i64),
) -> Result<CertificateParams, PkiError> {
    let mut params = named(common_name)?;
    params.serial_number = Some(SerialNumber::from_slice(serial));
    params.not_before = date(not_before)?;
    params.not_after = date(not_after)?;
    params.use_authority_key_identifier_extension = true;
    // RFC 7093, section 2, method 1. rcgen's own, a hash over the key with its algorithm, is as good
    // but not among those that linters know.
    let mut key_id = seen::fingerprint(&key.public).to_vec();
    key_id.truncate(20);
    params.key_identifier_method = KeyIdMethod::PreSpecified(key_id);
    Ok(params)
}

/// 128 random bits. rcgen's default derives the serial from the key, and would repeat it for a key
/// that is kept; etcd's revocation lists compare serials alone, so they must differ across CAs too.
fn serial(random: &SystemRandom) -> Result<[u8; 16], PkiError> {
    let mut serial = [0; 16];
    random.fill(&mut serial).map_err(|ring::error::Unspecified| no_random_numbers())?;
    Ok(serial)
}

/// Eight random hexadecimal digits.
///
/// # Errors
/// Where the system has no random numbers.
pub(super) fn random_digits() -> Result<String, PkiError> {
    let mut bytes = [0; 4];
    SystemRandom::new().fill(&mut bytes).map_err(|ring::error::Unspecified| no_random_numbers())?;
    Ok(data_encoding::HEXLOWER.encode(&bytes))
}

pub(super) fn date(second: i64) -> Result<OffsetDateTime, PkiError> {
    OffsetDateTime::from_unix_timestamp(second).map_err(|_| {
        PkiError::new("a certificate would be valid past the year 9999, the last that X.509 knows")
            .help("shorten `valid-for` or `ca-valid-for`")
    })
}

fn check_common_name(name: &str) -> Result<(), PkiError> {
    match name.chars().count() {
        1..=LONGEST_COMMON_NAME => Ok(()),
        0 => Err(PkiError::new("a certificate's common name must not be empty")),
        length => Err(PkiError::new(format!(
            "the common name `{name}` has {length} characters, X.509 allows {LONGEST_COMMON_NAME}"
        ))),
    }
}

fn san_type(san: &San) -> Result<SanType, PkiError> {
    match san {
        San::Ip(ip) => Ok(SanType::IpAddress(*ip)),
        San::Dns(name) => name.as_ref().try_into().map(SanType::DnsName).map_err(|_| {
            PkiError::new(format!("`{name}` has letters that a certificate cannot carry"))
                .help("write an internationalised name in its ASCII form, `xn--…`")
        }),
    }
}

pub(super) fn no_random_numbers() -> PkiError {
    PkiError::new("the system gives no random numbers, so no key can be made")
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that `map_err` wants")]
fn refused(error: rcgen::Error) -> PkiError {
    PkiError::new(format!("a certificate could not be made: {error}"))
}
