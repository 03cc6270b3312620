//! A stream beside what is in `out/` already: what is new, what is the same, and what differs.

use super::file::{Files, bytes};
use super::lines::few;
use super::place::{Part, Place};
use super::proof::{NoPair, prove_pair};
use bouquet_lock::Lock;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::{KeyFault, ParsedCertificate, Secret, crl, fingerprint, pem};
use std::collections::{BTreeMap, BTreeSet};

/// The work of an import.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// The files to write, by their paths below `out/`.
    pub(crate) writes: BTreeMap<String, (Part, Secret)>,
    /// How many keys are among them.
    pub(crate) keys: usize,
    /// How many of these keys take the place of one whose certificate was renewed since.
    pub(crate) renewed: usize,
    /// How many keys of the stream were there already.
    pub(crate) there: usize,
    /// Words on what is kept although the stream has another.
    pub(crate) said: Vec<Diagnostic>,
}

/// Compares what was verified with what is there. Of two pairs of one owner the lock's current one counts;
/// with `replace`, the stream's takes the place of all else that differs, unless what is there is newer by
/// cluster.lock.
///
/// # Errors
/// Names all that differs and may not be replaced.
pub(crate) fn compare(
    stream: Files,
    here: &Files,
    lock: &Lock,
    replace: bool,
) -> Result<Plan, Diagnostic> {
    let mut plan = Plan::default();
    let (mut differing, mut kept, mut foreign) = (Vec::new(), Vec::new(), Vec::new());
    let mut requests = Vec::new();
    let nothing = BTreeMap::new();
    for (place, parts) in stream {
        let there = here.get(&place).unwrap_or(&nothing);
        let found = match &place {
            Place::Ca(number) => ca(*number, &parts, there, lock),
            Place::Request(_) => {
                let answered = place.of_answer().and_then(|place| here.get(&place));
                request(&parts, there, answered.unwrap_or(&nothing))
            }
            Place::List(_) | Place::SignedList => list(&parts, there),
            Place::Server(_) | Place::Peer(_) | Place::Client(_) => leaf(&parts, there, lock),
        };
        let name = place.stem();
        match found {
            Found::Certificate(_) if !replace => {
                differing.push(format!("`{name}`: {OTHER_CERTIFICATE}"));
            }
            Found::Takes(wanted) | Found::Certificate(wanted) => {
                if matches!(place, Place::Request(_)) && wanted.contains(&Part::Key) {
                    requests.push(format!("`{name}`"));
                }
                plan.take(&place, parts, &wanted);
            }
            Found::Earlier => {
                plan.renewed += 1;
                plan.take(&place, parts, place.parts());
            }
            Found::Differs { why, .. } if !replace => differing.push(format!("`{name}`: {why}")),
            Found::Stays(why) | Found::Differs { why, keeps: true } => {
                kept.push(format!("`{name}`: {why}"));
            }
            Found::Differs { .. } => {
                if matches!(place, Place::Request(_)) {
                    requests.push(format!("`{name}`"));
                }
                plan.take(&place, parts, place.parts());
            }
            Found::Foreign(what) => foreign.push(what),
        }
    }
    if !foreign.is_empty() {
        let mut error = Diagnostic::error("a CA's key is never replaced");
        error.notes = few(&foreign);
        return Err(error
            .note("nothing was written")
            .help("if `out/` is another cluster's, move it away as a whole: `mv out out.other`"));
    }
    if !differing.is_empty() {
        let mut error = Diagnostic::error(match differing.len() {
            1 => "one thing here differs from what the stream holds".to_owned(),
            many => format!("{many} things here differ from what the stream holds"),
        });
        error.notes = few(&differing);
        return Err(error
            .note("nothing was written")
            .help("`--replace` takes the stream's, but never in place of what is newer here"));
    }
    if !kept.is_empty() {
        let mut warning = Diagnostic::warning("kept what is newer here than in the stream");
        warning.notes = few(&kept);
        plan.said.push(warning);
    }
    plan.said.extend(unproved(&requests));
    Ok(plan)
}

/// Warns of requests in the stream: cluster.lock knows what was issued, and nothing of what is only asked for.
fn unproved(requests: &[String]) -> Option<Diagnostic> {
    let what = match requests.len() {
        0 => return None,
        1 => "a request came with its key, of which".to_owned(),
        count => format!("{count} requests came with their keys, of which"),
    };
    let message = format!("{what} cluster.lock knows nothing: anyone can have made that");
    let mut warning = Diagnostic::warning(message);
    warning.notes = few(requests);
    Some(warning.help("have it signed only if a colleague says that the stream is theirs"))
}

impl Plan {
    fn take(&mut self, place: &Place, mut parts: BTreeMap<Part, Secret>, wanted: &[Part]) {
        let has_key = parts.contains_key(&Part::Key);
        let takes_key = has_key && wanted.contains(&Part::Key);
        self.keys += usize::from(takes_key);
        self.there += usize::from(has_key && !takes_key);
        for part in wanted {
            if let Some(content) = parts.remove(part) {
                self.writes.insert(place.path(*part), (*part, content));
            }
        }
    }
}

const OTHER_CERTIFICATE: &str = "cluster.lock has another certificate of the same CA";

enum Found {
    /// These parts are missing here; the others are the same.
    Takes(Vec<Part>),
    /// The stream's is the lock's current one, and the one here is an earlier one of the same owner.
    Earlier,
    /// The one here is the lock's current one, and the stream's is an earlier one of the same owner.
    Stays(&'static str),
    /// Something else is here: why that matters, and whether it stays even where the stream's shall
    /// replace what differs.
    Differs { why: &'static str, keeps: bool },
    /// Another certificate of the same CA is here; these parts would take its place.
    Certificate(Vec<Part>),
    /// Another CA's key is here, or one that cannot be judged.
    Foreign(String),
}

type Parts = BTreeMap<Part, Secret>;

fn ca(number: u32, stream: &Parts, here: &Parts, lock: &Lock) -> Found {
    let place = Place::Ca(number);
    let [certificate, key] = [Part::Certificate, Part::Key].map(|part| bytes(here, part));
    let theirs = bytes(stream, Part::Certificate).unwrap_or_default();
    let known = lock.identity.authorities.get(&number);
    if certificate.is_some_and(|file| !known.is_some_and(|ca| ca.is_same_ca(file))) {
        let file = place.path(Part::Certificate);
        return Found::Foreign(format!("`{file}` here is another CA than cluster.lock's"));
    }
    if let Some(key) = key {
        match prove_pair(theirs, key) {
            // A stream has no say in the passphrase of a key here.
            Ok(()) | Err(NoPair::Key(KeyFault::Encrypted)) => {}
            Err(_) => {
                let file = place.path(Part::Key);
                return Found::Foreign(format!("`{file}` here is not the key of that CA"));
            }
        }
    }
    let mut takes = vec![Part::Certificate];
    takes.extend(key.is_none().then_some(Part::Key));
    match certificate {
        Some(file) if first(file) != first(theirs) => Found::Certificate(takes),
        _ => missing(&[(Part::Certificate, certificate), (Part::Key, key)]),
    }
}

fn leaf(stream: &Parts, here: &Parts, lock: &Lock) -> Found {
    let [certificate, key] = [Part::Certificate, Part::Key].map(|part| bytes(here, part));
    let theirs = bytes(stream, Part::Certificate).unwrap_or_default();
    let fits = |file| key.is_some_and(|key| prove_pair(file, key).is_ok());
    let differs = |why, keeps| Found::Differs { why, keeps };
    match certificate {
        None if key.is_none() || fits(theirs) => {
            missing(&[(Part::Certificate, None), (Part::Key, key)])
        }
        None => differs("the key that is here has no certificate, and is another", false),
        Some(file) if first(file) == first(theirs) => {
            if key.is_none() || fits(file) {
                missing(&[(Part::Certificate, certificate), (Part::Key, key)])
            } else {
                differs("the key that is here does not fit its certificate", false)
            }
        }
        Some(file) if !fits(file) => differs("what is here is no certificate with its key", false),
        Some(file) => match later(file, theirs, lock) {
            None => differs("what is here is not in cluster.lock", false),
            Some(Later { is_ours: true, is_current: true, is_same_owner }) => {
                let why = "what is here is the lock's current one";
                if is_same_owner { Found::Stays(why) } else { differs(why, true) }
            }
            Some(Later { is_ours: true, .. }) => differs("what is here is newer by the lock", true),
            Some(Later { is_current: true, is_same_owner: true, .. }) => Found::Earlier,
            Some(Later { is_current: true, .. }) => {
                differs("the stream's is the lock's current one", false)
            }
            Some(_) => differs("the stream's is newer by the lock", false),
        },
    }
}

/// The later of two certificates by the lock.
struct Later {
    /// Whether it is the one that is here.
    is_ours: bool,
    /// Whether it is the lock's current one.
    is_current: bool,
    /// Whether the other one is an earlier one of the same owner. One in the wrong place, or whose line was
    /// edited, may be the only copy that there is.
    is_same_owner: bool,
}

/// Tells which of two came later; `None` where the lock does not know one of them.
fn later(ours: &[u8], theirs: &[u8], lock: &Lock) -> Option<Later> {
    let [ours, theirs] = [first(ours), first(theirs)].map(Option::unwrap_or_default);
    let serial = |der: &[u8]| ParsedCertificate::parse(der).map(|parsed| parsed.serial());
    let serials = [serial(&ours)?, serial(&theirs)?];
    let [our, their] = [lock.issued.get(&serials[0])?, lock.issued.get(&serials[1])?];
    let is_ours = lock.issued.is_later(&serials[0], &serials[1])?;
    let (serial, entry) = if is_ours { (&serials[0], our) } else { (&serials[1], their) };
    let current = lock.issued.current(entry.owner.as_deref(), entry.kind);
    let is_known = our.facts.as_ref().is_some_and(|facts| facts.sha256 == fingerprint(&ours));
    Some(Later {
        is_ours,
        is_current: current.is_some_and(|(current, _)| current == serial),
        is_same_owner: is_known && (&our.owner, our.kind) == (&their.owner, their.kind),
    })
}

/// Compares a request. One whose answer was taken in here is not taken again: its key has become the certificate's.
fn request(stream: &Parts, here: &Parts, answered: &Parts) -> Found {
    let key = bytes(stream, Part::Key);
    if here.is_empty() && key.is_some() && bytes(answered, Part::Key) == key {
        return Found::Takes(Vec::new());
    }
    let same = |part| match (bytes(stream, part), bytes(here, part)) {
        (Some(theirs), Some(ours)) => theirs == ours,
        _ => true,
    };
    let has_key = here.contains_key(&Part::Key);
    if !same(Part::Key) || (!has_key && here.contains_key(&Part::Request) && !same(Part::Request)) {
        return Found::Differs { why: "another request is pending here", keeps: false };
    }
    if !same(Part::Certificate) {
        return Found::Differs { why: "another answer is here", keeps: false };
    }
    missing(&[Part::Certificate, Part::Key, Part::Request].map(|part| (part, bytes(here, part))))
}

/// Compares a revocation list; one that says the same stays, whenever it was signed.
fn list(stream: &Parts, here: &Parts) -> Found {
    let (theirs, Some(ours)) = (bytes(stream, Part::List), bytes(here, Part::List)) else {
        return Found::Takes(vec![Part::List]);
    };
    let serials = |file: &[u8]| {
        let der = crl::der(file)?;
        let list = crl::read(&der)?;
        Some(list.entries.iter().map(|entry| entry.serial.clone()).collect::<BTreeSet<_>>())
    };
    let theirs = theirs.and_then(serials).unwrap_or_default();
    match serials(ours) {
        Some(ours) if ours == theirs => Found::Takes(Vec::new()),
        Some(ours) if ours.is_subset(&theirs) => {
            Found::Differs { why: "the stream's list revokes more", keeps: false }
        }
        Some(_) => Found::Differs {
            why: "the list that is here revokes what the stream's does not",
            keeps: true,
        },
        None => Found::Differs { why: "what is here is no list", keeps: false },
    }
}

fn missing(parts: &[(Part, Option<&[u8]>)]) -> Found {
    let missing = parts.iter().filter(|(_, here)| here.is_none());
    Found::Takes(missing.map(|(part, _)| *part).collect())
}

/// Returns the first certificate of a file.
fn first(file: &[u8]) -> Option<Vec<u8>> {
    Some(pem::certificates_among(file)?.first()?.to_vec())
}
