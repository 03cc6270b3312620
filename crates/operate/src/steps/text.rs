//! Steps as a person reads them: a table, and then the commands of each.

use crate::show::{BAD, Cell, DIM, HEAD, Row, WARN, fold, paint, table as columns};
use bouquet_model::diagnostic::visible_lines;
use bouquet_model::plan::Step;
use std::fmt::Write as _;

/// The columns of a terminal.
const WIDTH: usize = 80;

/// Where commands begin.
pub(crate) const INDENT: &str = "    ";

/// Returns the table of all steps.
pub(crate) fn table(steps: &[Step]) -> String {
    let rows: Vec<Row> = steps.iter().zip(1..).map(|(step, number)| row(step, number)).collect();
    let heads = ["", "STEP", "VOTERS", "QUORUM", "TOLERATES", "WAITS FOR"];
    format!("\n{}", columns(&heads, &rows))
}

/// Returns the table of all steps, then what is to be pasted for each.
pub(crate) fn text(steps: &[Step]) -> String {
    let mut text = table(steps);
    for (step, number) in steps.iter().zip(1..) {
        text += &commands(step, number);
    }
    text
}

/// Renders words below a line, over as many lines as they need.
pub(crate) fn remark(word: &str, words: &str) -> String {
    let mut text = String::new();
    let mut begin = paint(DIM, word);
    for line in fold(&visible_lines(words), WIDTH - INDENT.len() - word.len()) {
        let _ = writeln!(text, "{INDENT}{begin}{line}");
        begin = " ".repeat(word.len());
    }
    text
}

fn row(step: &Step, number: usize) -> Row {
    let counts = step.counts;
    let tolerates = match counts.tolerates() {
        None => Cell::new("stops").style(BAD),
        Some(0) => Cell::new("0").style(WARN),
        Some(some) => Cell::new(some.to_string()),
    };
    let title = fold(&step.action.to_string(), 30);
    let waits_for = fold(step.waits_for.as_deref().unwrap_or_default(), 17);
    let cells = vec![
        Cell::new(format!("{number:>2}")),
        Cell::lines(title),
        Cell::new(counts.voters.to_string()),
        Cell::new(counts.quorum().to_string()),
        tolerates,
        Cell::lines(waits_for),
    ];
    Row { cells, below: Vec::new() }
}

fn commands(step: &Step, number: usize) -> String {
    let mut text = format!("\n{}\n", paint(HEAD, format!("{number:>2} {}", step.action)));
    for line in step.commands.iter().flat_map(|command| command.lines()) {
        let _ = writeln!(text, "{INDENT}{line}");
    }
    let notes = step.notes.iter().map(|note| ("note: ", note));
    for (word, words) in notes.chain(step.undo.iter().map(|undo| ("undo: ", undo))) {
        text += &remark(word, words);
    }
    text
}
