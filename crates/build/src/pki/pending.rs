//! Certificates of a CA whose key is elsewhere: what waits for its signature, and what came back.
//!
//! For each certificate that is due, [`FOLDER`] holds a key and a request. Whoever has the CA's key
//! signs the request and puts the certificate beside it; the next build checks it as it checks every
//! other, and moves it and the key to their places.

use super::ca::Authority;
use super::decide::{self, Past};
use super::issue::{self, Issued};
use super::{Found, PkiError, Reason, parallel, wrong};
use bouquet_model::certificate::{Certificate, Wanted};
use bouquet_x509::Secret;
use bouquet_x509::{NewKey, ParsedCertificate, asks_for, pem, prove, request};

/// Where requests are, below `out/`.
pub const FOLDER: &str = "pki/requests";

/// What [`FOLDER`] holds for one wanted certificate.
#[derive(Debug, Default)]
pub struct Pending {
    /// The bytes of its `.csr`, if it is there.
    pub request: Option<Vec<u8>>,
    /// Its key, and the certificate once it was signed.
    pub pair: Found,
}

/// A certificate that waits for a signature.
#[derive(Debug)]
pub struct Waiting {
    /// Which of the wanted it is.
    pub of: usize,
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

/// What became of a certificate that somebody else is to sign.
pub(super) enum Outcome {
    Signed(Issued),
    Waits(Waiting),
}

/// A certificate that is due.
pub(super) struct Due<'a> {
    pub(super) of: usize,
    pub(super) wanted: &'a Wanted,
    pub(super) found: &'a [Found],
    pub(super) pending: &'a Pending,
    pub(super) reason: &'a Reason,
    pub(super) ca: &'a Authority,
}

/// Where the request for a certificate is: a path below `out/` without its extension, such as
/// `pki/requests/orange-server`.
///
/// The part after the last hyphen says what it is for, so that no client is taken for a member.
pub fn request_place(wanted: &Wanted) -> String {
    let file = wanted.places.first().and_then(|place| place.rsplit('/').next());
    match (&wanted.owner, file) {
        (Some(owner), Some(file)) => format!("{FOLDER}/{owner}-{file}"),
        _ => format!("{FOLDER}/shared"),
    }
}

/// Takes what was signed, and asks for the rest; the results are in the order of what is due.
///
/// # Errors
/// Each certificate beside a request that is not what was asked for.
pub(super) fn resolve(
    due: &[Due<'_>],
    past: &Past<'_>,
    now: i64,
    out: &str,
) -> Result<Vec<Outcome>, Vec<PkiError>> {
    let results = parallel::map(due, |due| match &due.pending.pair.certificate {
        Some(file) => signed(due, file, past, now, out).map(Outcome::Signed),
        None => ask(due).map(Outcome::Waits),
    });
    let mut outcomes = Vec::with_capacity(results.len());
    let mut errors = Vec::new();
    for result in results {
        match result {
            Ok(outcome) => outcomes.push(outcome),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(outcomes) } else { Err(errors) }
}

/// Whether a request is what a certificate in its place came from: a build that installed it was
/// interrupted before it removed the request.
pub(super) fn is_answered(pending: &Pending, installed: &Found) -> bool {
    let first = |found: &Found| {
        let blocks = pem::certificates(found.certificate.as_deref()?).ok()?;
        blocks.into_iter().next()
    };
    let theirs = &pending.pair;
    theirs.key.is_some()
        && theirs.key == installed.key
        && (theirs.certificate.is_none() || first(theirs) == first(installed))
}

fn signed(
    due: &Due<'_>,
    file: &[u8],
    past: &Past<'_>,
    now: i64,
    out: &str,
) -> Result<Issued, PkiError> {
    let Due { wanted, pending, ca, .. } = due;
    let good = decide::is_good(wanted, &pending.pair, ca, past.revoked, now);
    let good = good.and_then(|facts| {
        let asked = pending.request.as_deref().and_then(generation).unwrap_or(wanted.generation);
        let known = past.ledger.knows(&facts.serial);
        let was = if known { past.ledger.generation(&facts.serial) } else { asked };
        let is_current = was >= wanted.generation;
        is_current.then_some(facts).ok_or(Reason::Generation { was, wanted: wanted.generation })
    });
    let facts = good.map_err(|reason| wrong::certificate(wanted, &reason, ca, now, out))?;
    let blocks = pem::certificates(file).ok();
    let leaf = blocks.as_deref().and_then(|blocks| blocks.first());
    let (Some(leaf), Some(key)) = (leaf, &pending.pair.key) else {
        return Err(wrong::certificate(wanted, &Reason::KeyMissing, ca, now, out));
    };
    let certificate = pem::certificate(leaf) + &ca.chain.between;
    Ok(Issued { certificate, key: key.clone(), facts })
}

/// Asks, or leaves it at what was asked for before.
fn ask(due: &Due<'_>) -> Result<Waiting, PkiError> {
    let Due { of, wanted, found, pending, reason, .. } = due;
    let asked = pending.request.as_deref();
    let generation = asked.and_then(generation);
    let kept = decide::kept_key(wanted, found, reason);
    // A key that is in use is asked for again only where the spec says so.
    let before = pending.pair.key.as_ref();
    let before = before.and_then(|key| NewKey::read(key, wanted.key)).filter(|key| {
        generation.is_none_or(|was| was >= wanted.generation)
            && (kept.is_some() || !is_in_use(&key.public, found))
    });
    let is_new = before.is_none();
    let key = match before.or(kept) {
        Some(key) => key,
        None => NewKey::generate(wanted.key).map_err(issue::error)?,
    };
    let same = asked.filter(|file| {
        generation.is_none_or(|was| was == wanted.generation)
            && asks_for(file, &issue::says(wanted), wanted.key, &key.public)
    });
    let same = same.and_then(|file| String::from_utf8(file.to_vec()).ok());
    let request = match same {
        Some(same) => same,
        None => {
            let request = request(&issue::says(wanted), &key).map_err(issue::error)?;
            format!("{GENERATION}{}\n{request}", wanted.generation)
        }
    };
    let old = found.iter().find_map(|found| in_place(wanted, found));
    Ok(Waiting {
        of: *of,
        reason: (*reason).clone(),
        request,
        new_key: is_new.then_some(key.secret),
        old,
        kept: files(wanted, found),
    })
}

/// A line above a request, which readers of PEM pass over.
const GENERATION: &str = "# generation ";

/// The generation that was asked for.
fn generation(request: &[u8]) -> Option<u32> {
    let text = core::str::from_utf8(request).ok()?;
    text.lines().find_map(|line| line.strip_prefix(GENERATION))?.trim().parse().ok()
}

fn is_in_use(public: &[u8], found: &[Found]) -> bool {
    found.iter().filter_map(|found| found.certificate.as_deref()).any(|file| {
        let blocks = pem::certificates(file).unwrap_or_default();
        let seen = blocks.first().and_then(|der| ParsedCertificate::parse(der));
        seen.is_some_and(|seen| seen.public_key().bytes == public)
    })
}

/// What is known of a pair that is there, good or not, if its halves belong together.
fn in_place(wanted: &Wanted, found: &Found) -> Option<Certificate> {
    let blocks = pem::certificates(found.certificate.as_deref()?).ok()?;
    let seen = ParsedCertificate::parse(blocks.first()?)?;
    prove(found.key.as_ref()?.expose(), seen.public_key()).ok()?;
    Some(seen.facts(wanted.kind, wanted.owner.as_deref()))
}

fn files(wanted: &Wanted, found: &[Found]) -> Vec<String> {
    let mut all = Vec::new();
    for (place, found) in wanted.places.iter().zip(found) {
        all.extend(found.certificate.is_some().then(|| format!("{place}.crt")));
        all.extend(found.key.is_some().then(|| format!("{place}.key")));
    }
    all
}
