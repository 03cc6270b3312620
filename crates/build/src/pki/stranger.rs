//! Whether what is there is the work of another CA.

use super::ca::{Authority, numbered};
use super::ca_error::Files;
use super::rotation::Before;
use super::{Found, PkiError, Retired};
use bouquet_model::cluster::Tls;
use bouquet_model::trust::ca_place;
use bouquet_x509::{ParsedCertificate, pem};
use std::collections::BTreeMap;

/// Refuses CAs that signed none of the certificates that are there.
///
/// They were put in the place of theirs, by mistake or on purpose. Issuing all of them anew would
/// cut off every member that does not have its new files yet.
pub(super) fn are_theirs(before: &Before<'_>) -> Result<(), PkiError> {
    let Before { tls, authorities, retired, found, out, .. } = before;
    let Some(other) = stranger(found, authorities) else { return Ok(()) };
    is_retired(found, retired, tls, out)?;
    let ca = numbered(authorities, tls.clients.issue);
    Err(Files::of(out, ca.number, &ca.origin).another_ca(&ca.facts, &other))
}

/// Refuses a spec that does not know any more which CA its certificates are of: a later one than
/// those that it trusts.
pub(super) fn is_retired(
    found: &[Vec<Found>],
    retired: &[Retired],
    tls: &Tls,
    out: &str,
) -> Result<(), PkiError> {
    let known = tls.authorities().into_iter().max();
    let mut later = retired.iter().filter(|ca| Some(ca.number) > known);
    let Some(ca) = later.find(|ca| ca.issued_some(found)) else { return Ok(()) };
    let (number, place) = (ca.number, ca_place(ca.number));
    Err(PkiError::new(format!(
        "the certificates in `{out}/` are of CA {number}, which cluster.toml does not trust"
    ))
    .help(format!("it is in `{out}/{place}.crt`"))
    .help(format!("write `issue = {number}` under [ca]: that line was lost, or is not there yet")))
}

/// Refuses one CA under two numbers: whoever destroyed the key of the one would destroy the other's.
pub(super) fn twice(cas: &[Authority], retired: &[Retired], out: &str) -> Option<PkiError> {
    let trusted = cas.iter().map(|ca| (ca.number, Some(ca.facts.fingerprint)));
    let retired = retired.iter().map(|ca| (ca.number, ca.fingerprint()));
    let mut seen = BTreeMap::new();
    let (first, second) = trusted
        .chain(retired)
        .find_map(|(number, fingerprint)| Some((seen.insert(fingerprint?, number)?, number)))?;
    Some(
        PkiError::new(format!("CA {first} and CA {second} have the same certificate"))
            .help("a number names one CA for good: put the right certificate back for each")
            .help(format!(
                "each of them is in a `{out}/members/*/certs/ca.crt` or in a backup; one that nobody \
                 uses any more can be removed from `{out}/pki/`"
            )),
    )
}

/// The name of the CA that issued what is there, if it is none of these; empty where nothing that
/// is there can be read.
pub(super) fn stranger(found: &[Vec<Found>], cas: &[Authority]) -> Option<String> {
    let mut stranger: Option<String> = None;
    for file in found.iter().flatten().filter_map(|found| found.certificate.as_deref()) {
        let blocks = pem::certificates(file).unwrap_or_default();
        let seen = blocks.first().and_then(|der| ParsedCertificate::parse(der));
        if seen.as_ref().is_some_and(|seen| cas.iter().any(|ca| ca.signed(seen))) {
            return None;
        }
        let name = seen.map(|seen| seen.issuer_text());
        if stranger.as_ref().is_none_or(String::is_empty) {
            stranger = Some(name.unwrap_or_default());
        }
    }
    stranger
}
