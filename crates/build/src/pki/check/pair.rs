//! A pair of certificate and key, held against what is wanted. Pure: the same input gives the same
//! answer.

use super::reason::Reason;
use crate::pki::existing::{Pair, Slot};
use crate::pki::history::{History, Serials};
use crate::pki::signer::{Signer, seconds};
use bouquet_model::certificate::{Certificate, Kind, Wanted};
use bouquet_model::cluster::San;
use bouquet_model::time::DAY;
use bouquet_x509::{
    Algorithm, CLIENT_AUTH, DIGITAL_SIGNATURE, ParsedCertificate, SERVER_AUTH, Secret, pem, prove,
};
use std::collections::BTreeSet;
use zeroize::Zeroizing;

/// A pair that is as wanted.
pub(in crate::pki) struct Good<'a> {
    /// Its certificate's file.
    pub(in crate::pki) file: &'a [u8],
    /// The certificate itself, in DER.
    pub(in crate::pki) leaf: Zeroizing<Vec<u8>>,
    /// Whether the file holds no other.
    pub(in crate::pki) is_alone: bool,
    pub(in crate::pki) key: &'a Secret,
    /// What is known of the certificate.
    pub(in crate::pki) facts: Certificate,
}

/// Looks for the first place that holds a good pair.
///
/// # Errors
/// The reason why there is none: that of the first place which holds anything.
pub(in crate::pki) fn first_good<'a>(
    slot: &'a Slot,
    ca: &Signer,
    history: History<'_>,
    now: i64,
) -> Result<Good<'a>, Reason> {
    let Slot { wanted, existing } = slot;
    let mut why = Reason::Missing;
    for pair in existing.pairs() {
        match keep(wanted, pair, ca, history, now) {
            Ok(good) => return Ok(good),
            // A place that is still empty says less than any other.
            Err(reason) if why == Reason::Missing => why = reason,
            Err(_) => {}
        }
    }
    let last = history.issued.current(wanted.owner.as_deref(), wanted.kind);
    let is_lost = why == Reason::Missing && last.is_some_and(|(_, last)| last.not_after > now);
    Err(if is_lost { Reason::Lost } else { why })
}

/// Looks for a pair that was issued and is valid at that moment, if there is one to ask for, although
/// something else is wanted or was issued since.
pub(in crate::pki) fn first_valid<'a>(
    slot: &'a Slot,
    cas: &[&Signer],
    history: History<'_>,
    valid_at: Option<i64>,
) -> Option<Good<'a>> {
    slot.existing.pairs().find_map(|pair| {
        let file = pair.certificate.as_deref()?;
        let mut ders = pem::certificates(file).ok()?.into_iter();
        let leaf = ders.next()?;
        let certificate = ParsedCertificate::parse(&leaf)?;
        let key = pair.key.as_ref()?;
        let facts = certificate.facts(slot.wanted.kind, slot.wanted.owner.as_deref());
        let known = history.issued.get(&facts.serial);
        let is_known =
            known.is_some_and(|entry| valid_at.is_none_or(|moment| entry.is_valid(moment)));
        let is_sound = is_known
            && !history.revoked.contains_key(&*facts.serial)
            && prove(key.expose(), certificate.public_key()).is_ok()
            && cas.iter().any(|ca| ca.signed(&certificate));
        drop(certificate);
        is_sound.then(|| Good { file, leaf, is_alone: ders.next().is_none(), key, facts })
    })
}

fn keep<'a>(
    wanted: &Wanted,
    pair: &'a Pair,
    ca: &Signer,
    history: History<'_>,
    now: i64,
) -> Result<Good<'a>, Reason> {
    let good = as_wanted(wanted, pair, ca, history.revoked, now)?;
    let was = history.issued.generation(&good.facts.serial);
    if was < wanted.generation {
        return Err(Reason::Generation { was, wanted: wanted.generation });
    }
    Ok(good)
}

/// Takes a pair that is as wanted, whichever generation it was issued for.
///
/// # Errors
/// The first reason for which it is not. Those that cost nothing to find come first, the two proofs
/// by computation last.
pub(in crate::pki) fn as_wanted<'a>(
    wanted: &Wanted,
    pair: &'a Pair,
    ca: &Signer,
    revoked: &Serials,
    now: i64,
) -> Result<Good<'a>, Reason> {
    let file = pair.certificate.as_deref().ok_or(Reason::Missing)?;
    let mut ders = pem::certificates(file).map_err(Reason::Unreadable)?.into_iter();
    let leaf = ders.next().ok_or(Reason::Unreadable("holds no certificate"))?;
    let certificate = ParsedCertificate::parse(&leaf).ok_or(Reason::Unreadable("is damaged"))?;
    if !ca.is_named_by(&certificate) {
        return Err(Reason::OtherCa { issuer: certificate.issuer_text() });
    }
    let says = says_what_is_wanted(wanted, &certificate);
    says.and_then(|()| is_valid_long_enough(wanted, &certificate, ca, now)).map_err(|reason| {
        // A byte that was damaged is not what someone asked for.
        if ca.signed(&certificate) { reason } else { Reason::Signature }
    })?;
    let key = pair.key.as_ref().ok_or(Reason::KeyMissing)?;
    prove(key.expose(), certificate.public_key()).map_err(Reason::Key)?;
    if !ca.signed(&certificate) {
        return Err(Reason::Signature);
    }
    let facts = certificate.facts(wanted.kind, wanted.owner.as_deref());
    if revoked.contains_key(&*facts.serial) {
        return Err(Reason::Revoked);
    }
    drop(certificate);
    Ok(Good { file, leaf, is_alone: ders.next().is_none(), key, facts })
}

fn says_what_is_wanted(wanted: &Wanted, certificate: &ParsedCertificate<'_>) -> Result<(), Reason> {
    if certificate.leaf_subject().as_ref() != Some(&wanted.subject) {
        let was = certificate.subject_text();
        return Err(Reason::Subject { was, wanted: wanted.subject.clone() });
    }
    match certificate.public_key().algorithm {
        Algorithm::Ours(kind) if kind == wanted.key => {}
        Algorithm::Ours(kind) => {
            return Err(Reason::KeyKind { was: Some(kind), wanted: wanted.key });
        }
        _ => return Err(Reason::KeyKind { was: None, wanted: wanted.key }),
    }
    // Their order says nothing: members that change places in the spec keep their certificate.
    let was: BTreeSet<&San> = certificate.extensions.sans.iter().collect();
    let wants: BTreeSet<&San> = wanted.sans.iter().collect();
    let others = &certificate.extensions.other_names;
    if was != wants || !others.is_empty() {
        let only = |a: &BTreeSet<&San>, b| a.difference(b).map(ToString::to_string).collect();
        let (added, removed): (_, Vec<String>) = (only(&wants, &was), only(&was, &wants));
        return Err(Reason::Sans { added, removed: [removed, others.clone()].concat() });
    }
    let purposes = purposes(wanted.kind);
    if certificate.extensions.purposes != purposes {
        return Err(Reason::Purposes {
            was: certificate.extensions.purposes.clone(),
            wanted: purposes,
        });
    }
    if certificate.extensions.ca || certificate.extensions.key_usage != Some(DIGITAL_SIGNATURE) {
        return Err(Reason::KeyUsage);
    }
    Ok(())
}

/// Returns the extended key usage of a leaf of that kind.
pub(in crate::pki) fn purposes(kind: Kind) -> Vec<&'static str> {
    let each = [(kind.server_auth(), SERVER_AUTH), (kind.client_auth(), CLIENT_AUTH)];
    each.into_iter().filter(|(has, _)| *has).map(|(_, purpose)| purpose).collect()
}

fn is_valid_long_enough(
    wanted: &Wanted,
    certificate: &ParsedCertificate<'_>,
    ca: &Signer,
    now: i64,
) -> Result<(), Reason> {
    let (from, until) = (certificate.not_before(), certificate.not_after());
    if now < from {
        return Err(Reason::NotYetValid(from));
    }
    if now > until {
        return Err(Reason::Expired(until));
    }
    let end = ca.chain.first_to_end.not_after;
    if until > end {
        return Err(Reason::Outlives { on: until, ca: end });
    }
    if ends_soon(wanted, until, ca, now) {
        return Err(Reason::Expires { on: until, days: (until - now) / DAY });
    }
    Ok(())
}

/// Tells whether a certificate that is valid until that second is due, and one that is issued now would
/// last longer.
pub(in crate::pki) fn ends_soon(wanted: &Wanted, until: i64, ca: &Signer, now: i64) -> bool {
    // One that ends with its CA is not issued again on every build: the next would end there too.
    // Who signs elsewhere takes some days to do so, and does not meet the second.
    let with_ca = ca.is_external() && ca.chain.first_to_end.not_after - until < 7 * DAY;
    let lasts_longer = !with_ca && ca.leaf_not_after(now, wanted.valid_for) > until;
    until - now < seconds(wanted.renew_before) && lasts_longer
}
