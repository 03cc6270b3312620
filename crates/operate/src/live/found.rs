//! All that findings follow from.

use super::beside::Beside;
use super::members::{Agreed, Known};
use super::observed::Observed;
use super::report::{Gravity, Row, Votes};
use crate::compiled::Compiled;
use crate::typed::on_node;
use bouquet_model::diagnostic::Diagnostic;

/// The name of the unit of a member that is alone on its node.
const ALONE: &str = "etcd";

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

    /// Returns the same as it is typed on a node.
    pub(super) fn on_node(&self, words: &str) -> String {
        format!("`{} {words}`", on_node(&self.beside.program, self.compiled.cluster))
    }

    /// Returns the name of a member's unit on its node.
    pub(super) fn unit(&self, name: &str) -> String {
        let cluster = self.compiled.cluster;
        cluster.member(name).map_or_else(|| ALONE.to_owned(), |member| cluster.unit_name(member))
    }

    /// Returns the name of any member's unit, as systemd's programs take it.
    pub(super) fn any_unit(&self) -> &'static str {
        let cluster = self.compiled.cluster;
        let is_alone = cluster.members.iter().all(|member| cluster.unit_name(member) == ALONE);
        if is_alone { ALONE } else { "'etcd*'" }
    }
}

/// Findings, and how much each counts for the exit code.
pub(super) type Findings = Vec<(Gravity, Diagnostic)>;

/// Returns something that is wrong.
pub(super) fn wrong(finding: Diagnostic) -> (Gravity, Diagnostic) {
    (Gravity::Wrong, finding)
}
