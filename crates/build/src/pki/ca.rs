//! One CA: found, or minted where none was ever there.

use super::decide::seconds;
use super::issue;
use super::{CaFound, Origin, Passphrase, PkiError, ca_error::Files};
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::cluster::{San, Tls};
use bouquet_x509::Secret;
use bouquet_x509::{
    Algorithm, Chain, Constraints, Issuer, KEY_CERT_SIGN, LONGEST_COMMON_NAME, ParsedCertificate,
    PublicKey, crl, encrypted, pem, prove, random_digits,
};
use core::time::Duration;
use zeroize::Zeroizing;

/// The CA that certificates are compared with, and issued by where its key is there.
pub(super) struct Authority {
    pub(super) number: u32,
    pub(super) origin: Origin,
    /// PEM, as it was found or made: its own certificate and those over it.
    pub(super) file: String,
    /// Whether it was made just now.
    pub(super) is_new: bool,
    /// What its key's file is to hold from now on, where that changes.
    pub(super) new_key: Option<Secret>,
    /// That its key is in clear, where it should not be and cannot be helped for now.
    pub(super) in_clear: Option<PkiError>,
    /// Why its key cannot be used although it is there.
    pub(super) locked: Option<String>,
    pub(super) facts: Certificate,
    pub(super) issuer: Option<Issuer>,
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
    pub(super) fn signed(&self, seen: &ParsedCertificate<'_>) -> bool {
        seen.issuer() == self.subject && seen.is_signed_by(self.public_key()) == Some(true)
    }

    /// Whether it signed that list of revoked certificates.
    pub(super) fn signed_list(&self, list: &crl::ParsedList<'_>) -> bool {
        list.issuer == self.subject && list.is_signed_by(self.public_key())
    }

    /// Whether its key is elsewhere, and certificates have to be signed there.
    pub(super) fn signs_elsewhere(&self) -> bool {
        matches!(self.origin, Origin::Own { key: None, .. })
    }

    /// Whether it can vouch for a name or an address.
    pub(super) fn allows(&self, san: &San) -> bool {
        self.chain.constraints.iter().all(|constraints| constraints.allows(san))
    }

    fn public_key(&self) -> PublicKey<'_> {
        PublicKey { algorithm: self.algorithm, bytes: &self.public_key }
    }

    /// When a leaf ends that is issued now: with its CA, or one over it, at the latest.
    pub(super) fn leaf_not_after(&self, now: i64, valid_for: Duration) -> i64 {
        now.saturating_add(seconds(valid_for)).min(self.chain.not_after)
    }
}

/// The CA of that number: the spec has been proven to issue from one that it trusts.
pub(super) fn numbered(cas: &[Authority], number: u32) -> &Authority {
    cas.iter().find(|ca| ca.number == number).expect("a CA that issues is trusted")
}

/// A name for a new CA: the cluster's token, so that a person knows it, and random digits, so that
/// no two CAs share a name, which verifiers would take for the same issuer.
///
/// # Errors
/// Where the system has no random numbers.
pub fn ca_common_name(token: &str) -> Result<String, PkiError> {
    let digits = random_digits().map_err(issue::error)?;
    let room = LONGEST_COMMON_NAME - " etcd CA ".len() - digits.len();
    let token: String = token.chars().take(room).collect();
    Ok(format!("{token} etcd CA {digits}"))
}

/// What a CA is looked for with.
pub(super) struct Wish<'a> {
    pub(super) tls: &'a Tls,
    pub(super) passphrase: &'a Passphrase,
    /// What a new one is limited to, if it is.
    pub(super) permitted: Option<&'a Constraints>,
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
        (Some(certificate), key, _) => found_one(number, certificate, key, wish, &files),
    };
    let ca = Authority { origin, ..loaded? };
    match pin {
        Some(pin) if ![ca.facts.fingerprint, ca.chain.anchor_facts.fingerprint].contains(&pin) => {
            Err(vec![files.pinned(&ca.facts, &pin)])
        }
        _ => Ok(ca),
    }
}

fn mint(
    number: u32,
    name: &str,
    wish: &Wish<'_>,
    files: &Files<'_>,
) -> Result<Authority, PkiError> {
    let (certificate, key) =
        issue::ca(name, wish.tls, wish.permitted, wish.now).map_err(issue::error)?;
    // Read back like one that was found, so that there is one way to become an authority.
    let loaded = load(number, certificate.into_bytes(), Some(&key), wish.now, files);
    let mut authority = loaded.map_err(|errors| {
        let text = errors.first().map_or_else(String::new, ToString::to_string);
        PkiError::new(format!("the new CA is not usable: {text}"))
    })?;
    authority.is_new = true;
    authority.new_key = Some(match wish.passphrase {
        Passphrase::None => key,
        Passphrase::Given(passphrase) => {
            encrypted::encrypt(&key, passphrase).map_err(issue::error)?
        }
        Passphrase::Missing(what) => return Err(files.passphrase_needed(what)),
    });
    Ok(authority)
}

/// One that is there. Its key may be encrypted; without the passphrase it is as good as absent. One
/// that is there in clear is encrypted if the spec wants that.
fn found_one(
    number: u32,
    certificate: Vec<u8>,
    key: Option<Secret>,
    wish: &Wish<'_>,
    files: &Files<'_>,
) -> Result<Authority, Vec<PkiError>> {
    let is_encrypted = key.as_ref().is_some_and(|key| encrypted::is_encrypted(key.expose()));
    let key = match (key, wish.passphrase) {
        (Some(_), Passphrase::Missing(what)) if is_encrypted => {
            let locked = load(number, certificate, None, wish.now, files)?;
            return Ok(Authority { locked: Some(what.clone()), ..locked });
        }
        (Some(key), Passphrase::Given(passphrase)) if is_encrypted => {
            match encrypted::decrypt(key.expose(), passphrase) {
                Ok(key) => Some(key),
                Err(fault) => return Err(vec![files.locked(fault)]),
            }
        }
        (key, _) => key,
    };
    let mut ca = load(number, certificate, key.as_ref(), wish.now, files)?;
    let Some(key) = key.filter(|_| files.are_ours && !is_encrypted) else { return Ok(ca) };
    match wish.passphrase {
        Passphrase::None => {}
        Passphrase::Missing(what) => ca.in_clear = Some(files.in_clear(what)),
        Passphrase::Given(passphrase) => {
            let sealed = encrypted::encrypt(&key, passphrase);
            ca.new_key = Some(sealed.map_err(|error| vec![issue::error(error)])?);
        }
    }
    Ok(ca)
}

fn load(
    number: u32,
    file: Vec<u8>,
    key: Option<&Secret>,
    now: i64,
    files: &Files<'_>,
) -> Result<Authority, Vec<PkiError>> {
    let unreadable = |what: &str| vec![files.unreadable(what)];
    let blocks = pem::certificates(&file).map_err(unreadable)?;
    let der = blocks.first().ok_or_else(|| unreadable("holds no certificate"))?;
    let seen = ParsedCertificate::parse(der).ok_or_else(|| unreadable("is damaged"))?;
    // Nobody else would notice damage to its dates or identifiers: it is trusted as it is.
    if seen.is_self_issued() && seen.is_signed_by(seen.public_key()) == Some(false) {
        return Err(unreadable("is damaged: it does not bear its own signature"));
    }
    let facts = seen.facts(Kind::Ca, None);
    let pair = key.map(|key| prove(key.expose(), seen.public_key())).transpose();
    let pair = match (unfit(&seen, &facts, now, files), pair) {
        (None, Ok(pair)) => pair,
        (unfit, pair) => {
            // Of a key that cannot be read nothing is known.
            let known = seen.public_key().algorithm != Algorithm::Other;
            let key_fault = pair.err().filter(|_| known);
            let key_fault = key_fault.map(|fault| match owner(key, &blocks, now) {
                Some(owner) => files.out_of_order(&facts, owner),
                None => files.key_fault(fault, &facts),
            });
            return Err(unfit.into_iter().chain(key_fault).collect());
        }
    };
    let chain = Chain::of(&blocks, now).map_err(|what| vec![files.broken_chain(&what, &facts)])?;
    // After `unfit`: rcgen panics at some names.
    let unnamed = || vec![files.unusable("has a name of an unsupported form", &facts)];
    let issuer = pair.map(|pair| Issuer::new(&seen, pair).ok_or_else(unnamed)).transpose()?;
    let (subject, public) = (seen.subject().to_vec(), seen.public_key());
    let (algorithm, public_key) = (public.algorithm, public.bytes.to_vec());
    drop(blocks);
    let file = String::from_utf8(file).map_err(|_| unreadable("is not text"))?;
    Ok(Authority {
        number,
        origin: Origin::Minted,
        file,
        is_new: false,
        new_key: None,
        in_clear: None,
        locked: None,
        facts,
        issuer,
        chain,
        subject,
        algorithm,
        public_key,
    })
}

/// Whose key it is, and where in the file that one is: in a chain that begins with another, as with
/// the root. In a sound chain it is the key that is wrong.
fn owner(key: Option<&Secret>, file: &[Zeroizing<Vec<u8>>], now: i64) -> Option<(usize, String)> {
    Chain::of(file, now).err()?;
    file.iter().zip(1..).find_map(|(der, at)| {
        let seen = ParsedCertificate::parse(der)?;
        let pair = prove(key?.expose(), seen.public_key());
        pair.is_ok().then(|| (at, seen.subject_text()))
    })
}

/// Why a certificate cannot be the CA's, if it cannot.
fn unfit(
    seen: &ParsedCertificate<'_>,
    facts: &Certificate,
    now: i64,
    files: &Files<'_>,
) -> Option<PkiError> {
    if !seen.extensions.ca {
        return Some(files.not_a_ca(facts));
    }
    if seen.extensions.key_usage.is_some_and(|bits| bits & KEY_CERT_SIGN == 0) {
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
