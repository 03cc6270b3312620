//! Issuing what is due, or saying whose key that takes.

use super::ca::{Authority, numbered};
use super::ca_error::Files;
use super::decide::{self, Reason, Verdict};
use super::issue::{self, Issued};
use super::{Found, PkiError, parallel};
use bouquet_model::certificate::Wanted;

/// Issues what cannot be kept, in the order of the wanted.
pub(super) fn issue_all(
    pairs: &[(&Wanted, &Vec<Found>)],
    verdicts: &[Verdict],
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
        issue::leaf(wanted, key, ca, issuer, now).map_err(issue::error)
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
    let what = match needs.len() {
        0 => return None,
        1 => "a certificate must be issued".to_owned(),
        count => format!("{count} certificates must be issued"),
    };
    Some(files.key_needed(&ca.facts, ca.locked.as_deref(), &what, &needs))
}
