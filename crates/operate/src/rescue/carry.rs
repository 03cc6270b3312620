//! The edge: looks, shows, asks, and makes the new cluster.

use super::answers::{Answers, none_answers};
use super::choose::{Known, begins, chosen};
use super::ended::{are_ended, is_ended_on, says_ended, summary};
use super::lost::{is_lost, is_recorded_elsewhere, later};
use super::new::{cluster_of, disarms, leads, writes};
use super::nodes::Nodes;
use super::ports::are_gone;
use super::restore::Source;
use super::told::{announced, left};
use super::word::Told;
use super::work::Rescue;
use crate::compiled::Compiled;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::live::asking;
use crate::patience::Patience;
use crate::record::{Action, Looking, Recording, RestoredFrom, Restoring};
use crate::show::{HEAD, HINT, paint};
use crate::since::since_1970;
use crate::typed::on_node;
use crate::units::units;
use bouquet_model::Member;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::version::Minor;
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
    pub(crate) patience: Patience,
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
    let asking = asking(&work.client, work.deadline, ways.read, ways.clock)?;
    let asking = asking.with(ways.patience);
    let program = &work.basis.program;
    let nodes = Nodes { compiled, work, say: ways.say, patience: ways.patience };
    let answers = is_lost(compiled, work, &asking)?;
    none_answers(&work.lost, &answers, program)?;
    let known = known(compiled, work, answers);
    let all = nodes.told(&[]);
    let nothing = |problem: Diagnostic| problem.note("nothing was done");
    let source = if let Some(source) = Source::begun(compiled, work, &all) {
        if is_recorded_elsewhere(compiled, &source, &asking, program)? {
            return Err(later(&source).into());
        }
        shows(compiled, work, (&all, &known), ways);
        let restored =
            format!("{} was restored by a rescue that ended before it was recorded", source.name);
        (ways.say)(&format!("{} {restored}\n", paint(HINT, "note:")));
        if !agrees(work, ways, &format!("go on with {}? [y/N] ", source.name)).map_err(nothing)? {
            return Ok(Exit::Failed);
        }
        source
    } else {
        // Before it is looked who has data: without a member that runs, it may seem that nobody has any.
        are_gone(compiled.cluster, &work.basis.recorded.running, &work.lost, program)
            .map_err(nothing)?;
        begins(&all, &known).map_err(nothing)?;
        shows(compiled, work, (&all, &known), ways);
        if !agrees(work, ways, "end etcd on these nodes? [y/N] ").map_err(nothing)? {
            return Ok(Exit::Failed);
        }
        let again = nodes.told(&["--stop"]);
        let back = |problem: Diagnostic| is_ended_on(compiled.cluster, (&all, &again), problem);
        are_ended(&again).map_err(back)?;
        begins(&again, &known).map_err(back)?;
        let chosen = chosen(&again, &known).map_err(back)?;
        shows(compiled, work, (&again, &known), ways);
        (ways.print)(&announced(chosen, &again, &known));
        (ways.say)(&says_ended(compiled.cluster, (&all, &again)));
        let question = format!("go on with the data of {}? [y/N] ", chosen.name);
        if !agrees(work, ways, &question).map_err(back)? {
            (ways.say)("etcd stays ended there, and no data was changed\n");
            return Ok(Exit::Failed);
        }
        Source::save(compiled, &nodes, chosen, since_1970((ways.clock)())).map_err(back)?
    };
    let restored = source.restore(compiled, work, &nodes)?;
    let name = &source.name;
    let new = cluster_of(compiled.cluster, name, &restored.token)?;
    let new = Compiled { cluster: &new, ..*compiled };
    leads(&new, &asking, program)?;
    let disarmed = disarms(&new, &asking, program);
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
    if (ways.record)(&recording)? != Exit::Done {
        return Ok(Exit::Failed);
    }
    disarmed?;
    writes(&new, &asking, program)?;
    (ways.print)(&summary((compiled.cluster, new.cluster), name, work));
    Ok(Exit::Done)
}

/// Returns what is known without asking any node.
fn known<'a>(compiled: &'a Compiled<'_>, work: &'a Rescue, answers: Answers) -> Known<'a> {
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
        notes_all: compiled.cluster.version.minor() >= Minor::V3_5,
        moved: work.moved,
        answers,
        units: units(compiled.cluster),
        program: &work.basis.program,
        on_node: on_node(&work.basis.program, compiled.cluster),
    }
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
        Some(false) => Ok(false),
        None => Err(Diagnostic::error("standard input is no terminal, and nobody can agree")
            .help("to agree: the same with `--yes`")),
    }
}
