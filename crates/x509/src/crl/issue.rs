//! Issuing a list.

use super::list::Revoked;
use crate::error::Error;
use crate::issuer::{Issuer, date};
use bouquet_model::revocation::RevocationReason;
use rcgen::{
    CertificateRevocationListParams, KeyIdMethod, RevocationReason as Code, RevokedCertParams,
    SerialNumber,
};

/// Issues a list, in DER. It has the issuer's subject key identifier, if its certificate has one:
/// OpenSSL takes a list with another for the list of another CA.
///
/// The list's number is its date, so it grows from one list to the next without being kept.
///
/// # Errors
/// Where X.509 cannot carry a date, `next_update` is not after `now`, or the issuer's certificate
/// has a key usage without cRLSign.
pub fn issue(
    entries: &[Revoked],
    issuer: &Issuer,
    now: i64,
    next_update: i64,
) -> Result<Vec<u8>, Error> {
    let revoked = |entry: &Revoked| {
        Ok(RevokedCertParams {
            serial_number: SerialNumber::from_slice(&entry.serial),
            revocation_time: date(entry.date)?,
            reason_code: code(entry.reason),
            invalidity_date: None,
        })
    };
    let params = CertificateRevocationListParams {
        this_update: date(now)?,
        next_update: date(next_update)?,
        crl_number: SerialNumber::from(now.max(0).cast_unsigned()),
        issuing_distribution_point: None,
        revoked_certs: entries.iter().map(revoked).collect::<Result<_, Error>>()?,
        key_identifier_method: issuer
            .key_id()
            .map_or(KeyIdMethod::Sha256, |id| KeyIdMethod::PreSpecified(id.to_vec())),
    };
    let refused = |error: rcgen::Error| Error::Refused("a revocation list", error.to_string());
    let list = params.signed_by(issuer.rcgen()).map_err(refused)?;
    Ok(list.der().to_vec())
}

/// Returns the code of a reason; the absence of one says `unspecified` (RFC 5280, section 5.3.1).
fn code(reason: RevocationReason) -> Option<Code> {
    match reason {
        RevocationReason::Unspecified => None,
        RevocationReason::KeyCompromise => Some(Code::KeyCompromise),
        RevocationReason::CaCompromise => Some(Code::CaCompromise),
        RevocationReason::AffiliationChanged => Some(Code::AffiliationChanged),
        RevocationReason::Superseded => Some(Code::Superseded),
        RevocationReason::CessationOfOperation => Some(Code::CessationOfOperation),
        RevocationReason::PrivilegeWithdrawn => Some(Code::PrivilegeWithdrawn),
    }
}
