//! Every certificate that was issued and has not expired.

use crate::entry::Entry;
use bouquet_model::certificate::Kind;
use std::collections::{BTreeMap, BTreeSet};

/// The certificates that were issued, by serial number in hexadecimal.
///
/// A set that only grows until they expire: what two people issued is the union of both.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Issued {
    entries: BTreeMap<String, Entry>,
    /// The serial numbers of each owner and kind.
    owners: BTreeMap<(Option<String>, Kind), BTreeSet<String>>,
}

impl Issued {
    /// Enters a certificate, in the place of what was known of it.
    pub fn enter(&mut self, serial: &str, entry: Entry) {
        let owner = (entry.owner.clone(), entry.kind);
        match self.entries.insert(serial.to_owned(), entry) {
            Some(before) if (before.owner.as_ref(), before.kind) == (owner.0.as_ref(), owner.1) => {
            }
            before => {
                if let Some(before) = before {
                    self.forget_owner(&(before.owner, before.kind), serial);
                }
                self.owners.entry(owner).or_default().insert(serial.to_owned());
            }
        }
    }

    /// Returns what is known of that certificate.
    pub fn get(&self, serial: &str) -> Option<&Entry> {
        self.entries.get(serial)
    }

    /// Tells whether that certificate is in it.
    pub fn knows(&self, serial: &str) -> bool {
        self.entries.contains_key(serial)
    }

    /// Tells whether a certificate of that SHA-256 is in it, whatever serial number it is said to have.
    pub fn knows_digest(&self, sha256: &[u8; 32]) -> bool {
        let facts = self.entries.values().filter_map(|entry| entry.facts.as_ref());
        facts.into_iter().any(|facts| facts.sha256 == *sha256)
    }

    /// Returns the generation that a certificate was issued for: the first, of one that is not known.
    pub fn generation(&self, serial: &str) -> u32 {
        self.get(serial).map_or(1, |entry| entry.generation)
    }

    /// Returns the current certificate of an owner: the one that began last, then the one with the
    /// larger serial number.
    pub fn current(&self, owner: Option<&str>, kind: Kind) -> Option<(&str, &Entry)> {
        self.current_where(owner, kind, |_| true)
    }

    /// Returns the current one among those whose serial numbers are taken, as where some are revoked.
    pub fn current_where(
        &self,
        owner: Option<&str>,
        kind: Kind,
        takes: impl Fn(&str) -> bool,
    ) -> Option<(&str, &Entry)> {
        let serials = self.owners.get(&(owner.map(str::to_owned), kind))?;
        let serials = serials.iter().filter(|serial| takes(serial));
        let entries = serials.filter_map(|serial| self.entries.get_key_value(serial));
        let current = entries.max_by_key(|(serial, entry)| (entry.not_before, number(serial)));
        current.map(|(serial, entry)| (serial.as_str(), entry))
    }

    /// Tells whether the first of two certificates came after the other, in the order in which
    /// [`Issued::current`] chooses; `None` where one of them is not known.
    pub fn is_later(&self, serial: &str, other: &str) -> Option<bool> {
        let order = |serial| self.get(serial).map(|entry| (entry.not_before, number(serial)));
        Some(order(serial)? > order(other)?)
    }

    /// Returns what was issued to that member or client; to nobody in particular, for `None`.
    pub fn of<'a>(&'a self, owner: Option<&'a str>) -> impl Iterator<Item = (&'a str, &'a Entry)> {
        self.iter().filter(move |(_, entry)| entry.owner.as_deref() == owner)
    }

    /// Returns all, in the order of their serial numbers.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.entries.iter().map(|(serial, entry)| (serial.as_str(), entry))
    }

    /// Returns the latest second from which on any of them is valid.
    pub fn newest(&self) -> Option<i64> {
        self.entries.values().map(|entry| entry.not_before).max()
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Tells whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Forgets what nobody accepts any more.
    pub fn forget_expired(&mut self, now: i64) {
        self.entries.retain(|_, entry| entry.not_after >= now);
        for serials in self.owners.values_mut() {
            serials.retain(|serial| self.entries.contains_key(serial));
        }
        self.owners.retain(|_, serials| !serials.is_empty());
    }

    /// Notes for each whether `cluster.toml` still asks for such a certificate.
    pub fn mark_removed(&mut self, is_wanted: impl Fn(Option<&str>, Kind) -> bool) {
        for ((owner, kind), serials) in &self.owners {
            let removed = !is_wanted(owner.as_deref(), *kind);
            for serial in serials {
                if let Some(entry) = self.entries.get_mut(serial) {
                    entry.removed = removed;
                }
            }
        }
    }

    fn forget_owner(&mut self, owner: &(Option<String>, Kind), serial: &str) {
        if let Some(serials) = self.owners.get_mut(owner) {
            serials.remove(serial);
        }
    }
}

/// Returns a serial number as one to compare: of two without leading zeros, the longer is the larger.
fn number(serial: &str) -> (usize, &str) {
    let digits = serial.trim_start_matches('0');
    (digits.len(), digits)
}
