//! What is wrong with their data.

use crate::live::alarms::{CORRUPT, NOSPACE, alarms as alarms_of, others as others_of, status};
use crate::live::compared::{Compared, compared, is_over};
use crate::live::found::{Findings, Found, wrong};
use crate::live::members::{BEHIND, words};
use crate::live::sides::{Sides, in_doubt, sides};
use crate::login::AS_ROOT;
use bouquet_model::diagnostic::Diagnostic;

/// From this share of its quota on, a database is said to be nearly full.
const NEARLY_FULL: (u64, u64) = (8, 10);

/// Finds what members have in their status besides: alarms, each of which all of them have, and whatever etcd says.
pub(super) fn alarms(found: &Found<'_>) -> Findings {
    let alarms = alarms_of(found.members.iter().filter_map(status));
    let alarms = alarms.into_iter().map(|(id, word)| wrong(of_alarm(found, id, word)));
    let others = others_of(found.members).into_iter().map(|(text, names)| {
        wrong(Diagnostic::error(format!("etcd says of {}: {text}", names.join(", "))))
    });
    alarms.chain(others).collect()
}

/// Returns what says that members have different data, or may have.
pub(in crate::live) fn doubts(found: &Found<'_>) -> Vec<Diagnostic> {
    let alarms = alarms(found).into_iter().map(|(_, finding)| finding);
    let corrupt = alarms.filter(|finding| finding.message.starts_with(CORRUPT));
    corrupt.chain(diverged(found).into_iter().map(|(_, finding)| finding)).collect()
}

/// Tells whether the alarm is on that refuses writes for want of space.
pub(in crate::live) fn is_full(found: &Found<'_>) -> bool {
    alarms(found).iter().any(|(_, finding)| finding.message.starts_with(NOSPACE))
}

fn of_alarm(found: &Found<'_>, id: Option<u64>, word: &str) -> Diagnostic {
    let name = id.map_or_else(|| "the cluster".to_owned(), |id| found.name_of(id));
    match (word, id) {
        (NOSPACE, _) => Diagnostic::error(format!("{NOSPACE} of {name}: etcd takes no write"))
            .help(format!(
                "compact, defragment each member, then {}",
                found.typed("etcdctl -- alarm disarm")
            )),
        (CORRUPT, _) => corrupt(found, id, &name),
        _ => Diagnostic::error(format!("alarm {word} of {name}")),
    }
}

/// Reports the alarm that data differs. Once that is put right it stays on, and refuses every write, until it is
/// switched off; before, no copy is to go until it is known which is right.
fn corrupt(found: &Found<'_>, id: Option<u64>, name: &str) -> Diagnostic {
    let why = match id {
        Some(_) => "its data differ from the leader's, and etcd takes no write",
        None => "etcd does not know which member differs, and takes no write",
    };
    let problem = Diagnostic::error(format!("{CORRUPT} of {name}: {why}"));
    if are_alike(found, id) {
        return problem
            .note("by now the hashes of all that were compared are alike")
            .help(format!("all have the same data: {}", found.typed("etcdctl -- alarm disarm")));
    }
    let first = format!(
        "before anything else, find out which has other data: {} prints a hash for each",
        found.typed("etcdctl -- endpoint hashkv")
    );
    if id.is_none() {
        return problem.help(first);
    }
    problem
        .note("etcd compares with the leader alone: either of the two may be the wrong one")
        .help(first)
        .help("save what each member has; then replace the one whose data differ from most others' by an empty member")
}

/// Tells whether members were compared, and the alarm of this one has no reason any more.
fn are_alike(found: &Found<'_>, id: Option<u64>) -> bool {
    let Found { observed, agreed, .. } = found;
    in_doubt(observed).len() > 1
        && compared(observed, agreed) == Compared::Alike
        && is_over(observed, agreed, id)
}

/// Finds members that may not have the same data.
pub(super) fn diverged(found: &Found<'_>) -> Findings {
    let sides = match sides(found.observed) {
        Sides::One => return Vec::new(),
        Sides::Unknown => return vec![wrong(may_have_diverged(found))],
        Sides::Several(sides) => sides,
    };
    let sides: Vec<String> = sides.iter().map(|names| names.join(", ")).collect();
    let problem = Diagnostic::error(format!(
        "members have DIVERGED: {}",
        sides.join(" against ")
    ))
    .note(if is_corrupt(found) {
        "the hashes of their keys at one revision differ"
    } else {
        "they have applied the same entries and are at different revisions; etcd raises no alarm for it"
    })
    .help("take a snapshot of each side now, find out which is right, and replace the others by empty members");
    vec![wrong(problem)]
}

fn may_have_diverged(found: &Found<'_>) -> Diagnostic {
    let in_doubt = in_doubt(found.observed);
    let names: Vec<&str> = in_doubt.iter().map(|(name, ..)| *name).collect();
    let refusal = in_doubt.iter().find_map(|(_, doubt, _)| doubt.hash.as_ref().err());
    let why =
        refusal.map_or_else(|| "they were compacted at different revisions".to_owned(), words);
    Diagnostic::warning(format!("members may have diverged: {}", names.join(", ")))
        .note(if is_corrupt(found) {
            "etcd has raised the alarm that the data of one of them differ"
        } else {
            "in each of three readings their revisions did not match what they had applied"
        })
        .note(format!("the hashes of their keys could not be compared: {why}"))
        .help("look again, with a longer `--deadline` if they are slow")
        .help(AS_ROOT)
}

/// Tells whether etcd itself says that data differs, and refuses writes for it.
pub(in crate::live) fn is_corrupt(found: &Found<'_>) -> bool {
    let mut alarms = alarms_of(found.members.iter().filter_map(status)).into_iter();
    alarms.any(|(_, word)| word == CORRUPT)
}

pub(super) fn sizes(found: &Found<'_>) -> Findings {
    let (share, of) = NEARLY_FULL;
    let full = found.rows.iter().filter(|row| {
        row.db_size.zip(row.quota).is_some_and(|(size, quota)| size >= quota / of * share)
    });
    full.map(|row| {
        let is_over = row.db_size >= row.quota;
        let (how, at) = if is_over { ("at least", "beyond") } else { ("nearly", "at") };
        let message = format!("the database of {} is {how} as large as its quota", row.name);
        let finding = Diagnostic::warning(message).help(format!(
            "compact and defragment it, or raise `quota-backend-bytes`: {at} the quota etcd takes no write any more"
        ));
        wrong(finding)
    })
    .collect()
}

pub(super) fn lag(found: &Found<'_>) -> Findings {
    let most = found.rows.iter().filter_map(|row| row.applied).max().unwrap_or_default();
    let behind = found.rows.iter().filter(|row| row.applied.is_some_and(|at| most - at > BEHIND));
    behind
        .map(|row| {
            let by = most - row.applied.unwrap_or_default();
            let message = format!("{} is behind by {by} entries of the log", row.name);
            let help = "it catches up by itself where its disk and network keep pace";
            wrong(Diagnostic::warning(message).help(help))
        })
        .collect()
}
