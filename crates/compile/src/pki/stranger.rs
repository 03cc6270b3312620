//! Whether what is there is the work of another CA.

use super::ca::{Authority, numbered};
use super::ca_error::Files;
use super::seen::Seen;
use super::{Found, PkiError, chain};
use bouquet_model::cluster::Tls;

/// Refuses CAs that signed none of the certificates that are there.
///
/// They were put in the place of theirs, by mistake or on purpose. Issuing all of them anew would
/// cut off every member that does not have its new files yet.
pub(super) fn are_theirs(
    cas: &[Authority],
    found: &[Vec<Found>],
    tls: &Tls,
    out: &str,
) -> Result<(), PkiError> {
    let Some(other) = stranger(found, cas) else { return Ok(()) };
    let ca = numbered(cas, tls.clients.issue);
    Err(Files::of(out, ca.number, &ca.origin).another_ca(&ca.facts, &other))
}

/// The name of the CA that issued what is there, if it is none of these; empty where nothing that
/// is there can be read.
pub(super) fn stranger(found: &[Vec<Found>], cas: &[Authority]) -> Option<String> {
    let mut stranger: Option<String> = None;
    for file in found.iter().flatten().filter_map(|found| found.certificate.as_deref()) {
        let blocks = chain::certificates(file).unwrap_or_default();
        let seen = blocks.first().and_then(|der| Seen::parse(der));
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
