//! A CA and the CAs over it.
//!
//! Verifiers trust the last one, and the ones between it and a leaf travel in the leaf's own file
//! (RFC 8446, section 4.4.2; Go's `tls.LoadX509KeyPair`).

use crate::certificate::{Limits, ParsedCertificate};
use crate::constraints::Constraints;
use crate::pem;
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::time::Date;
use zeroize::Zeroizing;

/// A CA's certificate and those over it, each signed by the next.
pub struct Chain {
    /// PEM: the one that verifiers are given to trust.
    pub anchor: String,
    /// What is known of it.
    pub anchor_facts: Certificate,
    /// PEM: what follows a leaf in its file; empty where the CA itself is trusted.
    pub between: String,
    /// When the first of them ends.
    pub not_after: i64,
    /// What each of them limits the names of leaves to.
    pub constraints: Vec<Constraints>,
}

impl Chain {
    /// Puts the certificates of a file together, the CA's own first.
    ///
    /// # Errors
    /// Continues "the CA …": what keeps verifiers from following the chain.
    pub fn of(blocks: &[Zeroizing<Vec<u8>>], now: i64) -> Result<Self, String> {
        let parsed: Option<Vec<ParsedCertificate<'_>>> =
            blocks.iter().map(|der| ParsedCertificate::parse(der)).collect();
        let parsed = parsed.ok_or("has a damaged certificate over it in its file")?;
        let (Some(last), Some(anchor)) = (parsed.last(), blocks.last()) else {
            return Err("has no certificate".to_owned());
        };
        for (depth, pair) in parsed.windows(2).enumerate() {
            let [lower, upper] = pair else { continue };
            let name = upper.subject_text();
            if lower.is_self_issued() {
                return Err(format!("is its own issuer, and yet followed in its file by `{name}`"));
            }
            if lower.issuer() != upper.subject()
                || lower.is_signed_by(upper.public_key()) == Some(false)
            {
                return Err(format!("is followed in its file by `{name}`, which did not sign it"));
            }
            if !upper.extensions.ca
                || upper.extensions.path_length.is_some_and(|length| length < depth + 1)
            {
                return Err(format!("is below `{name}`, which may not have a CA below it"));
            }
            if now > upper.not_after() {
                let date = Date(upper.not_after());
                return Err(format!("is below `{name}`, which expired on {date}"));
            }
        }
        if !last.is_self_issued() {
            let issuer = last.issuer_text();
            return Err(format!("is below `{issuer}`, whose certificate is missing in its file"));
        }
        let mut constraints = Vec::new();
        for certificate in &parsed {
            match &certificate.extensions.constraints {
                Limits::None => {}
                Limits::Known(known) => constraints.push(known.clone()),
                Limits::Unknown => return Err("has name constraints of an unknown kind".to_owned()),
            }
        }
        let pem = |der: &Zeroizing<Vec<u8>>| pem::certificate(der);
        Ok(Self {
            anchor: pem(anchor),
            anchor_facts: Certificate {
                limits_addresses: constraints.iter().any(Constraints::limit_addresses),
                ..last.facts(Kind::Ca, None)
            },
            between: blocks[..blocks.len() - 1].iter().map(pem).collect(),
            constraints,
            not_after: parsed.iter().map(ParsedCertificate::not_after).min().unwrap_or(i64::MAX),
        })
    }
}
