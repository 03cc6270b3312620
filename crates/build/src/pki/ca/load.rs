//! The files of a CA become a CA.

use super::files::Files;
use crate::pki::existing::Origin;
use crate::pki::signer::{Key, Signer};
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::{
    Algorithm, Broken, Chain, Fault, Issuer, KeyFault, ParsedCertificate, Secret, pem, prove,
};
use zeroize::Zeroizing;

/// Reads a CA's certificate and its key, if that is there; `absent` is what it means if not.
/// Returns the certificates of the file as well, and nothing of what is around them.
///
/// # Errors
/// Everything that is wrong with them.
pub(super) fn load(
    (number, origin): (u32, Origin),
    file: &[u8],
    key: Option<&Secret>,
    absent: Key,
    now: i64,
    files: &Files<'_>,
) -> Result<(Signer, String), Vec<Diagnostic>> {
    let unreadable = |what: &str| vec![files.unreadable(what, file)];
    let blocks = pem::certificates(file).map_err(unreadable)?;
    let der = blocks.first().ok_or_else(|| unreadable("holds no certificate"))?;
    let certificate = ParsedCertificate::parse(der).ok_or_else(|| unreadable("is damaged"))?;
    let chain = Chain::of(&blocks, now);
    // Nobody else would notice damage to its dates or identifiers: it is trusted as it is. A chain that is whole has
    // verified the certificate at its end.
    let is_verified = blocks.len() == 1 && chain.is_ok();
    if !is_verified
        && certificate.is_self_issued()
        && certificate.is_signed_by(certificate.public_key()) == Some(false)
    {
        return Err(unreadable("is damaged: it does not bear its own signature"));
    }
    let facts = certificate.facts(Kind::Ca, None);
    let pair = key.map(|secret| prove(secret.expose(), certificate.public_key())).transpose();
    let (chain, pair) = match (unfit(&certificate), chain, pair) {
        (None, Ok(chain), Ok(pair)) => (chain, pair),
        (unfit, chain, pair) => {
            // Of a key that cannot be read nothing is known.
            let is_known = certificate.public_key().algorithm != Algorithm::Other;
            let found = Wrong { unfit, chain: chain.err(), key: pair.err().filter(|_| is_known) };
            return Err(found.told(key, &blocks, &facts, files));
        }
    };
    let unnamed = || vec![files.unusable(UNNAMED, &facts)];
    let issuer =
        pair.map(|pair| Issuer::new(&certificate, pair).ok_or_else(unnamed)).transpose()?;
    let key = issuer.map_or(absent, |issuer| Key::Here(Box::new(issuer)));
    let signer = Signer::new(number, origin, &certificate, facts, chain, key);
    let file = blocks.iter().map(|der| pem::certificate(der)).collect();
    Ok((signer, file))
}

/// Holds what speaks against a CA that could be read.
struct Wrong {
    /// Why nothing can be signed in its name; continues that.
    unfit: Option<&'static str>,
    chain: Option<Broken>,
    key: Option<KeyFault>,
}

impl Wrong {
    /// Puts it into words, each mistake once.
    fn told(
        self,
        key: Option<&Secret>,
        blocks: &[Zeroizing<Vec<u8>>],
        facts: &Certificate,
        files: &Files<'_>,
    ) -> Vec<Diagnostic> {
        let has = |is: fn(&Fault) -> bool| match &self.chain {
            Some(Broken::Refused(all)) => all.iter().any(|one| one.at == 1 && is(&one.fault)),
            _ => false,
        };
        let is_no_ca = has(|fault| matches!(fault, Fault::NotACa { .. } | Fault::Version));
        let is_misplaced = is_no_ca || matches!(self.chain, Some(Broken::Links(_)));
        let is_mismatch = self.key == Some(KeyFault::Mismatch);
        if let Some(owner) = owner(key, blocks).filter(|_| is_misplaced && is_mismatch) {
            return vec![files.out_of_order(facts, owner)];
        }
        // Of a key that nobody verifies with, the chain tells already.
        let unfit = self.unfit.filter(|_| !has(|fault| matches!(fault, Fault::Key(_))));
        // A certificate that is no CA's is the wrong one, and its key is another for that.
        let key_fault = self.key.filter(|_| !(is_no_ca && is_mismatch));
        let mut errors: Vec<_> =
            unfit.map(|what| files.unusable(what, facts)).into_iter().collect();
        errors.extend(self.chain.into_iter().flat_map(|broken| files.broken(broken, facts)));
        errors.extend(key_fault.map(|fault| files.key_fault(fault, key, facts)));
        errors
    }
}

/// Tells whose key it is, and where in the file that one is: in a file that begins with another
/// certificate, as with the root.
fn owner(key: Option<&Secret>, file: &[Zeroizing<Vec<u8>>]) -> Option<(usize, String)> {
    file.iter().zip(1..).find_map(|(der, at)| {
        let certificate = ParsedCertificate::parse(der)?;
        let pair = prove(key?.expose(), certificate.public_key());
        pair.is_ok().then(|| (at, certificate.subject_text()))
    })
}

/// Says why nothing can be signed in the CA's name, if that is so.
fn unfit(certificate: &ParsedCertificate<'_>) -> Option<&'static str> {
    if certificate.public_key().algorithm == Algorithm::Other {
        Some("has a key of an unsupported kind")
    } else if certificate.is_plainly_named() {
        None
    } else {
        Some(UNNAMED)
    }
}

const UNNAMED: &str = "has a name of an unsupported form";
