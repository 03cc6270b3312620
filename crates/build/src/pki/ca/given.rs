//! The copies of the CAs that members and clients were given, where `out/` has none of them: after an import
//! of keys, before the first build.

use super::rotation::shown_to;
use crate::pki::existing::{Bundle, Slot};
use bouquet_lock::{Identity, Issued};
use bouquet_x509::pem;

/// Returns what they were given by `cluster.lock`: all CAs that the last build trusted, for each owner of a
/// certificate that it tells of and whose copy is not here.
pub(in crate::pki) fn given(
    bundles: &[Bundle],
    slots: &[Slot],
    identity: &Identity,
    issued: &Issued,
) -> Vec<Bundle> {
    let trusted = identity.authorities.values().filter(|ca| !ca.removed);
    let content: String = trusted.filter_map(|ca| anchor(&ca.certificate)).collect();
    let mut all: Vec<Bundle> = Vec::new();
    for wanted in slots.iter().map(|slot| &slot.wanted) {
        let current = issued.current(wanted.owner.as_deref(), wanted.kind);
        if content.is_empty() || current.is_none_or(|(_, entry)| entry.removed) {
            continue;
        }
        for folder in wanted.places.iter().filter_map(|place| Some(place.rsplit_once('/')?.0)) {
            for side in shown_to(wanted.kind).iter().copied() {
                let is_its = |bundle: &Bundle| {
                    let file = bundle.path.strip_prefix(folder);
                    bundle.side == side && file.is_some_and(|file| file.starts_with('/'))
                };
                if !bundles.iter().chain(&all).any(is_its) {
                    let path = format!("{folder}/ca.crt");
                    all.push(Bundle { side, path, content: content.clone().into_bytes() });
                }
            }
        }
    }
    all
}

/// The uppermost of a CA's certificates, which is what others are given to trust.
fn anchor(file: &str) -> Option<String> {
    Some(pem::certificate(pem::certificates(file.as_bytes()).ok()?.last()?))
}
