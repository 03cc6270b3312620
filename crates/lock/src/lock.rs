//! The lock as a whole.

use crate::entry::Entry;
use crate::identity::{Authority, Identity};
use crate::issued::Issued;
use crate::recorded::{Later, Recorded};
use bouquet_model::change::Subject;
use std::collections::BTreeSet;

/// Holds what a cluster is to every clone of its package.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lock {
    /// What can be had once.
    pub identity: Identity,
    /// Every certificate that was issued and has not expired.
    pub issued: Issued,
    /// What is on the machines.
    pub recorded: Recorded,
}

/// Holds what was taken in from another lock.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// The numbers of CAs.
    pub authorities: BTreeSet<u32>,
    /// How many certificates.
    pub certificates: usize,
    /// What runs, where the other lock's record is the later one.
    pub records: Vec<Later>,
}

impl Taken {
    /// Tells whether certificates or CAs were taken in.
    pub fn is_issued(&self) -> bool {
        !self.authorities.is_empty() || self.certificates > 0
    }
}

impl Lock {
    /// Takes in what another lock of this cluster tells and this one does not: certificates, and the CAs
    /// that issued them; and of what runs, the later record of each member and client. One of another cluster,
    /// which no CA connects with this one, tells nothing.
    ///
    /// # Errors
    /// The serial number of which the two tell different things: a certificate never changes, so that a
    /// line was edited.
    pub fn take_in(&mut self, other: &Self) -> Result<Taken, String> {
        let mut taken = Taken::default();
        if !self.is_same_cluster(other) {
            return Ok(taken);
        }
        let same = self.same_authorities(other);
        self.identity.crl = self.identity.crl.max(other.identity.crl);
        // Two branches may each have made a CA of the same number: ours stays.
        let lacking = |number: &u32| !self.identity.authorities.contains_key(number);
        let theirs = other.identity.authorities.iter().filter(|(number, _)| lacking(number));
        let new: Vec<_> = theirs.map(|(number, ca)| (*number, ca.clone())).collect();
        taken.authorities = new.iter().map(|(number, _)| *number).collect();
        self.identity.authorities.extend(new);

        let issued_by = |entry: &Entry| entry.facts.as_ref().map(|facts| facts.ca);
        let is_ours = |entry: &Entry| {
            issued_by(entry).is_none_or(|ca| same.contains(&ca) || taken.authorities.contains(&ca))
        };
        let digest = |entry: &Entry| entry.facts.as_ref().map(|facts| facts.sha256);
        let digests: BTreeSet<_> =
            self.issued.iter().filter_map(|(_, entry)| digest(entry)).collect();
        for (serial, entry) in other.issued.iter().filter(|(_, entry)| is_ours(entry)) {
            let is_edited = match self.issued.get(serial) {
                Some(known) => known.contradicts(entry),
                None => digest(entry).is_some_and(|digest| digests.contains(&digest)),
            };
            if is_edited {
                return Err(serial.to_owned());
            }
            if !self.issued.knows(serial) {
                self.issued.enter(serial, entry.clone());
                taken.certificates += 1;
            }
        }
        taken.records = self.recorded.take_in(&other.recorded);
        let is_taken = |name: &str| {
            taken
                .records
                .iter()
                .any(|later| matches!(&later.subject, Subject::Member(it) if it == name))
        };
        let names = self.recorded.members.keys().filter(|name| self.recorded.runs(name));
        let (theirs, ours): (Vec<&String>, Vec<&String>) = names.partition(|name| is_taken(name));
        if ours.is_empty() && !theirs.is_empty() {
            self.found_as(other);
        }
        for Later { subject, .. } in &taken.records {
            if let Subject::Member(name) = subject {
                // What became of its ID belongs to the record.
                self.list(name, other.listed(name));
            }
        }
        Ok(taken)
    }

    /// Takes for the cluster's ID that of another lock, of which all records are that count: as long as nothing
    /// was recorded, both were computed from the spec of the day. So was the ID of a member that the other does
    /// not have.
    fn found_as(&mut self, other: &Self) {
        let Identity { cluster_id, members, .. } = &other.identity;
        self.identity.cluster_id = *cluster_id;
        self.identity.members.retain(|name, id| id.is_none() || members.contains_key(name));
    }

    /// Tells whether another lock is of the same cluster: one CA is in both, or, where one of them has none,
    /// as before TLS was switched on, the token.
    pub fn is_same_cluster(&self, other: &Self) -> bool {
        let knows_none = [self, other].iter().any(|lock| lock.identity.authorities.is_empty());
        let is_same_token = self.identity.token == other.identity.token;
        !self.same_authorities(other).is_empty() || knows_none && is_same_token
    }

    /// Returns the numbers that name one CA in both.
    fn same_authorities(&self, other: &Self) -> BTreeSet<u32> {
        let theirs = &other.identity.authorities;
        let is_same = |number: &u32, ca: &Authority| {
            theirs.get(number).is_some_and(|their| {
                their.sha256 == ca.sha256 || ca.is_same_ca(their.certificate.as_bytes())
            })
        };
        let ours = self.identity.authorities.iter();
        ours.filter(|(number, ca)| is_same(number, ca)).map(|(number, _)| *number).collect()
    }
}
