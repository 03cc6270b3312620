//! The choice for a stream: each key with what proves it, and nothing that cannot be proved.

use super::file::{Files, bytes};
use super::lines::few;
use super::place::{Part, Place};
use super::proof::{NoPair, prove_pair};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::{KeyFault, Secret, crl, prove_request};
use std::collections::BTreeMap;

/// The choice for a stream.
pub(crate) struct Chosen {
    pub(crate) files: Files,
    /// Words on what was left out, and on what a stream cannot have.
    pub(crate) said: Vec<Diagnostic>,
}

/// Chooses of all that is there. `trusted` are the numbers of the CAs that are trusted.
pub(crate) fn choose(all: Files, trusted: &[u32]) -> Chosen {
    let (mut files, mut left, mut encrypted) = (Files::new(), Vec::new(), Vec::new());
    for (place, mut parts) in all {
        match judge(&place, &parts) {
            Verdict::Whole => {
                files.insert(place, parts);
            }
            Verdict::Encrypted => {
                encrypted.push(format!("`{}`", place.path(Part::Key)));
                files.insert(place, parts);
            }
            Verdict::Without(part, why) => {
                left.push(format!("`{}` {why}", place.path(part)));
                parts.remove(&part);
                files.insert(place, parts);
            }
            Verdict::None(part, why) => left.push(format!("`{}` {why}", place.path(part))),
            Verdict::NoKey => {}
        }
    }
    let mut said = Vec::new();
    if !left.is_empty() {
        let mut warning = Diagnostic::warning("left out what could not be verified");
        warning.notes = few(&left);
        said.push(warning);
    }
    let elsewhere = trusted.iter().filter(|number| {
        !files.get(&Place::Ca(**number)).is_some_and(|parts| parts.contains_key(&Part::Key))
    });
    let elsewhere: Vec<String> = elsewhere.map(|number| format!("CA {number}")).collect();
    if !elsewhere.is_empty() {
        said.push(Diagnostic::warning(format!(
            "not in the stream: the key of {}, which is not in `out/pki/`",
            elsewhere.join(", ")
        )).help("a key that `[[authority]]` names is where its operator keeps it: it is copied from there"));
    }
    if !encrypted.is_empty() {
        said.push(Diagnostic::warning(format!(
            "not in the stream: the passphrase of {}",
            encrypted.join(", ")
        )));
    }
    Chosen { files, said }
}

enum Verdict {
    Whole,
    /// Its key is under a passphrase.
    Encrypted,
    /// All but that part.
    Without(Part, &'static str),
    /// Nothing of it, because of that part.
    None(Part, &'static str),
    /// Nothing of it, which goes without saying.
    NoKey,
}

fn judge(place: &Place, parts: &BTreeMap<Part, Secret>) -> Verdict {
    if let Some(list) = bytes(parts, Part::List) {
        let is_list = crl::der(list).is_some_and(|der| crl::read(&der).is_some());
        return if is_list {
            Verdict::Whole
        } else {
            Verdict::None(Part::List, "is no list of revoked certificates")
        };
    }
    let Some(key) = bytes(parts, Part::Key) else { return Verdict::NoKey };
    let certificate = bytes(parts, Part::Certificate);
    let proved = certificate.map(|file| prove_pair(file, key));
    if let Some(request) = bytes(parts, Part::Request) {
        return match (prove_request(request, key), proved) {
            (Err(_), _) => Verdict::None(Part::Key, "is not the key of the request beside it"),
            (Ok(()), Some(Err(_))) => {
                Verdict::Without(Part::Certificate, "is no answer to the request beside it")
            }
            (Ok(()), _) => Verdict::Whole,
        };
    }
    match proved {
        None => Verdict::None(Part::Key, "has no certificate beside it"),
        Some(Ok(())) => Verdict::Whole,
        Some(Err(NoPair::Key(KeyFault::Encrypted))) if matches!(place, Place::Ca(_)) => {
            Verdict::Encrypted
        }
        Some(Err(NoPair::Key(KeyFault::Mismatch))) => {
            Verdict::None(Part::Key, "is not the key of the certificate beside it")
        }
        Some(Err(NoPair::Key(_))) => {
            Verdict::None(Part::Key, "is no private key that can be read here")
        }
        Some(Err(NoPair::NoCertificate)) => {
            Verdict::None(Part::Key, "has something else than a certificate beside it")
        }
    }
}
