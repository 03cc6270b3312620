//! What was found on a node, for a person and for programs.

use crate::exit::Exit;
use crate::failure::shown;
use crate::node::checks::{Check, State};
use crate::show::{self, BAD, Cell, DIM, GOOD, NAME, Row, WARN, paint, table};
use bouquet_model::diagnostic::{Diagnostic, visible};
use serde::Serialize;

/// Returns how it ends: with what is wrong, or else with what could not be looked at.
pub(super) fn exit(checks: &[Check]) -> Exit {
    let states: Vec<State> = checks.iter().map(Check::state).collect();
    if states.iter().any(|state| matches!(state, State::Warning | State::Error)) {
        Exit::Failed
    } else if states.contains(&State::Unseen) {
        Exit::Unknown
    } else {
        Exit::Done
    }
}

/// Returns a line for each thing that was looked at, then what is wrong, errors first, and where the rest is told: of
/// alarms, the ports of peers say nothing.
pub(super) fn text(checks: &[Check], program: &str) -> String {
    let row = |check: &Check| {
        let state = check.state();
        let style = match state {
            State::Ok => GOOD,
            State::Warning => WARN,
            State::Error => BAD,
            State::Unseen => DIM,
        };
        let seen = check.seen.as_ref().unwrap_or_else(|why| why);
        let cells = vec![
            Cell::new(check.name).style(NAME),
            Cell::new(state.as_str()).style(style),
            Cell::new(visible(seen)),
        ];
        Row { cells, below: Vec::new() }
    };
    let mut text = table(&["CHECK", "STATE", "SEEN"], &checks.iter().map(row).collect::<Vec<_>>());
    let findings = findings(checks);
    if !findings.is_empty() {
        text.push('\n');
    }
    text.extend(findings.iter().map(|(_, finding)| shown(finding)));
    let rest = format!("– alarms, and whether all members have the same data: `{program} status`");
    text + &paint(DIM, rest) + "\n"
}

fn findings(checks: &[Check]) -> Vec<(&'static str, &Diagnostic)> {
    let all = checks.iter().flat_map(|check| check.findings.iter().map(|it| (check.name, it)));
    let mut all: Vec<_> = all.collect();
    all.sort_by_key(|(_, finding)| finding.severity);
    all
}

#[derive(Serialize)]
struct NodeView<'a> {
    member: &'a str,
    checks: Vec<CheckView<'a>>,
    findings: Vec<FindingView<'a>>,
    exit: u8,
}

#[derive(Serialize)]
struct CheckView<'a> {
    name: &'a str,
    /// `ok`, `warning`, `error` or `unseen`.
    state: &'a str,
    /// What it is, or why it could not be seen.
    seen: &'a str,
}

#[derive(Serialize)]
struct FindingView<'a> {
    check: &'a str,
    severity: &'a str,
    message: &'a str,
    notes: &'a [String],
    help: &'a [String],
}

pub(super) fn json<'a>(member: &'a str, checks: &'a [Check]) -> String {
    let check = |it: &'a Check| CheckView {
        name: it.name,
        state: it.state().as_str(),
        seen: it.seen.as_ref().unwrap_or_else(|why| why),
    };
    let finding = |(check, it): (&'static str, &'a Diagnostic)| FindingView {
        check,
        severity: it.severity.word(),
        message: &it.message,
        notes: &it.notes,
        help: &it.help,
    };
    show::json(&NodeView {
        member,
        checks: checks.iter().map(check).collect(),
        findings: findings(checks).into_iter().map(finding).collect(),
        exit: exit(checks).code(),
    })
}
