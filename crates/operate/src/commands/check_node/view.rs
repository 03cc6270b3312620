//! What was found, as a table and as JSON.

use crate::node::files::Checked;
use crate::show::{Cell, GOOD, NAME, Row, WARN, table};
use bouquet_model::Member;
use bouquet_model::diagnostic::{Diagnostic, visible};
use serde::Serialize;

/// Returns a table with a line for each file.
pub(super) fn text(checked: &[Checked]) -> String {
    let row = |checked: &Checked| {
        let style = if checked.state.is_fine { GOOD } else { WARN };
        let cells = vec![
            Cell::new(visible(&checked.file.display().to_string())),
            Cell::new(visible(checked.owner.as_deref().unwrap_or("–"))).style(NAME),
            Cell::new(checked.state.text()).style(style),
        ];
        Row { cells, below: Vec::new() }
    };
    table(&["FILE", "OF", "STATE"], &checked.iter().map(row).collect::<Vec<_>>())
}

/// A node in JSON.
#[derive(Serialize)]
pub(super) struct NodeView<'a> {
    member: &'a str,
    files: Vec<FileView<'a>>,
}

#[derive(Serialize)]
struct FileView<'a> {
    file: String,
    /// As `command -o` has it; null for what is none of a member's options.
    format: Option<&'a str>,
    /// The member or client that it is of; null where it does not tell.
    owner: Option<&'a str>,
    state: &'a str,
    /// It is as it should be.
    fine: bool,
    problems: Vec<ProblemView<'a>>,
}

#[derive(Serialize)]
struct ProblemView<'a> {
    /// `error` or `warning`.
    severity: &'a str,
    message: String,
    notes: &'a [String],
    help: &'a [String],
}

pub(super) fn view<'a>(member: &'a Member, checked: &'a [Checked]) -> NodeView<'a> {
    let problem = |problem: &'a Diagnostic| ProblemView {
        severity: problem.severity.word(),
        message: problem.to_string(),
        notes: &problem.notes,
        help: &problem.help,
    };
    let file = |checked: &'a Checked| FileView {
        file: checked.file.display().to_string(),
        format: checked.format,
        owner: checked.owner.as_deref(),
        state: checked.state.word,
        fine: checked.state.is_fine,
        problems: checked.problems.iter().map(problem).collect(),
    };
    NodeView { member: member.name.as_str(), files: checked.iter().map(file).collect() }
}
