//! What is in place and not known, as where the lock was lost.

use crate::pki::existing::{Pair, Slot};
use bouquet_lock::{Entry, Issued};
use bouquet_x509::ParsedCertificate;

/// Enters what is in place and not known, as of the first generation, before it is replaced and
/// nothing tells of it any more. `signed_by` tells the number of the CA that issued it.
pub(in crate::pki) fn learn<'a>(
    issued: &mut Issued,
    slots: impl IntoIterator<Item = &'a Slot>,
    signed_by: impl Fn(&ParsedCertificate<'_>) -> Option<u32>,
) {
    for Slot { wanted, existing } in slots {
        for der in existing.pairs().filter_map(Pair::leaf) {
            let Some(leaf) = ParsedCertificate::parse(&der) else { continue };
            let facts = leaf.facts(wanted.kind, wanted.owner.as_deref());
            if issued.knows(&facts.serial) {
                continue;
            }
            let entry = Entry::of(&facts, 0, 1);
            let entry = match signed_by(&leaf) {
                Some(ca) => Entry {
                    facts: entry.facts.map(|facts| bouquet_lock::Facts { ca, ..facts }),
                    ..entry
                },
                None => Entry { facts: None, ..entry },
            };
            issued.enter(&facts.serial, entry);
        }
    }
}
