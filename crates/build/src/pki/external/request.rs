//! Asking for a certificate.

use crate::pki::check::{Reason, kept_key};
use crate::pki::existing::{Existing, Pair, Slot};
use crate::pki::fault::impossible;
use bouquet_model::certificate::{Certificate, Wanted};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::{NewKey, ParsedCertificate, Secret, asks_for, prove, request};

/// A certificate that waits for a signature.
#[derive(Debug)]
pub struct Requested {
    /// What is wanted.
    pub wanted: Wanted,
    /// Why it is due.
    pub reason: Reason,
    /// The text of its `.csr`.
    pub request: String,
    /// Its key, where that is new; otherwise the file stays as it is.
    pub new_key: Option<Secret>,
    /// What is known of the certificate that goes on until then.
    pub old: Option<Certificate>,
    /// What is at its places: files below `out/` that stay as they are.
    pub kept: Vec<String>,
}

/// Asks, or leaves it at what was asked for before. Where nothing is in place here, the `last` one goes on
/// elsewhere.
///
/// # Errors
/// Where the system has no random numbers, or X.509 cannot carry what is wanted.
pub(in crate::pki) fn ask(
    slot: &Slot,
    reason: &Reason,
    last: Option<Certificate>,
) -> Result<Requested, Diagnostic> {
    let Slot { wanted, existing } = slot;
    let asked = existing.request.text.as_deref();
    let generation = asked.and_then(generation);
    let kept = kept_key(slot, reason);
    // A key that is in use is asked for again only where the spec says so.
    let before = existing.request.pair.key.as_ref();
    let before = before.and_then(|key| NewKey::read(key, wanted.key)).filter(|key| {
        generation.is_none_or(|was| was >= wanted.generation)
            && (kept.is_some() || !is_in_use(&key.public, existing))
    });
    let is_new = before.is_none();
    let key = match before.or(kept) {
        Some(key) => key,
        None => NewKey::generate(wanted.key).map_err(impossible)?,
    };
    let leaf = slot.says();
    let same = asked.filter(|file| {
        generation.is_none_or(|was| was == wanted.generation)
            && asks_for(file, &leaf, wanted.key, &key.public)
    });
    let same = same.and_then(|file| String::from_utf8(file.to_vec()).ok());
    let request = if let Some(same) = same {
        same
    } else {
        let request = request(&leaf, &key).map_err(impossible)?;
        format!("{GENERATION}{}\n{request}", wanted.generation)
    };
    Ok(Requested {
        wanted: wanted.clone(),
        reason: reason.clone(),
        request,
        new_key: is_new.then_some(key.secret),
        old: existing.pairs().find_map(|pair| in_place(wanted, pair)).or(last),
        kept: existing.files(),
    })
}

/// A line above a request, which readers of PEM pass over.
const GENERATION: &str = "# generation ";

/// Returns the generation that was asked for.
pub(super) fn generation(request: &[u8]) -> Option<u32> {
    let text = core::str::from_utf8(request).ok()?;
    text.lines().find_map(|line| line.strip_prefix(GENERATION))?.trim().parse().ok()
}

fn is_in_use(public: &[u8], existing: &Existing) -> bool {
    existing.pairs().filter_map(Pair::leaf).any(|der| {
        let certificate = ParsedCertificate::parse(&der);
        certificate.is_some_and(|certificate| certificate.public_key().bytes == public)
    })
}

/// Returns what is known of a pair that is there, good or not, if its halves belong together.
fn in_place(wanted: &Wanted, pair: &Pair) -> Option<Certificate> {
    let der = pair.leaf()?;
    let certificate = ParsedCertificate::parse(&der)?;
    prove(pair.key.as_ref()?.expose(), certificate.public_key()).ok()?;
    Some(certificate.facts(wanted.kind, wanted.owner.as_deref()))
}
