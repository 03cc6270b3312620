//! The copies of the trusted CAs that members and clients were given, and which of them can be
//! believed.
//!
//! A build writes the same into all of them. One that says something else was damaged or replaced: what
//! it says is no word on which CAs its member has.

use super::authority::Authority;
use super::rotation::shown_to;
use crate::pki::context::{Context, LINES};
use crate::pki::existing::{Bundle, Pair, Retired, Slot};
use crate::pki::signer::Signer;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::trust::Side;
use bouquet_x509::{ParsedCertificate, fingerprint, pem};
use std::collections::{BTreeMap, BTreeSet};

/// SHA-256 of certificates.
type Fingerprints = BTreeSet<[u8; 32]>;

/// The copies, sorted.
pub(in crate::pki) struct Copies {
    /// Those that can be believed.
    pub(in crate::pki) sound: Vec<Bundle>,
    /// The paths of the others.
    pub(in crate::pki) damaged: Vec<String>,
}

/// Sorts them. A sound one is as a build writes it: it holds CAs alone, each with its own signature, and
/// none that neither most copies have nor `pki/`. Nor does it lack one that others have and that issued what
/// is in place: no build lets a CA issue before everybody has it, or takes it away before that is gone.
pub(in crate::pki) fn sort(
    copies: Vec<Bundle>,
    authorities: &[Authority],
    retired: &[Retired],
    slots: &[Slot],
) -> Copies {
    let trusted = authorities.iter().map(|ca| ca.signer.chain.anchor_facts.fingerprint);
    let known: Fingerprints =
        trusted.chain(retired.iter().filter_map(Retired::fingerprint)).collect();
    let held: Vec<(Bundle, Option<Fingerprints>)> = copies
        .into_iter()
        .map(|copy| {
            let held = whole(&copy.content);
            (copy, held)
        })
        .collect();
    let mut usual: BTreeMap<Side, Fingerprints> = BTreeMap::new();
    let mut given: BTreeMap<Side, Fingerprints> = BTreeMap::new();
    for (copy, held) in &held {
        given.entry(copy.side).or_default().extend(held.iter().flatten());
    }
    let lacks = |held: &Fingerprints, side: Side| {
        authorities.iter().map(|ca| &ca.signer).any(|ca| {
            let anchor = &ca.chain.anchor_facts.fingerprint;
            !held.contains(anchor) && given[&side].contains(anchor) && is_in_use(ca, side, slots)
        })
    };
    for side in [Side::Clients, Side::Peers] {
        let of_side = held.iter().filter(|(copy, _)| copy.side == side);
        usual.insert(side, most(of_side.filter_map(|(_, held)| held.as_ref()), &known));
    }
    let (mut sound, mut damaged) = (Vec::new(), Vec::new());
    for (copy, held) in held {
        let is_sound = held.is_some_and(|held| {
            held.iter().all(|one| known.contains(one) || usual[&copy.side].contains(one))
                && !lacks(&held, copy.side)
        });
        if is_sound {
            sound.push(copy);
        } else if !damaged.contains(&copy.path) {
            damaged.push(copy.path);
        }
    }
    Copies { sound, damaged }
}

/// Says which copies are put right, a line each.
pub(in crate::pki) fn put_right(damaged: &[String], context: &Context<'_>) -> Vec<Diagnostic> {
    let out = context.out;
    let line = |path: &String| {
        Diagnostic::warning(format!("`{out}/{path}` was damaged or replaced, and is put right"))
            .help("where it was copied to its machine like that, copy it again, and restart what reads it")
    };
    let mut said: Vec<_> = damaged.iter().take(LINES).map(line).collect();
    if let Some(more) = damaged.len().checked_sub(LINES).filter(|more| *more > 0) {
        said.push(Diagnostic::warning(format!("{more} more copies of the CA are put right")));
    }
    said
}

/// Tells whether a certificate is in place that the CA issued, and that the side is shown.
fn is_in_use(ca: &Signer, side: Side, slots: &[Slot]) -> bool {
    let shown = slots.iter().filter(|slot| shown_to(slot.wanted.kind).contains(&side));
    let mut leaves = shown.flat_map(|slot| slot.existing.pairs()).filter_map(Pair::leaf);
    leaves.any(|der| ParsedCertificate::parse(&der).is_some_and(|leaf| ca.signed(&leaf)))
}

/// Returns what most of them hold; of two that are as frequent, the one that is known.
fn most<'a>(all: impl Iterator<Item = &'a Fingerprints>, known: &Fingerprints) -> Fingerprints {
    let mut counts: BTreeMap<&Fingerprints, usize> = BTreeMap::new();
    for held in all {
        *counts.entry(held).or_default() += 1;
    }
    let rank = |(held, count): &(&Fingerprints, usize)| (*count, !held.is_disjoint(known));
    counts.into_iter().max_by_key(rank).map(|(held, _)| held.clone()).unwrap_or_default()
}

/// Returns the CAs that a copy holds; `None` where it is damaged, or holds something else. What readers of PEM pass
/// over, such as a block whose first line is damaged, is damage too: a build writes nothing but blocks.
fn whole(copy: &[u8]) -> Option<Fingerprints> {
    let blocks = pem::certificates(copy).ok()?;
    let is_whole = |der: &[u8]| {
        ParsedCertificate::parse(der)
            .is_some_and(|ca| ca.extensions.ca && ca.is_signed_by(ca.public_key()) != Some(false))
    };
    let written: String = blocks.iter().map(|der| pem::certificate(der)).collect();
    (written.as_bytes() == copy && blocks.iter().all(|der| is_whole(der)))
        .then(|| blocks.iter().map(|der| fingerprint(der)).collect())
}
