//! What a member's data is to be restored from, and whether it may be.

#![expect(clippy::disallowed_methods, reason = "the edge that restores a member's data")]

use super::node::Node;
use super::restoration::Restoration;
use super::work::Install;
use crate::if_there::if_there;
use crate::node::joining::{entry_of_one_that_ran, has_run, replaced};
use crate::node::machine::{Folders, Unread};
use crate::node::peers::{Answer, answering};
use crate::patience::Patience;
use crate::restore::{Facts, facts, refusal, token};
use crate::show::hex;
use crate::units::{on_nodes, units};
use bouquet_etcd::{Error, Reach};
use bouquet_lock::Restored;
use bouquet_model::artifact::{formats, shell_word};
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::node_path::NodePath;
use bouquet_model::plan::{Snapshot, initial_cluster, restoration_on};
use bouquet_model::running::Running;
use std::fs;
use std::path::PathBuf;

impl Node<'_> {
    /// Reads the file that is to be restored, where one was named.
    pub(super) fn restoration(
        &self,
        now: i64,
        patience: Patience,
    ) -> Result<Option<Restoration>, Diagnostic> {
        let Some(file) = &self.work.restore else { return Ok(None) };
        let (cluster, name) = (self.cluster(), self.member.name.as_str());
        let facts: Facts = facts(file, patience)?;
        let mut running = Running::of(cluster, self.compiled.certificates);
        if self.work.sole {
            running.members.retain(|other, _| other == name);
        }
        if let Some(problem) = refusal(&running, &facts) {
            return Err(problem);
        }
        let mut members = cluster.members.iter();
        if let Some(new) = members.find(|member| !self.work.sole && member.id.is_none()) {
            return Err(Diagnostic::error(format!(
                "cluster.toml has {}, which no record says to run: all would be restored into another cluster than the one of before",
                quoted(new.name.as_str())
            ))
            .note("nothing was changed")
            .help(format!(
                "on the machine with `out/`, `{} restore FILE {name}` prints the lines for the members that ran",
                self.work.program
            )));
        }
        let inside = Folders::of(cluster, self.member).data.join("member");
        let sign = PathBuf::from(inside.join("restored").as_str());
        let there = if_there(fs::read_to_string(&sign));
        let there = there.map_err(|error| {
            unreadable((self.work, &self.unit()), &inside, &Unread::at(&sign)(error))
        })?;
        let there = there.unwrap_or_default();
        if let Some(done) =
            Restored::of(&cluster.token, facts.sha256, facts.content.revision, there.trim_end())
            && self.work.token.is_none()
        {
            return Err(Diagnostic::error(format!(
                "{name} was restored from this file already, with the token {}",
                done.token
            ))
            .note("nothing was changed")
            .help(format!("to go on with that restore: `--token {}`", shell_word(&done.token)))
            .help(format!(
                "to restore once more, and lose what was written since: `rm {}`, and this command again",
                sign.display()
            )));
        }
        let token = token(cluster, self.work.token.as_deref(), &facts, now)?;
        let (sha256, list) = (hex(&facts.sha256), initial_cluster(&running));
        let snapshot = Snapshot {
            file: "",
            size: facts.size,
            sha256: &sha256,
            token: &token,
            list: &list,
            has_alarm: false,
            is_corrupt: false,
        };
        let files: Vec<&str> = formats(cluster).map(|format| format.file).collect();
        let is_here = |other: &&bouquet_model::Member| other.shares_node(self.member);
        let alone = cluster.members.iter().filter(is_here).count() == 1;
        let lines = restoration_on(&running, name, &files, &snapshot).filter(|_| alone);
        let lines = lines.ok_or_else(|| {
            Diagnostic::error("several members are on this machine, and share its commands")
                .note("nothing was changed")
                .help(format!(
                    "`{} restore {} {name}` prints what is to be done for each",
                    self.work.program,
                    shell_word(&file.display().to_string())
                ))
        })?;
        Ok(Some(Restoration {
            content: format!(
                "{}: revision {}, {} keys",
                file.display(),
                facts.content.revision,
                facts.content.keys
            ),
            cluster_id: Restored::cluster_id(&running, &token),
            sign,
            file: file.clone(),
            token,
            lines,
        }))
    }

    /// Returns what has to be known of a restore, whatever comes of it, where this is the first member of it.
    pub(super) fn token_of(&self, restoration: &Restoration) -> Option<String> {
        let token = shell_word(&restoration.token);
        let file = restoration.file.display().to_string();
        self.work.token.is_none().then(|| {
            let others = format!(
                "; on the other nodes, with the file copied there first: `{} install MEMBER --restore {} --token {token}`",
                self.work.program,
                shell_word(&file)
            );
            let has_others = !self.work.sole && self.cluster().members.len() > 1;
            let others = if has_others { &others } else { "" };
            format!("this restore has the token {token}{others}")
        })
    }

    /// Returns what is left to do with the package once the data is restored; of a sole member `rescue` does it.
    pub(super) fn is_recorded(&self, restoration: &Restoration) -> Option<String> {
        let (program, token) = (&self.work.program, shell_word(&restoration.token));
        let when =
            if self.cluster().members.len() > 1 { "once all members are restored: " } else { "" };
        (!self.work.sole).then(|| {
            format!("{when}on the machine with `out/`, `{program} done --restored FILE --token {token}` with the same file, then build: the IDs have changed")
        })
    }

    /// Checks that this member has not run in the restored cluster yet: it would have forgotten what it acknowledged
    /// there. Where the data of that restore is still there, nothing is restored.
    pub(super) fn has_not_run(
        &self,
        restoration: &Restoration,
        answers: &[Answer],
    ) -> Result<(), Diagnostic> {
        if restoration.is_done()? {
            return Ok(());
        }
        match entry_of_one_that_ran(self.member, restoration.cluster_id.0, answers) {
            Some(entry) => Err(has_run(&self.work.program, self.member, entry)),
            None => Ok(()),
        }
    }

    /// Checks that no other member runs with the data of before: what it takes in would be lost. One that cannot be
    /// reached at all is taken for stopped: it may be what the restore is for.
    pub(super) fn are_stopped(
        &self,
        restoration: &Restoration,
        answers: &[Answer],
    ) -> Result<(), Diagnostic> {
        let is_unclear = |error: &Error| {
            use Reach::{NotTls, Rejected, Untrusted};
            match error {
                Error::Unreachable(reach) => matches!(reach, Untrusted(_) | Rejected(_) | NotTls),
                _ => true,
            }
        };
        let unclear = answers.iter().find(|answer| answer.members.as_ref().is_err_and(is_unclear));
        if let Some(Answer { name, url, members: Err(error) }) = unclear {
            return Err(Diagnostic::error(format!(
                "something answers at {url}, {}, and does not tell what it runs: {error}",
                quoted(name)
            ))
            .note("all members are stopped before the first is restored: what one still takes in would be lost")
            .note("nothing was changed")
            .help(format!("see on its node whether etcd is stopped: `systemctl status {}`", self.unit_of(name)))
            .help("where it was restored already, it has other certificates than this member: bring both those of one build"));
        }
        let mut running = answering(answers);
        running.retain(|(_, list)| list.cluster_id != restoration.cluster_id.0);
        if running.is_empty() {
            return Ok(());
        }
        let names =
            running.iter().map(|(answer, _)| quoted(&answer.name)).collect::<Vec<_>>().join(", ");
        let run = if running.len() == 1 { "runs" } else { "run" };
        let compiled = self.cluster().id.map(|id| id.0);
        let is_before = running.iter().any(|(_, list)| Some(list.cluster_id) == compiled);
        let problem =
            Diagnostic::error(format!("{names} still {run}, with other data than this restore's"))
                .note("all members are stopped before the first is restored: what one still takes in would be lost")
                .note("nothing was changed");
        let units = units(self.cluster());
        let others: Vec<&str> =
            units.keys().copied().filter(|other| *other != self.member.name.as_str()).collect();
        let stop = format!("stop the others, {}", on_nodes(&units, "systemctl stop", &others));
        Err(if is_before {
            problem.help(format!("where all are to be restored: {stop}, then do this again")).help(
                format!(
                    "where that cluster is well, and this member alone has lost its data: {}",
                    replaced(&self.work.program, self.member)
                ),
            )
        } else {
            problem
                .help("where it was restored already: give its token here, by `--token`; it was printed there")
                .help(format!("where it runs with something else: {stop}, then do this again"))
        })
    }
}

/// Reports that it cannot be read what was restored last: it is in the data that a restore is to do without.
pub(super) fn unreadable(
    (work, unit): (&Install, &str),
    inside: &NodePath,
    sign: &Unread,
) -> Diagnostic {
    work.unread(sign).help(format!(
        "where that stays so, have the data give way yourself: `systemctl stop {unit}`, `mv -T {} {}`, and this command again",
        shell_word(inside.as_str()),
        shell_word(&format!("{inside}.broken"))
    ))
}
