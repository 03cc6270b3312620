//! A member's data, restored on its node by the lines that `restore` prints: they are proven, and there is one of them.

#![expect(clippy::disallowed_methods, reason = "the edge that restores a member's data")]

use super::deeds::Deed;
use super::node::Node;
use crate::node::peers::{Answer, heard};
use crate::restore::{Facts, facts, refusal, token};
use crate::show::hex;
use bouquet_lock::Restored;
use bouquet_model::artifact::{formats, shell_word};
use bouquet_model::cluster::ClusterId;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::places::{Usage, places};
use bouquet_model::plan::{Snapshot, initial_cluster, restoration_on};
use bouquet_model::running::Running;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a member's data is restored from, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Restoration {
    /// The file, as it was named.
    file: PathBuf,
    /// What it has, in words.
    pub(super) content: String,
    pub(super) token: String,
    /// The cluster that all members are restored into.
    cluster_id: ClusterId,
    /// Has the token where this was done.
    sign: PathBuf,
    /// Looks whether it can be done; stops etcd and sets its data aside; restores it and starts it.
    lines: [String; 3],
}

impl Node<'_> {
    /// Reads the file that is to be restored, where one was named.
    pub(super) fn restoration(&self, now: i64) -> Result<Option<Restoration>, Diagnostic> {
        let Some(file) = &self.work.restore else { return Ok(None) };
        let (cluster, name) = (self.cluster(), self.member.name.as_str());
        let facts: Facts = facts(file)?;
        let running = Running::of(cluster, self.compiled.certificates);
        if let Some(problem) = refusal(&running, &facts) {
            return Err(problem);
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
        };
        let files: Vec<&str> = formats(cluster).map(|format| format.file).collect();
        let is_here = |other: &&bouquet_model::Member| other.ip == self.member.ip;
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
        let data = places(cluster, self.member).into_iter().find(|it| it.usage == Usage::Data);
        let data = data.map_or_else(PathBuf::new, |data| PathBuf::from(data.path.as_str()));
        Ok(Some(Restoration {
            content: format!(
                "{}: revision {}, {} keys",
                file.display(),
                facts.content.revision,
                facts.content.keys
            ),
            cluster_id: Restored::cluster_id(&running, &token),
            sign: data.join("member/restored"),
            file: file.clone(),
            token,
            lines,
        }))
    }

    /// The line for the other members' nodes, where this is the first of a restore.
    pub(super) fn others_of(&self, restoration: &Restoration) -> Option<String> {
        let is_first = self.work.token.is_none() && self.cluster().members.len() > 1;
        is_first.then(|| {
            format!(
                "for each of the other members, on its node: `{} install MEMBER --restore {} --token {}`",
                self.work.program,
                shell_word(&restoration.file.display().to_string()),
                shell_word(&restoration.token)
            )
        })
    }

    /// No other member runs with the data of before: what it takes in would be lost.
    pub(super) fn are_stopped(
        &self,
        restoration: &Restoration,
        answers: &[Answer],
    ) -> Result<(), Diagnostic> {
        let runs: Vec<String> = heard(answers)
            .filter(|(_, list)| list.cluster_id != restoration.cluster_id.0)
            .map(|(answer, _)| quoted(&answer.name))
            .collect();
        if runs.is_empty() {
            return Ok(());
        }
        let mut problem =
            Diagnostic::error(format!("{} still runs, with other data than this restore's", runs.join(", ")))
                .note("all members are stopped before the first is restored: what one still takes in would be lost")
                .note("nothing was changed");
        problem.help = vec![
            format!(
                "on each other node, `systemctl stop {}`, then do this again with `--token {}`",
                self.unit(),
                shell_word(&restoration.token)
            ),
            "where one was restored already: it had another file or another token, and has to have this one"
                .to_owned(),
        ];
        Err(problem)
    }
}

impl Restoration {
    /// It was done before, whatever the member has taken in since.
    pub(super) fn is_done(&self) -> bool {
        fs::read_to_string(&self.sign).is_ok_and(|text| text.trim_end() == self.token)
    }

    /// Restores the data, and starts etcd.
    pub(super) fn run(&self, member: &str) -> Result<(), Diagnostic> {
        let copy = PathBuf::from(format!("/root/restore-{member}.db"));
        self.copy(&copy).map_err(|error| {
            Diagnostic::error(format!(
                "{} cannot be copied to {}: {error}",
                self.file.display(),
                copy.display()
            ))
            .note("etcd was not stopped")
        })?;
        let [looks, gives_way, restores] = &self.lines;
        run(looks).map_err(|problem| problem.note("etcd was not stopped"))?;
        if !self.is_done() {
            run(gives_way)?;
        }
        run(restores)
    }

    fn copy(&self, to: &Path) -> io::Result<()> {
        if self.file == to {
            return Ok(());
        }
        let _ = fs::remove_file(to);
        let mut from = File::open(&self.file)?;
        let mut to = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?;
        io::copy(&mut from, &mut to)?;
        to.sync_all()
    }
}

/// Runs lines that have to succeed.
fn run(lines: &str) -> Result<(), Diagnostic> {
    let said = Command::new("sh")
        .args(["-c", lines])
        .output()
        .map_err(|error| Diagnostic::error(format!("`sh` cannot be run: {error}")))?;
    if said.status.success() {
        return Ok(());
    }
    let mut problem = Diagnostic::error("the data cannot be restored");
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    problem.notes = said.lines().map(str::to_owned).collect();
    Err(problem.help("do this again, with the same token, once that is put right: what was done stays done, and nothing was deleted"))
}

/// The restoration among what is done.
pub(super) fn among(deeds: &[Deed]) -> Option<&Restoration> {
    deeds.iter().find_map(|deed| match deed {
        Deed::Restore(restoration) => Some(restoration.as_ref()),
        _ => None,
    })
}
