//! Whether a certificate that exists is kept. Pure: the same input gives the same answer.

use super::Found;
use super::ca::{Authority, numbered};
use super::ledger::Ledger;
use super::revoke::Serials;
use bouquet_model::certificate::{Certificate, Kind, Wanted};
use bouquet_model::cluster::{KeyKind, Renew, San};
use bouquet_model::time::{DAY, Date};
use bouquet_x509::{
    Algorithm, CLIENT_AUTH, DIGITAL_SIGNATURE, KeyFault, NewKey, ParsedCertificate, SERVER_AUTH,
    pem, prove,
};
use core::fmt;
use core::time::Duration;
use std::collections::BTreeSet;

/// What becomes of a wanted certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The one that exists is good.
    Keep,
    /// A new one is issued, or was signed elsewhere and came back.
    Issue(Reason),
}

/// Why a certificate is issued; its text is one line for the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// There is none.
    Missing,
    /// There is none, and there was one that is still valid.
    Lost,
    /// Its file is not a certificate; the text continues "certificate file".
    Unreadable(&'static str),
    /// There is no private key for it.
    KeyMissing,
    /// Its private key is of no use.
    Key(KeyFault),
    /// Its issuer has another name than the CA.
    OtherCa {
        /// The issuer's common name.
        issuer: String,
    },
    /// The CA did not sign it.
    Signature,
    /// Its subject is not the wanted common name.
    CommonName {
        /// As it is.
        was: String,
        /// As the spec has it.
        wanted: String,
    },
    /// Its key is of another kind.
    KeyKind {
        /// As it is; `None` for a kind that this program does not make.
        was: Option<KeyKind>,
        /// As the spec has it.
        wanted: KeyKind,
    },
    /// It vouches for other names.
    Sans {
        /// Wanted and absent.
        added: Vec<String>,
        /// Present and not wanted.
        removed: Vec<String>,
    },
    /// Its extended key usage differs.
    Purposes {
        /// As it is.
        was: Vec<String>,
        /// As its kind needs it.
        wanted: Vec<&'static str>,
    },
    /// Its key may be used for anything but, or more than, signing handshakes.
    KeyUsage,
    /// It is valid from that second on.
    NotYetValid(i64),
    /// It was valid until that second.
    Expired(i64),
    /// It ends after its CA, or after one over it: verifiers refuse it before its own end.
    Outlives {
        /// The second at which it ends.
        on: i64,
        /// The one at which the first of those CAs ends.
        ca: i64,
    },
    /// It is revoked by its serial number.
    Revoked,
    /// It was issued for an earlier generation than the spec's.
    Generation {
        /// The one it was issued for.
        was: u32,
        /// The one that the spec has.
        wanted: u32,
    },
    /// It has less than `renew-before` left.
    Expires {
        /// The second at which it ends.
        on: i64,
        /// Whole days until then.
        days: i64,
    },
}

/// What is known of certificates that does not stand in them.
pub(super) struct Past<'a> {
    pub(super) ledger: &'a Ledger,
    pub(super) revoked: &'a Serials,
}

/// The place of a pair that is kept, with what is known of its certificate, or why there is none.
pub(super) type Verdict = Result<(usize, Certificate), Reason>;

/// Looks for the first place that holds a good pair.
pub(super) fn first_good(
    wanted: &Wanted,
    found: &[Found],
    cas: &[Authority],
    past: &Past<'_>,
    now: i64,
) -> Verdict {
    let ca = numbered(cas, wanted.issuer);
    let mut why = Reason::Missing;
    for (place, pair) in found.iter().enumerate() {
        match decide(wanted, pair, ca, past, now) {
            Ok(kept) => return Ok((place, kept)),
            // A place that is still empty says less than any other.
            Err(reason) if why == Reason::Missing => why = reason,
            Err(_) => {}
        }
    }
    let is_lost = why == Reason::Missing && past.ledger.has(wanted, now);
    Err(if is_lost { Reason::Lost } else { why })
}

/// Says what is known of a certificate that can be kept.
///
/// # Errors
/// The first reason for which it cannot.
pub(super) fn decide(
    wanted: &Wanted,
    found: &Found,
    ca: &Authority,
    past: &Past<'_>,
    now: i64,
) -> Result<Certificate, Reason> {
    let facts = is_good(wanted, found, ca, past.revoked, now)?;
    let was = past.ledger.generation(&facts.serial);
    if was < wanted.generation {
        return Err(Reason::Generation { was, wanted: wanted.generation });
    }
    Ok(facts)
}

/// The same, whichever generation it was issued for.
///
/// # Errors
/// The first reason. Those that cost nothing to find come first, the two proofs by computation
/// last.
pub(super) fn is_good(
    wanted: &Wanted,
    found: &Found,
    ca: &Authority,
    revoked: &Serials,
    now: i64,
) -> Result<Certificate, Reason> {
    let certificate = found.certificate.as_deref().ok_or(Reason::Missing)?;
    let blocks = pem::certificates(certificate).map_err(Reason::Unreadable)?;
    let der = blocks.first().ok_or(Reason::Unreadable("holds no certificate"))?;
    let seen = ParsedCertificate::parse(der).ok_or(Reason::Unreadable("is damaged"))?;
    if seen.issuer() != ca.subject() {
        return Err(Reason::OtherCa { issuer: seen.issuer_text() });
    }
    says_what_is_wanted(wanted, &seen)?;
    is_valid_long_enough(wanted, &seen, ca, now)?;
    let key = found.key.as_ref().ok_or(Reason::KeyMissing)?;
    prove(key.expose(), seen.public_key()).map_err(Reason::Key)?;
    if !ca.signed(&seen) {
        return Err(Reason::Signature);
    }
    let facts = seen.facts(wanted.kind, wanted.owner.as_deref());
    if revoked.contains_key(&*facts.serial) { Err(Reason::Revoked) } else { Ok(facts) }
}

/// The key that a certificate which is issued anew keeps: where the spec says so, the old one is
/// sound and of the wanted kind, and nothing suggests that somebody else has it.
pub(super) fn kept_key(wanted: &Wanted, found: &[Found], reason: &Reason) -> Option<NewKey> {
    if wanted.renew != Renew::KeepKey
        || matches!(reason, Reason::Generation { .. } | Reason::Revoked)
    {
        return None;
    }
    found.iter().find_map(|found| {
        let blocks = pem::certificates(found.certificate.as_deref()?).ok()?;
        let seen = ParsedCertificate::parse(blocks.first()?)?;
        let (public, key) = (seen.public_key(), found.key.as_ref()?);
        let Algorithm::Ours(kind) = public.algorithm else { return None };
        let sound = prove(key.expose(), public).is_ok() && kind == wanted.key;
        sound.then(|| NewKey { kind, public: public.bytes.to_vec(), secret: key.clone() })
    })
}

fn says_what_is_wanted(wanted: &Wanted, seen: &ParsedCertificate<'_>) -> Result<(), Reason> {
    if seen.common_name() != Some(&wanted.common_name) {
        let was = seen.subject_text();
        return Err(Reason::CommonName { was, wanted: wanted.common_name.clone() });
    }
    match seen.public_key().algorithm {
        Algorithm::Ours(kind) if kind == wanted.key => {}
        Algorithm::Ours(kind) => {
            return Err(Reason::KeyKind { was: Some(kind), wanted: wanted.key });
        }
        _ => return Err(Reason::KeyKind { was: None, wanted: wanted.key }),
    }
    // Their order says nothing: members that change places in the spec keep their certificate.
    let was: BTreeSet<&San> = seen.extensions.sans.iter().collect();
    let wants: BTreeSet<&San> = wanted.sans.iter().collect();
    let others = &seen.extensions.other_names;
    if was != wants || !others.is_empty() {
        let only = |a: &BTreeSet<&San>, b| a.difference(b).map(ToString::to_string).collect();
        let (added, removed): (_, Vec<String>) = (only(&wants, &was), only(&was, &wants));
        return Err(Reason::Sans { added, removed: [removed, others.clone()].concat() });
    }
    let purposes = purposes(wanted.kind);
    if seen.extensions.purposes != purposes {
        return Err(Reason::Purposes { was: seen.extensions.purposes.clone(), wanted: purposes });
    }
    if seen.extensions.ca || seen.extensions.key_usage != Some(DIGITAL_SIGNATURE) {
        return Err(Reason::KeyUsage);
    }
    Ok(())
}

/// The extended key usage of a leaf.
pub(super) fn purposes(kind: Kind) -> Vec<&'static str> {
    let each = [(kind.server_auth(), SERVER_AUTH), (kind.client_auth(), CLIENT_AUTH)];
    each.into_iter().filter(|(has, _)| *has).map(|(_, purpose)| purpose).collect()
}

fn is_valid_long_enough(
    wanted: &Wanted,
    seen: &ParsedCertificate<'_>,
    ca: &Authority,
    now: i64,
) -> Result<(), Reason> {
    let (from, until) = (seen.not_before(), seen.not_after());
    if now < from {
        return Err(Reason::NotYetValid(from));
    }
    if now > until {
        return Err(Reason::Expired(until));
    }
    let end = ca.chain.not_after;
    if until > end {
        return Err(Reason::Outlives { on: until, ca: end });
    }
    let left = until - now;
    // One that ends with its CA is not issued anew on every build: the next would end there too.
    // Who signs elsewhere takes some days to do so, and does not meet the second.
    let with_ca = ca.signs_elsewhere() && end - until < 7 * DAY;
    let lasts_longer = !with_ca && ca.leaf_not_after(now, wanted.valid_for) > until;
    if left < seconds(wanted.renew_before) && lasts_longer {
        return Err(Reason::Expires { on: until, days: left / DAY });
    }
    Ok(())
}

/// Whole seconds, to reckon with times.
pub(super) fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost => f.write_str("its file is gone"),
            Self::Missing => f.write_str("certificate is missing"),
            Self::Unreadable(what) => write!(f, "certificate file {what}"),
            Self::KeyMissing => f.write_str("private key is missing"),
            Self::Key(KeyFault::NotAKey) => f.write_str("private key file holds no key"),
            Self::Key(fault) => write!(f, "private key {fault}"),
            Self::OtherCa { issuer } => write!(f, "issued by another CA, `{issuer}`"),
            Self::Signature => f.write_str("signature does not verify"),
            Self::CommonName { was, wanted } => {
                write!(f, "common name changed from `{was}` to `{wanted}`")
            }
            Self::KeyKind { was: Some(was), wanted } => {
                write!(f, "key kind changed from {was} to {wanted}")
            }
            Self::KeyKind { was: None, wanted } => write!(f, "key kind changed to {wanted}"),
            Self::Sans { added, removed } => {
                let added = added.iter().map(|san| format!("+ {san}"));
                let removed = removed.iter().map(|san| format!("- {san}"));
                let changes: Vec<_> = added.chain(removed).collect();
                write!(f, "SANs changed: {}", changes.join(", "))
            }
            Self::Purposes { was, wanted } => {
                let was = if was.is_empty() { "none".to_owned() } else { was.join(", ") };
                write!(f, "EKU changed from {was} to {}", wanted.join(", "))
            }
            Self::KeyUsage => f.write_str("key usage is not digitalSignature alone"),
            Self::NotYetValid(from) => write!(f, "not valid before {}", Date(*from)),
            Self::Expired(on) => write!(f, "expired on {}", Date(*on)),
            Self::Outlives { on, ca } => {
                write!(f, "ends on {}, after its CA ({})", Date(*on), Date(*ca))
            }
            Self::Revoked => f.write_str("revoked"),
            Self::Generation { was, wanted } => {
                write!(f, "generation changed from {was} to {wanted}")
            }
            Self::Expires { on, days: 1 } => write!(f, "expires on {}, in 1 day", Date(*on)),
            Self::Expires { on, days } => write!(f, "expires on {}, in {days} days", Date(*on)),
        }
    }
}
