//! What an installation comes to, before any of it is done.

use super::deeds::{Deed, There, Wanted, deeds};
use super::etcd::Brought;
use super::files::Versions;
use super::node::Node;
use super::source::{Source, unchanged};
use super::work::{Aim, Ways};
use crate::failure::shown;
use crate::node::Bundle;
use crate::node::checks::StartsWith;
use crate::node::joining::Way;
use crate::node::machine::facts::Facts;
use crate::node::peers::answering;
use crate::since::since_1970;
use bouquet_model::diagnostic::{Diagnostic, Severity};
use bouquet_model::time::Instant;
use std::time::SystemTime;

/// What is to be done, and what that follows from.
pub(super) struct Decided {
    /// What was brought.
    pub(super) bundle: Bundle,
    /// The version that it is already.
    pub(super) version: Option<String>,
    pub(super) there: There,
    pub(super) wanted: Wanted,
    /// How etcd starts; `None` where it is not to.
    pub(super) way: Option<Way>,
    pub(super) deeds: Vec<Deed>,
    /// How many of the others answer.
    pub(super) heard: usize,
}

impl Node<'_> {
    /// Proves what was brought, looks at the node, and decides.
    ///
    /// # Errors
    /// If it must not be. What else is wrong is said before.
    pub(super) fn decide(
        &self,
        (versions, etcd): (&Versions, &mut Brought),
        clock: SystemTime,
        ways: &Ways<'_>,
    ) -> Result<Decided, Diagnostic> {
        let now = since_1970(clock);
        self.is_for_units()?;
        self.stays_inside()?;
        let Source { bundle, unit, version } = self.source(versions, etcd)?;
        let meant = self.cluster().version;
        let proven = self.work.etcd.as_ref().map(|_| etcd.proven(meant));
        let proven = proven.transpose().map_err(unchanged)?;
        let mut faults = match version {
            None => bundle.faults(self.compiled, self.member, self.work, now),
            Some(_) => bundle.expired(now),
        };
        faults.extend(self.is_elsewhere(clock));
        refused(faults, ways)?;
        let mut facts = self.facts(&bundle, ways.clock);
        let there = self.there(&bundle, facts.as_ref(), clock)?;
        let mut placing = None;
        if let Some(proven) = proven {
            self.follows(&proven, facts.as_ref()).map_err(unchanged)?;
            placing = proven.placing;
            if let Some(facts) = &mut facts {
                facts.etcd = Some(proven.program);
            }
        }
        self.is_unmasked(&there.service)?;
        let restoration = self.restoration(now, ways.patience)?;
        if facts.is_some() {
            self.is_no_other_unit(&there)?;
        }
        // One that is down may be meant to stay so, and what it finds when it is started is not known.
        let goes_on = self.work.aim == Aim::Runs || there.service.is_up();
        let started = facts.as_ref().filter(|_| goes_on);
        let way = started.map(|facts| self.starts(facts, &there, restoration.as_ref()));
        let way = way.transpose().map_err(|problem| self.with_others(problem, started, ways))?;
        if way.is_none() {
            self.is_stopped(&there.service, facts.as_ref())?;
        }
        let restores = match restoration {
            Some(it) if there.service.is_up() && it.is_done()? => None,
            restoration => restoration,
        };
        let aside = self.aside(&Instant(now).basic(), facts.as_ref())?;
        let mut wanted = self.wanted(unit, (way.as_ref(), &there), restores, aside);
        wanted.etcd = placing;
        let deeds = deeds(&wanted, &there);
        if let Some(facts) = &facts {
            refused(self.obstacles((&wanted, &there), &deeds, facts), ways)?;
            self.knows_all(&wanted, facts)?;
            // One that is to be removed before it is added ends with that.
            if !self.work.is_before() {
                self.is_safe(&deeds, facts)?;
            }
        }
        if way.is_none() {
            refused(self.later_obstacles(&wanted).into_iter().collect(), ways)?;
        }
        // One that was killed between the certificates and the unit has its version.
        let unread = |error| self.unread(&versions.folder, error);
        let begun = || versions.leading_to(&wanted.unit).map_err(unread);
        let version = match version {
            None if there.has_certificates => begun()?,
            version => version,
        };
        let peers = facts.as_ref().and_then(|facts| facts.peers.as_ref().ok());
        let heard = peers.map_or(0, |peers| answering(&peers.answers).len());
        Ok(Decided { bundle, version, there, wanted, way, deeds, heard })
    }

    /// Says what else is wrong where a node is looked at before its member is added, and returns the problem.
    fn with_others(
        &self,
        problem: Diagnostic,
        facts: Option<&Facts>,
        ways: &Ways<'_>,
    ) -> Diagnostic {
        if let Some(facts) = facts.filter(|_| self.work.is_before()) {
            for other in self.besides_etcd(facts, StartsWith::Nothing) {
                (ways.say)(&shown(&other));
            }
        }
        problem
    }
}

/// Says all that is wrong, the last of it as what it ends with; a warning is said, and ends nothing.
fn refused(found: Vec<Diagnostic>, ways: &Ways<'_>) -> Result<(), Diagnostic> {
    let is_fault = |it: &Diagnostic| it.severity == Severity::Error;
    let (faults, doubts): (Vec<_>, Vec<_>) = found.into_iter().partition(is_fault);
    for doubt in &doubts {
        (ways.say)(&shown(doubt));
    }
    let mut faults = faults.into_iter().rev();
    let Some(last) = faults.next() else { return Ok(()) };
    faults.rev().for_each(|fault| (ways.say)(&shown(&fault)));
    Err(last.note("nothing was changed"))
}
