//! Leaves: kept, issued, or signed elsewhere and installed.

use super::outcome::Leaf;
use crate::pki::check::{Good, Reason, kept_key};
use crate::pki::existing::{Pair, Slot};
use crate::pki::external::{Answer, is_answered};
use crate::pki::fault::impossible;
use crate::pki::signer::{BACKDATED, Signer};
use bouquet_model::certificate::Certificate;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::{Issuer, NewKey, Validity, pem};

/// Keeps a pair, and finds the places that do not hold it yet.
pub(super) fn keep(slot: &Slot, ca: &Signer, good: &Good<'_>) -> Leaf {
    let Slot { wanted, existing } = slot;
    // The CAs in between may have changed although the leaf is as it was.
    let between = &ca.chain.between;
    let certificate = if good.is_alone && between.is_empty() {
        String::from_utf8_lossy(good.file).into_owned()
    } else {
        pem::certificate(&good.leaf) + between
    };
    let same = |pair: &Pair| {
        pair.certificate.as_deref() == Some(certificate.as_bytes())
            && pair.key.as_ref() == Some(good.key)
    };
    let holds = |path: &&String| {
        existing.places.iter().any(|place| place.path == **path && same(&place.pair))
    };
    Leaf {
        stale: wanted.places.iter().filter(|path| !holds(path)).cloned().collect(),
        wanted: wanted.clone(),
        reason: None,
        key: good.key.clone(),
        facts: good.facts.clone(),
        answered: is_answered(&existing.request, good),
        certificate,
        due: None,
        later: None,
    }
}

/// Issues a certificate, for the key that it keeps or a new one; it begins after the `last` one, of which
/// the lock tells when that began: of two, the one that began last is the current one.
///
/// # Errors
/// Where X.509 cannot carry what is wanted, or the system has no random numbers.
pub(super) fn issue(
    slot: &Slot,
    ca: &Signer,
    issuer: &Issuer,
    reason: &Reason,
    last: Option<i64>,
    now: i64,
) -> Result<Leaf, Diagnostic> {
    let wanted = &slot.wanted;
    let key = kept_key(slot, reason);
    let key = key.map_or_else(|| NewKey::generate(wanted.key), Ok).map_err(impossible)?;
    // Not from before its CA, which would make it invalid for that time.
    let after_last = last.map_or(i64::MIN, |last| last + 1).min(now);
    let not_before = (now - BACKDATED).max(ca.facts.not_before).max(after_last);
    let validity = Validity { not_before, not_after: ca.leaf_not_after(now, wanted.valid_for) };
    let new = issuer.issue(&slot.says(), &key, validity).map_err(impossible)?;
    Ok(Leaf {
        wanted: wanted.clone(),
        reason: Some(reason.clone()),
        certificate: pem::certificate(&new.der) + &ca.chain.between,
        key: key.secret,
        facts: Certificate { owner: wanted.owner.clone().map(Into::into), ..new.facts },
        stale: wanted.places.clone(),
        answered: false,
        due: None,
        later: None,
    })
}

/// Installs what was signed elsewhere.
pub(super) fn install(slot: &Slot, reason: &Reason, answer: &Answer) -> Leaf {
    Leaf {
        wanted: slot.wanted.clone(),
        reason: Some(reason.clone()),
        certificate: answer.certificate.clone(),
        key: answer.key.clone(),
        facts: answer.facts.clone(),
        stale: slot.wanted.places.clone(),
        answered: true,
        due: None,
        later: None,
    }
}

/// Returns what X.509 cannot carry of what is wanted, each thing once. A name that many
/// certificates have is not told many times.
pub(in crate::pki) fn impossible_names(slots: &[Slot]) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    for fault in slots.iter().flat_map(|slot| slot.says().faults()) {
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    }
    faults.into_iter().map(impossible).collect()
}
