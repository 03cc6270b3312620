//! A leaf, kept or new, and which of its places do not hold it yet.

use super::Found;
use super::ca::{Authority, numbered};
use super::decide::{Decision, Reason};
use super::issue::Issued;
use super::ledger::Ledger;
use bouquet_model::certificate::{Certificate, Wanted};
use bouquet_x509::Secret;
use bouquet_x509::pem;

/// A leaf certificate and its key.
#[derive(Debug)]
pub struct Leaf {
    /// Which of the wanted it is.
    pub of: usize,
    /// What became of it.
    pub decision: Decision,
    /// PEM.
    pub certificate: String,
    /// PEM: PKCS#8 where it was issued, or as it was found.
    pub key: Secret,
    /// What is known of it.
    pub facts: Certificate,
    /// The places, as indices into [`Wanted::places`], that do not hold exactly this pair yet. None
    /// has to be written where this is empty.
    pub stale: Vec<usize>,
}

impl Leaf {
    /// The generation that it was issued for.
    pub(super) fn generation(&self, wanted: &Wanted, ledger: &Ledger) -> u32 {
        match self.decision {
            Decision::Keep => ledger.generation(&self.facts.serial),
            Decision::Issue(_) => wanted.generation,
        }
    }
}

pub(super) fn keep(
    of: usize,
    place: usize,
    facts: Certificate,
    found: Vec<Found>,
    wanted: &Wanted,
    cas: &[Authority],
) -> Option<Leaf> {
    let good = found.get(place)?;
    let file = good.certificate.as_deref()?;
    // The CAs in between may have changed although the leaf is as it was.
    let between = &numbered(cas, wanted.issuer).chain.between;
    let blocks = pem::certificates(file).ok()?;
    let as_is = blocks.len() == 1 && between.is_empty();
    let certificate = if as_is {
        String::from_utf8(file.to_vec()).ok()?
    } else {
        pem::certificate(blocks.first()?) + between
    };
    let same = |other: &Found| {
        other.certificate.as_deref() == Some(certificate.as_bytes())
            && other.key.as_ref().map(Secret::expose) == good.key.as_ref().map(Secret::expose)
    };
    let stale = (0..wanted.places.len()).filter(|i| !found.get(*i).is_some_and(same)).collect();
    let key = found.into_iter().nth(place)?.key?;
    Some(Leaf { of, decision: Decision::Keep, certificate, key, facts, stale })
}

pub(super) fn fresh(of: usize, (new, reason): (Issued, Reason), wanted: &Wanted) -> Leaf {
    let Issued { certificate, key, facts } = new;
    let stale = (0..wanted.places.len()).collect();
    Leaf { of, decision: Decision::Issue(reason), certificate, key, facts, stale }
}
