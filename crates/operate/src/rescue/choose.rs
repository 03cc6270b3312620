//! Whether anything is to be rescued, and whose data goes on.

use super::answers::{Answers, is_not_lost};
use super::word::{Told, Word};
use crate::node::rescue::{Copied, Database, Held};
use crate::show::instant;
use crate::units::on_nodes;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::quorum::quorum;
use std::collections::BTreeMap;

/// What is known besides.
pub(super) struct Known<'a> {
    /// The cluster's ID, hexadecimal; `None` where it is not known.
    pub(super) id: Option<String>,
    /// The members' IDs, as far as they are known.
    pub(super) ids: BTreeMap<&'a str, String>,
    /// The peer URLs that are compiled.
    pub(super) peers: BTreeMap<&'a str, Vec<String>>,
    pub(super) from: Option<&'a str>,
    /// A database notes each entry that it has taken in: from 3.5 on.
    pub(super) notes_all: bool,
    pub(super) moved: bool,
    /// Those that answer at their client ports.
    pub(super) answers: Answers,
    /// The names of the members' units.
    pub(super) units: BTreeMap<&'a str, String>,
    /// The name of the program, as it is typed.
    pub(super) program: &'a str,
    /// The same on a node.
    pub(super) on_node: &'a str,
}

/// Whose data a member has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Whose {
    Own,
    /// It does not tell: its log is gone.
    Nameless,
    /// That of another cluster, or of another member of this one.
    Other(String),
    /// There is none.
    Nobody,
}

impl Known<'_> {
    /// Returns whose data that is.
    pub(super) fn whose(&self, told: &Told) -> Whose {
        let Some(held) = told.remains().and_then(|remains| remains.data.as_ref()) else {
            return Whose::Nobody;
        };
        let (Some(cluster), Some(member)) = (&held.cluster_id, &held.member_id) else {
            return if held.database.is_some() { Whose::Nameless } else { Whose::Nobody };
        };
        if let Some(id) = self.id.as_ref().filter(|id| *id != cluster) {
            return Whose::Other(format!("of cluster {cluster}, and this one is {id}"));
        }
        match self.ids.get(told.name.as_str()) {
            Some(id) if id != member => {
                Whose::Other(format!("of member {member}, and {} is {id}", told.name))
            }
            _ => Whose::Own,
        }
    }

    /// Tells whether its data has the member at other addresses than it is compiled for.
    fn has_moved(&self, told: &Told) -> Option<bool> {
        let peers = &database(told)?.peers;
        let compiled = self.peers.get(told.name.as_str())?;
        Some(!compiled.iter().any(|url| peers.contains(url)))
    }
}

/// Returns what a member's database has, where it can be read.
pub(super) fn database(told: &Told) -> Option<&Database> {
    held(told)?.database.as_ref()
}

/// Returns the copy that was saved of one that has no database any more: a rescue ended between its save and its restore.
pub(super) fn saved(told: &Told) -> Option<&Copied> {
    told.remains()?.copy.as_ref().filter(|_| database(told).is_none())
}

fn held(told: &Told) -> Option<&Held> {
    told.remains()?.data.as_ref()
}

/// Makes sure that a rescue is the way.
///
/// # Errors
/// If it is not: a quorum can come back, nobody has data, or a node has said nothing.
pub(super) fn begins(all: &[Told], known: &Known<'_>) -> Result<(), Diagnostic> {
    are_heard(all, known)?;
    let own: Vec<&Told> = all.iter().filter(|told| known.whose(told) == Whose::Own).collect();
    let is_named = |told: &Told| known.from == Some(&told.name) && has_any(told);
    if own.is_empty() && !all.iter().any(is_named) {
        return Err(nobody(all, known));
    }
    let that =
        |is: Option<bool>| own.iter().copied().filter(move |told| known.has_moved(told) == is);
    if known.moved {
        let (stayed, unread): (Vec<&Told>, Vec<&Told>) =
            (that(Some(false)).collect(), that(None).collect());
        return match (stayed.as_slice(), unread.as_slice()) {
            ([], []) => Ok(()),
            ([], unread) => Err(Diagnostic::error(format!(
                "whether {} has moved is not known: its database cannot be read now",
                names(unread)
            ))
            .help("do the same again; if it stays so, with `--lost` and that member")),
            (stayed, _) => Err(Diagnostic::error(format!(
                "{} has not moved: it is at the address that its data has",
                names(stayed)
            ))
            .help("leave out `--moved`")),
        };
    }
    // Learners, and those that were removed and are recorded still, count for nothing.
    let voters = own.iter().filter_map(|told| Some(database(told)?.voters)).min();
    let voters = voters.unwrap_or(all.len()).clamp(1, all.len());
    let needed = quorum(voters);
    if own.len() < needed {
        return Ok(());
    }
    let problem = Diagnostic::error(format!(
        "{} of {voters} members have their data, and {needed} are a quorum: {}",
        own.len(),
        names(&own)
    ));
    let own_names: Vec<&str> = own.iter().map(|told| told.name.as_str()).collect();
    let start = on_nodes(&known.units, "systemctl enable --now --no-block", &own_names);
    if that(Some(true)).count() == own.len() {
        return Err(problem
            .note("all of them are at other addresses than their data has, so that none finds another")
            .help("give each machine its old address besides, `ip address add OLD dev CARD`: they find one another, nothing is lost, and `plan` moves them one by one")
            .help("if that cannot be: the same with `--moved`, and one member's data goes on"));
    }
    Err(problem
        .help(format!("start them, and nothing is lost: {start}"))
        .help(format!(
            "if one does not start: `{} doctor` on its node says why; if its data cannot be saved either, the same with \
             `--lost MEMBER`",
            known.on_node
        )))
}

fn names(all: &[&Told]) -> String {
    all.iter().map(|told| quoted(&told.name)).collect::<Vec<_>>().join(", ")
}

/// Checks that everybody has said something.
fn are_heard(all: &[Told], known: &Known<'_>) -> Result<(), Diagnostic> {
    let silent = all.iter().filter_map(|told| match &told.word {
        Word::Nothing(why) | Word::Unfit(why) => Some((told, why.as_ref())),
        Word::Node(_) | Word::Lost => None,
    });
    let silent: Vec<(&Told, &Diagnostic)> = silent.collect();
    if silent.is_empty() {
        return Ok(());
    }
    let told: Vec<&Told> = silent.iter().map(|(told, _)| *told).collect();
    let mut problem = Diagnostic::error(format!("what is left of {} is not known", names(&told)));
    let mut whys: Vec<&Diagnostic> = Vec::new();
    for (_, why) in &silent {
        if !whys.contains(why) {
            whys.push(why);
        }
    }
    for why in whys {
        problem.notes.push(why.message.clone());
        problem.notes.extend(why.notes.clone());
        problem.help.extend(why.help.clone());
    }
    let its_names = told.iter().map(|told| told.name.as_str());
    problem.help.extend(is_not_lost(its_names, &known.answers, known.program));
    // The machine of one whose program is the wrong one is there, and so is the data of one that answers.
    let may_be_lost = told.iter().find(|told| {
        matches!(told.word, Word::Nothing(_)) && !known.answers.contains_key(&told.name)
    });
    if let Some(Told { name, .. }) = may_be_lost {
        problem = problem.help(format!(
            "for each whose machine or data never comes back, and for no other: the same with `--lost {name}`"
        ));
    }
    Err(problem.help(format!(
        "by hand, without ssh: `{} rescue MEMBER --stop` on each node that has data; docs/commands.md goes on from there",
        known.on_node
    )))
}

fn nobody(all: &[Told], known: &Known<'_>) -> Diagnostic {
    let mut problem = Diagnostic::error("no member has data of this cluster");
    problem.notes = all
        .iter()
        .filter_map(|told| match known.whose(told) {
            Whose::Other(whose) => Some(format!("the data of {} is {whose}", told.name)),
            Whose::Nameless => Some(format!(
                "the data of {} does not tell whose it is: its log is gone; `--from {}` takes it all the same",
                told.name, told.name
            )),
            Whose::Own => None,
            Whose::Nobody => saved(told).map(|copy| {
                format!(
                    "{} has a copy of revision {} that was saved before, {}: `--from {}` goes on with it",
                    told.name, copy.revision, copy.file, told.name
                )
            }),
        })
        .collect();
    problem.help(format!("take the last snapshot: `{} restore FILE`", known.program))
}

/// Chooses whose data goes on, once all have ended: that of the highest revision.
///
/// # Errors
/// If it cannot be read, or members have different data at one place of their log.
pub(super) fn chosen<'a>(all: &'a [Told], known: &Known<'_>) -> Result<&'a Told, Diagnostic> {
    if let Some(from) = known.from {
        let told = all.iter().find(|told| told.name == from && has_any(told));
        return told
            .ok_or_else(|| unreadable(all, &format!("{from} has no database that can be read")));
    }
    if let Some((told, copy)) = all.iter().find_map(|told| Some((told, saved(told)?))) {
        let name = &told.name;
        return Err(Diagnostic::error(format!(
            "{name} has no database any more, and a copy that was saved before: {}",
            copy.file
        ))
        .note(format!(
            "it is of revision {}, saved at {}: a rescue may have ended between its save and its restore",
            copy.revision,
            instant(copy.written)
        ))
        .help(format!("to go on with it: the same with `--from {name}`; or with another member's, by its name")));
    }
    let own = all.iter().filter(|told| known.whose(told) == Whose::Own);
    let mut own: Vec<(&Told, &Database)> =
        own.filter_map(|told| Some((told, database(told)?))).collect();
    if let Some((one, other)) = diverged(&own) {
        let (one, other) = (&one.name, &other.name);
        return Err(Diagnostic::error(format!("{one} and {other} have diverged: their data is not the same"))
            .note("they had it from the same place of the log")
            .help(format!("see which of them is right, as by `etcdutl hashkv` and your own keys; then the same with `--from {one}` or `--from {other}`")));
    }
    let committed = |told: &Told| held(told)?.log.map(|log| log.committed);
    own.sort_by_key(|(told, database)| (database.revision, committed(told)));
    let last = own.pop().map(|(told, _)| told);
    last.ok_or_else(|| unreadable(all, "no database of this cluster's can be read"))
}

/// Tells whether it has what can be restored.
fn has_any(told: &Told) -> bool {
    database(told).is_some() || saved(told).is_some()
}

fn unreadable(all: &[Told], message: &str) -> Diagnostic {
    let mut problem = Diagnostic::error(message);
    problem.notes = all
        .iter()
        .filter_map(|told| Some(format!("{}: {}", told.name, held(told)?.unread.as_ref()?)))
        .collect();
    problem.help(
        "`etcdutl snapshot status` of `member/snap/db` tells more; else restore the last snapshot",
    )
}

/// Returns two that have different keys although they applied the same.
fn diverged<'a>(own: &[(&'a Told, &'a Database)]) -> Option<(&'a Told, &'a Told)> {
    let differ = |one: &Database, other: &Database| {
        let at_one_entry = one.applied > 0 && one.applied == other.applied;
        let at_one_revision = one.revision == other.revision && one.since == other.since;
        at_one_entry && one.revision != other.revision
            || at_one_revision && one.history != other.history
    };
    own.iter().enumerate().find_map(|(at, (one, its))| {
        let other = own.iter().skip(at + 1).find(|(_, other)| differ(its, other))?;
        Some((*one, other.0))
    })
}
