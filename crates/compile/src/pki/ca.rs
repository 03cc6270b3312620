//! One CA: found, or minted where none was ever there.

use super::chain::{self, Chain};
use super::decide::seconds;
use super::issue;
use super::key::{Algorithm, Pair, PublicKey};
use super::private_key;
use super::seen::{KEY_CERT_SIGN, Seen};
use super::{PkiError, ca_error::Files};
use crate::secret::Secret;
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::cluster::Tls;
use core::time::Duration;
use rcgen::Issuer;

/// What the files of a CA hold, and what else is known of it.
#[derive(Debug)]
pub struct CaFound {
    /// Its number in the spec.
    pub number: u32,
    /// The name that a new one gets, such as [`ca_common_name`](super::ca_common_name) makes.
    pub common_name: String,
    /// The bytes of its certificate's file, if it is there: the CA's own certificate, and below it
    /// those of the CAs over it, if there are any.
    pub certificate: Option<Vec<u8>>,
    /// The bytes of its key's file, if it is there.
    pub key: Option<Secret>,
    /// Whether anything tells of an earlier CA of that number, such as the manifest. None is minted
    /// then: every member and client would have to be given the new one.
    ///
    /// Certificates among [`Request::found`](super::Request::found) count without it.
    pub expected: bool,
    /// Where it comes from.
    pub origin: Origin,
    /// What the SHA-256 of its certificate has to be.
    pub pin: Option<[u8; 32]>,
}

impl CaFound {
    /// A CA of which nothing is there; it is to be made.
    pub fn none(number: u32, common_name: impl Into<String>) -> Self {
        Self {
            number,
            common_name: common_name.into(),
            certificate: None,
            key: None,
            expected: false,
            origin: Origin::Minted,
            pin: None,
        }
    }
}

/// Where a CA comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The build makes it, in `out/pki/`.
    Minted,
    /// The operator has it, in these files; without a key it signs elsewhere.
    Own {
        /// The path of its certificate.
        certificate: String,
        /// The path of its key.
        key: Option<String>,
    },
}

/// The CA that certificates are compared with, and issued by where its key is there.
pub(super) struct Authority {
    pub(super) number: u32,
    pub(super) origin: Origin,
    /// PEM, as it was found or made: its own certificate and those over it.
    pub(super) file: String,
    /// The new key, where it was minted just now.
    pub(super) minted: Option<Secret>,
    pub(super) facts: Certificate,
    pub(super) issuer: Option<Issuer<'static, Pair>>,
    /// Its own certificate, and those over it.
    pub(super) chain: Chain,
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

    /// When a leaf ends that is issued now: with its CA, or one over it, at the latest.
    pub(super) fn leaf_not_after(&self, now: i64, valid_for: Duration) -> i64 {
        now.saturating_add(seconds(valid_for)).min(self.chain.not_after)
    }
}

/// What a CA is looked for with.
pub(super) struct Wish<'a> {
    pub(super) tls: &'a Tls,
    pub(super) now: i64,
    /// The folder that holds `pki/`, for messages.
    pub(super) out: &'a str,
    /// The name of a CA that issued something and is not among those that were found. It was the
    /// first one, for all that is known: a further CA has to be trusted before it issues.
    pub(super) stranger: Option<&'a str>,
}

/// Takes the CA that is there, or mints one where none was ever there.
///
/// # Errors
/// Everything that is wrong with its files.
pub(super) fn resolve(found: CaFound, wish: &Wish<'_>) -> Result<Authority, Vec<PkiError>> {
    let CaFound { number, common_name, certificate, key, expected, origin, pin } = found;
    let files = Files::of(wish.out, number, &origin);
    let loaded = match (certificate, key, &origin) {
        (None, _, Origin::Own { .. }) => Err(vec![files.own_missing()]),
        (None, None, _) if !expected && (wish.stranger.is_none() || number > 1) => match pin {
            None => mint(number, &common_name, wish, &files).map_err(|error| vec![error]),
            Some(pin) => Err(vec![files.pinned_and_missing(&pin)]),
        },
        (None, None, _) => Err(vec![files.both_lost(wish.stranger)]),
        (None, Some(_), _) => Err(vec![files.certificate_lost()]),
        (Some(certificate), key, _) => load(number, certificate, key.as_ref(), wish.now, &files),
    };
    let ca = Authority { origin, ..loaded? };
    match pin {
        Some(pin) if pin != ca.facts.fingerprint => Err(vec![files.pinned(&ca.facts, &pin)]),
        _ => Ok(ca),
    }
}

fn mint(
    number: u32,
    name: &str,
    wish: &Wish<'_>,
    files: &Files<'_>,
) -> Result<Authority, PkiError> {
    let (certificate, key) = issue::ca(name, wish.tls, wish.now)?;
    // Read back like one that was found, so that there is one way to become an authority.
    let loaded = load(number, certificate.into_bytes(), Some(&key), wish.now, files);
    let mut authority = loaded.map_err(|errors| {
        let text = errors.first().map_or_else(String::new, ToString::to_string);
        PkiError::new(format!("the new CA is not usable: {text}"))
    })?;
    authority.minted = Some(key);
    Ok(authority)
}

fn load(
    number: u32,
    file: Vec<u8>,
    key: Option<&Secret>,
    now: i64,
    files: &Files<'_>,
) -> Result<Authority, Vec<PkiError>> {
    let unreadable = |what: &str| vec![files.unreadable(what)];
    let blocks = chain::certificates(&file).map_err(unreadable)?;
    let der = blocks.first().ok_or_else(|| unreadable("holds no certificate"))?;
    let seen = Seen::parse(der).ok_or_else(|| unreadable("is damaged"))?;
    // Nobody else would notice damage to its dates or identifiers: it is trusted as it is.
    if seen.is_self_issued() && seen.is_signed_by(seen.public_key()) == Some(false) {
        return Err(unreadable("is damaged: it does not bear its own signature"));
    }
    let facts = seen.facts(Kind::Ca, None);
    let pair = key.map(|key| private_key::prove(key.expose(), seen.public_key())).transpose();
    let pair = match (unfit(&seen, &facts, now, files), pair) {
        (None, Ok(pair)) => pair,
        (unfit, pair) => {
            // Of a key that cannot be read nothing is known.
            let known = seen.public_key().algorithm != Algorithm::Other;
            let key_fault = pair.err().filter(|_| known);
            let key_fault = key_fault.map(|fault| files.key_fault(fault, &facts));
            return Err(unfit.into_iter().chain(key_fault).collect());
        }
    };
    let chain = Chain::of(&blocks, now).map_err(|what| vec![files.broken_chain(&what, &facts)])?;
    // After `unfit`: rcgen panics at some names.
    let issuer = pair.map(|pair| Issuer::from_ca_cert_der(&der.as_slice().into(), pair));
    let issuer = issuer
        .transpose()
        .map_err(|_| vec![files.unusable("has a name of an unsupported form", &facts)])?;
    let (subject, public) = (seen.subject().to_vec(), seen.public_key());
    let (algorithm, public_key) = (public.algorithm, public.bytes.to_vec());
    drop(blocks);
    let file = String::from_utf8(file).map_err(|_| unreadable("is not text"))?;
    Ok(Authority {
        number,
        origin: Origin::Minted,
        file,
        minted: None,
        facts,
        issuer,
        chain,
        subject,
        algorithm,
        public_key,
    })
}

/// Why a certificate cannot be the CA's, if it cannot.
fn unfit(seen: &Seen<'_>, facts: &Certificate, now: i64, files: &Files<'_>) -> Option<PkiError> {
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
    if now < facts.not_before {
        return Some(Files::not_yet_valid(facts, now));
    }
    (now > facts.not_after).then(|| files.expired(facts))
}
