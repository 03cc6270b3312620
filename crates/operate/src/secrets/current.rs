//! Whether what goes into a stream is what `cluster.lock` has.

use super::file::{Files, bytes};
use super::lines::few;
use super::place::{Part, Place};
use bouquet_lock::{Issued, Lock};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::{ParsedCertificate, pem};

/// Warns of what the stream has older than the lock: sealed in the place of an earlier stream, it would take
/// away the one copy of a key.
pub(crate) fn behind(files: &Files, lock: &Lock) -> Option<Diagnostic> {
    let is_leaf =
        |place: &Place| matches!(place, Place::Server(_) | Place::Peer(_) | Place::Client(_));
    let leaves = files.iter().filter(|(place, _)| is_leaf(place));
    let older = leaves.filter(|(_, parts)| {
        bytes(parts, Part::Certificate).is_some_and(|file| is_replaced(file, &lock.issued))
    });
    let older: Vec<_> = older.map(|(place, _)| format!("`{}`", place.stem())).collect();
    let what = match older.len() {
        0 => return None,
        1 => "a certificate in the stream, cluster.lock has a later one".to_owned(),
        count => format!("{count} certificates in the stream, cluster.lock has later ones"),
    };
    let mut warning = Diagnostic::warning(format!("of {what}"));
    warning.notes = few(&older);
    Some(
        warning.help(
            "before this stream takes the place of a sealed one: import that, and export again",
        ),
    )
}

/// Tells whether the lock has a later certificate of the same owner.
fn is_replaced(file: &[u8], issued: &Issued) -> bool {
    let ders = pem::certificates_among(file).unwrap_or_default();
    let Some(leaf) = ders.first().and_then(|der| ParsedCertificate::parse(der)) else {
        return false;
    };
    let serial = leaf.serial();
    let entry = issued.get(&serial);
    let current = entry.and_then(|entry| issued.current(entry.owner.as_deref(), entry.kind));
    current.is_some_and(|(current, _)| current != serial)
}
