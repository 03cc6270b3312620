//! The edge: one look at the members, and the plan that follows from it.

use super::etcds::Etcds;
use super::work::Applying;
use crate::compiled::Compiled;
use crate::failure::Failure;
use crate::live::{Asking, Observed, Planned, Target, asking, elsewhere, looked_also, planned};
use crate::plan::made;
use crate::typed::on_node;
use bouquet_model::cluster::MemberId;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::plan::next::{Alarm, Data, Life};
use bouquet_model::plan::{Action, Plan, Seen, SeenMember};
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

/// What keeps etcd from taking a write, and so from giving a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lack {
    /// Too few members are up, or none leads.
    Quorum,
    /// An alarm is on: of a lack of space, or without a reason any more.
    Space,
    /// Members have different data.
    SameData,
}

/// What was seen.
pub(super) struct Sight {
    pub(super) observed: Observed,
    pub(super) planned: Planned,
    pub(super) plan: Plan,
}

impl<'a> Eye<'a> {
    /// Returns this program as it is typed on a node.
    pub(super) fn on_node(&self) -> &str {
        on_node(&self.work.planning.basis.program, self.compiled.cluster)
    }

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

    /// Tells why etcd takes no write now, as far as members show it.
    pub(super) fn lacks(&self) -> Option<Lack> {
        match self.planned.seen.alarm {
            Some(Alarm::Corrupt) => Some(Lack::SameData),
            Some(Alarm::Space(_) | Alarm::LeftOver) => Some(Lack::Space),
            None if !self.may_elect() || self.plan.leader.is_none() => Some(Lack::Quorum),
            None => None,
        }
    }

    /// Returns the member that catches up, where the plan begins with that.
    pub(super) fn catches_up(&self) -> Option<&str> {
        match &self.plan.steps.first()?.action {
            Action::CatchUp(name) => Some(name),
            _ => None,
        }
    }

    /// Says how far a member has come, by its own word.
    pub(super) fn progress(&self, name: &str) -> String {
        let statuses = || self.observed.seen.iter().filter_map(|seen| seen.status.as_ref().ok());
        let most = statuses().map(|status| status.raft_applied_index).max().unwrap_or_default();
        let id = self.id(name).map(|id| id.0);
        let is_its = |header: bouquet_etcd::messages::ResponseHeader| Some(header.member_id) == id;
        match statuses().find(|status| status.header.is_some_and(is_its)) {
            None => "it does not answer".to_owned(),
            Some(status) if status.leader == 0 => "it knows no leader".to_owned(),
            Some(status) => {
                format!("it has applied {} of {most} entries", status.raft_applied_index)
            }
        }
    }

    /// Tells whether a member is in the list, and has no vote.
    pub(super) fn is_learner(&self, name: &str) -> bool {
        self.member(name).is_some_and(|member| member.is_learner)
    }

    /// Tells whether members are known, or said, to have different data.
    pub(super) fn differs(&self) -> bool {
        let Seen { alarm, members, .. } = &self.planned.seen;
        *alarm == Some(Alarm::Corrupt) || members.iter().any(|member| member.data == Data::Odd)
    }

    /// Tells whether a member is up with a vote, and nothing says that its data differs from what most others have.
    pub(super) fn is_sound(&self, name: &str) -> bool {
        let is = |it: &SeenMember| it.life == Life::Up && !it.is_learner && it.data == Data::Own;
        self.member(name).is_some_and(is)
    }

    /// Returns a member by the name that steps have for it.
    fn member(&self, name: &str) -> Option<&SeenMember> {
        let id = self.id(name)?;
        self.planned.seen.members.iter().find(|member| member.id == id)
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
        self.member(name).is_some_and(|member| member.life == Life::Up)
    }

    /// Returns the ID of a member by the name that steps have for it.
    pub(super) fn id(&self, name: &str) -> Option<MemberId> {
        self.plan.ids.get(name).copied()
    }
}

fn urls(member: &SeenMember) -> Vec<Url> {
    member.client_urls.iter().filter_map(|url| Url::parse(url).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::tests::scene::{DAFFODIL, PINK, Scene};
    use bouquet_etcd::Reach;
    use bouquet_model::plan::Counts;
    use bouquet_model::running::Running;

    fn sight(scene: &Scene) -> Sight {
        let compiled = Compiled { cluster: &scene.cluster, certificates: &scene.certificates };
        let planned = planned(&compiled, &Running::default(), &scene.observed, "bouquet");
        let planned = planned.map_err(|failure| failure.to_string()).unwrap();
        let members = || planned.seen.members.iter();
        let plan = Plan {
            changes: Vec::new(),
            refused: Vec::new(),
            withheld: Vec::new(),
            counts: Counts { voters: 3, up: 3, stopped: 0 },
            leader: members().find(|member| member.leads).map(|member| member.name.clone()),
            ids: members().map(|member| (member.name.clone(), member.id)).collect(),
            replaced: BTreeSet::new(),
            steps: Vec::new(),
        };
        Sight { observed: scene.observed.clone(), planned, plan }
    }

    #[test]
    fn what_etcd_lacks_for_a_write_is_what_members_show() {
        let lacks = |scene: &Scene| sight(scene).lacks();
        assert_eq!(lacks(&Scene::healthy()), None);
        assert_eq!(lacks(&Scene::healthy().gone("orange", Reach::Silent)), None);
        assert_eq!(lacks(&Scene::healthy().without_leader()), Some(Lack::Quorum));
        let two = Scene::healthy().gone("orange", Reach::Silent).gone("pink", Reach::NoListener);
        assert_eq!(lacks(&two), Some(Lack::Quorum));
        let mut full = Scene::healthy();
        full.alarm("NOSPACE", PINK);
        assert_eq!(lacks(&full), Some(Lack::Space));
        full.alarm("CORRUPT", DAFFODIL);
        assert_eq!(lacks(&full), Some(Lack::SameData));
    }

    #[test]
    fn one_whose_data_most_others_do_not_have_is_not_sound() {
        let healthy = sight(&Scene::healthy());
        assert!(!healthy.differs() && healthy.is_sound("daffodil") && !healthy.is_sound("tulip"));
        let mut diverged = Scene::healthy();
        for (name, hash) in [("orange", 1), ("pink", 1), ("daffodil", 2)] {
            diverged.doubt(name, Ok((hash, 1)), true);
        }
        let diverged = sight(&diverged);
        assert!(
            diverged.differs() && diverged.is_sound("orange") && !diverged.is_sound("daffodil")
        );
    }

    #[test]
    fn how_far_a_member_has_come_is_its_own_word() {
        let mut scene = Scene::healthy();
        scene.status("orange").raft_applied_index = 70_000;
        assert_eq!(sight(&scene).progress("orange"), "it has applied 70000 of 81204 entries");
        scene.status("orange").leader = 0;
        assert_eq!(sight(&scene).progress("orange"), "it knows no leader");
        let gone = sight(&scene.gone("orange", Reach::Silent));
        assert_eq!(gone.progress("orange"), "it does not answer");
    }
}
