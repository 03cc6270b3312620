//! Issuing: what goes into a certificate.

use super::PkiError;
use super::ca::Authority;
use super::decide::seconds;
use bouquet_model::certificate::{Certificate, Wanted};
use bouquet_model::cluster::Tls;
use bouquet_x509::{Constraints, Error, Issuer, Leaf, NewKey, Secret, Validity, pem, self_signed};

/// A certificate is valid from this many seconds before it is issued, as clocks differ.
pub(super) const BACKDATED: i64 = 5 * 60;

/// A new certificate and its key.
pub(super) struct Issued {
    /// PEM.
    pub(super) certificate: String,
    pub(super) key: Secret,
    pub(super) facts: Certificate,
}

/// What it says besides its key.
pub(super) fn says(wanted: &Wanted) -> Leaf<'_> {
    Leaf { kind: wanted.kind, common_name: &wanted.common_name, sans: &wanted.sans }
}

/// Issues a leaf, for that key or a new one.
///
/// # Errors
/// Where X.509 cannot carry what is wanted, or the system has no random numbers.
pub(super) fn leaf(
    wanted: &Wanted,
    key: Option<NewKey>,
    ca: &Authority,
    issuer: &Issuer,
    now: i64,
) -> Result<Issued, Error> {
    let key = key.map_or_else(|| NewKey::generate(wanted.key), Ok)?;
    // Not from before its CA, which would make it invalid for that time.
    let not_before = (now - BACKDATED).max(ca.facts.not_before);
    let validity = Validity { not_before, not_after: ca.leaf_not_after(now, wanted.valid_for) };
    let issued = issuer.issue(&says(wanted), &key, validity)?;
    let certificate = pem::certificate(&issued.der) + &ca.chain.between;
    let facts = Certificate { owner: wanted.owner.clone().map(Into::into), ..issued.facts };
    Ok(Issued { certificate, key: key.secret, facts })
}

/// Makes a CA: its certificate in PEM and its key.
///
/// # Errors
/// As [`leaf`].
pub(super) fn ca(
    common_name: &str,
    tls: &Tls,
    permitted: Option<&Constraints>,
    now: i64,
) -> Result<(String, Secret), Error> {
    let key = NewKey::generate(tls.key)?;
    let not_after = now.saturating_add(seconds(tls.ca_valid_for));
    let validity = Validity { not_before: now - BACKDATED, not_after };
    let der = self_signed(common_name, &key, permitted, validity)?;
    Ok((pem::certificate(&der), key.secret))
}

/// What X.509 cannot carry of what is wanted, each thing once. A name that many certificates have
/// is not told many times.
pub(super) fn impossible(wanted: &[Wanted]) -> Vec<PkiError> {
    let mut errors = Vec::new();
    for fault in wanted.iter().flat_map(|wanted| says(wanted).faults()) {
        let error = error(fault);
        if !errors.contains(&error) {
            errors.push(error);
        }
    }
    errors
}

/// What can be done about it.
pub(super) fn error(error: Error) -> PkiError {
    let said = PkiError::new(error.to_string());
    match error {
        Error::NotAscii(_) => {
            said.help("write an internationalised name in its ASCII form, `xn--…`")
        }
        Error::PastTheLastYear => said.help("shorten `valid-for` or `ca-valid-for`"),
        _ => said,
    }
}
