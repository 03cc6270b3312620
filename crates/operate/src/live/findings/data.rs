//! What is wrong with their data.

use crate::live::found::{Findings, Found, wrong};
use crate::live::members::{State, words};
use crate::live::observed::Doubt;
use bouquet_model::diagnostic::Diagnostic;
use std::collections::{BTreeMap, BTreeSet};

/// From this share of its quota on, a database is said to be nearly full.
const NEARLY_FULL: (u64, u64) = (8, 10);

/// A member that has applied so many entries less than the leader is behind: etcd itself promotes a learner
/// from 90 % on, and sends a snapshot where a follower lacks more than its `snapshot-count`.
const BEHIND: u64 = 5000;

/// What members have in their status besides: alarms, each of which all of them have, and whatever etcd says.
pub(super) fn alarms(found: &Found<'_>) -> Findings {
    let mut alarms = BTreeSet::new();
    let mut others: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for member in found.members.iter().filter(|member| member.state == State::Up) {
        let status = member.seen.and_then(|seen| seen.status.as_ref().ok());
        for text in status.iter().flat_map(|status| &status.errors) {
            match alarm(text) {
                Some(alarm) => drop(alarms.insert(alarm)),
                // `votes` tells of it.
                None if text.contains("no leader") => {}
                None => others.entry(text).or_default().push(&member.name),
            }
        }
    }
    let alarms = alarms.into_iter().map(|(id, word)| wrong(of_alarm(found, id, word)));
    let others = others.into_iter().map(|(text, names)| {
        wrong(Diagnostic::error(format!("etcd says of {}: {text}", names.join(", "))))
    });
    alarms.chain(others).collect()
}

/// What says that members have different data, or may have.
pub(in crate::live) fn doubts(found: &Found<'_>) -> Vec<Diagnostic> {
    let alarms = alarms(found).into_iter().map(|(_, finding)| finding);
    let corrupt = alarms.filter(|finding| finding.message.starts_with(CORRUPT));
    corrupt.chain(diverged(found).into_iter().map(|(_, finding)| finding)).collect()
}

/// Tells whether the alarm is on that refuses writes for want of space.
pub(in crate::live) fn is_full(found: &Found<'_>) -> bool {
    alarms(found).iter().any(|(_, finding)| finding.message.starts_with(NOSPACE))
}

/// etcd's words for members that have different data, and for a database that has used up its quota.
const CORRUPT: &str = "CORRUPT";
const NOSPACE: &str = "NOSPACE";

/// `memberID:10501334649042878790 alarm:NOSPACE `, or `alarm:CORRUPT ` where no member is known: etcd raises it for
/// the member 0 then (`server/etcdserver/corrupt.go`), and protobuf writes no 0.
fn alarm(text: &str) -> Option<(Option<u64>, &str)> {
    let (mut id, mut alarm) = (None, None);
    for word in text.split_whitespace() {
        match word.split_once(':')? {
            ("memberID", value) => id = Some(value.parse().ok()?),
            ("alarm", value) => alarm = Some(value),
            _ => return None,
        }
    }
    Some((id.filter(|id| *id != 0), alarm?))
}

fn of_alarm(found: &Found<'_>, id: Option<u64>, word: &str) -> Diagnostic {
    let name = id.map_or_else(|| "the cluster".to_owned(), |id| found.name_of(id));
    match (word, id) {
        (NOSPACE, _) => Diagnostic::error(format!("{NOSPACE} of {name}: etcd takes no write"))
            .help(format!(
                "compact, defragment each member, then {}",
                found.typed("etcdctl -- alarm disarm")
            )),
        (CORRUPT, Some(_)) => {
            Diagnostic::error(format!("{CORRUPT} of {name}: its data differ from the others'"))
                .help("take no snapshot of it: replace it by an empty member")
        }
        (CORRUPT, None) => Diagnostic::error(format!(
            "{CORRUPT} of {name}: etcd does not know which member differs"
        ))
        .help(format!(
            "find out which has other data before anything else: {} prints a hash for each",
            found.typed("etcdctl -- endpoint hashkv")
        )),
        _ => Diagnostic::error(format!("alarm {word} of {name}")),
    }
}

/// Members that may not have the same data: at each of several readings one was at a revision at which it could
/// not be by what it had applied. They have diverged if their hashes at one revision differ, or if nothing that was
/// written meanwhile could explain it.
pub(super) fn diverged(found: &Found<'_>) -> Findings {
    let in_doubt = found.observed.seen.iter().filter_map(|seen| {
        Some((
            seen.target.name.as_str(),
            seen.doubt.as_ref()?,
            seen.status.as_ref().ok()?.header?.revision,
        ))
    });
    let in_doubt: Vec<(&str, &Doubt, i64)> = in_doubt.collect();
    if in_doubt.len() < 2 {
        return Vec::new();
    }
    let mut hashes: BTreeMap<(i64, u32), Vec<&str>> = BTreeMap::new();
    let mut revisions: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
    for (name, doubt, revision) in &in_doubt {
        if let Ok(hash) = &doubt.hash {
            hashes.entry((hash.compact_revision, hash.hash)).or_default().push(name);
        }
        if doubt.is_certain {
            revisions.entry(*revision).or_default().push(name);
        }
    }
    // What was compacted at different revisions has different hashes.
    let compacted: BTreeSet<i64> = hashes.keys().map(|(compacted, _)| *compacted).collect();
    let are_comparable =
        compacted.len() == 1 && in_doubt.iter().all(|(_, doubt, _)| doubt.hash.is_ok());
    let sides: Vec<Vec<&str>> = match (hashes.len(), revisions.len()) {
        (2.., _) if compacted.len() == 1 => hashes.into_values().collect(),
        (_, 2..) => revisions.into_values().collect(),
        _ if are_comparable => return Vec::new(),
        _ => return vec![wrong(may_have_diverged(&in_doubt))],
    };
    let sides: Vec<String> = sides.iter().map(|names| names.join(", ")).collect();
    let problem = Diagnostic::error(format!(
        "members have DIVERGED: {} have other data than one another",
        sides.join(" and ")
    ))
    .note("they have applied the same entries and are at different revisions; etcd raises no alarm for it")
    .help("take a snapshot of each side now, find out which is right, and replace the others by empty members");
    vec![wrong(problem)]
}

fn may_have_diverged(in_doubt: &[(&str, &Doubt, i64)]) -> Diagnostic {
    let names: Vec<&str> = in_doubt.iter().map(|(name, ..)| *name).collect();
    let refusal = in_doubt.iter().find_map(|(_, doubt, _)| doubt.hash.as_ref().err());
    let why =
        refusal.map_or_else(|| "they were compacted at different revisions".to_owned(), words);
    Diagnostic::warning(format!("members may have diverged: {}", names.join(", ")))
        .note("at each of three readings their revisions did not fit to what they have applied")
        .note(format!("the hashes of their keys could not be compared: {why}"))
        .help("look again; with a longer `--deadline` where they are slow; with a client whose common name is that of a user with the role root, where authentication is on")
}

pub(super) fn sizes(found: &Found<'_>) -> Findings {
    let (share, of) = NEARLY_FULL;
    let full = found.rows.iter().filter(|row| {
        row.db_size.zip(row.quota).is_some_and(|(size, quota)| size >= quota / of * share)
    });
    full.map(|row| {
        let message = format!("the database of {} is nearly as large as its quota", row.name);
        let finding = Diagnostic::warning(message).help(
            "compact and defragment it, or raise `quota-backend-bytes`: at the quota etcd takes no write any more",
        );
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
