//! A member and the node that it is put on: what is there, and what follows.

use super::deeds::{Deed, There, Wanted, restoration};
use super::restoration::Restoration;
use super::work::Install;
use crate::account::{self, Account};
use crate::compiled::Compiled;
use crate::node::Bundle;
use crate::node::checks::{self, Judged};
use crate::node::files::{Sign, of_artifact};
use crate::node::joining::{Known, Way, way};
use crate::node::machine::facts::Facts;
use crate::node::machine::{
    Data, JOIN, Machine, Service, look, service, unit_name, unit_place, unit_text,
};
use crate::node::peers::heard;
use crate::unit;
use bouquet_model::artifact::join_drop_in;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::mark::mark;
use bouquet_model::places::ACCOUNT;
use bouquet_model::quorum::quorum;
use bouquet_model::trust::Side;
use bouquet_model::{Cluster, Member};
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
        unit_name(self.cluster(), self.member)
    }

    pub(super) fn unit_place(&self) -> PathBuf {
        unit_place(self.cluster(), self.member)
    }

    fn join_place(&self) -> PathBuf {
        self.unit_place().with_extension("service.d").join(JOIN)
    }

    /// The unit is one of the forms that the build has proven.
    pub(super) fn is_for_units(&self) -> Result<(), Diagnostic> {
        if self.cluster().formats.contains(&"systemd") {
            return Ok(());
        }
        Err(Diagnostic::error("cluster.toml leaves the unit out: `formats` has no \"systemd\"")
            .help("add it, and build; or do as the guide has it without systemd"))
    }

    /// Looks at the node, where etcd is to run there.
    pub(super) fn facts(&self, bundle: &Bundle, clock: fn() -> SystemTime) -> Option<Facts> {
        self.work.starts.then(|| look(self.cluster(), self.member, Ok(bundle), clock))
    }

    pub(super) fn there(
        &self,
        bundle: &Bundle,
        facts: Option<&Facts>,
        now: SystemTime,
    ) -> Result<There, Diagnostic> {
        let text = |place: &Path| {
            self.machine.text(place).map_err(|error| {
                Diagnostic::error(format!("{} cannot be read: {error}", place.display()))
            })
        };
        let account = self.account()?;
        let tls = self.cluster().tls.as_ref();
        let has_certificates = tls.is_none_or(|tls| {
            account
                .as_ref()
                .is_some_and(|it| self.machine.has_certificates(&tls.certs_dir, bundle, it.uid))
        });
        let cas = tls.map_or_else(Vec::new, |tls| {
            let files = [Side::Clients, Side::Peers].map(|side| tls.trust_file(side));
            let changed = files.iter().filter_map(|file| {
                let content = bundle.certs().find(|(name, _)| *name == Path::new(file));
                self.machine.changed(&tls.certs_dir.join(file), content.map(|(_, content)| content))
            });
            changed.collect()
        });
        let group = self.machine.text(Path::new("/etc/group")).ok().flatten().unwrap_or_default();
        Ok(There {
            has_account: account.is_some() && account::has_group(ACCOUNT, &group),
            has_certificates: has_certificates && !self.versions().is_interrupted(),
            cas_since: cas.iter().map(|(since, _)| *since).max(),
            has_other_cas: cas.iter().any(|(_, is_other)| *is_other),
            unit: text(&self.unit_place())?,
            join: text(&self.join_place())?,
            service: match facts {
                Some(facts) => facts.service.clone(),
                None if self.work.root.is_some() => Service::default(),
                None => service(&self.unit(), now),
            },
        })
    }

    pub(super) fn account(&self) -> Result<Option<Account>, Diagnostic> {
        self.machine.account().map_err(Diagnostic::error)
    }

    /// How it starts, or starts again with restored data.
    pub(super) fn starts(
        &self,
        facts: &Facts,
        there: &There,
        restoration: Option<&Restoration>,
    ) -> Result<Way, Diagnostic> {
        self.is_no_other_unit(there)?;
        let Some(restoration) = restoration else { return self.way(facts, there) };
        let unseen = |why: &String| Diagnostic::error(why).note("nothing was changed");
        let answers = &facts.peers.as_ref().map_err(unseen)?.answers;
        self.are_stopped(restoration, answers)?;
        Ok(Way::Found { running: heard(answers).count() })
    }

    /// How it starts.
    fn way(&self, facts: &Facts, there: &There) -> Result<Way, Diagnostic> {
        if self.work.set_aside && there.service.is_up() {
            let unit = self.unit();
            return Err(Diagnostic::error("etcd runs here, with the data that would be set aside")
                .note("nothing was changed")
                .help(format!("stop it first: `systemctl stop {unit}`")));
        }
        let unseen = |why: &String| Diagnostic::error(why).note("nothing was changed");
        let answers = &facts.peers.as_ref().map_err(unseen)?.answers;
        let stored = facts.data.as_ref().map_err(unseen)?;
        let mark = mark(self.cluster(), self.member);
        let (data, has_run) =
            if self.work.set_aside { (Data::None, false) } else { (stored.data, stored.has_mark) };
        let known = Known {
            cluster: self.cluster(),
            member: self.member,
            data,
            mark: has_run.then_some(mark.as_str()),
            restored: stored.restored.as_deref(),
            answers,
            bootstrap: self.work.bootstrap,
            trust_network: self.work.trust_network,
            program: &self.work.program,
        };
        way(&known).map_err(|problem| problem.note("nothing was changed"))
    }

    /// What keeps that from being done now: etcd would not come up, or the others would refuse what is installed.
    pub(super) fn obstacles(&self, deeds: &[Deed], facts: &Facts) -> Vec<Diagnostic> {
        let starts =
            |deed: &Deed| matches!(deed, Deed::Start | Deed::Restart(_) | Deed::Restore(_));
        // One that does not come up is about to be started again by systemd.
        let is_started = deeds.iter().any(starts) || facts.service.active != "active";
        let keeps_data = !self.work.set_aside && restoration(deeds).is_none();
        let (options, certificates) = (Judged::default(), Ok(Judged::default()));
        let node = checks::Node {
            compiled: self.compiled,
            member: self.member,
            facts,
            options: &options,
            certificates: &certificates,
            unit: &self.unit(),
            program: &self.work.program,
        };
        match deeds {
            _ if is_started => checks::obstacles(&node, keeps_data),
            [] => Vec::new(),
            _ => checks::wrong_clock(&node),
        }
    }

    /// A unit of that name is nobody else's that runs, such as the distribution's or another member's.
    fn is_no_other_unit(&self, there: &There) -> Result<(), Diagnostic> {
        let Service { fragment, .. } = &there.service;
        let place = self.unit_place();
        let sign = there.unit.as_ref().and_then(|text| of_artifact(self.cluster(), &place, text));
        if let Some(Sign { member, .. }) = sign.filter(|sign| sign.member != self.name())
            && (there.service.is_up() || there.service.is_enabled)
        {
            let program = &self.work.program;
            return Err(Diagnostic::error(format!(
                "{} here is that of {}, and not of {}",
                place.display(),
                quoted(&member),
                quoted(self.name())
            ))
            .note("nothing was changed")
            .help("see whether this is the right node: `hostname`, `ip address`")
            .help(format!(
                "where {member} has left the cluster, end it first: `{program} install {member} --retire`"
            )));
        }
        let is_ours = fragment.is_empty() || Path::new(fragment) == self.unit_place();
        if is_ours || !there.service.is_up() {
            return Ok(());
        }
        let unit = self.unit();
        Err(Diagnostic::error(format!("an etcd of the distribution runs here: {fragment}"))
            .note("it would have the ports, and its data is none of this cluster's")
            .note("nothing was changed")
            .help(format!("end it, and do this again: `systemctl disable --now {unit}`")))
    }

    /// The unit as it is compiled.
    pub(super) fn unit_text(&self) -> String {
        unit_text(self.cluster(), self.member)
    }

    /// What is wanted of a unit with that text, which starts in that way, with that date.
    pub(super) fn wanted(
        &self,
        unit: String,
        (way, there): (Option<&Way>, &There),
        restores: Option<Restoration>,
        stamp: &str,
    ) -> Wanted {
        let (cluster, member) = (self.cluster(), self.member);
        let aside = self.work.set_aside.then(|| self.machine.aside(cluster, member, stamp));
        let join = match way {
            Some(Way::Join(list)) => Some(join_drop_in(cluster, member, list)),
            // Until it is known to run it may need it again.
            Some(Way::Start) if there.service.active != "active" => there.join.clone(),
            Some(Way::Start | Way::Found { .. }) => None,
            None => there.join.clone(),
        };
        Wanted {
            flags: unit::arguments(&unit),
            unit_place: self.unit_place(),
            unit,
            join_place: self.join_place(),
            join,
            restores,
            starts: way.is_some(),
            aside: aside.unwrap_or_default(),
        }
    }

    /// A restart leaves a quorum of those that answer.
    pub(super) fn is_safe(&self, deeds: &[Deed], facts: &Facts) -> Result<(), Diagnostic> {
        // One that is not ready has no part in writes that could stop.
        let is_ready = facts.service.active == "active";
        let restarts = is_ready && deeds.iter().any(|deed| matches!(deed, Deed::Restart(_)));
        let voters = self.cluster().members.len();
        let answers = facts.peers.as_ref().map_or(&[][..], |peers| &peers.answers);
        let up = answers.iter().filter(|answer| answer.members.is_ok()).count();
        if !restarts || voters == 1 || self.work.accept_downtime || up >= quorum(voters) {
            return Ok(());
        }
        Err(Diagnostic::error(format!(
            "etcd has to be restarted here, and writes would stop meanwhile: {up} of the others answer, and it takes {}",
            quorum(voters)
        ))
        .note("nothing was changed")
        .help("start the others first, or, where writes may stop: `--accept-downtime`"))
    }
}

/// A node is changed by root alone.
pub(super) fn is_root(work: &Install) -> Result<(), Diagnostic> {
    if work.dry_run || rustix::process::geteuid().is_root() {
        return Ok(());
    }
    let Install { program, member, .. } = work;
    Err(Diagnostic::error("a node is changed by root alone").help(format!(
        "as root: `sudo {program} install {member}`; `--dry-run` shows what it would do"
    )))
}
