//! The edge: a member is put on its node, step by step.

use super::alone::alone;
use super::deeds::{self, Deed, deeds};
use super::does::{does, goes_back, leads};
use super::node::{Node, is_root};
use super::retire::retire;
use super::source::Source;
use super::staged::{stage, unstage};
use super::told::{Done, json, planned};
use super::work::{Install, Ways};
use crate::compiled::Compiled;
use crate::exit::Exit;
use crate::failure::{Failure, shown};
use crate::node::machine::Machine;
use crate::show::{HINT, paint};
use crate::since::since_1970;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::time::Instant;

/// Puts a member on its node.
///
/// # Errors
/// If it must not be, or something failed; what was done before that stays, and is told.
pub(crate) fn carry(
    compiled: &Compiled<'_>,
    work: &Install,
    ways: &Ways<'_>,
) -> Result<Exit, Failure> {
    is_root(work)?;
    // Until the end.
    let _held = if work.dry_run { None } else { Some(alone(work)?) };
    if work.retire {
        return retire(compiled, work, ways);
    }
    let member = compiled.cluster.member(&work.member).ok_or_else(|| {
        Diagnostic::error(format!("{} is no member of this cluster", quoted(&work.member)))
    })?;
    let node = Node { compiled, member, work, machine: Machine { root: work.root.as_deref() } };
    let clock = (ways.clock)();
    let now = since_1970(clock);
    let versions = node.versions();
    let Source { bundle, unit, version } = node.source(&versions)?;
    let faults = match version {
        None => bundle.faults(compiled, member, &work.program, now),
        Some(_) => bundle.expired(now),
    };
    refused(faults, ways)?;
    node.is_for_units()?;
    let facts = node.facts(&bundle, ways.clock);
    let there = node.there(&bundle, facts.as_ref(), clock)?;
    let restoration = node.restoration(now)?;
    let way = facts.as_ref().map(|facts| node.starts(facts, &there, restoration.as_ref()));
    let way = way.transpose()?;
    let restores = restoration.filter(|it| !it.is_done() || !there.service.is_up());
    let stamp = Instant(now).basic();
    let wanted = node.wanted(unit, (way.as_ref(), &there), restores, &stamp);
    let deeds = deeds(&wanted, &there);
    if let Some(facts) = &facts {
        refused(node.obstacles(&deeds, facts), ways)?;
        node.is_safe(&deeds, facts)?;
    }
    if work.dry_run {
        (ways.print)(&planned(&deeds));
        return Ok(if deeds.is_empty() { Exit::Done } else { Exit::Pending });
    }
    // One that was killed between the certificates and the unit has its version.
    let begun = || versions.leading_to(&wanted.unit).filter(|_| there.has_certificates);
    let version = version.or_else(begun);
    let mut done = Done::new(member.name.as_str());
    let mut is_laid = false;
    let mut each = |deed: &Deed| -> Result<(), Diagnostic> {
        if !is_laid && node.is_of_version(deed) {
            is_laid = true;
            let stamp = versions.next(now);
            if version.is_none() {
                node.lays(&versions, &stamp, (&bundle, &wanted.unit), there.unit.as_deref())?;
            }
            let stamp = version.as_deref().unwrap_or(&stamp);
            leads(&versions, stamp, there.unit.as_deref())?;
            versions.prune();
        }
        does(node.machine, (&node.unit(), member.name.as_str()), deed)?;
        let text = done.add(deed);
        if !work.json {
            (ways.print)(&text);
        }
        Ok(())
    };
    let token = deeds::restoration(&deeds).map(|restoration| restoration.token.clone());
    if let Some(line) =
        deeds::restoration(&deeds).and_then(|restoration| node.token_of(restoration))
    {
        (ways.say)(&format!("{} {line}\n", paint(HINT, "note:")));
    }
    stage(node.machine, &deeds)?;
    match version.as_deref().filter(|_| work.rollback) {
        Some(stamp) => goes_back(&versions, stamp)?,
        None => versions.went_back(),
    }
    deeds.iter().try_for_each(&mut each).inspect_err(|_| unstage(node.machine, &deeds))?;
    versions.went_back();
    let restarts = deeds.iter().any(|deed| matches!(deed, Deed::Restart(_)));
    let former = there.service.process.filter(|_| restarts).map(|process| process.id);
    let state = node.ends((way.as_ref(), former), ways.clock)?;
    let text = if work.json { json(&done, &state, token.as_deref()) } else { done.end(&state) };
    (ways.print)(&text);
    Ok(Exit::Done)
}

/// Says all that is wrong, the last of it as what it ends with.
fn refused(faults: Vec<Diagnostic>, ways: &Ways<'_>) -> Result<(), Diagnostic> {
    let mut faults = faults.into_iter().rev();
    let Some(last) = faults.next() else { return Ok(()) };
    faults.rev().for_each(|fault| (ways.say)(&shown(&fault)));
    Err(last.note("nothing was changed"))
}
