//! A member and the node that it is put on: what is there, and what follows.

use super::deeds::{There, Wanted};
use super::restoration::Restoration;
use super::work::{Aim, Install};
use crate::account::{self, Account};
use crate::compiled::Compiled;
use crate::node::Bundle;
use crate::node::checks::was_replaced;
use crate::node::joining::{Known, Way, is_listed, is_of_one_removed, way};
use crate::node::machine::facts::Facts;
use crate::node::machine::{
    Data, Folders, Machine, Renamed, Service, Unread, look, service, unit_place, unit_text,
};
use crate::node::peers::answering;
use crate::unit;
use bouquet_model::artifact::{JOIN, join_drop_in};
use bouquet_model::cluster::Tls;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::mark::mark;
use bouquet_model::places::{own_folders, places};
use bouquet_model::settings::links;
use bouquet_model::trust::Side;
use bouquet_model::{Cluster, Member};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A member, the node that it is put on, and how.
pub(super) struct Node<'a> {
    pub(super) compiled: &'a Compiled<'a>,
    pub(super) member: &'a Member,
    pub(super) work: &'a Install,
    pub(super) machine: Machine<'a>,
}

impl Node<'_> {
    pub(super) fn cluster(&self) -> &Cluster {
        self.compiled.cluster
    }

    pub(super) fn name(&self) -> &str {
        self.member.name.as_str()
    }

    pub(super) fn unit(&self) -> String {
        self.cluster().unit_name(self.member)
    }

    /// Returns the name of another member's unit.
    pub(super) fn unit_of(&self, name: &str) -> String {
        let member = self.cluster().member(name);
        member.map_or_else(|| "etcd".to_owned(), |member| self.cluster().unit_name(member))
    }

    pub(super) fn unit_place(&self) -> PathBuf {
        unit_place(self.cluster(), self.member)
    }

    pub(super) fn join_place(&self) -> PathBuf {
        self.unit_place().with_extension("service.d").join(JOIN)
    }

    /// Looks at the node, where etcd is to run there, or may.
    pub(super) fn facts(&self, bundle: &Bundle, clock: fn() -> SystemTime) -> Option<Facts> {
        let is_looked_at = self.work.aim != Aim::Placed;
        is_looked_at.then(|| look(self.cluster(), self.member, &Ok(bundle), clock))
    }

    pub(super) fn there(
        &self,
        bundle: &Bundle,
        facts: Option<&Facts>,
        now: SystemTime,
    ) -> Result<There, Diagnostic> {
        let account = self.account()?;
        let tls = self.cluster().tls.as_ref();
        // A version that is gone back to has those of then.
        let links = if self.work.rollback { BTreeMap::new() } else { self.links() };
        let is_whole = |tls: &Tls| {
            let uid = account.as_ref().map(|it| it.uid);
            let has = |uid| self.machine.has_certificates(&tls.certs_dir, (bundle, &links), uid);
            Ok(uid.map(has).transpose()?.unwrap_or_default()
                && !self.versions().is_interrupted()?)
        };
        let unseen =
            |tls: &Tls, error| self.unread(&self.machine.path(tls.certs_dir.as_str()), error);
        let has_certificates = match tls {
            Some(tls) => is_whole(tls).map_err(|error| unseen(tls, error))?,
            None => true,
        };
        let mut cas = Vec::new();
        if let Some(tls) = tls {
            for file in [Side::Clients, Side::Peers].map(|side| tls.trust_file(side)) {
                let content = bundle.certs().find(|(name, _)| *name == Path::new(file));
                let content = content.map(|(_, content)| content);
                let changed = self.machine.changed(&tls.certs_dir.join(file), content);
                cas.extend(changed.map_err(|error| unseen(tls, error))?);
            }
        }
        let group = self.text(Path::new("/etc/group"))?.unwrap_or_default();
        Ok(There {
            has_account: account.is_some()
                && account::has_group(&self.cluster().systemd.group, &group),
            has_certificates,
            cas_since: cas.iter().map(|(since, _)| *since).max(),
            was_replaced: facts.is_some_and(was_replaced),
            has_other_cas: cas.iter().any(|(_, is_other)| *is_other),
            unit: self.text(&self.unit_place())?,
            join: self.text(&self.join_place())?,
            service: match facts {
                Some(facts) => facts.service.clone(),
                None if self.work.root.is_some() => Service::default(),
                None => service(&self.unit(), now),
            },
        })
    }

    /// Returns the other names of files among its certificates.
    pub(super) fn links(&self) -> BTreeMap<String, &'static str> {
        let tls = self.cluster().tls.as_ref();
        tls.map(|tls| links(tls, self.member)).unwrap_or_default()
    }

    /// Returns a file's text; `None` where there is none.
    pub(super) fn text(&self, place: &Path) -> Result<Option<String>, Diagnostic> {
        let text = self.machine.text(place);
        text.map_err(|error| self.unread(&self.machine.path(place), error))
    }

    /// Reports that what is there cannot be read.
    pub(super) fn unread(&self, path: &Path, error: io::Error) -> Diagnostic {
        self.work.unread(&Unread::at(path)(error))
    }

    pub(super) fn account(&self) -> Result<Option<Account>, Diagnostic> {
        self.machine.account(self.cluster().systemd.account()).map_err(Diagnostic::error)
    }

    /// Tells how it starts, or starts again with restored data.
    pub(super) fn starts(
        &self,
        facts: &Facts,
        there: &There,
        restoration: Option<&Restoration>,
    ) -> Result<Way, Diagnostic> {
        let Some(restoration) = restoration else { return self.way(facts, there) };
        let unseen = |why: &String| Diagnostic::error(why).note("nothing was changed");
        let answers = &facts.peers.as_ref().map_err(unseen)?.answers;
        self.are_stopped(restoration, answers)?;
        self.has_not_run(restoration, answers)?;
        Ok(Way::Found { running: answering(answers).len() })
    }

    /// Tells whether what lies in its folders gives way to a start without data.
    pub(super) fn gives_way(&self, facts: Option<&Facts>) -> bool {
        let is_trusted = self.cluster().tls.is_some() || self.work.trust_network;
        let removed = |facts: &Facts| {
            let (stored, peers) = (facts.data.as_ref().ok()?, facts.peers.as_ref().ok()?);
            Some(is_of_one_removed(self.cluster(), stored.data, &peers.answers))
        };
        let is_removed = || facts.and_then(removed).unwrap_or_default();
        self.work.set_aside || (self.work.joining && is_trusted && is_removed())
    }

    /// Checks that no etcd of this unit has the data that is set aside, or runs where the member is only added later; one
    /// that is a member ends when that is removed.
    pub(super) fn is_stopped(
        &self,
        service: &Service,
        facts: Option<&Facts>,
    ) -> Result<(), Diagnostic> {
        let (is_aside, is_before) = (self.gives_way(facts), self.work.is_before());
        let is_up = service.is_up() && (is_aside || !service.is_failing());
        let answers = facts.and_then(|facts| Some(&*facts.peers.as_ref().ok()?.answers));
        let is_member = || is_listed(self.member, answers.unwrap_or_default());
        if !is_up || !(is_aside || is_before) || is_before && is_member() {
            return Ok(());
        }
        let (unit, name) = (self.unit(), quoted(self.name()));
        let problem = if is_aside {
            Diagnostic::error("etcd runs here, with the data that would be set aside")
                .help(format!("stop it first: `systemctl stop {unit}`"))
        } else {
            Diagnostic::error(format!("etcd runs here, and {name} is no member yet"))
                .help(format!("see whose it is: `systemctl status {unit}`"))
                .help(format!("if it is not needed here: `systemctl disable --now {unit}`"))
        };
        Err(problem.note("nothing was changed"))
    }

    /// Tells how it starts.
    fn way(&self, facts: &Facts, there: &There) -> Result<Way, Diagnostic> {
        let gives_way = self.gives_way(Some(facts));
        if gives_way {
            self.is_stopped(&there.service, Some(facts))?;
        }
        let unseen = |why: &String| Diagnostic::error(why).note("nothing was changed");
        let answers = &facts.peers.as_ref().map_err(unseen)?.answers;
        let stored = facts.data.as_ref().map_err(unseen)?;
        let mark = mark(self.cluster(), self.member);
        let (data, has_run) =
            if gives_way { (Data::None, false) } else { (stored.data, stored.has_mark) };
        let known = Known {
            cluster: self.cluster(),
            member: self.member,
            data,
            mark: has_run.then_some(mark.as_str()),
            restored: stored.restored.as_deref(),
            answers,
            bootstrap: self.work.bootstrap,
            is_before: self.work.is_before(),
            trust_network: self.work.trust_network,
            program: &self.work.program,
            install: &|option| self.work.again(option),
        };
        let way = way(&known).map_err(|problem| problem.note("nothing was changed"))?;
        self.is_stopped(&there.service, Some(facts))?;
        Ok(way)
    }

    /// Returns the unit as it is compiled.
    pub(super) fn unit_text(&self) -> String {
        unit_text(self.cluster(), self.member)
    }

    /// Returns what of its data is to get a name with that date, and its mark with it, where it gives way.
    pub(super) fn aside(
        &self,
        stamp: &str,
        facts: Option<&Facts>,
    ) -> Result<Vec<Renamed>, Diagnostic> {
        if !self.gives_way(facts) {
            return Ok(Vec::new());
        }
        let folders = Folders::of(self.cluster(), self.member);
        let mark = mark(self.cluster(), self.member);
        let mut all =
            self.machine.dated(&folders, stamp).map_err(|unread| self.work.unread(&unread))?;
        let mark = self.machine.named(&mark, stamp);
        all.extend(mark.map_err(|unread| self.work.unread(&unread))?);
        Ok(all)
    }

    /// Returns the folders that are etcd's own.
    fn folders(&self) -> Vec<PathBuf> {
        let own = own_folders(&places(self.cluster(), self.member));
        own.iter().map(|folder| self.machine.path(folder.as_str())).collect()
    }

    /// Returns what is wanted of a unit with that text, which starts in that way, with that to be set aside.
    pub(super) fn wanted(
        &self,
        unit: String,
        (way, there): (Option<&Way>, &There),
        restores: Option<Restoration>,
        aside: Vec<Renamed>,
    ) -> Wanted {
        let (cluster, member) = (self.cluster(), self.member);
        let join = match way {
            Some(Way::Join(list)) => Some(join_drop_in(cluster, member, list)),
            // Until it is known to run it may need the list again; its options are those of the unit.
            Some(Way::Start) if there.service.active != "active" => {
                there.join.as_deref().and_then(|join| with_its_list(join, (cluster, member)))
            }
            Some(Way::Start | Way::Found { .. }) => None,
            None => there.join.clone(),
        };
        Wanted {
            flags: unit::arguments(&unit),
            etcd: None,
            unit_place: self.unit_place(),
            unit,
            join_place: self.join_place(),
            join,
            restores,
            aim: self.work.aim,
            aside,
            folders: self.folders(),
        }
    }
}

/// Returns a drop-in with which a member joins, with the options that it has now, and the list of members of a former one.
fn with_its_list(former: &str, (cluster, member): (&Cluster, &Member)) -> Option<String> {
    let words = unit::arguments(former);
    let list = words.iter().find_map(|word| word.strip_prefix("--initial-cluster="))?;
    Some(join_drop_in(cluster, member, list))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::tests::scene::flowers::CLUSTER;

    /// The unit may have other options by now, and those of the drop-in are the ones that count.
    #[test]
    fn a_member_that_joined_is_started_with_the_options_that_it_has_now() {
        let orange = CLUSTER.member("orange").expect("a member");
        let list = "orange=https://10.0.0.1:2380,pink=https://10.0.0.2:2380";
        let now = join_drop_in(&CLUSTER, orange, list);
        let former = now.replace("--name=orange", "--name=orange --data-dir=/former");
        assert_ne!(former, now);
        assert_eq!(with_its_list(&former, (&CLUSTER, orange)), Some(now));
        assert_eq!(with_its_list("[Service]\nNice=1\n", (&CLUSTER, orange)), None);
    }
}
