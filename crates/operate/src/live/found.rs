//! All that findings follow from.

use super::beside::Beside;
use super::members::{Agreed, Known};
use super::observed::Observed;
use super::report::{Gravity, Row, Votes};
use crate::compiled::Compiled;
use bouquet_model::diagnostic::Diagnostic;

/// All that findings follow from.
pub(super) struct Found<'a> {
    pub(super) compiled: &'a Compiled<'a>,
    pub(super) observed: &'a Observed,
    pub(super) beside: &'a Beside,
    pub(super) id: Option<u64>,
    pub(super) agreed: &'a Agreed,
    pub(super) members: &'a [Known<'a>],
    pub(super) rows: &'a [Row],
    pub(super) votes: Option<Votes>,
}

impl Found<'_> {
    /// Returns the name of the member that is listed under an ID.
    pub(super) fn name_of(&self, id: u64) -> String {
        let is_it = |member: &&Known<'_>| member.listed.as_ref().is_some_and(|it| it.id == id);
        let member = self.members.iter().find(is_it);
        member.map_or_else(|| format!("{id:x}, which is no member"), |member| member.name.clone())
    }

    /// Returns a command of this program, as it is typed.
    pub(super) fn typed(&self, words: &str) -> String {
        format!("`{} {words}`", self.beside.program)
    }
}

/// Findings, and how much each counts for the exit code.
pub(super) type Findings = Vec<(Gravity, Diagnostic)>;

/// Returns something that is wrong.
pub(super) fn wrong(finding: Diagnostic) -> (Gravity, Diagnostic) {
    (Gravity::Wrong, finding)
}
