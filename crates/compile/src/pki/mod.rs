//! Certificates: what is wanted, what is there, and what must be issued.
//!
//! Pure but for random numbers: files are read and written, and the clock is asked, by the caller.

mod ca;
mod ca_error;
#[cfg_attr(not(test), expect(dead_code, reason = "not called yet"))]
mod constraints;
#[cfg_attr(not(test), expect(dead_code, reason = "not called yet"))]
mod crl;
mod decide;
mod der;
#[cfg_attr(not(test), expect(dead_code, reason = "not called yet"))]
mod encrypted;
mod error;
mod issue;
mod key;
mod parallel;
mod pem;
mod private_key;
#[cfg_attr(not(test), expect(dead_code, reason = "not called yet"))]
mod request;
mod seen;
#[cfg(test)]
mod tools;

pub use ca::CaFound;
pub use decide::{Decision, Reason};
pub use error::PkiError;
pub use key::KeyFault;

use crate::secret::Secret;
use bouquet_model::certificate::{Certificate, Wanted};
use bouquet_model::cluster::Tls;
use bouquet_model::time::{DAY, Date};
use ca::{Authority, Wish};
use ca_error::Files;
use issue::Issued;

/// What certificates are made from.
#[derive(Debug)]
pub struct Request<'a> {
    /// Every leaf that the cluster needs.
    pub wanted: &'a [Wanted],
    /// What is there: for each wanted, for each of its places, in their order.
    pub found: Vec<Vec<Found>>,
    /// The CA that is there.
    pub ca: CaFound,
    /// The common name of a new CA, such as [`ca_common_name`] makes.
    pub ca_common_name: &'a str,
    /// The cluster's settings.
    pub tls: &'a Tls,
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
    /// The CA.
    pub ca: Ca,
    /// A leaf for each wanted one, in their order.
    pub leaves: Vec<Leaf>,
    /// What the operator should know.
    pub warnings: Vec<PkiError>,
}

/// The CA.
#[derive(Debug)]
pub struct Ca {
    /// PEM: as it was found, or new.
    pub certificate: String,
    /// The key, where the CA was minted just now; otherwise its file stays as it is.
    ///
    /// Certificate and key must appear together and before any leaf, as by renaming a folder that
    /// holds both: one without the other is refused by the next build, which cannot know whether
    /// something depends on it.
    pub minted: Option<Secret>,
    /// What is known of it.
    pub facts: Certificate,
}

/// A leaf certificate and its key.
#[derive(Debug)]
pub struct Leaf {
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
/// Everything that is wrong with the CA or with what is wanted. Nothing was issued then.
///
/// # Panics
/// Never for what the caller passes: the results of this module's own steps are put together by
/// their number.
pub fn certify(request: Request<'_>) -> Result<Pki, Vec<PkiError>> {
    let Request { wanted, mut found, ca, ca_common_name, tls, now, out } = request;
    found.resize_with(wanted.len(), Vec::new);
    let files = Files { out };
    let mut errors = issue::impossible(wanted);
    let wish = Wish { common_name: ca_common_name, tls, now, files };
    let ca = match ca::resolve(ca, &found, &wish) {
        Ok(ca) if errors.is_empty() => ca,
        Ok(_) => return Err(errors),
        Err(more) => {
            errors.extend(more);
            return Err(errors);
        }
    };
    let pairs: Vec<_> = wanted.iter().zip(&found).collect();
    let verdicts = parallel::map(&pairs, |(wanted, found)| judge(wanted, found, &ca, now));
    if verdicts.iter().all(Result::is_err) {
        ca::is_theirs(&ca, &found, files).map_err(|error| vec![error])?;
    }
    let issued = issue_all(wanted, &verdicts, &ca, now, files)?;
    let warnings = warnings(&ca, &issued, tls, now);
    let mut issued = issued.into_iter();
    let leaves = verdicts.into_iter().zip(found).zip(wanted);
    let leaves = leaves.map(|((verdict, found), wanted)| match verdict {
        Ok((place, kept)) => keep(place, kept, found, wanted).expect("what is kept was found"),
        Err(reason) => fresh(issued.next().expect("one for each reason"), reason, wanted),
    });
    let leaves = leaves.collect();
    let Authority { certificate, minted, facts, .. } = ca;
    Ok(Pki { ca: Ca { certificate, minted, facts }, leaves, warnings })
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
    ca: &Authority,
    now: i64,
) -> Result<(usize, Certificate), Reason> {
    let mut why = Reason::Missing;
    for (place, pair) in found.iter().enumerate() {
        match decide::decide(wanted, pair, ca, now) {
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
    wanted: &[Wanted],
    verdicts: &[Result<(usize, Certificate), Reason>],
    ca: &Authority,
    now: i64,
    files: Files<'_>,
) -> Result<Vec<Issued>, Vec<PkiError>> {
    let judged = wanted.iter().zip(verdicts);
    let due: Vec<_> =
        judged.filter_map(|(wanted, verdict)| Some((wanted, verdict.as_ref().err()?))).collect();
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let Some(issuer) = &ca.issuer else {
        let place = |wanted: &Wanted| wanted.places.first().map_or("", String::as_str).to_owned();
        let needs = due.iter().map(|(wanted, reason)| format!("{}: {reason}", place(wanted)));
        return Err(vec![files.key_needed(&ca.facts, &needs.collect::<Vec<_>>())]);
    };
    let results = parallel::map(&due, |(wanted, _)| issue::leaf(wanted, ca, issuer, now));
    let mut leaves = Vec::with_capacity(results.len());
    let mut errors = Vec::new();
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

fn keep(place: usize, facts: Certificate, found: Vec<Found>, wanted: &Wanted) -> Option<Leaf> {
    let good = found.get(place)?;
    let same = |other: &Found| {
        other.certificate == good.certificate
            && other.key.as_ref().map(Secret::expose) == good.key.as_ref().map(Secret::expose)
    };
    let stale = (0..wanted.places.len()).filter(|i| !found.get(*i).is_some_and(same)).collect();
    let Found { certificate, key, .. } = found.into_iter().nth(place)?;
    let certificate = String::from_utf8(certificate?).ok()?;
    Some(Leaf { decision: Decision::Keep, certificate, key: key?, facts, stale })
}

fn fresh(new: Issued, reason: Reason, wanted: &Wanted) -> Leaf {
    let Issued { certificate, key, facts } = new;
    let stale = (0..wanted.places.len()).collect();
    Leaf { decision: Decision::Issue(reason), certificate, key, facts, stale }
}

fn warnings(ca: &Authority, issued: &[Issued], tls: &Tls, now: i64) -> Vec<PkiError> {
    let (name, end) = (&ca.facts.common_name, ca.facts.not_after);
    let mut warnings = Vec::new();
    let left = end - now;
    // A year is time enough to give every member and client another CA; of a CA that was never
    // meant to last so long, a third of its life.
    let notice = (365 * DAY).min((end - ca.facts.not_before) / 3);
    if left < notice {
        let days = left / DAY;
        warnings.push(
            PkiError::new(format!("the CA `{name}` expires on {}, in {days} days", Date(end)))
                .help("give every member and client another CA before that day"),
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
    warnings
}
