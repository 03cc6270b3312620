//! A cluster as the lock has it: what is compiled where there are no secrets.

use crate::diagnostic::first_and_more;
use bouquet_lock::Lock;
use bouquet_model::certificate::{Certificate, Kind, Wanted, wanted};
use bouquet_model::cluster::Cluster;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::time::Date;
use bouquet_x509::{Chain, ParsedCertificate, pem};
use core::time::Duration;
use std::collections::BTreeSet;

/// Holds what a program knows of the certificates of its cluster.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    /// The facts of each, the CAs' first.
    pub(crate) facts: Vec<Certificate>,
    /// The CAs that clients trust, in PEM.
    pub(crate) ca_pem: Option<String>,
    /// What cluster.toml asks for and the lock has not, or has otherwise; and what is due.
    pub(crate) said: Vec<Diagnostic>,
}

/// Finds the certificates that the spec asks for in the lock, but for those that are revoked.
pub(crate) fn observe(
    cluster: &Cluster,
    lock: Option<&Lock>,
    revoked: &BTreeSet<String>,
    now: i64,
) -> Observed {
    let Some(tls) = &cluster.tls else { return Observed::default() };
    let mut observed = Observed::default();
    let (mut lacks, mut due) = (Vec::new(), Vec::new());
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
        let is_good = |serial: &str| !revoked.contains(serial);
        let current = lock.and_then(|lock| {
            lock.issued.current_where(wanted.owner.as_deref(), wanted.kind, is_good)
        });
        let facts = current.and_then(|(serial, entry)| {
            let is_as_wanted = entry.is_valid(now) && entry.difference(&wanted).is_none();
            Some((is_as_wanted, entry.certificate(serial)?))
        });
        let place = wanted.places.first().map(|place| format!("`{place}`"));
        match &facts {
            Some((true, facts)) if is_due(facts, &wanted, lock, now) => {
                due.extend(place.map(|place| (place, facts.not_after)));
            }
            Some((true, _)) => {}
            _ => lacks.extend(place),
        }
        observed.facts.extend(facts.map(|(_, facts)| facts));
    }
    observed.said = said(&lacks, lock.is_some()).into_iter().chain(said_of_due(&due)).collect();
    observed
}

/// Tells whether a certificate is to be issued again, and one that is issued now would last longer: none
/// outlives its CA.
fn is_due(facts: &Certificate, wanted: &Wanted, lock: Option<&Lock>, now: i64) -> bool {
    let seconds = |time: Duration| i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    let ca = lock.and_then(|lock| lock.identity.authorities.get(&wanted.issuer));
    let end = now.saturating_add(seconds(wanted.valid_for));
    let next = ca.map_or(end, |ca| ca.not_after.min(end));
    facts.not_after.saturating_sub(now) < seconds(wanted.renew_before) && next > facts.not_after
}

fn said(lacks: &[String], has_lock: bool) -> Option<Diagnostic> {
    let which = first_and_more(lacks)?;
    if !has_lock {
        let said = "there is no cluster.lock, and nothing is issued here: no certificate is known";
        return Some(
            Diagnostic::warning(said).help("build where files may be written, and commit it"),
        );
    }
    Some(
        Diagnostic::warning(format!(
            "cluster.lock has not what cluster.toml asks for of {which}: nothing is issued here"
        ))
        .help("build where the secrets are, and commit cluster.lock"),
    )
}

fn said_of_due(due: &[(String, i64)]) -> Option<Diagnostic> {
    let ends = due.iter().map(|(_, ends)| *ends).min()?;
    let places: Vec<_> = due.iter().map(|(place, _)| place.clone()).collect();
    Some(
        Diagnostic::warning(format!(
            "{} is to be issued again, at the latest by {}: nothing is issued here",
            first_and_more(&places)?,
            Date(ends)
        ))
        .help("build where the secrets are, and commit cluster.lock"),
    )
}

/// Returns the uppermost certificate of a CA's file, which others are given to trust.
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
