//! The edge: a member is put on its node, step by step.

use super::deeds::{Deed, deeds};
use super::does::leads;
use super::look::Machine;
use super::node::Node;
use super::source::Source;
use super::told::{Done, json, planned};
use super::work::Install;
use crate::compiled::Compiled;
use crate::exit::Exit;
use crate::failure::{Failure, shown};
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::time::Instant;
use std::time::{SystemTime, UNIX_EPOCH};

/// The ways to a person.
pub(crate) struct Ways<'a> {
    pub(crate) print: &'a dyn Fn(&str),
    pub(crate) say: &'a dyn Fn(&str),
    pub(crate) clock: fn() -> SystemTime,
}

/// Puts a member on its node.
///
/// # Errors
/// If it must not be, or something failed; what was done before that stays, and is told.
pub(crate) fn carry(
    compiled: &Compiled<'_>,
    work: &Install,
    ways: &Ways<'_>,
) -> Result<Exit, Failure> {
    let member = compiled.cluster.member(&work.member).ok_or_else(|| {
        Diagnostic::error(format!("{} is no member of this cluster", quoted(&work.member)))
    })?;
    let node = Node { compiled, member, work, machine: Machine { root: work.root.as_deref() } };
    node.is_root()?;
    let clock = (ways.clock)();
    let now = clock.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let now = i64::try_from(now).unwrap_or(i64::MAX);
    let versions = node.versions();
    let Source { bundle, unit, version } = node.source(&versions)?;
    let faults = match version {
        None => bundle.faults(compiled, member, &work.program, now),
        Some(_) => bundle.expired(now),
    };
    if let Some((last, others)) = faults.split_last() {
        for fault in others {
            (ways.say)(&shown(fault));
        }
        return Err(last.clone().note("nothing was changed").into());
    }
    node.is_for_units()?;
    let there = node.there(&bundle, clock)?;
    let (answers, way) = node.way(&bundle, &there)?;
    let wanted = node.wanted(unit, (way.as_ref(), &there), &Instant(now).basic());
    let deeds = deeds(&wanted, &there);
    node.is_safe(&deeds, &answers)?;
    if work.dry_run {
        (ways.print)(&planned(&deeds));
        return Ok(if deeds.is_empty() { Exit::Done } else { Exit::Pending });
    }
    let mut done = Done::new(member.name.as_str());
    let mut is_laid = false;
    for deed in &deeds {
        if !is_laid && node.is_of_version(deed) {
            is_laid = true;
            let stamp = Instant(now).basic();
            if version.is_none() {
                node.lays(&versions, &stamp, (&bundle, &wanted.unit))?;
            }
            let stamp = version.as_deref().unwrap_or(&stamp);
            leads(&versions, stamp, there.unit.as_deref())?;
            versions.prune();
        }
        node.does(deed)?;
        let text = done.add(deed);
        if !work.json {
            (ways.print)(&text);
        }
    }
    let restarts = deeds.iter().any(|deed| matches!(deed, Deed::Restart(_)));
    let former = there.service.process.filter(|_| restarts).map(|process| process.id);
    let state = node.ends((way.as_ref(), former), ways.clock)?;
    let text = if work.json { json(&done, &state) } else { done.end(&state) };
    (ways.print)(&text);
    Ok(Exit::Done)
}
