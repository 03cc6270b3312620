//! Certificates: what is wanted, what is there, and what must be issued.
//!
//! Pure but for random numbers: files are read and written, and the clock is asked, by the caller.

mod ca;
mod ca_error;
mod chain;
mod constraints;
mod crl;
mod decide;
mod der;
mod encrypted;
mod error;
mod issue;
mod key;
mod ledger;
mod parallel;
mod pem;
mod pending;
mod private_key;
mod request;
mod revoke;
mod rotation;
mod seen;
mod signed_list;
#[cfg(test)]
mod tools;
mod wrong;

pub use ca::{CaFound, Origin, Passphrase};
pub use decide::{Decision, Reason};
pub use error::PkiError;
pub use key::KeyFault;
pub use ledger::PLACE as LEDGER;
pub use pending::{FOLDER as REQUESTS, Pending, Waiting, request_place};
pub use rotation::{Bundle, Rotation};
pub use signed_list::PLACE as SIGNED_LIST;

use crate::issuing::{Issuing, Permit};
use crate::secret::Secret;
use bouquet_model::certificate::{Certificate, Wanted};
use bouquet_model::cluster::{San, Tls};
use bouquet_model::name::HostName;
use bouquet_model::time::{DAY, Date};
use ca::{Authority, Wish};
use ca_error::Files;
use chain::Chain;
use constraints::{Constraints, Network, Subtrees};
use decide::Past;
use issue::Issued;
use ledger::Ledger;
use pending::{Due, Outcome};
use rotation::Before;
use seen::Seen;
use std::collections::BTreeMap;

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

/// What one place held.
#[derive(Debug, Default)]
pub struct Found {
    /// The bytes of its `.crt`, if it is there.
    pub certificate: Option<Vec<u8>>,
    /// The bytes of its `.key`, if it is there.
    pub key: Option<Secret>,
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
    /// What members have to be restarted for, and which phase of a change of CA comes next.
    pub rotation: Rotation,
    /// What the operator should know.
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

/// A leaf certificate and its key.
#[derive(Debug)]
pub struct Leaf {
    /// Which of the wanted it is.
    pub of: usize,
    /// What became of it.
    pub decision: Decision,
    /// PEM.
    pub certificate: String,
    /// PEM: PKCS#8 where it was issued, or as it was found.
    pub key: Secret,
    /// What is known of it.
    pub facts: Certificate,
    /// The places, as indices into [`Wanted::places`], that do not hold exactly this pair yet. None
    /// has to be written where this is empty.
    pub stale: Vec<usize>,
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
pub fn certify(request: Request<'_>) -> Result<Pki, Vec<PkiError>> {
    let Request { wanted, mut found, mut requests, authorities, bundles, ledger, lists, .. } =
        request;
    let Request { signed_list: given, tls, issuing, passphrase, now, out, .. } = request;
    found.resize_with(wanted.len(), Vec::new);
    requests.resize_with(wanted.len(), Pending::default);
    let mut errors = issue::impossible(wanted);
    let mut ledger = Ledger::read(ledger.as_deref(), out).map_err(|error| vec![error])?;
    let nobody = authorities.iter().all(|ca| ca.certificate.is_none());
    let stranger = if nobody { stranger(&found, &[]) } else { None };
    let permitted = issuing.name_constraints.then(|| permitted(wanted, &issuing.permit));
    let permitted = permitted.as_ref();
    let wish =
        Wish { tls, passphrase: &passphrase, permitted, now, out, stranger: stranger.as_deref() };
    let mut cas = Vec::with_capacity(authorities.len());
    for found in authorities {
        match ca::resolve(found, &wish) {
            Ok(ca) => cas.push(ca),
            Err(more) => errors.extend(more),
        }
    }
    errors.extend(cas.iter().filter_map(|ca| forbidden(ca, wanted, out)));
    if !errors.is_empty() {
        return Err(errors);
    }
    let revocations = revoke::resolve(&issuing.revoked, &ledger, &lists, now);
    let past = Past { ledger: &ledger, revoked: &revocations.serials };
    let pairs: Vec<_> = wanted.iter().zip(&found).collect();
    let verdicts = parallel::map(&pairs, |(wanted, found)| judge(wanted, found, &cas, &past, now));
    let before = Before { tls, authorities: &cas, bundles: &bundles, wanted, found: &found, out };
    // Whoever puts other files in the place of a CA's is told so, and not how to change over.
    let swapped = if verdicts.iter().all(Result::is_err) {
        are_theirs(&cas, &found, tls, out).map_err(|error| vec![error])
    } else {
        Ok(())
    };
    if before.knows_none() {
        swapped.and_then(|()| before.check())
    } else {
        before.check().and(swapped)
    }?;
    let rotation = before.outlook();
    let judged = pairs.iter().zip(&verdicts).zip(&requests).enumerate();
    let due = judged.filter_map(|(of, (((wanted, found), verdict), pending))| {
        let (reason, ca) = (verdict.as_ref().err()?, numbered(&cas, wanted.issuer));
        ca.signs_elsewhere().then_some(Due { of, wanted, found, pending, reason, ca })
    });
    let due: Vec<_> = due.collect();
    let signed = pending::resolve(&due, &past, now, out);
    let (signed, issued) = both(signed, issue_all(&pairs, &verdicts, &cas, now, out))?;
    let list = tls.crl.then(|| {
        let ca = numbered(&cas, tls.clients.issue);
        if ca.signs_elsewhere() {
            signed_list::list(&revocations.serials, given.as_deref(), &lists, ca, out)
        } else {
            revoke::list(&revocations.serials, &lists, ca, now, out)
        }
    });
    let list = list.transpose().map_err(|error| vec![error])?;
    let mut warnings = warnings(&cas, &issued, tls, now);
    warnings.extend(revocations.unknown);
    let (mut issued, mut signed) = (issued.into_iter(), signed.into_iter());
    let (mut leaves, mut waiting, mut answered) = (Vec::new(), Vec::new(), Vec::new());
    let judged = verdicts.into_iter().zip(found).zip(requests).zip(wanted).enumerate();
    for (of, (((verdict, found), pending), wanted)) in judged {
        let new = match verdict {
            Ok((place, kept)) => {
                answered.extend(pending::is_answered(&pending, &found[place]).then_some(of));
                leaves.push(keep(of, place, kept, found, wanted, &cas).expect("it was found"));
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
        leaves.push(fresh(of, new, wanted));
    }
    ledger.forget_expired(now);
    for leaf in &leaves {
        ledger.enter(&leaf.facts, leaf.generation(&wanted[leaf.of], &ledger));
    }
    warnings.extend(cas.iter().flat_map(|ca| wrong::waiting(ca, wanted, &waiting, out)));
    let authorities = cas.into_iter().map(Ca::from).collect();
    let ledger = ledger.text();
    Ok(Pki { authorities, leaves, waiting, answered, ledger, list, rotation, warnings })
}

/// Both results, or the errors of both.
fn both<A, B, E>(a: Result<A, Vec<E>>, b: Result<B, Vec<E>>) -> Result<(A, B), Vec<E>> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (a, b) => Err([a.err(), b.err()].into_iter().flatten().flatten().collect()),
    }
}

impl Leaf {
    /// The generation that it was issued for.
    fn generation(&self, wanted: &Wanted, ledger: &Ledger) -> u32 {
        match self.decision {
            Decision::Keep => ledger.generation(&self.facts.serial),
            Decision::Issue(_) => wanted.generation,
        }
    }
}

impl From<Authority> for Ca {
    fn from(ca: Authority) -> Self {
        let Authority { number, file, is_new, new_key, facts, chain, .. } = ca;
        let Chain { anchor, anchor_facts, .. } = chain;
        Self { number, certificate: file, anchor, is_new, new_key, facts, anchor_facts }
    }
}

/// What a new CA is limited to: the names and addresses of all leaves, and what the spec permits
/// besides.
fn permitted(wanted: &[Wanted], permit: &[Permit]) -> Constraints {
    let mut also = Subtrees::default();
    for permit in permit {
        match permit {
            Permit::Network(ip, prefix) => also.networks.extend(Network::new(*ip, *prefix)),
            Permit::Domain(name) => also.domains.push(name.clone()),
        }
    }
    // A client has no SANs, and OpenSSL then takes a common name with a dot in it for a host's.
    let names = wanted.iter().filter(|wanted| wanted.sans.is_empty());
    let names = names.filter(|wanted| wanted.common_name.contains('.'));
    let names = names.filter_map(|wanted| HostName::parse(&wanted.common_name).ok());
    also.domains.extend(names.map(|name| name.as_str().to_owned()));
    Constraints::permitting(wanted.iter().flat_map(|wanted| wanted.sans.iter().cloned()), also)
}

/// That a CA is to vouch for what it cannot vouch for.
fn forbidden(ca: &Authority, wanted: &[Wanted], out: &str) -> Option<PkiError> {
    let mut outside: BTreeMap<&San, &str> = BTreeMap::new();
    for wanted in wanted.iter().filter(|wanted| wanted.issuer == ca.number) {
        for san in wanted.sans.iter().filter(|san| !ca.allows(san)) {
            outside.entry(san).or_insert(&wanted.common_name);
        }
    }
    let outside: Vec<_> = outside.iter().map(|(san, of)| format!("{san} of {of}")).collect();
    let files = Files::of(out, ca.number, &ca.origin);
    (!outside.is_empty()).then(|| files.not_permitted(&ca.facts, &outside))
}

/// The CA of that number: the spec has been proven to issue from one that it trusts.
fn numbered(cas: &[Authority], number: u32) -> &Authority {
    cas.iter().find(|ca| ca.number == number).expect("a CA that issues is trusted")
}

/// Refuses CAs that signed none of the certificates that are there.
///
/// They were put in the place of theirs, by mistake or on purpose. Issuing all of them anew would
/// cut off every member that does not have its new files yet.
fn are_theirs(
    cas: &[Authority],
    found: &[Vec<Found>],
    tls: &Tls,
    out: &str,
) -> Result<(), PkiError> {
    let Some(other) = stranger(found, cas) else { return Ok(()) };
    let ca = numbered(cas, tls.clients.issue);
    Err(Files::of(out, ca.number, &ca.origin).another_ca(&ca.facts, &other))
}

/// The name of the CA that issued what is there, if it is none of these; empty where nothing that
/// is there can be read.
fn stranger(found: &[Vec<Found>], cas: &[Authority]) -> Option<String> {
    let mut stranger: Option<String> = None;
    for file in found.iter().flatten().filter_map(|found| found.certificate.as_deref()) {
        let blocks = chain::certificates(file).unwrap_or_default();
        let seen = blocks.first().and_then(|der| Seen::parse(der));
        if seen.as_ref().is_some_and(|seen| cas.iter().any(|ca| ca.signed(seen))) {
            return None;
        }
        let name = seen.map(|seen| seen.issuer_text());
        if stranger.as_ref().is_none_or(String::is_empty) {
            stranger = Some(name.unwrap_or_default());
        }
    }
    stranger
}

/// A name for a new CA: the cluster's token, so that a person knows it, and random digits, so that
/// no two CAs share a name, which verifiers would take for the same issuer.
///
/// # Errors
/// Where the system has no random numbers.
pub fn ca_common_name(token: &str) -> Result<String, PkiError> {
    let digits = issue::random_digits()?;
    let room = issue::LONGEST_COMMON_NAME - " etcd CA ".len() - digits.len();
    let token: String = token.chars().take(room).collect();
    Ok(format!("{token} etcd CA {digits}"))
}

/// The first place that holds a good pair, or why there is none.
fn judge(
    wanted: &Wanted,
    found: &[Found],
    cas: &[Authority],
    past: &Past<'_>,
    now: i64,
) -> Result<(usize, Certificate), Reason> {
    let ca = numbered(cas, wanted.issuer);
    let mut why = Reason::Missing;
    for (place, pair) in found.iter().enumerate() {
        match decide::decide(wanted, pair, ca, past, now) {
            Ok(kept) => return Ok((place, kept)),
            // A place that is still empty says less than any other.
            Err(reason) if why == Reason::Missing => why = reason,
            Err(_) => {}
        }
    }
    Err(why)
}

/// Issues what cannot be kept, in the order of the wanted.
fn issue_all(
    pairs: &[(&Wanted, &Vec<Found>)],
    verdicts: &[Result<(usize, Certificate), Reason>],
    cas: &[Authority],
    now: i64,
    out: &str,
) -> Result<Vec<Issued>, Vec<PkiError>> {
    let judged = pairs.iter().zip(verdicts);
    let due: Vec<_> = judged
        .filter_map(|((wanted, found), verdict)| Some((*wanted, *found, verdict.as_ref().err()?)))
        .filter(|(wanted, ..)| !numbered(cas, wanted.issuer).signs_elsewhere())
        .collect();
    let keyless: Vec<_> = cas.iter().filter(|ca| ca.issuer.is_none()).collect();
    let mut errors: Vec<_> = keyless.iter().filter_map(|ca| key_needed(ca, &due, out)).collect();
    if !errors.is_empty() {
        return Err(errors);
    }
    let results = parallel::map(&due, |(wanted, found, reason)| {
        let ca = numbered(cas, wanted.issuer);
        let issuer = ca.issuer.as_ref().expect("a CA without a key issues nothing");
        let key = decide::kept_key(wanted, found, reason);
        issue::leaf(wanted, key, ca, issuer, now)
    });
    let mut leaves = Vec::with_capacity(results.len());
    for result in results {
        match result {
            Ok(leaf) => leaves.push(leaf),
            // The same cause in many leaves, such as a name that all of them have, is told once.
            Err(error) if errors.contains(&error) => {}
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(leaves) } else { Err(errors) }
}

/// That a CA would have to issue something and its key is not there.
fn key_needed(
    ca: &Authority,
    due: &[(&Wanted, &Vec<Found>, &Reason)],
    out: &str,
) -> Option<PkiError> {
    let of_ca = due.iter().filter(|(wanted, ..)| wanted.issuer == ca.number);
    let place = |wanted: &Wanted| wanted.places.first().map_or("", String::as_str).to_owned();
    let needs: Vec<_> =
        of_ca.map(|(wanted, _, reason)| format!("{}: {reason}", place(wanted))).collect();
    let files = Files::of(out, ca.number, &ca.origin);
    (!needs.is_empty()).then(|| files.key_needed(&ca.facts, ca.locked.as_deref(), &needs))
}

fn keep(
    of: usize,
    place: usize,
    facts: Certificate,
    found: Vec<Found>,
    wanted: &Wanted,
    cas: &[Authority],
) -> Option<Leaf> {
    let good = found.get(place)?;
    let file = good.certificate.as_deref()?;
    // The CAs in between may have changed although the leaf is as it was.
    let between = &numbered(cas, wanted.issuer).chain.between;
    let blocks = chain::certificates(file).ok()?;
    let as_is = blocks.len() == 1 && between.is_empty();
    let certificate = if as_is {
        String::from_utf8(file.to_vec()).ok()?
    } else {
        pem::encode("CERTIFICATE", blocks.first()?) + between
    };
    let same = |other: &Found| {
        other.certificate.as_deref() == Some(certificate.as_bytes())
            && other.key.as_ref().map(Secret::expose) == good.key.as_ref().map(Secret::expose)
    };
    let stale = (0..wanted.places.len()).filter(|i| !found.get(*i).is_some_and(same)).collect();
    let key = found.into_iter().nth(place)?.key?;
    Some(Leaf { of, decision: Decision::Keep, certificate, key, facts, stale })
}

fn fresh(of: usize, (new, reason): (Issued, Reason), wanted: &Wanted) -> Leaf {
    let Issued { certificate, key, facts } = new;
    let stale = (0..wanted.places.len()).collect();
    Leaf { of, decision: Decision::Issue(reason), certificate, key, facts, stale }
}

fn warnings(cas: &[Authority], issued: &[Issued], tls: &Tls, now: i64) -> Vec<PkiError> {
    let mut warnings = Vec::new();
    let issuing = [tls.clients.issue, tls.peers.issue];
    for ca in cas.iter().filter(|ca| issuing.contains(&ca.number)) {
        let (name, end) = (&ca.facts.common_name, ca.facts.not_after);
        let left = end - now;
        // A year is time enough to give every member and client another CA; of a CA that was never
        // meant to last so long, a third of its life.
        let notice = (365 * DAY).min((end - ca.facts.not_before) / 3);
        if left < notice {
            let days = left / DAY;
            warnings.push(
                PkiError::new(format!("the CA `{name}` expires on {}, in {days} days", Date(end)))
                    .help("change over to another CA before that day: docs/certificates.md"),
            );
        }
        let cut = issued.iter().filter(|leaf| leaf.facts.not_after == end).count();
        if cut > 0 && now.saturating_add(decide::seconds(tls.valid_for)) > end {
            warnings.push(
                PkiError::new(format!(
                    "{cut} new certificates end on {}, with the CA `{name}`, before their `valid-for`",
                    Date(end)
                ))
                .help("a certificate is of no use without its CA; lengthen `ca-valid-for` in time"),
            );
        }
    }
    warnings
}
