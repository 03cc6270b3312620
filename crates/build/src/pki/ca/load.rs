//! The files of a CA become a CA.

use super::files::Files;
use crate::pki::existing::Origin;
use crate::pki::signer::{Key, Signer};
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::{
    Algorithm, Chain, Issuer, KEY_CERT_SIGN, ParsedCertificate, Secret, pem, prove,
};
use zeroize::Zeroizing;

/// Reads a CA's certificate and its key, if that is there; `absent` is what it means if not.
/// Returns the file's text as well.
///
/// # Errors
/// Everything that is wrong with them.
pub(super) fn load(
    (number, origin): (u32, Origin),
    file: Vec<u8>,
    key: Option<&Secret>,
    absent: Key,
    now: i64,
    files: &Files<'_>,
) -> Result<(Signer, String), Vec<Diagnostic>> {
    let unreadable = |what: &str| vec![files.unreadable(what)];
    let blocks = pem::certificates(&file).map_err(unreadable)?;
    let der = blocks.first().ok_or_else(|| unreadable("holds no certificate"))?;
    let certificate = ParsedCertificate::parse(der).ok_or_else(|| unreadable("is damaged"))?;
    // Nobody else would notice damage to its dates or identifiers: it is trusted as it is.
    if certificate.is_self_issued()
        && certificate.is_signed_by(certificate.public_key()) == Some(false)
    {
        return Err(unreadable("is damaged: it does not bear its own signature"));
    }
    let facts = certificate.facts(Kind::Ca, None);
    let pair = key.map(|key| prove(key.expose(), certificate.public_key())).transpose();
    let pair = match (unfit(&certificate, &facts, now, files), pair) {
        (None, Ok(pair)) => pair,
        (unfit, pair) => {
            // Of a key that cannot be read nothing is known.
            let known = certificate.public_key().algorithm != Algorithm::Other;
            let key_fault = pair.err().filter(|_| known);
            let key_fault = key_fault.map(|fault| match owner(key, &blocks, now) {
                Some(owner) => files.out_of_order(&facts, owner),
                None => files.key_fault(fault, &facts),
            });
            return Err(unfit.into_iter().chain(key_fault).collect());
        }
    };
    let chain = Chain::of(&blocks, now).map_err(|what| vec![files.broken_chain(&what, &facts)])?;
    let unnamed = || vec![files.unusable("has a name of an unsupported form", &facts)];
    let issuer =
        pair.map(|pair| Issuer::new(&certificate, pair).ok_or_else(unnamed)).transpose()?;
    let key = issuer.map_or(absent, |issuer| Key::Here(Box::new(issuer)));
    let signer = Signer::new(number, origin, &certificate, facts, chain, key);
    drop(blocks);
    let file = String::from_utf8(file).map_err(|_| unreadable("is not text"))?;
    Ok((signer, file))
}

/// Tells whose key it is, and where in the file that one is: in a chain that begins with another,
/// as with the root. In a sound chain it is the key that is wrong.
fn owner(key: Option<&Secret>, file: &[Zeroizing<Vec<u8>>], now: i64) -> Option<(usize, String)> {
    Chain::of(file, now).err()?;
    file.iter().zip(1..).find_map(|(der, at)| {
        let certificate = ParsedCertificate::parse(der)?;
        let pair = prove(key?.expose(), certificate.public_key());
        pair.is_ok().then(|| (at, certificate.subject_text()))
    })
}

/// Says why a certificate cannot be the CA's, if it cannot.
fn unfit(
    certificate: &ParsedCertificate<'_>,
    facts: &Certificate,
    now: i64,
    files: &Files<'_>,
) -> Option<Diagnostic> {
    if !certificate.extensions.ca {
        return Some(files.not_a_ca(facts));
    }
    if certificate.extensions.key_usage.is_some_and(|bits| bits & KEY_CERT_SIGN == 0) {
        return Some(files.unusable("may not sign certificates", facts));
    }
    if certificate.public_key().algorithm == Algorithm::Other {
        return Some(files.unusable("has a key of an unsupported kind", facts));
    }
    if !certificate.is_plainly_named() {
        return Some(files.unusable("has a name of an unsupported form", facts));
    }
    if now < facts.not_before {
        return Some(files.not_yet_valid(facts));
    }
    (now > facts.not_after).then(|| files.expired(facts))
}
