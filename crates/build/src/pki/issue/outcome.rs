//! What became of a wanted certificate.

use crate::pki::check::Reason;
use crate::pki::external::Requested;
use bouquet_model::certificate::{Certificate, Wanted};
use bouquet_x509::Secret;

/// The result of carrying out one item of a plan.
#[derive(Debug)]
pub enum Outcome {
    /// It is there, kept or new.
    Leaf(Leaf),
    /// It has to be signed where its CA's key is.
    Requested(Requested),
}

/// A leaf certificate and its key.
#[derive(Debug)]
pub struct Leaf {
    /// What was wanted.
    pub wanted: Wanted,
    /// Why it is new; `None` for one that was kept.
    pub reason: Option<Reason>,
    /// PEM.
    pub certificate: String,
    /// PEM: PKCS#8 where it was issued, or as it was found.
    pub key: Secret,
    /// What is known of it.
    pub facts: Certificate,
    /// Those of [`Wanted::places`] that do not hold exactly this pair yet. None has to be written
    /// where this is empty.
    pub stale: Vec<String>,
    /// Whether it came from a request, which has no use any more.
    pub answered: bool,
}

impl Outcome {
    /// The leaf, if it is there.
    pub fn leaf(&self) -> Option<&Leaf> {
        if let Self::Leaf(leaf) = self { Some(leaf) } else { None }
    }

    /// The request, if it has to be signed elsewhere.
    pub fn requested(&self) -> Option<&Requested> {
        if let Self::Requested(requested) = self { Some(requested) } else { None }
    }

    /// Returns what is known of the certificate that is in place from now on, if there is one.
    pub fn facts(&self) -> Option<&Certificate> {
        match self {
            Self::Leaf(leaf) => Some(&leaf.facts),
            Self::Requested(requested) => requested.old.as_ref(),
        }
    }
}
