//! What is left, and what is lost, in words: nobody agrees to what was not said.

use super::choose::{Known, Whose, database, saved};
use super::word::{Told, Word};
use crate::node::rescue::{Held, Log};
use crate::show::{Cell, HEAD, NAME, Row, WARN, instant, paint, table};
use std::fmt::Write as _;

/// A table of what each member has.
pub(super) fn left(all: &[Told], known: &Known<'_>) -> String {
    let heads =
        ["MEMBER", "ETCD", "DATA", "REVISION", "KEYS", "AGREED ON", "IN ITS LOG", "WRITTEN LAST"];
    let rows: Vec<Row> = all.iter().map(|told| row(told, known)).collect();
    table(&heads, &rows)
}

fn row(told: &Told, known: &Known<'_>) -> Row {
    let dash = || "–".to_owned();
    let etcd = match &told.word {
        Word::Lost => "never comes back",
        Word::Nothing(_) => "not known",
        Word::Node(remains) if remains.up => "runs",
        Word::Node(remains) if remains.enabled => "stopped",
        Word::Node(_) => "ended",
    };
    let (data, below) = match known.whose(told) {
        Whose::Own => ("its own", None),
        Whose::Nameless => ("without a log", None),
        Whose::Other(whose) => ("another's", Some(format!("its data is {whose}"))),
        Whose::Nobody => ("–", None),
    };
    let database = database(told);
    let held = told.remains().and_then(|remains| remains.data.as_ref());
    let log = held.and_then(|held| held.log);
    let unread = held.and_then(|held| held.unread.as_ref());
    let of_log = |what: fn(Log) -> String| log.map_or_else(dash, what);
    let cells = [
        etcd.to_owned(),
        data.to_owned(),
        database.map_or_else(dash, |it| it.revision.to_string()),
        database.map_or_else(dash, |it| it.keys.to_string()),
        agreed(held).map_or_else(dash, |entry| entry.to_string()),
        of_log(|log| log.last.to_string()),
        of_log(|log| instant(log.written)),
    ];
    let name = std::iter::once(Cell::new(told.name.clone()).style(NAME));
    let unread = unread.map(|why| format!("its database cannot be read now: {why}"));
    Row {
        cells: name.chain(cells.map(Cell::new)).collect(),
        below: below.into_iter().chain(unread).collect(),
    }
}

/// The entry up to which a member knew that a quorum had them: etcd writes that down when it next writes an entry, and may have
/// applied more.
fn agreed(held: Option<&Held>) -> Option<u64> {
    let applied = held?.database.as_ref().map(|database| database.applied);
    let committed = held?.log.map(|log| log.committed);
    applied.max(committed)
}

/// What is kept of the cluster's data, and what is lost with the others.
pub(super) fn announced(chosen: &Told, all: &[Told]) -> String {
    let revision = database(chosen).map(|database| database.revision);
    let revision = revision.or_else(|| saved(chosen).map(|copy| copy.revision));
    let Some(revision) = revision else { return String::new() };
    let name = &chosen.name;
    let others: Vec<&str> =
        all.iter().map(|told| told.name.as_str()).filter(|other| *other != name).collect();
    let (kept, lost) = (paint(HEAD, "kept:"), paint(WARN, "lost:"));
    let mut text = format!(
        "{name} becomes all of a new cluster, with its data; `apply` adds the others to it afterwards\n\
         {kept} all that was acknowledged up to revision {revision}\n"
    );
    if others.is_empty() {
        return text;
    }
    let _ = writeln!(
        text,
        "{lost} what was acknowledged after revision {revision}, of which {name} never knew: {} had it",
        others.join(" or ")
    );
    let held = chosen.remains().and_then(|remains| remains.data.as_ref());
    let (agreed, end) = (agreed(held), held.and_then(|held| Some(held.log?.last)));
    if let Some((agreed, end)) = agreed.zip(end).filter(|(agreed, end)| end > agreed) {
        let _ = writeln!(
            text,
            "      entries {} to {end} are in its log, and it never knew whether a quorum had them: \
             they are left out, acknowledged or not",
            agreed + 1
        );
    }
    text
}
