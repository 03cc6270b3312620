//! A certificate as a port shows it, beside the compiled one.

use super::report::{Differs, Served};
use crate::compiled::Compiled;
use crate::expiry::{renew_before, validity};
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_x509::ParsedCertificate;

/// Compares a served certificate with the compiled one of that member.
pub(super) fn served(
    compiled: &Compiled<'_>,
    now: i64,
    owner: &str,
    kinds: &[Kind],
    chain: &[Vec<u8>],
) -> Option<Served> {
    let parsed = ParsedCertificate::parse(chain.first()?)?;
    let facts = parsed.facts(*kinds.first()?, Some(owner));
    let wanted: Option<&Certificate> = compiled.certificates.iter().find(|certificate| {
        kinds.contains(&certificate.kind)
            && certificate.owner.as_deref().is_none_or(|other| other == owner)
    });
    let issuers: Vec<String> =
        chain.iter().filter_map(|der| Some(ParsedCertificate::parse(der)?.issuer_text())).collect();
    let is_ours = compiled.certificates.iter().any(|certificate| {
        certificate.kind == Kind::Ca
            && issuers.iter().any(|issuer| *issuer == certificate.common_name)
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
