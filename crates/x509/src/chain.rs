//! A CA and the CAs over it.
//!
//! Verifiers trust the last one, and the ones between it and a leaf travel in the leaf's own file
//! (RFC 8446, section 4.4.2; Go's `tls.LoadX509KeyPair`).

use crate::certificate::{Limits, ParsedCertificate};
use crate::constraints::Constraints;
use crate::pem;
use crate::verifiers::{self, Fault, Seat};
use bouquet_model::certificate::{Certificate, Kind};
use zeroize::Zeroizing;

/// A CA's certificate and those over it, each signed by the next.
pub struct Chain {
    /// PEM: the one that verifiers are given to trust.
    pub anchor: String,
    /// What is known of it.
    pub anchor_facts: Certificate,
    /// PEM: what follows a leaf in its file; empty where the CA itself is trusted.
    pub between: String,
    /// What is known of the one that ends first, and with it all that is signed below it.
    pub first_to_end: Certificate,
    /// What each of them limits the names of leaves to.
    pub constraints: Vec<Constraints>,
    /// What OpenSSL refuses in them, and Go accepts.
    pub doubts: Vec<Doubt>,
}

/// Why certificates are no chain that verifiers follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// They are not each signed by the next; continues "the CA …".
    Links(String),
    /// They are, and Go refuses some of them.
    Refused(Vec<Refusal>),
}

/// A certificate of a chain that Go refuses, for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Its place in the file, from 1 on.
    pub at: usize,
    /// Its name.
    pub name: String,
    /// Why.
    pub fault: Fault,
}

/// A certificate of a chain that OpenSSL refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// Its place in the file, from 1 on.
    pub at: usize,
    /// Its name.
    pub name: String,
    /// Why; each continues "it has".
    pub why: Vec<&'static str>,
}

impl Chain {
    /// Puts the certificates of a file together, the CA's own first.
    ///
    /// # Errors
    /// What keeps verifiers from following the chain, and which certificates Go refuses in it.
    pub fn of(blocks: &[Zeroizing<Vec<u8>>], now: i64) -> Result<Self, Broken> {
        let parsed: Option<Vec<ParsedCertificate<'_>>> =
            blocks.iter().map(|der| ParsedCertificate::parse(der)).collect();
        let damaged = || Broken::Links("has a damaged certificate over it in its file".to_owned());
        let parsed = parsed.ok_or_else(damaged)?;
        let (Some(last), Some(anchor)) = (parsed.last(), blocks.last()) else {
            return Err(Broken::Links("has no certificate".to_owned()));
        };
        // Of a leaf at the head of the file, nothing else is worth telling.
        if let Some(fault) = parsed.first().and_then(verifiers::no_ca) {
            let name = parsed.first().map_or_else(String::new, ParsedCertificate::subject_text);
            return Err(Broken::Refused(vec![Refusal { at: 1, name, fault }]));
        }
        links(&parsed).map_err(Broken::Links)?;
        let refused = judge(&parsed, |ca, upper, seat| verifiers::faults(ca, upper, seat, now));
        let refusal = |(at, name, fault)| Refusal { at, name, fault };
        let refused: Vec<_> = refused
            .flat_map(|(at, name, faults)| faults.into_iter().map(move |f| (at, name.clone(), f)))
            .map(refusal)
            .collect();
        if !refused.is_empty() {
            return Err(Broken::Refused(refused));
        }
        let known = |ca: &ParsedCertificate<'_>| match &ca.extensions.constraints {
            Limits::Known(known) => Some(known.clone()),
            Limits::None | Limits::Unknown => None,
        };
        let constraints: Vec<Constraints> = parsed.iter().filter_map(known).collect();
        let first_to_end = parsed.iter().min_by_key(|ca| ca.not_after()).unwrap_or(last);
        let doubts = judge(&parsed, verifiers::doubts);
        let pem = |der: &Zeroizing<Vec<u8>>| pem::certificate(der);
        Ok(Self {
            anchor: pem(anchor),
            anchor_facts: Certificate {
                limits_addresses: constraints.iter().any(Constraints::limit_addresses),
                ..last.facts(Kind::Ca, None)
            },
            between: blocks[..blocks.len() - 1].iter().map(pem).collect(),
            constraints,
            first_to_end: first_to_end.facts(Kind::Ca, None),
            doubts: doubts.map(|(at, name, why)| Doubt { at, name, why }).collect(),
        })
    }
}

/// Looks whether each certificate is signed by the next, and the last one by itself.
fn links(parsed: &[ParsedCertificate<'_>]) -> Result<(), String> {
    for (pair, at) in parsed.windows(2).zip(1..) {
        let [lower, upper] = pair else { continue };
        let name = upper.subject_text();
        let is = match at {
            1 => "is".to_owned(),
            at => {
                format!("has `{}` over it, number {at} in the file, which is", lower.subject_text())
            }
        };
        if lower.x509().as_ref() == upper.x509().as_ref() {
            return Err(format!("{is} in its file twice"));
        }
        if lower.is_self_issued() {
            return Err(format!("{is} its own issuer, and yet followed in its file by `{name}`"));
        }
        if lower.issuer() != upper.subject()
            || lower.is_signed_by(upper.public_key()) == Some(false)
        {
            return Err(format!("{is} followed in its file by `{name}`, which did not sign it"));
        }
    }
    match parsed.last() {
        Some(last) if !last.is_self_issued() => {
            let issuer = last.issuer_text();
            Err(format!("is below `{issuer}`, whose certificate is missing in its file"))
        }
        Some(last) if last.is_signed_by(last.public_key()) == Some(false) => {
            let name = last.subject_text();
            Err(format!("is below `{name}`, whose certificate is damaged in its file"))
        }
        _ => Ok(()),
    }
}

/// Judges each certificate in its seat; gives its place, its name and what was found, if anything.
fn judge<'a, T>(
    parsed: &'a [ParsedCertificate<'a>],
    find: impl Fn(&ParsedCertificate<'_>, Option<&ParsedCertificate<'_>>, Seat) -> Vec<T>,
) -> impl Iterator<Item = (usize, String, Vec<T>)> {
    parsed.iter().enumerate().filter_map(move |(below, ca)| {
        let upper = parsed.get(below + 1);
        let found = find(ca, upper, Seat { below, is_anchor: upper.is_none() });
        (!found.is_empty()).then(|| (below + 1, ca.subject_text(), found))
    })
}
