//! The copies of the CAs that members and clients were given, where `out/` has none of them: after an import
//! of keys, before the first build.

use super::rotation::shown_to;
use crate::pki::existing::{Bundle, Slot};
use bouquet_lock::{Identity, Issued};
use bouquet_x509::pem;
use std::collections::BTreeSet;

/// Returns what they were given by `cluster.lock`: all CAs that the last build trusted, for each owner of a
/// certificate that it tells of and whose copy is not here.
pub(in crate::pki) fn given(
    bundles: &[Bundle],
    slots: &[Slot],
    identity: &Identity,
    issued: &Issued,
) -> Vec<Bundle> {
    let trusted = identity.authorities.values().filter(|ca| !ca.removed);
    let content: String = trusted.filter_map(|ca| pem::anchor(&ca.certificate)).collect();
    let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    let here = bundles.iter().map(|bundle| (folder(&bundle.path), bundle.side));
    let mut known: BTreeSet<_> = here.collect();
    let mut all = Vec::new();
    for wanted in slots.iter().map(|slot| &slot.wanted) {
        let current = issued.current(wanted.owner.as_deref(), wanted.kind);
        if content.is_empty() || current.is_none_or(|(_, entry)| entry.removed) {
            continue;
        }
        for folder in wanted.places.iter().filter_map(|place| folder(place)) {
            for side in shown_to(wanted.kind).iter().copied() {
                if known.insert((Some(folder.clone()), side)) {
                    let path = format!("{folder}/ca.crt");
                    all.push(Bundle { side, path, content: content.clone().into_bytes() });
                }
            }
        }
    }
    all
}
