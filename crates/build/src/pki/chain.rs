//! A CA and the CAs over it.
//!
//! Verifiers trust the last one, and the ones between it and a leaf travel in the leaf's own file
//! (RFC 8446, section 4.4.2; Go's `tls.LoadX509KeyPair`).

use super::constraints::Constraints;
use super::pem;
use super::seen::{Limits, Seen};
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::time::Date;
use zeroize::Zeroizing;

/// A CA's certificate and those over it, each signed by the next.
pub(super) struct Chain {
    /// PEM: the one that verifiers are given to trust.
    pub(super) anchor: String,
    /// What is known of it.
    pub(super) anchor_facts: Certificate,
    /// PEM: what follows a leaf in its file; empty where the CA itself is trusted.
    pub(super) between: String,
    /// When the first of them ends.
    pub(super) not_after: i64,
    /// What each of them limits the names of leaves to.
    pub(super) constraints: Vec<Constraints>,
}

/// Every certificate of a PEM file, in DER.
///
/// # Errors
/// Says what the file is instead.
pub(super) fn certificates(file: &[u8]) -> Result<Vec<Zeroizing<Vec<u8>>>, &'static str> {
    let blocks = pem::blocks(file).ok_or("is not sound PEM")?;
    let mut all = Vec::with_capacity(blocks.len());
    for block in blocks {
        match block.label {
            "CERTIFICATE" => all.push(block.der),
            label if label.ends_with("PRIVATE KEY") => {
                return Err("holds a private key instead of a certificate");
            }
            _ => return Err("holds something else than certificates"),
        }
    }
    if all.is_empty() { Err("holds no certificate") } else { Ok(all) }
}

impl Chain {
    /// Puts the certificates of a file together, the CA's own first.
    ///
    /// # Errors
    /// Continues "the CA …": what keeps verifiers from following the chain.
    pub(super) fn of(blocks: &[Zeroizing<Vec<u8>>], now: i64) -> Result<Self, String> {
        let parsed: Option<Vec<Seen<'_>>> = blocks.iter().map(|der| Seen::parse(der)).collect();
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
            if !upper.says.ca || upper.says.path_length.is_some_and(|length| length < depth + 1) {
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
        for seen in &parsed {
            match &seen.says.constraints {
                Limits::None => {}
                Limits::Known(known) => constraints.push(known.clone()),
                Limits::Unknown => return Err("has name constraints of an unknown kind".to_owned()),
            }
        }
        let pem = |der: &Zeroizing<Vec<u8>>| pem::encode("CERTIFICATE", der);
        Ok(Self {
            anchor: pem(anchor),
            anchor_facts: last.facts(Kind::Ca, None),
            between: blocks[..blocks.len() - 1].iter().map(pem).collect(),
            constraints,
            not_after: parsed.iter().map(Seen::not_after).min().unwrap_or(i64::MAX),
        })
    }
}

/// What is known of the certificates in a file of trusted CAs; nothing where it cannot be read.
pub(super) fn anchors(file: &[u8]) -> Vec<Zeroizing<Vec<u8>>> {
    certificates(file).unwrap_or_default()
}

/// A CA as a person tells it from others.
pub(super) fn identity(facts: &Certificate) -> String {
    format!("`{}`, {}", facts.common_name, facts.fingerprint_text())
}
