//! A CA, as far as certificates are held against it and signed by it.

use super::existing::Origin;
use bouquet_model::certificate::Certificate;
use bouquet_model::cluster::San;
use bouquet_model::time::DAY;
use bouquet_x509::crl::ParsedList;
use bouquet_x509::{Algorithm, Chain, Issuer, ParsedCertificate, PublicKey};
use core::time::Duration;

/// A CA that signs: its certificate, those over it, and its key if that is there.
pub(super) struct Signer {
    pub(super) number: u32,
    /// Where its files are.
    pub(super) origin: Origin,
    pub(super) facts: Certificate,
    /// Its own certificate, and those over it.
    pub(super) chain: Chain,
    pub(super) key: Key,
    subject: Vec<u8>,
    algorithm: Algorithm,
    public_key: Vec<u8>,
}

/// The key of a CA.
pub(super) enum Key {
    /// It is there.
    Here(Box<Issuer>),
    /// It should be there, and is not.
    Missing,
    /// The environment variable that should name its file is not set.
    Unset(String),
    /// It is there, and cannot be used; the text says why.
    Locked(String),
    /// It is not meant to be there: certificates are signed elsewhere, on request.
    External,
}

impl Signer {
    /// Takes a CA's certificate, with what was found out about it.
    pub(super) fn new(
        number: u32,
        origin: Origin,
        certificate: &ParsedCertificate<'_>,
        facts: Certificate,
        chain: Chain,
        key: Key,
    ) -> Self {
        let public = certificate.public_key();
        Self {
            number,
            origin,
            facts,
            chain,
            key,
            subject: certificate.subject().to_vec(),
            algorithm: public.algorithm,
            public_key: public.bytes.to_vec(),
        }
    }

    /// Tells whether it is an external CA.
    pub(super) fn is_external(&self) -> bool {
        matches!(self.key, Key::External)
    }

    /// Tells whether it issues, here or on request.
    pub(super) fn can_issue(&self) -> bool {
        matches!(self.key, Key::Here(_) | Key::External)
    }

    /// Tells whether a certificate names it as its issuer.
    pub(super) fn is_named_by(&self, certificate: &ParsedCertificate<'_>) -> bool {
        certificate.issuer() == self.subject
    }

    /// Tells whether it signed that certificate.
    pub(super) fn signed(&self, certificate: &ParsedCertificate<'_>) -> bool {
        self.is_named_by(certificate) && certificate.is_signed_by(self.public_key()) == Some(true)
    }

    /// Tells whether it signed that list of revoked certificates.
    pub(super) fn signed_list(&self, list: &ParsedList<'_>) -> bool {
        list.issuer == self.subject && list.is_signed_by(self.public_key())
    }

    /// Tells whether it can vouch for a name or an address.
    pub(super) fn allows(&self, san: &San) -> bool {
        self.chain.constraints.iter().all(|constraints| constraints.allows(san))
    }

    /// Returns when a leaf ends that is issued now: with its CA, or one over it, at the latest.
    pub(super) fn leaf_not_after(&self, now: i64, valid_for: Duration) -> i64 {
        now.saturating_add(seconds(valid_for)).min(self.chain.first_to_end.not_after)
    }

    /// Returns for how many days a leaf is asked for: no longer than its CA is valid, even if it is
    /// signed tomorrow.
    pub(super) fn leaf_days(&self, now: i64, valid_for: Duration) -> i64 {
        let left = (self.chain.first_to_end.not_after - now) / DAY - 1;
        left.max(1).min(seconds(valid_for) / DAY)
    }

    fn public_key(&self) -> PublicKey<'_> {
        PublicKey { algorithm: self.algorithm, bytes: &self.public_key }
    }
}

/// Returns whole seconds, to calculate with times.
pub(super) fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

/// A certificate is valid from this many seconds before it is issued, as clocks differ.
pub(super) const BACKDATED: i64 = 5 * 60;
