//! A certificate as a port shows it, beside the compiled one.

use super::report::{Differs, Served};
use crate::compiled::Compiled;
use crate::expiry::{renew_before, validity};
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_x509::{ParsedCertificate, fingerprint, pem};

/// Compares a served certificate with the compiled one of that member. `cas` are certificates of CAs, in DER, as far
/// as they are at hand.
pub(super) fn served(
    compiled: &Compiled<'_>,
    cas: &[&[u8]],
    now: i64,
    (owner, kinds): (&str, &[Kind]),
    chain: &[Vec<u8>],
) -> Option<Served> {
    let parsed = ParsedCertificate::parse(chain.first()?)?;
    let facts = parsed.facts(*kinds.first()?, Some(owner));
    let wanted: Option<&Certificate> = compiled.certificates.iter().find(|certificate| {
        kinds.contains(&certificate.kind)
            && certificate.owner.as_deref().is_none_or(|other| other == owner)
    });
    let is_ours = chain.iter().any(|der| {
        let parsed = ParsedCertificate::parse(der);
        let mut authorities = compiled.certificates.iter().filter(|it| it.kind == Kind::Ca);
        parsed.is_some_and(|it| authorities.any(|authority| is_issued_by(&it, authority, cas)))
    });
    let differs = wanted.filter(|wanted| wanted.fingerprint != facts.fingerprint).map(|wanted| {
        match facts.not_before.cmp(&wanted.not_before) {
            _ if !is_ours => Differs::Foreign,
            core::cmp::Ordering::Greater => Differs::Newer,
            _ => Differs::Older,
        }
    });
    Some(Served {
        serial: facts.serial.to_string(),
        not_after: facts.not_after,
        validity: validity(&facts, now, renew_before(compiled)),
        differs,
    })
}

/// Returns the certificates in a file of CAs, in DER; of one that cannot be read none.
pub(crate) fn authorities(file: &[u8]) -> Vec<Vec<u8>> {
    let all = pem::certificates(file).unwrap_or_default().into_iter();
    all.map(|der| der.to_vec()).collect()
}

/// Tells whether a CA issued it: by its name, and by its key where its certificate is at hand. A CA that was made again
/// has the name of the former one.
fn is_issued_by(it: &ParsedCertificate<'_>, authority: &Certificate, cas: &[&[u8]]) -> bool {
    if it.issuer_text() != authority.common_name {
        return false;
    }
    let der = cas.iter().find(|der| fingerprint(der) == authority.fingerprint);
    let Some(ca) = der.and_then(|der| ParsedCertificate::parse(der)) else { return true };
    it.is_signed_by(ca.public_key()).unwrap_or(true)
}
