//! Certificates: what is wanted, what is there, and what must be issued.
//!
//! Pure but for random numbers: files are read and written, and the clock is asked, by the caller.

mod ca;
mod ca_error;
mod decide;
mod due;
mod error;
mod found;
mod issue;
mod leaf;
mod ledger;
mod limits;
mod parallel;
mod pending;
mod retired;
mod revoke;
mod rotation;
mod signed_list;
mod stranger;
mod warnings;
mod wrong;

pub use bouquet_x509::KeyFault;
pub use ca::ca_common_name;
pub use decide::{Decision, Reason};
pub use error::PkiError;
pub use found::{CaFound, Found, Origin, Passphrase};
pub use leaf::Leaf;
pub use ledger::PLACE as LEDGER;
pub use pending::{FOLDER as REQUESTS, Pending, Waiting, request_place};
pub use retired::Retired;
pub use rotation::Bundle;
pub use signed_list::PLACE as SIGNED_LIST;

use crate::issuing::Issuing;
use bouquet_model::certificate::{Certificate, Wanted};
use bouquet_model::cluster::Tls;
use bouquet_x509::Chain;
use bouquet_x509::Secret;
use ca::{Authority, Wish, numbered};
use core::mem::take;
use decide::Past;
use ledger::Ledger;
use pending::{Due, Outcome};
use rotation::Before;

/// What certificates are made from.
#[derive(Debug)]
pub struct Request<'a> {
    /// Every leaf that the cluster needs.
    pub wanted: &'a [Wanted],
    /// What is there: for each wanted, for each of its places, in their order.
    pub found: Vec<Vec<Found>>,
    /// What is there of a request for it: for each wanted, or nothing at all.
    pub requests: Vec<Pending>,
    /// Every CA that the spec trusts, with what is there of it.
    pub authorities: Vec<CaFound>,
    /// Those in `pki/` that it does not trust.
    pub retired: Vec<Retired>,
    /// The files of trusted CAs, as they are there.
    pub bundles: Vec<Bundle>,
    /// The bytes of [`LEDGER`], if it is there.
    pub ledger: Option<Vec<u8>>,
    /// The lists of revoked certificates that are there, in DER.
    pub lists: Vec<Vec<u8>>,
    /// The bytes of [`SIGNED_LIST`], if it is there.
    pub signed_list: Option<Vec<u8>>,
    /// The cluster's settings.
    pub tls: &'a Tls,
    /// What the spec says of CAs and of revoked certificates.
    pub issuing: &'a Issuing,
    /// What encrypts the CAs' keys.
    pub passphrase: Passphrase,
    /// Seconds since 1970.
    pub now: i64,
    /// The folder that holds `pki/`, `members/` and `clients/`, for messages only.
    pub out: &'a str,
}

/// Everything that belongs in `out/`.
#[derive(Debug)]
pub struct Pki {
    /// The CAs, in the order of their numbers.
    pub authorities: Vec<Ca>,
    /// A leaf for each wanted one, in their order, but for those that wait for a signature.
    pub leaves: Vec<Leaf>,
    /// Those that wait for a signature.
    pub waiting: Vec<Waiting>,
    /// Which of the wanted are in place now, and have no use for their requests any more.
    pub answered: Vec<usize>,
    /// The text of [`LEDGER`].
    pub ledger: String,
    /// The list of revoked certificates in DER, where members check one.
    pub list: Option<Vec<u8>>,
    /// What the operator should know; the next phase of a change of CA comes last.
    pub warnings: Vec<PkiError>,
}

/// A CA.
#[derive(Debug)]
pub struct Ca {
    /// Its number in the spec.
    pub number: u32,
    /// PEM: as it was found, or new, with the CAs over it.
    pub certificate: String,
    /// PEM: what others are given to trust, which is the uppermost of them.
    pub anchor: String,
    /// Whether it was made just now.
    pub is_new: bool,
    /// What its key's file is to hold, where the CA is new or its key was encrypted just now;
    /// otherwise the file stays as it is.
    ///
    /// Certificate and key must appear together and before any leaf, as by renaming a folder that
    /// holds both: one without the other is refused by the next build, which cannot know whether
    /// something depends on it.
    pub new_key: Option<Secret>,
    /// What is known of it.
    pub facts: Certificate,
    /// What is known of the anchor.
    pub anchor_facts: Certificate,
}

impl Pki {
    /// The content of a file that trusts those CAs.
    pub fn bundle(&self, trust: &[u32]) -> String {
        let trusted = self.authorities.iter().filter(|ca| trust.contains(&ca.number));
        trusted.map(|ca| ca.anchor.as_str()).collect()
    }

    /// What is known of every certificate that is there to be handed out, those to trust first.
    pub fn facts(&self) -> Vec<Certificate> {
        let authorities = self.authorities.iter().map(|ca| &ca.anchor_facts);
        let mut leaves: Vec<_> = self.leaves.iter().map(|leaf| (leaf.of, &leaf.facts)).collect();
        leaves.extend(self.waiting.iter().filter_map(|w| Some((w.of, w.old.as_ref()?))));
        leaves.sort_by_key(|(of, _)| *of);
        authorities.chain(leaves.into_iter().map(|(_, facts)| facts)).cloned().collect()
    }
}

/// Keeps the certificates that are good and issues the others.
///
/// # Errors
/// Everything that is wrong with the CAs or with what is wanted, and a change of CA that would cut
/// somebody off. Nothing was issued then.
///
/// # Panics
/// Never for what the caller passes: the results of this module's own steps are put together by
/// their number.
pub fn certify(mut request: Request<'_>) -> Result<Pki, Vec<PkiError>> {
    let Request { wanted, tls, issuing, now, out, .. } = request;
    let (mut found, mut requests) = (take(&mut request.found), take(&mut request.requests));
    found.resize_with(wanted.len(), Vec::new);
    requests.resize_with(wanted.len(), Pending::default);
    let ledger = request.ledger.as_deref();
    let mut ledger = Ledger::read(ledger, out).map_err(|error| vec![error])?;
    let was_lost = ledger.is_empty() && found.iter().flatten().any(|f| f.certificate.is_some());
    if was_lost || !issuing.revoked.is_empty() {
        ledger.learn(wanted, &found);
    }
    let cas = authorities(take(&mut request.authorities), &found, &request)?;
    let revocations = revoke::resolve(&issuing.revoked, &ledger, &request.lists, now);
    let past = Past { ledger: &ledger, revoked: &revocations.serials };
    let pairs: Vec<_> = wanted.iter().zip(&found).collect();
    let verdicts = parallel::map(&pairs, |(wanted, found)| {
        decide::first_good(wanted, found, &cas, &past, now)
    });
    let Request { retired, bundles, .. } = &request;
    let before = Before { tls, authorities: &cas, retired, bundles, wanted, found: &found, out };
    is_safe(&before, verdicts.iter().all(Result::is_err))?;
    let next = before.next();
    let judged = pairs.iter().zip(&verdicts).zip(&requests).enumerate();
    let due = judged.filter_map(|(of, (((wanted, found), verdict), pending))| {
        let (reason, ca) = (verdict.as_ref().err()?, numbered(&cas, wanted.issuer));
        ca.signs_elsewhere().then_some(Due { of, wanted, found, pending, reason, ca })
    });
    let due: Vec<_> = due.collect();
    let signed = pending::resolve(&due, &past, now, out);
    let (signed, issued) = both(signed, due::issue_all(&pairs, &verdicts, &cas, now, out))?;
    let list = tls.crl.then(|| {
        let ca = numbered(&cas, tls.clients.issue);
        if ca.signs_elsewhere() {
            let given = request.signed_list.as_deref();
            signed_list::list(&revocations.serials, given, &request.lists, ca, out)
        } else {
            revoke::list(&revocations.serials, &request.lists, ca, now, out)
        }
    });
    let list = list.transpose().map_err(|error| vec![error])?;
    let mut warnings = warnings::warnings(&cas, &issued, tls, now);
    warnings.extend(revocations.unknown);
    warnings.extend(was_lost.then(|| ledger::lost(out)));
    let (mut issued, mut signed) = (issued.into_iter(), signed.into_iter());
    let (mut leaves, mut waiting, mut answered) = (Vec::new(), Vec::new(), Vec::new());
    let judged = verdicts.into_iter().zip(found).zip(requests).zip(wanted).enumerate();
    for (of, (((verdict, found), pending), wanted)) in judged {
        let new = match verdict {
            Ok((place, kept)) => {
                answered.extend(pending::is_answered(&pending, &found[place]).then_some(of));
                let leaf = leaf::keep(of, place, kept, found, wanted, &cas);
                leaves.push(leaf.expect("it was found"));
                continue;
            }
            Err(reason) if numbered(&cas, wanted.issuer).signs_elsewhere() => {
                match signed.next().expect("one for each reason") {
                    Outcome::Waits(one) => {
                        waiting.push(one);
                        continue;
                    }
                    Outcome::Signed(new) => {
                        answered.push(of);
                        (new, reason)
                    }
                }
            }
            Err(reason) => (issued.next().expect("one for each reason"), reason),
        };
        leaves.push(leaf::fresh(of, new, wanted));
    }
    ledger.forget_expired(now);
    for leaf in &leaves {
        ledger.enter(&leaf.facts, leaf.generation(&wanted[leaf.of], &ledger));
    }
    warnings.extend(cas.iter().flat_map(|ca| wrong::waiting(ca, wanted, &waiting, now, out)));
    warnings.extend(limits::unheeded(&cas, &issuing.permit));
    warnings.extend(next);
    let authorities = cas.into_iter().map(Ca::from).collect();
    let ledger = ledger.text();
    Ok(Pki { authorities, leaves, waiting, answered, ledger, list, warnings })
}

/// Takes or makes every CA.
///
/// # Errors
/// Everything that is wrong with any of them, and with what they are to sign.
fn authorities(
    cas: Vec<CaFound>,
    found: &[Vec<Found>],
    request: &Request<'_>,
) -> Result<Vec<Authority>, Vec<PkiError>> {
    let Request { wanted, retired, tls, issuing, passphrase, now, out, .. } = request;
    let nobody = cas.iter().all(|ca| ca.certificate.is_none());
    let stranger = if nobody { stranger::stranger(found, &[]) } else { None };
    if stranger.is_some() {
        stranger::is_retired(found, retired, tls, out).map_err(|error| vec![error])?;
    }
    let permitted = issuing.name_constraints.then(|| limits::permitted(wanted, &issuing.permit));
    let (permitted, stranger) = (permitted.as_ref(), stranger.as_deref());
    let wish = Wish { tls, passphrase, permitted, now: *now, out, stranger };
    let mut errors = issue::impossible(wanted);
    let mut resolved = Vec::with_capacity(cas.len());
    for found in cas {
        match ca::resolve(found, &wish) {
            Ok(ca) => resolved.push(ca),
            Err(more) => errors.extend(more),
        }
    }
    errors.extend(stranger::twice(&resolved, retired, out));
    errors.extend(resolved.iter().filter_map(|ca| limits::forbidden(ca, wanted, out)));
    if errors.is_empty() { Ok(resolved) } else { Err(errors) }
}

/// Refuses what would cut somebody off. Whoever puts other files in the place of a CA's is told so,
/// and not how to change over.
fn is_safe(before: &Before<'_>, keeps_none: bool) -> Result<(), Vec<PkiError>> {
    let swapped =
        if keeps_none { stranger::are_theirs(before).map_err(|error| vec![error]) } else { Ok(()) };
    if before.knows_none() {
        swapped.and_then(|()| before.check())
    } else {
        before.check().and(swapped)
    }
}

/// Both results, or the errors of both.
fn both<A, B, E>(a: Result<A, Vec<E>>, b: Result<B, Vec<E>>) -> Result<(A, B), Vec<E>> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (a, b) => Err([a.err(), b.err()].into_iter().flatten().flatten().collect()),
    }
}

impl From<Authority> for Ca {
    fn from(ca: Authority) -> Self {
        let Authority { number, file, is_new, new_key, facts, chain, .. } = ca;
        let Chain { anchor, anchor_facts, .. } = chain;
        Self { number, certificate: file, anchor, is_new, new_key, facts, anchor_facts }
    }
}
