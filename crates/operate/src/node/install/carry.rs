//! The edge: a member is put on its node, step by step.

use super::allowed::is_root;
use super::decided::Decided;
use super::deeds::{Deed, reasons, restoration};
use super::does::{does, goes_back, leads, unwritten};
use super::ends::kept;
use super::etcd::Brought;
use super::files::Versions;
use super::node::Node;
use super::retire::retire;
use super::staged::{stage, unstage};
use super::told::{Done, json, planned};
use super::work::{Aim, Install, Ways};
use crate::compiled::Compiled;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::node::alone::alone;
use crate::node::machine::Machine;
use crate::show::{HINT, paint};
use crate::since::since_1970;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use rustix::fs::Mode;
use rustix::process::umask;

/// Puts a member on its node.
///
/// # Errors
/// If it must not be, or something failed; what was done before that stays, and is told.
pub(crate) fn carry(
    compiled: &Compiled<'_>,
    work: &Install,
    ways: &Ways<'_>,
) -> Result<Exit, Failure> {
    let carried = carried(compiled, work, ways);
    carried.map_err(|it| Failure { problem: work.with_program(it.problem), ..it })
}

fn carried(compiled: &Compiled<'_>, work: &Install, ways: &Ways<'_>) -> Result<Exit, Failure> {
    is_root(work)?;
    // etcd's account has to get through folders that are made, also where root's login makes all for itself alone.
    umask(Mode::from_raw_mode(0o022));
    // Until the end.
    let _held = if work.dry_run { None } else { Some(alone(work.root.as_deref())?) };
    if work.retire {
        return retire(compiled, work, ways);
    }
    let member = compiled.cluster.member(&work.member).ok_or_else(|| {
        Diagnostic::error(format!("{} is no member of this cluster", quoted(&work.member)))
    })?;
    let node = Node { compiled, member, work, machine: Machine { root: work.root.as_deref() } };
    let clock = (ways.clock)();
    let versions = node.versions();
    let mut brought = Brought::new(work.dry_run, node.cluster().systemd.binary.as_ref());
    let decided = node.decide((&versions, &mut brought), clock, ways)?;
    if work.dry_run {
        (ways.print)(&planned(&decided.deeds));
        return Ok(if decided.deeds.is_empty() { Exit::Done } else { Exit::Pending });
    }
    let done = carry_out(&node, &versions, &decided, ways)?;
    drop(brought);
    let Decided { there, wanted, way, deeds, heard, .. } = decided;
    let state = if work.aim == Aim::Kept {
        kept(&there.service, &reasons(&wanted, &there))
    } else {
        let restarts = deeds.iter().any(|deed| matches!(deed, Deed::Restart(_)));
        let former = there.service.process.filter(|_| restarts).map(|process| process.id);
        let _waiting = ways.patience.waits("waiting until etcd is ready");
        node.ends((way.as_ref(), former, heard), ways.clock)?
    };
    let restoration = restoration(&deeds);
    let token = restoration.map(|restoration| restoration.token.as_str());
    (ways.print)(&if work.json { json(&done, &state, token) } else { done.end(&state) });
    if let Some(line) = restoration.and_then(|restoration| node.is_recorded(restoration)) {
        (ways.say)(&format!("{} {line}\n", paint(HINT, "note:")));
    }
    Ok(Exit::Done)
}

/// Does what was decided, one thing after the other, and says each.
fn carry_out(
    node: &Node<'_>,
    versions: &Versions,
    decided: &Decided,
    ways: &Ways<'_>,
) -> Result<Done, Diagnostic> {
    let Decided { bundle, version, there, wanted, deeds, .. } = decided;
    let name = node.name();
    if let Some(line) = restoration(deeds).and_then(|restoration| node.token_of(restoration)) {
        (ways.say)(&format!("{} {line}\n", paint(HINT, "note:")));
    }
    if node.work.rollback && !node.work.json {
        let line = "etcd itself stays the one that it is: its data does not go back";
        (ways.say)(&format!("{} {line}\n", paint(HINT, "note:")));
    }
    stage(node.machine, deeds)?;
    match version.as_deref().filter(|_| node.work.rollback) {
        Some(stamp) => goes_back(versions, stamp)?,
        None => versions.went_back(),
    }
    let mut done = Done::new(name);
    let mut is_laid = false;
    let mut each = |deed: &Deed| -> Result<(), Diagnostic> {
        if !is_laid && node.is_of_version(deed) {
            is_laid = true;
            let stamp = versions.next(since_1970((ways.clock)()));
            let stamp = stamp.map_err(|error| unwritten(versions, &error))?;
            if version.is_none() {
                node.lays(versions, &stamp, (bundle, &wanted.unit), there.unit.as_deref())?;
            }
            let stamp = version.as_deref().unwrap_or(&stamp);
            leads(versions, stamp, there.unit.as_deref())?;
            versions.prune();
        }
        does(node.machine, (&node.unit(), name), deed, ways.patience)?;
        let text = done.add(deed);
        if !node.work.json {
            (ways.print)(&text);
        }
        Ok(())
    };
    deeds.iter().try_for_each(&mut each).inspect_err(|_| unstage(node.machine, deeds))?;
    versions.went_back();
    Ok(done)
}
