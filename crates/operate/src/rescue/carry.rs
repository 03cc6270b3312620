//! The edge: looks, shows, asks, and makes the new cluster.

use super::choose::{Known, begins, chosen};
use super::new::{cluster_of, leads, writes};
use super::nodes::Nodes;
use super::restore::Source;
use super::told::{announced, left};
use super::word::Told;
use super::work::Rescue;
use crate::compiled::Compiled;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::live::{Asking, Beside, Writes, asking, elsewhere, judge, looked_also};
use crate::record::{Action, Looking, Recording, RestoredFrom, Restoring};
use crate::show::{HEAD, HINT, paint};
use crate::since::since_1970;
use bouquet_model::Member;
use bouquet_model::diagnostic::Diagnostic;
use std::io;
use std::path::Path;
use std::time::SystemTime;

/// The ways out of here.
pub(crate) struct Ways<'a> {
    pub(crate) print: &'a dyn Fn(&str),
    pub(crate) say: &'a dyn Fn(&str),
    pub(crate) ask: &'a dyn Fn(&str) -> Option<bool>,
    pub(crate) read: &'a dyn Fn(&Path) -> io::Result<Vec<u8>>,
    pub(crate) clock: fn() -> SystemTime,
    pub(crate) record: &'a dyn Fn(&Recording) -> Result<Exit, Failure>,
}

/// Makes a new cluster of one member's data.
///
/// # Errors
/// If it is not to be done, or fails. What was ended stays so, and no data is changed before the last question.
pub(crate) fn carry(
    compiled: &Compiled<'_>,
    work: &Rescue,
    ways: &Ways<'_>,
) -> Result<Exit, Failure> {
    let asking = asking(work.client.as_deref(), work.deadline, ways.read, ways.clock)?;
    let known = known(compiled, work);
    let nodes = Nodes { compiled, work, say: ways.say };
    is_lost(compiled, work, &asking)?;
    let all = nodes.told(&[]);
    let source = if let Some(source) = Source::begun(compiled, work, &all) {
        (ways.say)(&format!("{} {} was restored already\n", paint(HINT, "note:"), source.name));
        source
    } else {
        begins(&all, &known)?;
        shows(compiled, work, (&all, &known), ways);
        if !agrees(work, ways, "end etcd on these nodes? [y/N] ")? {
            return Ok(Exit::Failed);
        }
        let all = nodes.told(&["--stop"]);
        begins(&all, &known)?;
        let chosen = chosen(&all, &known)?;
        shows(compiled, work, (&all, &known), ways);
        (ways.print)(&announced(chosen, &all));
        if !agrees(work, ways, &format!("go on with the data of {}? [y/N] ", chosen.name))? {
            return Ok(Exit::Failed);
        }
        Source::save(compiled, &nodes, chosen, since_1970((ways.clock)()))?
    };
    let restored = source.restore(compiled, work, &nodes)?;
    let name = &source.name;
    let new = cluster_of(compiled.cluster, name, &restored.token)?;
    let new = Compiled { cluster: &new, ..*compiled };
    leads(&new, &asking)?;
    let recording = Recording {
        action: Action::Restored,
        restoring: Some(Restoring {
            from: RestoredFrom::Known(restored),
            sole: Some(name.clone()),
        }),
        looking: Looking::Not,
        yes: true,
        ..work.recording.clone()
    };
    (ways.record)(&recording)?;
    writes(&new, &asking)?;
    (ways.print)(&ended(&new, name, work));
    Ok(Exit::Done)
}

/// What is known without asking anybody.
fn known<'a>(compiled: &'a Compiled<'_>, work: &'a Rescue) -> Known<'a> {
    let recorded = &work.basis.recorded;
    let members = compiled.cluster.members.iter();
    let urls = |member: &Member| -> Vec<String> {
        member.initial_advertise_peer_urls.iter().map(ToString::to_string).collect()
    };
    Known {
        id: recorded.cluster_id.map(|id| id.to_string()),
        ids: recorded.ids.iter().map(|(name, id)| (name.as_str(), id.to_string())).collect(),
        peers: members.map(|member| (member.name.as_str(), urls(member))).collect(),
        from: work.from.as_deref(),
        moved: work.moved,
        program: &work.basis.program,
    }
}

/// The cluster takes no writes, as far as can be seen from here.
fn is_lost(compiled: &Compiled<'_>, work: &Rescue, asking: &Asking) -> Result<(), Diagnostic> {
    let elsewhere = elsewhere(compiled, &work.basis.recorded.running);
    let observed = looked_also(compiled, &elsewhere, asking)?;
    let votes = judge(compiled, &observed, &Beside::default()).votes;
    let Some(votes) = votes.filter(|votes| votes.writes() == Writes::Taken) else {
        return Ok(());
    };
    Err(Diagnostic::error(format!(
        "{} of {} voters are up, and {} are a quorum: nothing is to be rescued",
        votes.up, votes.voters, votes.quorum
    ))
    .note("nothing was done")
    .help(format!("what is left to be done: `{} plan`", work.basis.program)))
}

/// Shows what is left.
fn shows(
    compiled: &Compiled<'_>,
    work: &Rescue,
    (all, known): (&[Told], &Known<'_>),
    ways: &Ways<'_>,
) {
    let id = work.basis.recorded.cluster_id.map(|id| id.to_string()).unwrap_or_default();
    let head = paint(HEAD, &compiled.cluster.token);
    (ways.print)(&format!("{head} {id}: what its members have left\n\n{}\n", left(all, known)));
}

/// Asks.
///
/// # Errors
/// If nobody is there to agree.
fn agrees(work: &Rescue, ways: &Ways<'_>, question: &str) -> Result<bool, Diagnostic> {
    if work.yes {
        return Ok(true);
    }
    match (ways.ask)(question) {
        Some(true) => Ok(true),
        Some(false) => {
            (ways.say)("ends here; no data was changed\n");
            Ok(false)
        }
        None => Err(Diagnostic::error("standard input is no terminal, and nobody can agree")
            .note("no data was changed")
            .help("where it is as wanted: the same with `--yes`")),
    }
}

/// What is said at the end.
fn ended(new: &Compiled<'_>, name: &str, work: &Rescue) -> String {
    let id = new.cluster.id.map(|id| id.to_string()).unwrap_or_default();
    format!(
        "{} {id}: {name} is all of it, and takes writes\n\
         next: build, as IDs are others; then `{} apply` adds the others\n\
         once all is well, remove `/root/rescue-{name}.db` on its node: it has all that was in etcd\n",
        paint(HEAD, &new.cluster.token),
        work.basis.program
    )
}
