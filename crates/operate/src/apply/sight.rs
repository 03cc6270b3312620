//! The edge: one look at the members, and the plan that follows from it.

use super::etcds::Etcds;
use super::work::Applying;
use crate::compiled::Compiled;
use crate::failure::Failure;
use crate::live::{Asking, Observed, Planned, Target, asking, elsewhere, looked_also, planned};
use crate::plan::made;
use bouquet_model::cluster::MemberId;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::plan::next::Life;
use bouquet_model::plan::{Action, Plan, SeenMember};
use bouquet_model::quorum::quorum;
use bouquet_model::url::Url;
use bouquet_model::version::EtcdVersion;
use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

/// Between two looks.
pub(super) const PAUSE: Duration = Duration::from_millis(500);
/// How long those who answer may take to elect a leader.
pub(super) const ELECTION: Duration = Duration::from_secs(30);
/// How long to wait for a leader where too few members answer.
const ANSWER: Duration = Duration::from_secs(10);

/// Looks at the cluster, with all that this takes.
pub(super) struct Eye<'a> {
    pub(super) compiled: &'a Compiled<'a>,
    pub(super) work: &'a Applying,
    pub(super) asking: Asking,
    pub(super) etcds: Etcds,
    elsewhere: Vec<Target>,
}

/// What was seen.
pub(super) struct Sight {
    pub(super) observed: Observed,
    pub(super) planned: Planned,
    pub(super) plan: Plan,
}

impl<'a> Eye<'a> {
    /// Reads what it takes to ask members, and looks at the etcd that nodes get.
    ///
    /// # Errors
    /// If the credentials cannot be read, or that etcd is not the one that is compiled.
    pub(super) fn open(
        compiled: &'a Compiled<'a>,
        work: &'a Applying,
        read: &dyn Fn(&Path) -> io::Result<Vec<u8>>,
        clock: fn() -> SystemTime,
    ) -> Result<Self, Diagnostic> {
        let planning = &work.planning;
        let asking = asking(&planning.client, planning.deadline, read, clock)?;
        let elsewhere = elsewhere(compiled, &planning.basis.recorded.running);
        let etcds = Etcds::open(work, compiled.cluster.version)?;
        Ok(Self { compiled, work, asking, etcds, elsewhere })
    }

    /// Looks, and plans; `done` is what was done since the record, and no member tells.
    ///
    /// # Errors
    /// As of `plan`.
    pub(super) fn sees(&self, done: &[Action]) -> Result<Sight, Failure> {
        let asking = Asking { reads_certificates: false, ..self.asking.clone() };
        self.sees_by(&asking, done)
    }

    /// Looks and plans as `sees` does, and reads the certificates that members serve.
    ///
    /// # Errors
    /// As of `plan`.
    pub(super) fn sees_certificates(&self, done: &[Action]) -> Result<Sight, Failure> {
        self.sees_by(&self.asking, done)
    }

    /// Looks and plans as `sees` does; where members are about to elect a leader, waits until they have.
    ///
    /// # Errors
    /// As of `plan`.
    pub(super) fn sees_led(&self, say: &dyn Fn(&str)) -> Result<Sight, Failure> {
        let begin = Instant::now();
        let mut sight = self.sees(&[])?;
        if sight.elects(begin.elapsed()) {
            say("waits: no member leads\n");
        }
        while sight.elects(begin.elapsed()) {
            std::thread::sleep(PAUSE);
            sight = self.sees(&[])?;
        }
        Ok(sight)
    }

    fn sees_by(&self, asking: &Asking, done: &[Action]) -> Result<Sight, Failure> {
        let planning = &self.work.planning;
        let observed = looked_also(self.compiled, &self.elsewhere, asking)?;
        let recorded = &planning.basis.recorded.running;
        let mut planned = planned(self.compiled, recorded, &observed, &planning.basis.program)?;
        planned.seen.done = done.to_vec();
        let plan = made(self.compiled, &planning.basis, (&planned, &planning.wishes));
        Ok(Sight { observed, planned, plan })
    }
}

impl Sight {
    /// Tells whether nobody leads, and a leader may come after so long a time: while members elect one, they leave most
    /// questions without an answer.
    pub(super) fn elects(&self, after: Duration) -> bool {
        let within = if self.may_elect() { ELECTION } else { ANSWER };
        self.plan.leader.is_none() && after < within
    }

    /// Tells whether enough members answer for a leader.
    pub(super) fn may_elect(&self) -> bool {
        let voters = self.planned.seen.members.iter().filter(|member| !member.is_learner);
        let answer = voters.clone().filter(|it| matches!(it.life, Life::Up | Life::Behind));
        answer.count() >= quorum(voters.count())
    }

    /// Returns who is up, who leads, and since which election: what has to stay as it is for a while before a change of
    /// members.
    pub(super) fn quiet(&self) -> (Option<&str>, u64, BTreeSet<MemberId>) {
        let up = self.planned.seen.members.iter().filter(|member| member.life == Life::Up);
        let statuses = self.observed.seen.iter().filter_map(|seen| seen.status.as_ref().ok());
        let term = statuses.map(|status| status.raft_term).max().unwrap_or_default();
        (self.plan.leader.as_deref(), term, up.map(|member| member.id).collect())
    }

    /// Returns the client URLs of the leader; without one, of nobody.
    pub(super) fn leader(&self) -> Vec<Url> {
        let members = self.planned.seen.members.iter();
        members.filter(|member| member.leads).flat_map(urls).collect()
    }

    /// Returns the client URLs of those that are up: the leader's first.
    pub(super) fn all(&self) -> Vec<Url> {
        let members = self.planned.seen.members.iter();
        let rest = members.filter(|member| member.life == Life::Up && !member.leads);
        let rest = rest.filter(|member| !member.is_learner).flat_map(urls);
        self.leader().into_iter().chain(rest).collect()
    }

    /// Returns the client URLs of a member.
    pub(super) fn of(&self, id: MemberId) -> Vec<Url> {
        let members = self.planned.seen.members.iter();
        members.filter(|member| member.id == id).flat_map(urls).collect()
    }

    /// Tells whether all that answer store as of that minor, or run it already: before 3.6 none says how it stores.
    pub(super) fn are_stored(&self, to: EtcdVersion) -> bool {
        let statuses = self.observed.seen.iter().filter_map(|seen| seen.status.as_ref().ok());
        statuses.into_iter().all(|status| {
            let said = [&status.storage_version, &status.version];
            let said = said.into_iter().find(|text| !text.is_empty());
            let said = said.and_then(|text| EtcdVersion::parse(text).ok());
            said.is_some_and(|version| version.minor() == to.minor())
        })
    }

    /// Tells whether a member is up.
    pub(super) fn is_up(&self, name: &str) -> bool {
        let id = self.id(name);
        let member = self.planned.seen.members.iter().find(|member| Some(member.id) == id);
        member.is_some_and(|member| member.life == Life::Up)
    }

    /// Returns a member by the name that steps have for it.
    pub(super) fn id(&self, name: &str) -> Option<MemberId> {
        self.plan.ids.get(name).copied()
    }
}

fn urls(member: &SeenMember) -> Vec<Url> {
    member.client_urls.iter().filter_map(|url| Url::parse(url).ok()).collect()
}
