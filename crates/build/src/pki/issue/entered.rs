//! What is in place from now on is entered.

use super::outcome::Leaf;
use crate::pki::context::{Context, LINES};
use bouquet_lock::{COPY, Entry, Issued, git};
use bouquet_model::diagnostic::Diagnostic;

/// Enters the leaves that are in place. Returns an error for each of which the lock tells something else:
/// it was edited, since a certificate never changes.
pub(in crate::pki) fn enter<'a>(
    issued: &mut Issued,
    leaves: impl Iterator<Item = &'a Leaf>,
    context: &Context<'_>,
) -> Vec<Diagnostic> {
    let mut edited = Vec::new();
    for leaf in leaves {
        let serial = &*leaf.facts.serial;
        let is_new = leaf.reason.is_some();
        let entry = |generation| Entry::of(&leaf.facts, leaf.wanted.issuer, generation);
        match issued.get(serial) {
            Some(known) if known.facts.is_some() => {
                let now = Entry { removed: known.removed, ..entry(known.generation) };
                let ca_of = |entry: &Entry| entry.facts.as_ref().map(|facts| facts.ca);
                if ca_of(known) != ca_of(&now) {
                    // Of one that a former CA issued, the number is not that of today's issuer.
                } else if known.contradicts(&now) {
                    edited.push(told_otherwise(leaf, context));
                } else {
                    // Where `tls.layout` has changed, it has another role.
                    issued.enter(serial, now);
                }
            }
            // Its serial number was edited.
            None if !is_new && issued.knows_digest(&leaf.facts.fingerprint) => {
                edited.push(told_otherwise(leaf, context));
            }
            known => {
                let generation = known.map_or(1, |known| known.generation);
                issued
                    .enter(serial, entry(if is_new { leaf.wanted.generation } else { generation }));
            }
        }
    }
    edited.truncate(LINES);
    edited
}

fn told_otherwise(leaf: &Leaf, context: &Context<'_>) -> Diagnostic {
    let place = leaf.wanted.places.first().map_or("", String::as_str);
    Diagnostic::error(format!(
        "`cluster.lock` tells of the serial number {} otherwise than `{}/{place}.crt` is",
        leaf.facts.serial, context.out
    ))
    .about(bouquet_lock::NAME, None)
    .note("a certificate never changes, so that line was edited")
    .help(format!(
        "`{}` brings back the committed one; what was issued here since then is put back from `{}/{COPY}`",
        git("checkout", context.typed.lock),
        context.out
    ))
}
