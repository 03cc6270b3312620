//! Whether it may be done on this node, and now.

use super::deeds::{Deed, There, Wanted, is_given, restoration};
use super::node::Node;
use super::work::{self, Aim, Install};
use crate::node::checks::{self, Judged, StartsWith, elsewhere};
use crate::node::files::{Sign, of_artifact};
use crate::node::machine::facts::Facts;
use crate::node::machine::{Folders, Service, here, mounts, service, unfit, wanted};
use crate::node::peers::answering;
use crate::trial::Told;
use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::option::find;
use bouquet_model::quorum::quorum;
use bouquet_model::version::EtcdVersion;
use std::path::Path;
use std::time::SystemTime;

/// Checks that a node is changed by root alone.
pub(super) fn is_root(work: &Install) -> Result<(), Diagnostic> {
    if work.dry_run || work::is_root() {
        return Ok(());
    }
    Err(Diagnostic::error("only root may change a node")
        .help(format!("{}; `--dry-run` shows what it would do", work.as_root())))
}

impl Node<'_> {
    /// Checks that the unit is one of the forms that the build has proven.
    pub(super) fn is_for_units(&self) -> Result<(), Diagnostic> {
        if self.cluster().formats.contains(&"systemd") {
            return Ok(());
        }
        Err(Diagnostic::error("cluster.toml leaves the unit out: `formats` has no \"systemd\"")
            .help("add it, and build; or do as the guide has it without systemd"))
    }

    /// Reports that the member's addresses are not this node's, where etcd is about to be started here: before the others
    /// are asked, who may be down, and of whom nothing would follow for this node.
    pub(super) fn is_elsewhere(&self, now: SystemTime) -> Option<Diagnostic> {
        let starts = self.work.aim == Aim::Runs
            && (self.work.restore.is_some() || !service(&self.unit(), now).is_up());
        let problem = || elsewhere(self.cluster(), self.member, &here(self.cluster()));
        starts.then(problem).flatten()
    }

    /// Checks that nobody masked its unit.
    pub(super) fn is_unmasked(&self, service: &Service) -> Result<(), Diagnostic> {
        let place = self.unit_place();
        let unit = self.unit();
        let is_masked = || self.machine.is_masked(&place);
        let undo = match service.mask {
            Some(mask) => mask.undo(&unit),
            // `systemctl --root` does not undo all that masks a unit.
            None if is_masked()
                .map_err(|error| self.unread(&self.machine.path(&place), error))? =>
            {
                format!("rm {}", shell_word(&self.machine.path(&place).display().to_string()))
            }
            None => return Ok(()),
        };
        Err(Diagnostic::error(format!("{unit}.service is masked, so that it does not start"))
            .note(format!("{} would take the place of that", place.display()))
            .note("nothing was changed")
            .help(format!("where it is to run: `{undo}`, then {}", self.work.again(""))))
    }

    /// Checks that a unit of that name is nobody else's that runs, such as the distribution's or another member's.
    pub(super) fn is_no_other_unit(&self, there: &There) -> Result<(), Diagnostic> {
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
            ))
            .help(format!(
                "where this is a copy of the machine of {member}: `systemctl disable --now {}`, and do this again",
                self.unit()
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

    /// Returns what keeps these deeds from being done now: etcd would not come up, or the others would refuse what is
    /// installed; and, as warnings, what could not be seen.
    pub(super) fn obstacles(
        &self,
        (put, there): (&Wanted, &There),
        deeds: &[Deed],
        facts: &Facts,
    ) -> Vec<Diagnostic> {
        let starts =
            |deed: &Deed| matches!(deed, Deed::Start | Deed::Restart(_) | Deed::Restore(_));
        // One that does not come up is about to be started again by systemd.
        let is_ready = facts.service.active == "active";
        let comes_up = put.aim == Aim::Runs || facts.service.is_up();
        let is_started = deeds.iter().any(starts) || (comes_up && !is_ready);
        let with = match restoration(deeds) {
            Some(_) => StartsWith::Snapshot,
            None if self.gives_way(Some(facts)) => StartsWith::Nothing,
            None if self.has_other_folders(put) => StartsWith::Elsewhere,
            None if is_given(put, there) => StartsWith::GivenData,
            None => StartsWith::ItsData,
        };
        match deeds {
            _ if self.work.is_before() => self.besides_etcd(facts, with),
            _ if is_started => self.checked(facts, |node| checks::obstacles(node, with)),
            [] => self.checked(facts, checks::other_version),
            _ => self.checked(facts, |node| {
                [checks::wrong_clock(node), checks::other_version(node)].concat()
            }),
        }
    }

    /// Returns what keeps it from being started here once it is added, and an etcd was brought.
    pub(super) fn besides_etcd(&self, facts: &Facts, with: StartsWith) -> Vec<Diagnostic> {
        self.checked(facts, |node| checks::obstacles_besides_etcd(node, with))
    }

    /// Returns what a check says of the node.
    fn checked<T>(&self, facts: &Facts, check: impl FnOnce(&checks::Node<'_>) -> T) -> T {
        check(&checks::Node {
            compiled: self.compiled,
            member: self.member,
            facts,
            options: &Judged::default(),
            certificates: &Ok(Judged::default()),
            unit: &self.unit(),
            program: &self.work.program,
            install: &|option| self.work.again(option),
        })
    }

    /// Checks that the etcd that is here knows all options of the unit that a rollback goes back to.
    pub(super) fn knows_all(&self, put: &Wanted, facts: &Facts) -> Result<(), Diagnostic> {
        let here = facts.etcd.as_ref().map(|etcd| &etcd.version);
        match here {
            Some(Ok(Some(Told::Known(version)))) if self.work.rollback => {
                all_are_of(&put.flags, *version, &self.unit())
            }
            _ => Ok(()),
        }
    }

    /// Tells whether the unit that is put there has other folders than those that are compiled: one that is gone back
    /// to.
    fn has_other_folders(&self, put: &Wanted) -> bool {
        let compiled = Folders::of(self.cluster(), self.member);
        self.work.rollback && Folders::of_unit(self.name(), &put.flags) != compiled
    }

    /// Warns where etcd is started later, by whatever starts it, and its log would have to begin in a mount point, or behind a
    /// link: etcd removes what is there first, and the guard, which stands before each start, does not start it. What an image
    /// will have mounted is not known.
    pub(super) fn later_obstacles(&self, put: &Wanted) -> Option<Diagnostic> {
        if self.machine.root.is_some() {
            return None;
        }
        // With `--rollback` it is not the unit that is compiled.
        let folders = Folders::of_unit(self.name(), &put.flags);
        let has_no_log = self.machine.data(&folders).is_ok_and(|data| data.has_no_log());
        let unfit = || unfit(Path::new(folders.log().as_str()), &mounts());
        has_no_log.then(|| checks::no_beginning(&folders, unfit(), &wanted())).flatten()
    }

    /// Checks that a restart leaves a quorum of those that answer.
    pub(super) fn is_safe(&self, deeds: &[Deed], facts: &Facts) -> Result<(), Diagnostic> {
        // One that is not ready has no part in writes that could stop.
        let is_ready = facts.service.active == "active";
        let restarts = is_ready
            && deeds.iter().any(|deed| matches!(deed, Deed::Restart(_) | Deed::Give { .. }));
        let voters = self.cluster().members.len();
        let answers = facts.peers.as_ref().map_or(&[][..], |peers| &peers.answers);
        let up = answering(answers).len();
        if !restarts || voters == 1 || self.work.accept_downtime || up >= quorum(voters) {
            return Ok(());
        }
        let mut problem = Diagnostic::error(format!(
            "etcd has to be restarted here, and writes would stop meanwhile: {up} of the others answer, and it takes {}",
            quorum(voters)
        ));
        problem.notes = self.checked(facts, checks::not_heard);
        Err(problem
            .note("nothing was changed")
            .help("start the others first, or, where writes may stop: `--accept-downtime`"))
    }
}

/// Checks that this version knows all these flags: one that it does not know ends it at once.
pub(super) fn all_are_of(
    flags: &[String],
    version: EtcdVersion,
    unit: &str,
) -> Result<(), Diagnostic> {
    let name = |flag: &String| Some(flag.strip_prefix("--")?.split('=').next()?.to_owned());
    let is_other = |name: &String| find(name).is_none_or(|it| !it.versions().contains(version));
    let others: Vec<String> = flags.iter().filter_map(name).filter(is_other).collect();
    if others.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = others.iter().map(|name| format!("`--{name}`")).collect();
    Err(Diagnostic::error(format!(
        "the previous {unit}.service has {}, which etcd {version} does not know",
        names.join(", ")
    ))
    .note("it is of another release, and the etcd that is here would not start with it")
    .note("nothing was changed")
    .help(format!(
        "build the former state of cluster.toml with `etcd = \"{}\"`, and install that",
        version.minor()
    )))
}
