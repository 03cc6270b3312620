//! The CA: found, or minted where none was ever there.

use super::decide::seconds;
use super::issue;
use super::key::{Algorithm, Pair, PublicKey};
use super::private_key;
use super::seen::{self, KEY_CERT_SIGN, Seen};
use super::{Found, PkiError, ca_error::Files};
use crate::secret::Secret;
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::cluster::Tls;
use core::time::Duration;
use rcgen::Issuer;

/// What `pki/ca.crt` and `pki/ca.key` hold, and what else is known of a CA.
#[derive(Debug, Default)]
pub struct CaFound {
    /// The bytes of `ca.crt`, if it is there.
    pub certificate: Option<Vec<u8>>,
    /// The bytes of `ca.key`, if it is there.
    pub key: Option<Secret>,
    /// Whether anything tells of an earlier CA, such as a manifest or a leaf certificate. None is
    /// minted then: every member and client would have to be given the new one.
    ///
    /// Certificates among [`Request::found`](super::Request::found) count without it.
    pub expected: bool,
}

/// The CA that certificates are compared with, and issued by where its key is there.
pub(super) struct Authority {
    /// PEM.
    pub(super) certificate: String,
    /// The new key, where it was minted just now.
    pub(super) minted: Option<Secret>,
    pub(super) facts: Certificate,
    pub(super) issuer: Option<Issuer<'static, Pair>>,
    subject: Vec<u8>,
    algorithm: Algorithm,
    public_key: Vec<u8>,
}

impl Authority {
    /// Its name, encoded.
    pub(super) fn subject(&self) -> &[u8] {
        &self.subject
    }

    /// Whether it signed that certificate.
    pub(super) fn signed(&self, seen: &Seen<'_>) -> bool {
        seen.issuer() == self.subject && seen.is_signed_by(self.public_key()) == Some(true)
    }

    fn public_key(&self) -> PublicKey<'_> {
        PublicKey { algorithm: self.algorithm, bytes: &self.public_key }
    }

    /// When a leaf ends that is issued now: with its CA at the latest.
    pub(super) fn leaf_not_after(&self, now: i64, valid_for: Duration) -> i64 {
        now.saturating_add(seconds(valid_for)).min(self.facts.not_after)
    }
}

/// What a CA is looked for with.
pub(super) struct Wish<'a> {
    /// A new one's.
    pub(super) common_name: &'a str,
    pub(super) tls: &'a Tls,
    pub(super) now: i64,
    pub(super) files: Files<'a>,
}

/// Takes the CA that is there, or mints one where none was ever there.
///
/// # Errors
/// Everything that is wrong with its files.
pub(super) fn resolve(
    found: CaFound,
    leaves: &[Vec<Found>],
    wish: &Wish<'_>,
) -> Result<Authority, Vec<PkiError>> {
    // A leaf tells of a CA, whatever the caller knows.
    let has_leaf = leaves.iter().flatten().any(|found| found.certificate.is_some());
    match (found.certificate, found.key) {
        (None, None) if !found.expected && !has_leaf => mint(wish).map_err(|error| vec![error]),
        (None, None) => Err(vec![wish.files.both_lost(stranger(leaves, |_| false).as_deref())]),
        (None, Some(_)) => Err(vec![wish.files.certificate_lost()]),
        (Some(certificate), key) => load(certificate, key.as_ref(), wish),
    }
}

/// Refuses a CA that signed none of the certificates that are there.
///
/// It was put in the place of theirs, by mistake or on purpose. Issuing all of them anew would cut
/// off every member that does not have its new files yet.
///
/// # Errors
/// Names both CAs.
pub(super) fn is_theirs(
    ca: &Authority,
    leaves: &[Vec<Found>],
    files: Files<'_>,
) -> Result<(), PkiError> {
    match stranger(leaves, |seen| ca.signed(seen)) {
        None => Ok(()),
        Some(other) => Err(files.another_ca(&ca.facts, &other)),
    }
}

/// The name of the CA that issued what is there, if that CA is not ours.
fn stranger(leaves: &[Vec<Found>], is_ours: impl Fn(&Seen<'_>) -> bool) -> Option<String> {
    let mut stranger = None;
    for file in leaves.iter().flatten().filter_map(|found| found.certificate.as_deref()) {
        let Ok(der) = seen::single(file) else { continue };
        let Some(seen) = Seen::parse(&der) else { continue };
        if is_ours(&seen) {
            return None;
        }
        stranger.get_or_insert_with(|| seen.issuer_text());
    }
    stranger
}

fn mint(wish: &Wish<'_>) -> Result<Authority, PkiError> {
    let (certificate, key) = issue::ca(wish.common_name, wish.tls, wish.now)?;
    // Read back like one that was found, so that there is one way to become an authority.
    let mut authority = load(certificate.into_bytes(), Some(&key), wish).map_err(|errors| {
        let text = errors.first().map_or_else(String::new, ToString::to_string);
        PkiError::new(format!("the new CA is not usable: {text}"))
    })?;
    authority.minted = Some(key);
    Ok(authority)
}

fn load(file: Vec<u8>, key: Option<&Secret>, wish: &Wish<'_>) -> Result<Authority, Vec<PkiError>> {
    let files = &wish.files;
    let unreadable = |what| vec![files.unreadable(what)];
    let der = seen::single(&file).map_err(unreadable)?;
    let seen = Seen::parse(&der).ok_or_else(|| unreadable("is damaged"))?;
    // Nobody else would notice damage to its dates or identifiers: it is trusted as it is.
    if seen.is_self_issued() && seen.is_signed_by(seen.public_key()) == Some(false) {
        return Err(unreadable("is damaged: it does not bear its own signature"));
    }
    let facts = seen.facts(Kind::Ca, None);
    let pair = key.map(|key| private_key::prove(key.expose(), seen.public_key())).transpose();
    let pair = match (unfit(&seen, &facts, wish), pair) {
        (None, Ok(pair)) => pair,
        (unfit, pair) => {
            // Of a key that cannot be read nothing is known.
            let known = seen.public_key().algorithm != Algorithm::Other;
            let key_fault = pair.err().filter(|_| known);
            let key_fault = key_fault.map(|fault| files.key_fault(fault, &facts));
            return Err(unfit.into_iter().chain(key_fault).collect());
        }
    };
    // After `unfit`: rcgen panics at some names.
    let issuer = pair.map(|pair| Issuer::from_ca_cert_der(&der.as_slice().into(), pair));
    let issuer = issuer
        .transpose()
        .map_err(|_| vec![files.unusable("has a name of an unsupported form", &facts)])?;
    let (subject, public) = (seen.subject().to_vec(), seen.public_key());
    let (algorithm, public_key) = (public.algorithm, public.bytes.to_vec());
    let certificate = String::from_utf8(file).map_err(|_| unreadable("is not text"))?;
    Ok(Authority { certificate, minted: None, facts, issuer, subject, algorithm, public_key })
}

/// Why a certificate cannot be the CA's, if it cannot.
fn unfit(seen: &Seen<'_>, facts: &Certificate, wish: &Wish<'_>) -> Option<PkiError> {
    let Wish { now, files, .. } = wish;
    if !seen.says.ca {
        return Some(files.not_a_ca(facts));
    }
    if seen.says.key_usage.is_some_and(|bits| bits & KEY_CERT_SIGN == 0) {
        return Some(files.unusable("may not sign certificates", facts));
    }
    if seen.public_key().algorithm == Algorithm::Other {
        return Some(files.unusable("has a key of an unsupported kind", facts));
    }
    if !seen.is_plainly_named() {
        return Some(files.unusable("has a name of an unsupported form", facts));
    }
    if *now < facts.not_before {
        return Some(Files::not_yet_valid(facts, *now));
    }
    (*now > facts.not_after).then(|| files.expired(facts))
}
