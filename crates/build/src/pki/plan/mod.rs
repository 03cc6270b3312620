//! What is to be done about each wanted certificate. Pure: no clock, no random numbers, no files.

use super::ca::{Authority, Files, signer};
use super::check::{Good, Reason, ends_soon, first_good, first_valid};
use super::context::{BLOCK, Context};
use super::existing::Slot;
use super::external::{Answer, answer};
use super::history::History;
use super::signer::{Key, Signer};
use bouquet_lock::Difference;
use bouquet_model::certificate::{Certificate, Wanted};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_outdir::parallel;
use bouquet_x509::Issuer;
use core::fmt;
use std::collections::BTreeMap;

/// A step for each wanted certificate, in their order.
pub(super) struct Plan<'a>(pub(super) Vec<Item<'a>>);

/// A wanted certificate, what there is of it, who signs it, and what is to be done about it.
pub(super) struct Item<'a> {
    pub(super) slot: &'a Slot,
    pub(super) signer: &'a Signer,
    pub(super) step: Step<'a>,
}

/// The step to take about a certificate.
pub(super) enum Step<'a> {
    /// That one is good.
    Keep(Good<'a>),
    /// That one is to be issued again, and nothing may be issued.
    KeepDue(Good<'a>, Reason),
    /// That one is valid, and there is a later one, which is elsewhere.
    KeepOlder(Good<'a>, Certificate),
    /// It is elsewhere, and so is its CA's key.
    Lock(Certificate),
    /// A new one is issued.
    Issue(Reason, &'a Issuer),
    /// It is asked for where its CA's key is; until then the last one goes on elsewhere, if there was one.
    Request(Reason, Option<Certificate>),
    /// It was signed there and came back.
    Install(Reason, Answer),
}

/// Decides which step each certificate takes.
///
/// # Errors
/// Each answer that is not what was asked for, and each CA that has to issue without its key.
pub(super) fn plan<'a>(
    slots: &'a [Slot],
    cas: &'a [Authority],
    history: History<'_>,
    context: &Context<'_>,
) -> Result<Plan<'a>, Vec<Diagnostic>> {
    let decided = parallel::map(slots, BLOCK, |slot| decide(slot, cas, history, context));
    let (mut items, mut errors) = (Vec::with_capacity(slots.len()), Vec::new());
    let mut keyless: BTreeMap<u32, (&Signer, Vec<String>)> = BTreeMap::new();
    for one in decided {
        match one {
            Ok(item) => items.push(item),
            Err(Obstacle::Wrong(error)) => errors.push(error),
            Err(Obstacle::NoKey(ca, need)) => {
                keyless.entry(ca.number).or_insert((ca, Vec::new())).1.push(need);
            }
        }
    }
    errors.extend(keyless.values().map(|(ca, needs)| {
        let what = match needs.len() {
            1 => "a certificate must be issued".to_owned(),
            count => format!("{count} certificates must be issued"),
        };
        Files::of(context, ca.number, &ca.origin).key_needed(ca, &what, needs)
    }));
    if errors.is_empty() { Ok(Plan(items)) } else { Err(errors) }
}

/// An obstacle on the way to a certificate.
enum Obstacle<'a> {
    Wrong(Diagnostic),
    /// That CA would have to issue it; the text says which one, and why.
    NoKey(&'a Signer, String),
}

fn decide<'a>(
    slot: &'a Slot,
    cas: &'a [Authority],
    history: History<'_>,
    context: &Context<'_>,
) -> Result<Item<'a>, Obstacle<'a>> {
    let signer = signer(cas, slot.wanted.issuer).map_err(Obstacle::Wrong)?;
    let last = current(slot, history, context);
    let step = match (first_good(slot, signer, history, context.now), last) {
        (Ok(good), Some(last)) if last.serial != good.facts.serial => Step::KeepOlder(good, last),
        (Ok(good), _) => Step::Keep(good),
        (Err(reason), None) => issue(slot, signer, reason, None, history, context)?,
        (Err(reason), Some(last)) => {
            let can_issue = signer.can_issue() && !context.locked;
            let all: Vec<&Signer> = cas.iter().map(|ca| &ca.signer).collect();
            let is_due = ends_soon(&slot.wanted, last.not_after, signer, context.now);
            // Where nothing is issued, one that has expired is all that there is.
            let valid_at = (!context.locked).then_some(context.now);
            match first_valid(slot, &all, history, valid_at) {
                _ if can_issue && is_due => {
                    issue(slot, signer, reason, Some(last), history, context)?
                }
                // It differs in what the lock does not tell, such as the kind of its key.
                Some(here) if here.facts.serial == last.serial && !context.locked => {
                    issue(slot, signer, reason, None, history, context)?
                }
                Some(here) if here.facts.serial == last.serial => Step::KeepDue(here, reason),
                Some(older) => Step::KeepOlder(older, last),
                None if can_issue => issue(slot, signer, reason, Some(last), history, context)?,
                None => Step::Lock(last),
            }
        }
    };
    Ok(Item { slot, signer, step })
}

/// Returns what the lock has as the current certificate, where that is as wanted and valid; where
/// nothing is issued, valid or not.
fn current(slot: &Slot, history: History<'_>, context: &Context<'_>) -> Option<Certificate> {
    let Wanted { owner, kind, .. } = &slot.wanted;
    let is_good = |serial: &str| !history.revoked.contains_key(serial);
    let (serial, entry) = history.issued.current_where(owner.as_deref(), *kind, is_good)?;
    let serves = (entry.is_valid(context.now) || context.locked)
        && entry.difference(&slot.wanted).is_none_or(|what| what == Difference::LaterGeneration);
    serves.then(|| entry.certificate(serial)).flatten()
}

/// Issues a certificate, or asks for it; `last` is the one that goes on elsewhere until then.
fn issue<'a>(
    slot: &Slot,
    signer: &'a Signer,
    reason: Reason,
    last: Option<Certificate>,
    history: History<'_>,
    context: &Context<'_>,
) -> Result<Step<'a>, Obstacle<'a>> {
    if context.locked {
        return Err(Obstacle::Wrong(locked(slot, &reason)));
    }
    match &signer.key {
        Key::Here(issuer) => Ok(Step::Issue(reason, issuer)),
        Key::External => match answer(slot, signer, history, context).map_err(Obstacle::Wrong)? {
            Some(answer) => Ok(Step::Install(reason, answer)),
            None => Ok(Step::Request(reason, last)),
        },
        Key::Missing | Key::Unset(_) | Key::Locked(_) => {
            Err(Obstacle::NoKey(signer, format!("{}: {reason}", name(slot))))
        }
    }
}

/// Reports that the lock has no certificate that would serve.
fn locked(slot: &Slot, reason: &Reason) -> Diagnostic {
    Diagnostic::error(format!(
        "`{}` is to be issued ({reason}), and `BOUQUET_LOCKED=1` is set",
        name(slot)
    ))
    .help("build without `BOUQUET_LOCKED` where the secrets are, and commit cluster.lock")
}

/// Returns the first place of a certificate, which stands for all of them.
fn name(slot: &Slot) -> &str {
    slot.wanted.places.first().map_or("", String::as_str)
}

/// A line for each certificate.
impl fmt::Display for Plan<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|item| writeln!(f, "{item}"))
    }
}

impl fmt::Display for Item<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, ca) = (name(self.slot), self.signer.number);
        match &self.step {
            Step::Keep(_) => write!(f, "keep    {name}"),
            Step::KeepDue(_, reason) => write!(f, "keep    {name}, although it is due: {reason}"),
            Step::KeepOlder(..) => write!(f, "keep    {name}, which is not the current one"),
            Step::Lock(_) => write!(f, "leave   {name} to where it is"),
            Step::Issue(reason, _) => write!(f, "issue   {name} by CA {ca}: {reason}"),
            Step::Request(reason, _) => write!(f, "request {name} of CA {ca}: {reason}"),
            Step::Install(reason, _) => write!(f, "install {name} of CA {ca}: {reason}"),
        }
    }
}

#[cfg(test)]
mod tests;
