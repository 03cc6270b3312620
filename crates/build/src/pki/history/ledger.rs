//! `pki/issued`: every certificate that was issued and has not expired, a line each.
//!
//! A certificate does not say for which generation it was issued, and a revocation by name needs
//! the serial numbers of certificates that have been replaced. The file holds no secret. Where it
//! is lost, what is in place is taken for the first generation.

use crate::pki::existing::{Pair, Slot};
use bouquet_model::artifact::GENERATED;
use bouquet_model::certificate::{Certificate, Wanted};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::ParsedCertificate;
use core::fmt::Write as _;
use std::collections::BTreeMap;

/// Its place below `out/`.
pub const PLACE: &str = "pki/issued";

/// A certificate that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::pki) struct Entry {
    pub(in crate::pki) kind: String,
    /// The member or client; empty for one that all members share.
    pub(in crate::pki) owner: String,
    pub(in crate::pki) generation: u32,
    /// Valid from, in seconds since 1970.
    pub(in crate::pki) not_before: i64,
    pub(in crate::pki) not_after: i64,
}

/// The certificates that were issued, by serial number in hexadecimal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::pki) struct Ledger(BTreeMap<String, Entry>);

const EXPLANATION: &str = "\
# Every certificate that was issued and has not expired: serial number, kind, owner, generation,
# valid from and until in seconds since 1970. To revoke by name, a build looks here.
";

impl Ledger {
    /// Reads the bytes of the file, if it is there.
    ///
    /// # Errors
    /// Where it is not text.
    pub(in crate::pki) fn read(file: Option<&[u8]>, out: &str) -> Result<Self, Diagnostic> {
        let Some(file) = file else { return Ok(Self::default()) };
        let text = core::str::from_utf8(file).map_err(|_| {
            Diagnostic::error(format!("`{out}/{PLACE}` is not text"))
                .help("put it back from a backup: revocation by name needs it")
                .help(
                    "or remove it: certificates that were replaced are then revoked by serial only",
                )
        })?;
        Ok(Self::parse(text))
    }

    /// Reads its text. A line that is none is passed over: it may only be someone's remark.
    fn parse(text: &str) -> Self {
        Self(text.lines().filter_map(line).collect())
    }

    /// The text of the file.
    pub(in crate::pki) fn text(&self) -> String {
        let mut text = format!("# {GENERATED}\n{EXPLANATION}");
        for (serial, entry) in &self.0 {
            let Entry { kind, owner, generation, not_before, not_after } = entry;
            let owner = if owner.is_empty() { "-" } else { owner };
            let _ = writeln!(
                text,
                "{serial}\t{kind}\t{owner}\t{generation}\t{not_before}\t{not_after}"
            );
        }
        text
    }

    /// For which generation a certificate was issued.
    pub(in crate::pki) fn generation(&self, serial: &str) -> u32 {
        self.0.get(serial).map_or(1, |entry| entry.generation)
    }

    /// Tells whether that certificate is in it.
    pub(in crate::pki) fn knows(&self, serial: &str) -> bool {
        self.0.contains_key(serial)
    }

    /// Enters a certificate that is in place.
    pub(in crate::pki) fn enter(&mut self, certificate: &Certificate, generation: u32) {
        let owner = certificate.owner.as_deref().unwrap_or_default().to_owned();
        self.0.insert(
            certificate.serial.to_string(),
            Entry {
                kind: certificate.kind.as_str().to_owned(),
                owner,
                generation,
                not_before: certificate.not_before,
                not_after: certificate.not_after,
            },
        );
    }

    /// The latest second from which on any of them is valid.
    pub(in crate::pki) fn newest(&self) -> Option<i64> {
        self.0.values().map(|entry| entry.not_before).max()
    }

    /// Tells whether nothing is known.
    pub(in crate::pki) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Enters what is in place and not known, as of the first generation, before it is replaced and
    /// nothing tells of it any more.
    pub(in crate::pki) fn learn(&mut self, slots: &[Slot]) {
        for Slot { wanted, existing } in slots {
            for der in existing.pairs().filter_map(Pair::leaf) {
                let Some(leaf) = ParsedCertificate::parse(&der) else { continue };
                let facts = leaf.facts(wanted.kind, wanted.owner.as_deref());
                if !self.knows(&facts.serial) {
                    self.enter(&facts, 1);
                }
            }
        }
    }

    /// Tells whether what is wanted was issued before and is valid.
    pub(in crate::pki) fn has(&self, wanted: &Wanted, now: i64) -> bool {
        self.of(wanted.owner.as_deref().unwrap_or_default())
            .any(|(_, entry)| entry.kind == wanted.kind.as_str() && entry.not_after > now)
    }

    /// Forgets what nobody accepts any more.
    pub(in crate::pki) fn forget_expired(&mut self, now: i64) {
        self.0.retain(|_, entry| entry.not_after >= now);
    }

    /// Returns what was issued to that member or client.
    pub(in crate::pki) fn of<'a>(
        &'a self,
        owner: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a Entry)> {
        self.0.iter().filter(move |(_, e)| e.owner == owner).map(|(serial, e)| (&**serial, e))
    }
}

/// Says that the file was lost, as long as that can be told: it is written again.
pub(in crate::pki) fn lost(out: &str) -> Diagnostic {
    Diagnostic::warning(format!("`{out}/{PLACE}` was missing or empty, and was begun again"))
        .help("put it back from a backup: it alone tells of certificates that were replaced")
        .help("without it, a `[[revoked]]` name misses those; write their `serial` instead")
}

fn line(line: &str) -> Option<(String, Entry)> {
    let mut fields = line.split('\t');
    let serial = fields.next().filter(|serial| is_serial(serial))?;
    let mut field = || fields.next();
    let entry = Entry {
        kind: field()?.to_owned(),
        owner: field().map(|owner| if owner == "-" { "" } else { owner })?.to_owned(),
        generation: field()?.parse().ok().filter(|generation| *generation > 0)?,
        not_before: field()?.parse().ok()?,
        not_after: field()?.parse().ok()?,
    };
    Some((serial.to_owned(), entry))
}

fn is_serial(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(owner: &str, generation: u32) -> Entry {
        let (kind, owner) = ("client".to_owned(), owner.to_owned());
        Entry { kind, owner, generation, not_before: 5, not_after: 10 }
    }

    #[test]
    fn a_ledger_reads_back() {
        let entries = [("0a", entry("alice", 2)), ("ff", entry("", 1))];
        let ledger = Ledger(entries.map(|(serial, entry)| (serial.to_owned(), entry)).into());
        assert_eq!(Ledger::parse(&ledger.text()), ledger);
    }

    #[test]
    fn lines_that_are_none_are_passed_over() {
        let text = "# a remark\nzz\tclient\ta\t1\t0\t0\n0a\tclient\talice\tx\t0\t0\n\n0a\n";
        assert_eq!(Ledger::parse(text), Ledger::default());
    }

    #[test]
    fn what_expired_is_forgotten() {
        let mut ledger = Ledger([("0a".to_owned(), entry("alice", 2))].into());
        ledger.forget_expired(10);
        assert_eq!((ledger.generation("0a"), ledger.of("alice").count()), (2, 1));
        ledger.forget_expired(11);
        assert_eq!((ledger.generation("0a"), ledger.of("alice").count()), (1, 0));
    }
}
