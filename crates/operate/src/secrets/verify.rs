//! A stream is held to `cluster.lock`: each certificate is one that it knows, each key is proved.

use super::file::{Files, bytes};
use super::lines::few;
use super::place::{Part, Place};
use super::proof::{NoPair, prove_pair};
use bouquet_lock::{Entry, Lock};
use bouquet_model::certificate::Kind;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::{KeyFault, ParsedCertificate, Secret, crl, fingerprint, pem, prove_request};
use std::collections::BTreeMap;

/// The files of a stream that are this cluster's.
#[derive(Debug)]
pub(crate) struct Verified {
    pub(crate) files: Files,
    /// Words on what was passed over.
    pub(crate) said: Vec<Diagnostic>,
}

/// Verifies all of a stream.
///
/// # Errors
/// Names all that does not fit.
pub(crate) fn verify(stream: Files, lock: &Lock, now: i64) -> Result<Verified, Diagnostic> {
    let ders: Vec<_> = lock
        .identity
        .authorities
        .values()
        .filter_map(|ca| pem::certificates(ca.certificate.as_bytes()).ok()?.into_iter().next())
        .collect();
    let authorities: Vec<_> = ders.iter().filter_map(|der| ParsedCertificate::parse(der)).collect();
    let facts = Facts { lock, authorities: &authorities, now };
    let (mut files, mut said) = (Files::new(), Vec::new());
    let (mut passed, mut refused) = (Vec::new(), Vec::new());
    for (place, parts) in stream {
        match facts.judge(&place, &parts) {
            Verdict::Fits => {
                files.insert(place, parts);
            }
            Verdict::FitsAs(certificate) => {
                let mut parts = parts;
                parts.insert(Part::Certificate, Secret::from(certificate));
                let file = place.path(Part::Certificate);
                said.push(Diagnostic::warning(format!(
                    "`{file}` is as cluster.lock has it: the stream's is another certificate of the \
                     same CA"
                )));
                files.insert(place, parts);
            }
            Verdict::Passed => passed.push(format!("`{}`", place.path(Part::Certificate))),
            Verdict::Refused(what, help) => refused.push((what, help)),
        }
    }
    if !refused.is_empty() {
        return Err(refusal(&refused));
    }
    if !passed.is_empty() {
        let mut warning =
            Diagnostic::warning("skipped what has expired: cluster.lock no longer lists it");
        warning.notes = few(&passed);
        said.push(warning);
    }
    Ok(Verified { files, said })
}

/// Says all that does not fit at once.
fn refusal(refused: &[Refused]) -> Diagnostic {
    let whats: Vec<String> = refused.iter().map(|(what, _)| what.clone()).collect();
    let mut error = match whats.as_slice() {
        [what] => Diagnostic::error(what),
        whats => {
            let message = format!("{} parts of the stream are refused", whats.len());
            let mut error = Diagnostic::error(message);
            error.notes = few(whats);
            error
        }
    };
    error = error.note("nothing was written");
    let mut helps: Vec<&str> = Vec::new();
    for (_, help) in refused {
        if !helps.contains(help) {
            helps.push(help);
            error = error.help(*help);
        }
    }
    error
}

enum Verdict {
    Fits,
    /// It does, and cluster.lock has another certificate of the same CA, which counts.
    FitsAs(Vec<u8>),
    Passed,
    Refused(String, &'static str),
}

const NEWER: &str = "the stream is newer than cluster.lock: `git pull` first";
const OTHER: &str = "import it in the package of its own cluster";
const AGAIN: &str = "export again where these files come from";

struct Facts<'a> {
    lock: &'a Lock,
    authorities: &'a [ParsedCertificate<'a>],
    now: i64,
}

impl Facts<'_> {
    fn judge(&self, place: &Place, parts: &BTreeMap<Part, Secret>) -> Verdict {
        let judged = match place {
            Place::Ca(number) => self.ca(*number, parts),
            Place::Request(_) => self.request(place, parts),
            Place::SignedList => self.list(place, parts),
            Place::List(member) => {
                self.member(place, member).and_then(|()| self.list(place, parts))
            }
            Place::Server(_) | Place::Peer(_) | Place::Client(_) => self.leaf(place, parts),
        };
        judged.unwrap_or_else(|(what, help)| Verdict::Refused(what, help))
    }

    fn ca(&self, number: u32, parts: &BTreeMap<Part, Secret>) -> Judged {
        let place = Place::Ca(number);
        let (certificate, key) = pair(&place, parts)?;
        let file = place.path(Part::Certificate);
        let Some(ca) = self.lock.identity.authorities.get(&number) else {
            return Err((format!("`{file}`: cluster.lock has no CA {number}"), NEWER));
        };
        if !ca.is_same_ca(certificate) {
            let what =
                format!("`{file}` is another CA than the one that cluster.lock has as CA {number}");
            return Err((what, OTHER));
        }
        match prove_pair(certificate, key) {
            Ok(()) | Err(NoPair::Key(KeyFault::Encrypted)) => {}
            Err(fault) => return Err(no_pair(&place, fault)),
        }
        let all = |file: &[u8]| pem::certificates(file).unwrap_or_default();
        Ok(if all(certificate) == all(ca.certificate.as_bytes()) {
            Verdict::Fits
        } else {
            Verdict::FitsAs(ca.certificate.clone().into_bytes())
        })
    }

    fn leaf(&self, place: &Place, parts: &BTreeMap<Part, Secret>) -> Judged {
        let (file, key) = pair(place, parts)?;
        let path = place.path(Part::Certificate);
        let ders = pem::certificates(file).map_err(|what| (format!("`{path}` {what}"), AGAIN))?;
        let der = ders.first().map_or(&[][..], |der| der.as_slice());
        let Some(certificate) = ParsedCertificate::parse(der) else {
            return Err((format!("`{path}` is no certificate"), AGAIN));
        };
        let serial = certificate.serial();
        match self.lock.issued.get(&serial) {
            Some(entry) => {
                if !belongs(place, entry) {
                    let what = format!("`{path}` was not issued for that place");
                    return Err((what, AGAIN));
                }
                let is_it = match &entry.facts {
                    Some(facts) => facts.sha256 == fingerprint(der),
                    None => self.signed(&certificate),
                };
                if !is_it {
                    return Err((format!("`{path}` is another cluster's"), OTHER));
                }
            }
            None if !self.signed(&certificate) => {
                return Err((format!("`{path}` is another cluster's"), OTHER));
            }
            None if certificate.not_after() < self.now => return Ok(Verdict::Passed),
            None => return Err((format!("`{path}` is not in cluster.lock"), NEWER)),
        }
        prove_pair(file, key).map_err(|fault| no_pair(place, fault))?;
        Ok(Verdict::Fits)
    }

    fn request(&self, place: &Place, parts: &BTreeMap<Part, Secret>) -> Judged {
        let key_path = place.path(Part::Key);
        let Some(key) = bytes(parts, Part::Key) else {
            return Err((format!("`{key_path}` is missing beside its request"), AGAIN));
        };
        let (request, answer) = (bytes(parts, Part::Request), bytes(parts, Part::Certificate));
        if request.is_none() && answer.is_none() {
            return Err((format!("`{key_path}` comes without its request"), AGAIN));
        }
        if let Some(request) = request {
            prove_request(request, key).map_err(|_| {
                (format!("`{key_path}` is not the key of the request beside it"), AGAIN)
            })?;
        }
        if let Some(answer) = answer {
            prove_pair(answer, key).map_err(|fault| no_pair(place, fault))?;
            let ders = pem::certificates_among(answer).unwrap_or_default();
            let parsed = ders.first().and_then(|der| ParsedCertificate::parse(der));
            if !parsed.is_some_and(|certificate| self.signed(&certificate)) {
                let path = place.path(Part::Certificate);
                return Err((format!("`{path}` is another cluster's"), OTHER));
            }
        }
        Ok(Verdict::Fits)
    }

    fn list(&self, place: &Place, parts: &BTreeMap<Part, Secret>) -> Judged {
        let path = place.path(Part::List);
        let der = bytes(parts, Part::List).and_then(crl::der);
        let Some(list) = der.as_deref().and_then(crl::read) else {
            return Err((format!("`{path}` is no list of revoked certificates"), AGAIN));
        };
        if !self.authorities.iter().any(|ca| list.is_signed_by(ca.public_key())) {
            return Err((format!("`{path}` was signed by no CA of cluster.lock"), OTHER));
        }
        Ok(Verdict::Fits)
    }

    fn member(&self, place: &Place, name: &str) -> Result<(), Refused> {
        let Lock { identity, issued, recorded: _ } = self.lock;
        if identity.members.contains_key(name) || issued.of(Some(name)).next().is_some() {
            return Ok(());
        }
        let path = place.path(Part::List);
        Err((format!("`{path}`: cluster.lock has no member `{name}`"), NEWER))
    }

    /// Tells whether a CA of this cluster signed it.
    fn signed(&self, certificate: &ParsedCertificate<'_>) -> bool {
        let signed = |ca: &ParsedCertificate<'_>| certificate.is_signed_by(ca.public_key());
        self.authorities.iter().any(|ca| signed(ca) == Some(true))
    }
}

type Judged = Result<Verdict, Refused>;

/// A fault, and the way out.
type Refused = (String, &'static str);

/// Tells whether a certificate of that entry is at that place in the `out/` of its cluster.
fn belongs(place: &Place, entry: &Entry) -> bool {
    let owner = entry.owner.as_deref();
    match place {
        Place::Server(name) => match entry.kind {
            Kind::Server => owner == Some(name),
            // All members may share it.
            Kind::ServerAndPeer => owner.is_none_or(|owner| owner == name),
            _ => false,
        },
        Place::Peer(name) => entry.kind == Kind::Peer && owner == Some(name),
        Place::Client(name) => entry.kind == Kind::Client && owner == Some(name),
        _ => false,
    }
}

fn pair<'a>(
    place: &Place,
    parts: &'a BTreeMap<Part, Secret>,
) -> Result<(&'a [u8], &'a [u8]), Refused> {
    let lacks =
        |is: Part, lacks: &str| (format!("`{}` comes without its {lacks}", place.path(is)), AGAIN);
    let certificate = bytes(parts, Part::Certificate);
    let certificate = certificate.ok_or_else(|| lacks(Part::Key, "certificate"))?;
    let key = bytes(parts, Part::Key).ok_or_else(|| lacks(Part::Certificate, "key"))?;
    Ok((certificate, key))
}

fn no_pair(place: &Place, fault: NoPair) -> Refused {
    let [certificate, key] = [Part::Certificate, Part::Key].map(|part| place.path(part));
    let what = match fault {
        NoPair::NoCertificate => format!("`{certificate}` is no certificate"),
        NoPair::Key(KeyFault::Mismatch) => format!("`{key}` is not the key of `{certificate}`"),
        NoPair::Key(fault) => format!("`{key}` {fault}"),
    };
    (what, AGAIN)
}
