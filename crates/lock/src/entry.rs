//! A certificate that was issued.

use bouquet_model::certificate::{Certificate, Kind, Wanted};
use bouquet_model::cluster::San;
use std::collections::BTreeSet;

/// A certificate that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its purpose.
    pub kind: Kind,
    /// The member or client; `None` for one that all members share.
    pub owner: Option<String>,
    /// The generation that it was issued for.
    pub generation: u32,
    /// Valid from, in seconds since 1970.
    pub not_before: i64,
    /// Valid until, in seconds since 1970.
    pub not_after: i64,
    /// What else is known of it; nothing, of one that was replaced before there was a lock.
    pub facts: Option<Facts>,
    /// Whether `cluster.toml` asks for no such certificate any more.
    pub removed: bool,
}

/// Holds what a certificate says, besides what revoking it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// As [`Certificate::common_name`].
    pub common_name: String,
    /// Its names and addresses, in its order.
    pub sans: Vec<San>,
    /// The number of the CA that issued it.
    pub ca: u32,
    /// SHA-256 of its DER form.
    pub sha256: [u8; 32],
}

/// The first thing in which a certificate is not what is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// Nothing but its serial number is known.
    Unknown,
    /// Its CA is another.
    Ca,
    /// Its subject is another.
    Subject,
    /// It vouches for other names.
    Sans,
    /// It was issued for an earlier generation.
    EarlierGeneration,
    /// It was issued for a later generation.
    LaterGeneration,
}

impl Entry {
    /// Takes a certificate that was issued by that CA for a generation.
    pub fn of(certificate: &Certificate, ca: u32, generation: u32) -> Self {
        Self {
            kind: certificate.kind,
            owner: certificate.owner.as_deref().map(str::to_owned),
            generation,
            not_before: certificate.not_before,
            not_after: certificate.not_after,
            facts: Some(Facts {
                common_name: certificate.common_name.clone().into_owned(),
                sans: certificate.sans.to_vec(),
                ca,
                sha256: certificate.fingerprint,
            }),
            removed: false,
        }
    }

    /// Returns the certificate of that serial number, as far as it is known.
    pub fn certificate(&self, serial: &str) -> Option<Certificate> {
        let Facts { common_name, sans, sha256, .. } = self.facts.as_ref()?;
        Some(Certificate {
            kind: self.kind,
            owner: self.owner.clone().map(Into::into),
            common_name: common_name.clone().into(),
            sans: sans.clone().into(),
            serial: serial.to_owned().into(),
            limits_addresses: false,
            fingerprint: *sha256,
            not_before: self.not_before,
            not_after: self.not_after,
        })
    }

    /// Tells whether another line of the same serial number says something else of that certificate. One of
    /// them may know no facts; whether `cluster.toml` asks for it, and in which role, is no matter of the
    /// certificate.
    pub fn contradicts(&self, other: &Self) -> bool {
        if !self.may_have_the_role_of(other) {
            return true;
        }
        if self.facts.is_some() != other.facts.is_some() {
            return false;
        }
        let says = |entry: &Self| {
            (entry.generation, entry.not_before, entry.not_after, entry.facts.clone())
        };
        says(self) != says(other)
    }

    /// Tells whether a member's certificate may have the role of another. It is kept if `tls.layout` changes: it is
    /// then of another kind, or nobody's.
    fn may_have_the_role_of(&self, other: &Self) -> bool {
        let is_members = |entry: &Self| entry.kind != Kind::Client;
        let is_nobodys = |entry: &Self| entry.owner.is_none();
        if is_members(self) && is_members(other) {
            self.owner == other.owner || is_nobodys(self) || is_nobodys(other)
        } else {
            (self.kind, &self.owner) == (other.kind, &other.owner)
        }
    }

    /// Tells whether it is valid at that second.
    pub fn is_valid(&self, now: i64) -> bool {
        (self.not_before..=self.not_after).contains(&now)
    }

    /// Returns the first thing in which it is not what is wanted, but for its dates.
    pub fn difference(&self, wanted: &Wanted) -> Option<Difference> {
        let Some(facts) = &self.facts else { return Some(Difference::Unknown) };
        // The order of names says nothing: members that change places in the spec keep theirs.
        let (was, wants): (BTreeSet<_>, BTreeSet<_>) =
            (facts.sans.iter().collect(), wanted.sans.iter().collect());
        if facts.ca != wanted.issuer {
            Some(Difference::Ca)
        } else if facts.common_name != wanted.subject.to_string() {
            Some(Difference::Subject)
        } else if was != wants {
            Some(Difference::Sans)
        } else if self.generation < wanted.generation {
            Some(Difference::EarlierGeneration)
        } else if self.generation > wanted.generation {
            Some(Difference::LaterGeneration)
        } else {
            None
        }
    }
}
