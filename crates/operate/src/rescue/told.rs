//! What is left, and what is lost, in words: nobody agrees to what was not said.

use super::choose::{Known, Whose, database, saved};
use super::word::{Told, Word};
use crate::node::rescue::{Held, Log};
use crate::show::{Cell, HEAD, NAME, Row, WARN, instant, paint, table};
use bouquet_model::diagnostic::visible;
use std::fmt::Write as _;

/// Returns a table of what each member has.
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
        Word::Nothing(_) | Word::Unfit(_) => "not known",
        Word::Node(remains) if remains.up || remains.open => "runs",
        Word::Node(remains) if remains.enabled => "stopped",
        Word::Node(_) => "ended",
    };
    let (data, below) = match known.whose(told) {
        Whose::Own => ("its own", None),
        Whose::Nameless => ("without a log", None),
        Whose::Other(whose) => ("another's", Some(format!("its data is {}", visible(&whose)))),
        Whose::Nobody if saved(told).is_some() => ("a copy", None),
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
        revision(told).map_or_else(dash, |it| it.to_string()),
        database.map_or_else(dash, |it| it.keys.to_string()),
        known_to_a_quorum(held).map_or_else(dash, |entry| entry.to_string()),
        of_log(|log| log.last.to_string()),
        of_log(|log| instant(log.written)),
    ];
    let name = std::iter::once(Cell::new(told.name.clone()).style(NAME));
    let unread = unread.map(|why| format!("its database cannot be read now: {}", visible(why)));
    Row {
        cells: name.chain(cells.map(Cell::new)).collect(),
        below: below.into_iter().chain(unread).collect(),
    }
}

/// Returns the revision of what a member has, in its database or in a copy that was saved.
fn revision(told: &Told) -> Option<i64> {
    let database = database(told).map(|database| database.revision);
    database.or_else(|| saved(told).map(|copy| copy.revision))
}

/// Returns the entry up to which a member knew that a quorum had them: etcd writes that down when it next writes an
/// entry, and may have applied more.
fn known_to_a_quorum(held: Option<&Held>) -> Option<u64> {
    let applied = held?.database.as_ref().map(|database| database.applied);
    let committed = held?.log.map(|log| log.committed);
    applied.max(committed)
}

/// Returns what is kept of the cluster's data, and what is lost with the others.
pub(super) fn announced(chosen: &Told, all: &[Told], known: &Known<'_>) -> String {
    let Some(revision) = revision(chosen) else { return String::new() };
    let name = &chosen.name;
    let others: Vec<&str> =
        all.iter().map(|told| told.name.as_str()).filter(|other| *other != name).collect();
    let mut text = format!(
        "{name} becomes the only member of a new cluster, with its data; `apply` adds the others to it afterwards\n\
         {} all that was acknowledged up to revision {revision}\n",
        paint(HEAD, "kept:")
    );
    let mut lost = Vec::new();
    if !others.is_empty() {
        lost.push(format!(
            "what was acknowledged after revision {revision}, of which {name} never knew: {} had it",
            others.join(" or ")
        ));
    }
    let held = chosen.remains().and_then(|remains| remains.data.as_ref());
    let applied = held.and_then(|held| Some(held.database.as_ref()?.applied));
    let log = held.and_then(|held| held.log);
    if let Some((applied, log)) = applied.zip(log)
        && known.notes_all
        && applied < log.committed
    {
        lost.push(format!(
            "{} of its log, which a quorum had: that did not reach its database",
            entries(applied + 1, log.committed)
        ));
    }
    if let Some((agreed, log)) = known_to_a_quorum(held).zip(log)
        && agreed < log.last
    {
        lost.push(format!(
            "{} of its log, acknowledged or not: it never knew whether a quorum had that",
            entries(agreed + 1, log.last)
        ));
    }
    for what in lost {
        let _ = writeln!(text, "{} {what}", paint(WARN, "lost:"));
    }
    text
}

fn entries(first: u64, last: u64) -> String {
    if first == last { format!("entry {first}") } else { format!("entries {first} to {last}") }
}
