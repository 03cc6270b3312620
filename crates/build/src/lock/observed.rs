//! A cluster as the lock has it: what is compiled where there are no secrets.

use bouquet_lock::Lock;
use bouquet_model::certificate::{Certificate, Kind, wanted};
use bouquet_model::cluster::Cluster;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::{Chain, ParsedCertificate, pem};

/// What a program knows of the certificates of its cluster.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    /// The facts of each, the CAs' first.
    pub(crate) facts: Vec<Certificate>,
    /// The CAs that clients trust, in PEM.
    pub(crate) ca_pem: Option<String>,
    /// What cluster.toml asks for and the lock has not, or has otherwise.
    pub(crate) said: Option<Diagnostic>,
}

/// Finds the certificates that the spec asks for in the lock.
pub(crate) fn observe(cluster: &Cluster, lock: Option<&Lock>, now: i64) -> Observed {
    let Some(tls) = &cluster.tls else { return Observed::default() };
    let mut observed = Observed::default();
    let mut lacks = Vec::new();
    for number in tls.authorities() {
        let anchor = lock
            .and_then(|lock| lock.identity.authorities.get(&number))
            .and_then(|ca| anchor(&ca.certificate, now));
        match anchor {
            None => lacks.push(format!("CA {number}")),
            Some((facts, certificate)) => {
                observed.facts.push(facts);
                if tls.clients.trust.contains(&number) {
                    observed.ca_pem.get_or_insert_default().push_str(&certificate);
                }
            }
        }
    }
    for wanted in wanted(cluster) {
        let current =
            lock.and_then(|lock| lock.issued.current(wanted.owner.as_deref(), wanted.kind));
        let facts = current.and_then(|(serial, entry)| {
            let is_as_wanted = entry.is_valid(now) && entry.difference(&wanted).is_none();
            Some((is_as_wanted, entry.certificate(serial)?))
        });
        let is_as_wanted = facts.as_ref().is_some_and(|(is_as_wanted, _)| *is_as_wanted);
        if !is_as_wanted {
            lacks.extend(wanted.places.first().map(|place| format!("`{place}`")));
        }
        observed.facts.extend(facts.map(|(_, facts)| facts));
    }
    observed.said = lacks.first().map(|first| {
        if lock.is_none() {
            let said =
                "there is no cluster.lock, and nothing is issued here: no certificate is known";
            return Diagnostic::warning(said)
                .help("build where files may be written, and commit it");
        }
        let more = lacks.len() - 1;
        let which = if more == 0 { first.clone() } else { format!("{first} and {more} more") };
        Diagnostic::warning(format!(
            "cluster.lock has not what cluster.toml asks for of {which}: nothing is issued here"
        ))
        .help("build where the secrets are, and commit cluster.lock")
    });
    observed
}

/// The uppermost certificate of a CA's file, which others are given to trust.
fn anchor(file: &str, now: i64) -> Option<(Certificate, String)> {
    let ders = pem::certificates(file.as_bytes()).ok()?;
    if let Ok(chain) = Chain::of(&ders, now) {
        return Some((chain.anchor_facts, chain.anchor));
    }
    // One that has expired is still the one that members were given.
    let der = ders.last()?;
    let facts = ParsedCertificate::parse(der)?.facts(Kind::Ca, None);
    Some((facts, pem::certificate(der)))
}
