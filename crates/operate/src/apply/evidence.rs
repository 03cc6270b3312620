//! What shows that a node was done, where its member says nothing of it: when its etcd was started, and which
//! certificates it serves.

use super::sight::Sight;
use crate::compiled::Compiled;
use crate::live::{Beside, judge};
use bouquet_model::cluster::MemberId;
use bouquet_model::plan::Action;
use bouquet_model::plan::next::Life;
use bouquet_model::running::RunningMember;
use bouquet_model::version::EtcdVersion;

/// How a member was before a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Before {
    id: Option<MemberId>,
    /// When its etcd was started, by its own clock.
    started: Option<u64>,
    /// Whether it serves what is compiled.
    serves: Option<bool>,
}

impl Before {
    pub(super) fn of(
        sight: &Sight,
        (compiled, program): (&Compiled<'_>, &str),
        name: &str,
    ) -> Self {
        let id = sight.id(name);
        Self {
            id,
            started: id.and_then(|id| started(sight, id)),
            serves: serves(sight, (compiled, program), name),
        }
    }

    /// Tells whether members can show that such a step was done.
    pub(super) fn can_show(&self, action: &Action) -> bool {
        match action {
            Action::Start(_) | Action::StartAgain(_) => true,
            Action::Copy(_) => self.serves == Some(false),
            Action::Restart(_)
            | Action::Upgrade(..)
            | Action::Downgrade(..)
            | Action::Readdress(_) => self.started.is_some(),
            _ => false,
        }
    }

    /// Tells whether members show that the step was done. `is` is the member as it is to be.
    pub(super) fn is_over(
        &self,
        sight: &Sight,
        (compiled, program): (&Compiled<'_>, &str),
        action: &Action,
        is: Option<&RunningMember>,
    ) -> bool {
        let is_up = |name: &str| {
            let id = sight.id(name);
            let member = sight.planned.seen.members.iter().find(|it| Some(it.id) == id);
            member.is_some_and(|it| matches!(it.life, Life::Up | Life::Behind))
        };
        let member = || sight.planned.seen.members.iter().find(|it| Some(it.id) == self.id);
        let is_restarted =
            || self.id.and_then(|id| started(sight, id)).is_some_and(|it| Some(it) != self.started);
        match action {
            Action::Start(name) | Action::StartAgain(name) => is_up(name),
            Action::Copy(name) => serves(sight, (compiled, program), name) == Some(true),
            Action::Restart(_) => is_restarted(),
            Action::Upgrade(_, to) | Action::Downgrade(_, to) => {
                let runs = |runs: EtcdVersion| runs.minor() == to.minor();
                is_restarted() && member().and_then(|it| it.version).is_some_and(runs)
            }
            Action::Readdress(_) => {
                let listed = member().map(|it| it.peer_urls.as_slice()).unwrap_or_default();
                let is_listed = |url: &&str| listed.iter().any(|other| other == url);
                is_restarted() && is.is_some_and(|is| is.peer_urls().iter().all(is_listed))
            }
            _ => false,
        }
    }
}

/// Tells when a member's etcd was started, in milliseconds since 1970 by its own clock.
fn started(sight: &Sight, id: MemberId) -> Option<u64> {
    let seen = sight.observed.seen.iter().find(|seen| {
        let header = seen.status.as_ref().ok().and_then(|status| status.header);
        header.is_some_and(|header| header.member_id == id.0)
    })?;
    seen.metrics.as_ref().ok()?.started
}

/// Tells whether a member serves the certificates that are compiled; `None` where that is not to be seen, as over http.
fn serves(sight: &Sight, (compiled, program): (&Compiled<'_>, &str), name: &str) -> Option<bool> {
    let report = judge(compiled, &sight.observed, &Beside::new(program));
    let row = report.rows.iter().find(|row| row.name == name)?;
    let served = [row.client_certificate.as_ref()?, row.peer_certificate.as_ref()?];
    Some(served.iter().all(|served| served.differs.is_none()))
}
