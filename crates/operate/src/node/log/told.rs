//! What a log says, for a person and for programs.

use super::explain::{Explained, Known};
use super::words::Words;
use crate::failure::shown;
use crate::show::{self, DIM, GOOD, paint};
use bouquet_model::diagnostic::{Diagnostic, visible};
use serde::Serialize;

/// Returns a finding for each complaint, then what is harmless.
pub(crate) fn text(explained: &Explained, words: &Words<'_>) -> String {
    let Explained { lines, known } = explained;
    let (harmless, real): (Vec<&Known>, Vec<&Known>) =
        known.iter().partition(|it| it.is_harmless());
    let mut text: String = real.iter().map(|known| shown(&finding(known, words))).collect();
    for known in &harmless {
        let line = format!(
            "– {}: {}: {}\n",
            place(known),
            visible(&known.excerpt),
            words.plain(known.complaint.why)
        );
        text += &paint(DIM, line.trim_end());
        text.push('\n');
    }
    let count = if *lines == 1 { "1 line".to_owned() } else { format!("{lines} lines") };
    let end = match real.len() {
        0 => paint(GOOD, format!("{count}, and none of them is a known complaint")),
        1 => format!("{count}, 1 known complaint"),
        more => format!("{count}, {more} known complaints"),
    };
    text + &end + "\n"
}

fn finding(known: &Known, words: &Words<'_>) -> Diagnostic {
    let message = format!("{}: {}", place(known), known.excerpt);
    let problem = Diagnostic::warning(message).note(words.plain(known.complaint.why));
    let problem = known
        .named
        .iter()
        .fold(problem, |problem, (text, name)| problem.note(format!("{text} is `{name}`")));
    problem.help(words.plain(known.complaint.remedy))
}

/// Returns `line 12`, `line 12 and 3 more`.
fn place(known: &Known) -> String {
    match known.count {
        1 => format!("line {}", known.first),
        count => format!("line {} and {} more", known.first, count - 1),
    }
}

#[derive(Serialize)]
struct LogView<'a> {
    /// How many were read.
    lines: usize,
    known: Vec<KnownView<'a>>,
}

#[derive(Serialize)]
struct KnownView<'a> {
    /// The number of the first such line, from 1 on.
    line: usize,
    /// How many there are.
    count: usize,
    /// What it says.
    says: &'a str,
    harmless: bool,
    why: String,
    #[serde(rename = "do")]
    remedy: String,
    /// Names of members, by the addresses and IDs that the lines have.
    names: &'a std::collections::BTreeMap<String, String>,
}

pub(crate) fn json(explained: &Explained, words: &Words<'_>) -> String {
    let known = explained.known.iter().map(|known| KnownView {
        line: known.first,
        count: known.count,
        says: &known.excerpt,
        harmless: known.is_harmless(),
        why: words.plain(known.complaint.why),
        remedy: words.plain(known.complaint.remedy),
        names: &known.named,
    });
    show::json(&LogView { lines: explained.lines, known: known.collect() })
}
