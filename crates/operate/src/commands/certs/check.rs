//! `certs --check`: the plugin of a monitor.
//!
//! Its output follows the Monitoring Plugins Development Guidelines: one line with the state, a
//! text and performance data, then whatever helps a person.

use super::listed::{Entry, Listed};
use crate::deployed::Gravity;
use crate::exit::Exit;
use crate::expiry::{Validity, days_left, described, validity};
use crate::outcome::Outcome;
use crate::show::{date, distance};
use bouquet_model::time::DAY;
use std::time::Duration;

/// The state of a check; the worst of all counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Ok,
    Unknown,
    Warning,
    Critical,
}

/// The output of a check.
pub(super) struct Report {
    /// The line of the state.
    first: String,
    /// The places that could not be judged or are missing, a line each.
    last: String,
    pub(super) exit: Exit,
}

impl Report {
    /// Returns the whole output of a plugin, with a table in the middle.
    pub(super) fn around(&self, table: &str) -> String {
        // A bar would begin performance data in any line.
        format!("{}{}", self.first, (table.to_owned() + &self.last).replace('|', "/"))
    }
}

/// Judges what is listed. `nothing` says why there is nothing to judge.
pub(super) fn report(listed: &Listed<'_>, critical: Duration, nothing: Option<&str>) -> Report {
    let mut found: Vec<(State, String)> = Vec::new();
    found.extend(nothing.map(|why| (State::Unknown, why.to_owned())));
    for trouble in &listed.troubles {
        let state = match trouble.gravity() {
            Gravity::Unknown => State::Unknown,
            Gravity::Warning => State::Warning,
            Gravity::Critical => State::Critical,
        };
        found.push((state, trouble.to_string()));
    }
    let mut entries: Vec<&Entry<'_>> = listed.all.iter().collect();
    entries.sort_by_key(|entry| entry.certificate.not_after);
    found.extend(entries.iter().filter_map(|entry| finding(entry, listed, critical)));
    // Among equals the first to end stays first.
    found.sort_by_key(|(state, _)| std::cmp::Reverse(*state));

    let first = entries.first();
    let (state, text) = match (found.first(), first) {
        (Some((state, text)), _) => (*state, text.clone()),
        (None, Some(first)) => (State::Ok, all_fine(first, listed)),
        (None, None) => (State::Unknown, "there are no certificates".to_owned()),
    };
    let more = found.len().saturating_sub(1);
    let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
    let left = first.map(|first| performance(first, listed, critical)).unwrap_or_default();
    // One alone stands in the first line.
    let troubles = listed.troubles.iter().filter(|_| found.len() > 1);
    let last = troubles.flat_map(|trouble| [trouble.to_string(), "\n".to_owned()]).collect();
    Report { first: line(state, &(text + &more), &left), last, exit: state.exit() }
}

/// Returns the outcome of a wrong command line, for a monitor.
pub(crate) fn misused(why: &str, stderr: String) -> Outcome {
    let why = why.lines().next().unwrap_or_default().trim_start_matches("error: ");
    let stdout = line(State::Unknown, why, "");
    Outcome { stderr, exit: State::Unknown.exit(), ..Outcome::data(stdout) }
}

impl State {
    const fn word(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Unknown => "UNKNOWN",
            Self::Warning => "WARNING",
            Self::Critical => "CRITICAL",
        }
    }

    const fn exit(self) -> Exit {
        match self {
            Self::Ok => Exit::Done,
            Self::Unknown => Exit::Unknown,
            Self::Warning => Exit::Warning,
            Self::Critical => Exit::Critical,
        }
    }
}

fn line(state: State, text: &str, performance: &str) -> String {
    format!("CERTS {} - {}{performance}\n", state.word(), one_line(text))
}

/// Returns the text on one line without `|`, which would begin the performance data.
fn one_line(text: &str) -> String {
    text.replace('|', "/").replace(char::is_control, " ")
}

/// Returns the problem of one certificate, if it has one.
fn finding(entry: &Entry<'_>, listed: &Listed<'_>, critical: Duration) -> Option<(State, String)> {
    let (certificate, now) = (&*entry.certificate, listed.now);
    let ends = |word| {
        let (date, distance) = (date(certificate.not_after), distance(certificate.not_after, now));
        format!("{} {word} {date} ({distance})", named(entry))
    };
    let left = certificate.not_after.saturating_sub(now).unsigned_abs();
    let dated = match validity(certificate, now, listed.window) {
        Validity::NotYetValid => {
            let from = date(certificate.not_before);
            let said = format!("{} is valid from {from}, and today is {}", named(entry), date(now));
            Some((State::Critical, said))
        }
        Validity::Expired => Some((State::Critical, ends("expired"))),
        _ if left < critical.as_secs() => Some((State::Critical, ends("expires"))),
        Validity::Expiring => Some((State::Warning, ends("expires"))),
        Validity::Valid => None,
    };
    let differs = || Some((State::Warning, format!("{} {}", named(entry), entry.difference?)));
    match dated {
        Some((State::Critical, _)) => dated,
        // A file that is to be replaced anyway is rather replaced than waited for.
        _ => differs().or(dated),
    }
}

fn all_fine(first: &Entry<'_>, listed: &Listed<'_>) -> String {
    let count = match listed.all.len() {
        1 => "1 certificate, which".to_owned(),
        count => format!("{count} certificates, the first"),
    };
    let end = first.certificate.not_after;
    format!("{count} expires {} ({}): {}", date(end), distance(end, listed.now), named(first))
}

/// Returns `server certificate of orange`, or the file where there is one.
fn named(entry: &Entry<'_>) -> String {
    match &entry.file {
        Some(file) => file.display().to_string(),
        None => described(&entry.certificate),
    }
}

/// Returns ` | days_left=364;30:;0:`. The ranges say what is fine: with `30:`, 30 days and more.
fn performance(first: &Entry<'_>, listed: &Listed<'_>, critical: Duration) -> String {
    let left = days_left(&first.certificate, listed.now);
    format!(" | days_left={left};{}:;{}:", days(listed.window), days(critical))
}

/// Writes a time in days: as a whole number where it is one, else with two decimals.
fn days(time: Duration) -> String {
    let day = DAY.unsigned_abs();
    match time.as_secs() % day {
        0 => (time.as_secs() / day).to_string(),
        rest => format!("{}.{:02}", time.as_secs() / day, rest * 100 / day),
    }
}
