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
    /// It is elsewhere, and so is its CA's key.
    Elsewhere(Elsewhere),
}

/// A certificate that is not here, as the lock has it.
#[derive(Debug)]
pub struct Elsewhere {
    /// What is wanted.
    pub wanted: Wanted,
    /// What is known of the certificate.
    pub facts: Certificate,
    /// What is at its places: files below `out/` that stay as they are.
    pub kept: Vec<String>,
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
    /// Why it is to be issued again, where nothing may be issued.
    pub due: Option<Reason>,
    /// A later certificate, which is elsewhere: the lock tells of it.
    pub later: Option<Box<Certificate>>,
}

impl Leaf {
    /// Tells whether it took the place of one that was there, or had been.
    pub fn is_again(&self) -> bool {
        self.reason.as_ref().is_some_and(|reason| *reason != Reason::Missing)
    }
}

impl Outcome {
    /// Returns the leaf, if it is there.
    pub fn leaf(&self) -> Option<&Leaf> {
        if let Self::Leaf(leaf) = self { Some(leaf) } else { None }
    }

    /// Returns the request, if it has to be signed elsewhere.
    pub fn requested(&self) -> Option<&Requested> {
        if let Self::Requested(requested) = self { Some(requested) } else { None }
    }

    /// Returns the certificate that is elsewhere, if it is.
    pub fn elsewhere(&self) -> Option<&Elsewhere> {
        if let Self::Elsewhere(elsewhere) = self { Some(elsewhere) } else { None }
    }

    /// Returns what is wanted.
    pub fn wanted(&self) -> &Wanted {
        match self {
            Self::Leaf(leaf) => &leaf.wanted,
            Self::Requested(requested) => &requested.wanted,
            Self::Elsewhere(elsewhere) => &elsewhere.wanted,
        }
    }

    /// Returns what is known of the certificate that is in place from now on, if there is one.
    pub fn facts(&self) -> Option<&Certificate> {
        match self {
            Self::Leaf(leaf) => Some(leaf.later.as_deref().unwrap_or(&leaf.facts)),
            Self::Requested(requested) => requested.old.as_ref(),
            Self::Elsewhere(elsewhere) => Some(&elsewhere.facts),
        }
    }
}
