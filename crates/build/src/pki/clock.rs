//! Whether this machine's clock can be believed: by certificates that were issued before, it may lag
//! behind. What is issued by a clock that is wrong is refused elsewhere, or ends too soon.

use super::ca::begin_again;
use super::check::Reason;
use super::context::Context;
use super::existing::{ExistingCa, Origin, Slot};
use super::issue::Outcome;
use super::signer::BACKDATED;
use bouquet_lock::Issued;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::time::{DAY, Date};
use bouquet_model::trust::ca_place;
use bouquet_x509::ParsedCertificate;
use core::fmt;

/// The usual difference of clocks that are kept in step, at most, in seconds.
const USUAL: i64 = 5 * 60;

/// Says how far a clock is behind a moment that has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lag {
    /// Not at all, or no more than clocks differ.
    Usual,
    /// For less than a day: a time zone, perhaps.
    Some,
    /// For more than a day.
    Far,
}

impl Lag {
    /// Tells how far `now` is behind that moment; both in seconds since 1970.
    pub fn of(now: i64, moment: i64) -> Self {
        match moment.saturating_sub(now) {
            ..=USUAL => Self::Usual,
            lag if lag <= DAY => Self::Some,
            _ => Self::Far,
        }
    }
}

/// A time of day as a person compares it with a watch: `2026-11-22 14:05 UTC`.
pub struct Minute(pub i64);

impl fmt::Display for Minute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minutes = self.0.rem_euclid(DAY) / 60;
        write!(f, "{} {:02}:{:02} UTC", Date(self.0), minutes / 60, minutes % 60)
    }
}

/// The newest certificate that is there: where, and when it was issued at the least.
struct Newest {
    place: String,
    is_ca: bool,
    issued: i64,
}

/// Returns the moment to go by, and what is worth saying of the clock. One that is a little behind is
/// taken to be as late as the newest certificate, so that none counts as not valid yet.
///
/// # Errors
/// Where it is more than a day behind.
pub(super) fn judge(
    cas: &[ExistingCa],
    slots: &[Slot],
    known: &Issued,
    context: &Context<'_>,
) -> Result<(i64, Option<Diagnostic>), Diagnostic> {
    let Context { out, typed, now, .. } = *context;
    let Some(Newest { place, is_ca, issued }) = newest(cas, slots, known, now) else {
        return Ok((now, None));
    };
    let words = format!(
        "this machine's clock says {}, and `{out}/{place}.crt` was issued at {}",
        Minute(now),
        Minute(issued)
    );
    match Lag::of(now, issued) {
        Lag::Usual => Ok((now, None)),
        Lag::Some => {
            let said = Diagnostic::warning(words).help("set the clock right: it is behind");
            Ok((issued, Some(said)))
        }
        Lag::Far => {
            let error = Diagnostic::error(words).help(
                "set the clock right: what is issued by it would end too soon, or count as expired",
            );
            // A CA can be had once: whatever the clock was, its certificate stays where someone has it.
            Err(if is_ca {
                error
                    .help("if the clock was ahead at that time and is right now, nobody accepts that CA yet")
                    .help(begin_again(typed, now))
            } else {
                error.help(
                    "if the clock was ahead at that time and is right now, remove that file: the \
                     certificate is not valid yet, and is issued again",
                )
            })
        }
    }
}

/// Says that all that was there had expired long ago: a clock that is ahead looks like that, and what it
/// issues is not valid yet for anybody else. A cluster that nobody looked after looks like that, too.
pub(super) fn ahead(outcomes: &[Outcome], now: i64) -> Option<Diagnostic> {
    let ends = outcomes.iter().filter_map(Outcome::leaf).map(|leaf| match leaf.reason {
        Some(Reason::Expired(on)) if now - on > LONG => Some(on),
        _ => None,
    });
    let last = ends.collect::<Option<Vec<_>>>()?.into_iter().max()?;
    Some(
        Diagnostic::warning(format!("every certificate had expired, the last one on {}", Date(last)))
            .help(format!(
                "if this machine's clock is ahead (it says {}), set it right, and bring `out/` back as it \
                 was: nobody accepts the new ones yet",
                Minute(now)
            )),
    )
}

/// The seconds after the end of the last certificate from which on nobody uses the cluster any more.
const LONG: i64 = 30 * DAY;

/// Looks for certificates that were issued later than now. What is damaged counts for nothing: one has
/// to bear the signature of its CA. The lock tells whether it is worth while to look.
fn newest(cas: &[ExistingCa], slots: &[Slot], known: &Issued, now: i64) -> Option<Newest> {
    let files = cas.iter().filter_map(|ca| ca.pair.leaf().map(|der| (ca, der)));
    let files: Vec<_> = files.collect();
    let parsed: Vec<_> = files
        .iter()
        .filter_map(|(ca, der)| ParsedCertificate::parse(der).map(|parsed| (*ca, parsed)))
        .collect();
    let signed = |certificate: &ParsedCertificate<'_>| {
        parsed.iter().any(|(_, ca)| certificate.is_signed_by(ca.public_key()) == Some(true))
    };
    let made = parsed.iter().filter(|(ca, _)| ca.origin == Origin::Minted);
    let made = made.filter(|(_, parsed)| parsed.not_before() > now && signed(parsed));
    let made = made.map(|(ca, parsed)| Newest {
        place: ca_place(ca.number),
        is_ca: true,
        issued: parsed.not_before().saturating_add(BACKDATED),
    });
    let mut all = Vec::new();
    if known.newest().is_some_and(|newest| newest > now) {
        let places = slots.iter().flat_map(|slot| &slot.existing.places);
        for place in places {
            let Some(der) = place.pair.leaf() else { continue };
            let Some(leaf) = ParsedCertificate::parse(&der) else { continue };
            if leaf.not_before() > now && signed(&leaf) {
                let issued = leaf.not_before().saturating_add(BACKDATED);
                all.push(Newest { place: place.path.clone(), is_ca: false, issued });
            }
        }
    }
    // Of two that were issued at once the last one counts: a CA is worse than a leaf.
    all.extend(made);
    all.into_iter().max_by_key(|newest| newest.issued)
}
