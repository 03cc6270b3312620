//! Whether what is there is the work of another CA.

use super::authority::{Authority, signer};
use super::files::Files;
use crate::pki::context::Context;
use crate::pki::existing::{Retired, Slot};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::trust::ca_place;
use bouquet_x509::ParsedCertificate;
use std::collections::BTreeMap;

/// Refuses CAs that signed none of the certificates that are there.
///
/// They were put in the place of theirs, by mistake or on purpose. Issuing all of them again would
/// cut off every member that does not have its new files yet.
pub(super) fn are_theirs(
    slots: &[Slot],
    cas: &[Authority],
    retired: &[Retired],
    context: &Context<'_>,
) -> Result<(), Diagnostic> {
    let Some(other) = issuer(slots, cas) else { return Ok(()) };
    is_retired(slots, retired, context)?;
    let ca = signer(cas, context.tls.clients.issue)?;
    Err(Files::of(context, ca.number, &ca.origin).another_ca(&ca.facts, &other))
}

/// Refuses a spec that does not know any more which CA its certificates are of: a later one than
/// those that it trusts.
pub(super) fn is_retired(
    slots: &[Slot],
    retired: &[Retired],
    context: &Context<'_>,
) -> Result<(), Diagnostic> {
    let known = context.tls.authorities().into_iter().max();
    let mut later = retired.iter().filter(|ca| Some(ca.number) > known);
    let Some(ca) = later.find(|ca| ca.issued_some(slots)) else { return Ok(()) };
    let (number, place, out) = (ca.number, ca_place(ca.number), context.out);
    let spans = &context.issuing.spans;
    Err(Diagnostic::error(format!(
        "the certificates in `{out}/` are of CA {number}, which cluster.toml does not trust"
    ))
    .at_if(spans.trust.or(spans.issue), "not here")
    .help(format!("it is in `{out}/{place}.crt`"))
    .help(format!("write `issue = {number}` under [ca]: that line was lost, or is not there yet")))
}

/// Refuses one CA under two numbers: anyone who destroyed the key of the one would destroy the
/// other's.
pub(super) fn twice<'a>(
    cas: impl Iterator<Item = &'a Authority>,
    retired: &[Retired],
    context: &Context<'_>,
) -> Option<Diagnostic> {
    let trusted = cas.map(|ca| (ca.signer.number, Some(ca.signer.facts.fingerprint)));
    let retired = retired.iter().map(|ca| (ca.number, ca.fingerprint()));
    let mut known = BTreeMap::new();
    let (first, second) = trusted
        .chain(retired)
        .find_map(|(number, fingerprint)| Some((known.insert(fingerprint?, number)?, number)))?;
    let (out, spans) = (context.out, &context.issuing.spans);
    Some(
        Diagnostic::error(format!("CA {first} and CA {second} have the same certificate"))
            .at_if(spans.trusted(second).or(spans.trusted(first)), "this is one of them")
            .help("a number names one CA for good: put the right certificate back for each")
            .help(format!(
                "each of them is in a `{out}/members/*/certs/ca.crt` or in a backup; one that nobody \
                 uses any more can be removed from `{out}/pki/`"
            )),
    )
}

/// Returns the name of the CA that issued what is there, if it is none of these; where there are none,
/// it is empty if nothing that is there can be read.
pub(super) fn issuer(slots: &[Slot], cas: &[Authority]) -> Option<String> {
    let mut foreign: Option<String> = None;
    let pairs = slots.iter().flat_map(|slot| slot.existing.pairs());
    for pair in pairs.filter(|pair| pair.certificate.is_some()) {
        let leaf = pair.leaf();
        let leaf = leaf.as_ref().and_then(|der| ParsedCertificate::parse(der));
        if leaf.is_none() && !cas.is_empty() {
            // Of one that cannot be read nobody knows who signed it.
            continue;
        }
        if leaf.as_ref().is_some_and(|leaf| cas.iter().any(|ca| ca.signer.signed(leaf))) {
            return None;
        }
        let name = leaf.map(|leaf| leaf.issuer_text());
        if foreign.as_ref().is_none_or(String::is_empty) {
            foreign = Some(name.unwrap_or_default());
        }
    }
    foreign
}
