//! A report as a person reads it.

use super::alarms::{CORRUPT, NOSPACE};
use super::members::State;
use super::report::{Report, Row, Served, Writes};
use crate::expiry::Validity;
use crate::failure::shown;
use crate::show::{BAD, Cell, DIM, GOOD, NAME, Row as TableRow, WARN, bytes, fitting, paint, wrap};
use bouquet_model::time::DAY;
use std::fmt::Write as _;

const HEADS: [&str; 8] =
    ["MEMBER", "STATE", "ROLE", "VERSION", "APPLIED", "DB/QUOTA", "SERVED CERTIFICATES", "MESH"];

/// The columns that a narrow terminal goes without, the first that goes first: what is wrong in them is a finding below.
const SPARE: [&str; 6] = ["APPLIED", "SERVED CERTIFICATES", "DB/QUOTA", "VERSION", "MESH", "ROLE"];

/// Returns a line of the whole, a row for each member, what is wrong, and what is not recorded.
///
/// `program` is its name, as it is typed; `columns` is how wide the terminal is that shows it.
pub(super) fn text(report: &Report, now: i64, (program, columns): (&str, Option<usize>)) -> String {
    let mut text = head(report) + "\n\n";
    let rows = report.rows.iter().map(|row| line(row, now)).collect::<Vec<_>>();
    let (table, left_out) = fitting(&HEADS, rows, columns, &SPARE);
    text += &table;
    if !left_out.is_empty() {
        let line = format!("– too narrow for {}", left_out.join(", "));
        let _ = writeln!(text, "{}", paint(DIM, line));
    }
    if !report.findings.is_empty() {
        text.push('\n');
    }
    text.extend(report.findings.iter().map(shown));
    for reason in &report.unasked {
        let _ = writeln!(text, "{}", paint(DIM, format!("– {reason}")));
    }
    if !report.unrecorded.is_empty() {
        let names = wrap(&report.unrecorded, 100).join("\n  ");
        let _ = writeln!(
            text,
            "\nnot recorded as running, and recorded by `{program} done`:\n  {names}"
        );
    }
    if !report.leaving.is_empty() {
        let names = wrap(&report.leaving, 100).join("\n  ");
        let _ = writeln!(
            text,
            "\nrecorded as running, and not in cluster.toml any more: `{program} plan` has what is left to do:\n  {names}"
        );
    }
    text
}

fn head(report: &Report) -> String {
    let id = report.id.map_or_else(String::new, |id| format!(" {id:x}"));
    let (up, asked) = (report.up, report.asked);
    let answer = format!("{up} of {asked} answer");
    let state = match report.votes.map(|votes| (votes, votes.writes())) {
        None => paint(BAD, answer),
        Some((votes, writes)) => {
            let answer = format!("{answer}, quorum {}", votes.quorum);
            let one_more = votes.up == votes.quorum && votes.up < votes.voters;
            match writes {
                Writes::NoQuorum => paint(BAD, format!("{answer}: NO QUORUM: writes stop")),
                Writes::NoLeader => paint(BAD, format!("{answer}: NO LEADER: writes stop")),
                Writes::Unknown => paint(BAD, format!("{answer}: TOO FEW ARE SEEN TO TELL")),
                Writes::Taken if report.is_corrupt || report.is_full => {
                    let alarm = if report.is_corrupt { CORRUPT } else { NOSPACE };
                    paint(BAD, format!("{answer}: {alarm}: writes stop"))
                }
                Writes::Taken if one_more => {
                    paint(WARN, format!("{answer}: ONE MORE FAILURE STOPS WRITES"))
                }
                Writes::Taken => {
                    paint(GOOD, format!("{answer}, tolerates {}", votes.up - votes.quorum))
                }
            }
        }
    };
    format!("{}{id}   {state}", paint(NAME, &report.token))
}

fn line(row: &Row, now: i64) -> TableRow {
    let state_style = match row.state {
        State::Up => GOOD,
        State::NeverRun | State::Missing => WARN,
        _ => BAD,
    };
    let cells = vec![
        Cell::new(row.name.as_str()).style(NAME),
        Cell::new(row.state.as_str()).style(state_style),
        Cell::new(row.role.map_or("–", |role| role.as_str())),
        Cell::new(row.version.as_deref().unwrap_or("–")),
        Cell::new(row.applied.map_or_else(|| "–".to_owned(), |at| at.to_string())),
        Cell::new(sizes(row)),
        Cell::new(certificates(row, now)),
        Cell::new(mesh(row)),
    ];
    TableRow { cells, below: Vec::new() }
}

/// Writes sizes: `1.1/2.0 GiB`, `20 KiB/2.0 GiB`.
fn sizes(row: &Row) -> String {
    let Some(size) = row.db_size else { return "–".to_owned() };
    match row.quota {
        None => format!("{}/–", bytes(size)),
        Some(quota) => {
            let (size, quota) = (bytes(size), bytes(quota));
            let unit = quota.split_once(' ').map_or("", |(_, unit)| unit);
            let size = size.strip_suffix(unit).map_or(size.as_str(), str::trim_end);
            format!("{size}/{quota}")
        }
    }
}

/// Writes when certificates expire: `client 41 d, peer expired`, or `41 d` where both are one.
fn certificates(row: &Row, now: i64) -> String {
    let left = |served: &Served| match served.validity {
        Validity::Expired => "expired".to_owned(),
        Validity::NotYetValid => "not yet valid".to_owned(),
        _ => format!("{} d", (served.not_after - now).div_euclid(DAY)),
    };
    match (&row.client_certificate, &row.peer_certificate) {
        (None, None) => "–".to_owned(),
        (client, peer) if client == peer => client.as_ref().map_or_else(String::new, left),
        (client, peer) => {
            let part = |name: &str, served: &Option<Served>| {
                format!("{name} {}", served.as_ref().map_or_else(|| "–".to_owned(), left))
            };
            format!("{}, {}", part("client", client), part("peer", peer))
        }
    }
}

/// Writes `ok`, or those that it has no connection to.
fn mesh(row: &Row) -> String {
    let broken: Vec<_> = row
        .mesh
        .iter()
        .filter(|(_, is_active)| !is_active)
        .map(|(name, _)| name.as_str())
        .collect();
    match (row.mesh.is_empty(), broken.is_empty()) {
        (true, _) => "–".to_owned(),
        (false, true) => "ok".to_owned(),
        (false, false) => format!("no {}", broken.join(", ")),
    }
}
