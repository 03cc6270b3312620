//! The edge: a member is put on its node, step by step.

#![expect(clippy::disallowed_methods, reason = "the edge that changes a node")]

use super::bundle::{Bundle, CERTS};
use super::deeds::{Deed, There, Wanted, deeds};
use super::files::{Owner, put};
use super::joining::{Known, Way, way};
use super::look::{Machine, service};
use super::peers::{self, Answer};
use super::service::{Service, unit_name, unit_place};
use super::told::{Done, json, planned};
use super::work::Install;
use crate::account::{self, Account};
use crate::compiled::Compiled;
use crate::exit::Exit;
use crate::failure::{Failure, shown};
use bouquet_model::artifact::{FORMATS, format, join_drop_in};
use bouquet_model::cluster::Setting;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::mark::mark;
use bouquet_model::places::ACCOUNT;
use bouquet_model::quorum::quorum;
use bouquet_model::settings::settings;
use bouquet_model::time::Instant;
use bouquet_model::trust::Side;
use bouquet_model::{Cluster, Member};
use bouquet_outdir::inspect::read_linked;
use bouquet_outdir::write_alone;
use bouquet_x509::Secret;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

/// The ways to a person.
pub(crate) struct Ways<'a> {
    pub(crate) print: &'a dyn Fn(&str),
    pub(crate) say: &'a dyn Fn(&str),
    /// Seconds since 1970.
    pub(crate) now: i64,
}

/// How long a member has to be ready, or to fail, before that is no more waited for.
const READY: Duration = Duration::from_secs(60);

/// The same of a founder: it is not ready before a quorum of them is.
const FOUNDED: Duration = Duration::from_secs(5);

/// Puts a member on its node.
///
/// # Errors
/// If it must not be, or something failed; what was done before that stays, and is told.
pub(crate) fn carry(
    compiled: &Compiled<'_>,
    work: &Install,
    ways: &Ways<'_>,
) -> Result<Exit, Failure> {
    let member = compiled.cluster.member(&work.member).ok_or_else(|| {
        Diagnostic::error(format!("{} is no member of this cluster", quoted(&work.member)))
    })?;
    let node = Node { compiled, member, work, machine: Machine { root: work.root.as_deref() } };
    node.is_root()?;
    let bundle = node.bundle()?;
    let faults = bundle.faults(compiled, member, &work.program, ways.now);
    if let Some((last, others)) = faults.split_last() {
        for fault in others {
            (ways.say)(&shown(fault));
        }
        return Err(last.clone().note("nothing was changed").into());
    }
    node.is_for_units()?;
    let there = node.there(&bundle)?;
    let (answers, way) = node.way(&bundle, &there)?;
    let wanted = node.wanted(way.as_ref(), &there);
    let deeds = deeds(&wanted, &there);
    node.is_safe(&deeds, &answers)?;
    if work.dry_run {
        (ways.print)(&planned(&deeds));
        return Ok(if deeds.is_empty() { Exit::Done } else { Exit::Pending });
    }
    let mut done = Done::new(member.name.as_str());
    for deed in &deeds {
        node.does(deed, &bundle, ways.now)?;
        let text = done.add(deed);
        if !work.json {
            (ways.print)(&text);
        }
    }
    let state = node.ends(way.as_ref())?;
    let text = if work.json { json(&done, &state) } else { done.end(&state) };
    (ways.print)(&text);
    Ok(Exit::Done)
}

/// A member, the node that it is put on, and how.
struct Node<'a> {
    compiled: &'a Compiled<'a>,
    member: &'a Member,
    work: &'a Install,
    machine: Machine<'a>,
}

impl Node<'_> {
    fn cluster(&self) -> &Cluster {
        self.compiled.cluster
    }

    fn unit(&self) -> String {
        unit_name(self.cluster(), self.member)
    }

    fn unit_place(&self) -> PathBuf {
        unit_place(self.cluster(), self.member)
    }

    fn join_place(&self) -> PathBuf {
        self.unit_place().with_extension("service.d").join("10-join.conf")
    }

    fn is_root(&self) -> Result<(), Diagnostic> {
        if self.work.dry_run || rustix::process::geteuid().is_root() {
            return Ok(());
        }
        let (program, name) = (&self.work.program, &self.member.name);
        Err(Diagnostic::error("a node is changed by root alone").help(format!(
            "as root: `sudo {program} install {name}`; `--dry-run` shows what it would do"
        )))
    }

    /// The unit is one of the forms that the build has proven.
    fn is_for_units(&self) -> Result<(), Diagnostic> {
        if self.cluster().formats.contains(&"systemd") {
            return Ok(());
        }
        Err(Diagnostic::error("cluster.toml leaves the unit out: `formats` has no \"systemd\"")
            .help("add it, and build; or do as the guide has it without systemd"))
    }

    /// Reads the member's folder: the one named, or the first beside the program.
    fn bundle(&self) -> Result<Bundle, Diagnostic> {
        let name = self.member.name.as_str();
        let named = self.work.from.iter();
        let beside = self.work.beside.iter().filter(|_| self.work.from.is_none());
        let looked: Vec<PathBuf> = named
            .chain(beside)
            .flat_map(|folder| {
                let below = [
                    name.to_owned(),
                    format!("etcd-{name}"),
                    format!("members/{name}"),
                    format!("out/members/{name}"),
                ];
                std::iter::once(folder.clone()).chain(below.map(|below| folder.join(below)))
            })
            .collect();
        let is_one = |folder: &&PathBuf| {
            folder.join(CERTS).is_dir() || FORMATS.iter().any(|it| folder.join(it.file).is_file())
        };
        let Some(from) = looked.iter().find(is_one) else {
            let mut problem =
                Diagnostic::error(format!("the folder of {} is not to be found", quoted(name)));
            problem.notes = looked
                .iter()
                .map(|it| format!("{} has neither certificates nor a unit", it.display()))
                .collect();
            return Err(problem.help(format!(
                "copy out/members/{name} here, beside the program, or name it: `{} install {name} FOLDER`",
                self.work.program
            )));
        };
        let mut files = BTreeMap::new();
        read_into(&mut files, from, Path::new(""))
            .and_then(|()| {
                if from.join(CERTS).is_dir() {
                    read_into(&mut files, from, Path::new(CERTS))
                } else {
                    Ok(())
                }
            })
            .map_err(|error| {
                Diagnostic::error(format!("{} cannot be read: {error}", from.display()))
            })?;
        Ok(Bundle { from: from.clone(), files })
    }

    fn there(&self, bundle: &Bundle) -> Result<There, Diagnostic> {
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
        Ok(There {
            has_account: account.is_some(),
            has_certificates,
            cas_since: cas.iter().map(|(since, _)| *since).max(),
            has_other_cas: cas.iter().any(|(_, is_other)| *is_other),
            unit: text(&self.unit_place())?,
            join: text(&self.join_place())?,
            service: if self.work.root.is_some() {
                Service::default()
            } else {
                service(&self.unit())
            },
        })
    }

    fn account(&self) -> Result<Option<Account>, Diagnostic> {
        let text = |place: &str| {
            let text = self.machine.text(Path::new(place));
            text.map_err(|error| Diagnostic::error(format!("{place} cannot be read: {error}")))
        };
        let (passwd, group) = (text("/etc/passwd")?, text("/etc/group")?);
        Ok(account::named(ACCOUNT, &passwd.unwrap_or_default(), &group.unwrap_or_default()))
    }

    /// How it starts; `None` where it is not to, or runs already.
    fn way(
        &self,
        bundle: &Bundle,
        there: &There,
    ) -> Result<(Vec<Answer>, Option<Way>), Diagnostic> {
        if !self.work.starts || self.work.root.is_some() {
            return Ok((Vec::new(), None));
        }
        self.is_no_other_unit(there)?;
        let answers = peers::ask(self.cluster(), self.member, bundle)?;
        let data = self.machine.data(self.cluster(), self.member).map_err(|error| {
            Diagnostic::error(format!("its data folder cannot be read: {error}"))
        })?;
        let mark = mark(self.cluster(), self.member);
        let has_run = self.machine.path(mark.as_str()).exists();
        let known = Known {
            cluster: self.cluster(),
            member: self.member,
            data,
            mark: has_run.then_some(mark.as_str()),
            answers: &answers,
            bootstrap: self.work.bootstrap,
            trust_network: self.work.trust_network,
            program: &self.work.program,
        };
        let way = way(&known).map_err(|problem| problem.note("nothing was changed"))?;
        Ok((answers, Some(way)))
    }

    /// A unit of that name is nobody else's, such as the distribution's, that runs.
    fn is_no_other_unit(&self, there: &There) -> Result<(), Diagnostic> {
        let Service { fragment, .. } = &there.service;
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

    fn wanted(&self, way: Option<&Way>, there: &There) -> Wanted {
        let (cluster, member) = (self.cluster(), self.member);
        let unit = format("systemd").map(|form| (form.render)(cluster, member)).unwrap_or_default();
        let flag = |it: &Setting| format!("--{}={}", it.name, it.value.flag_text());
        let join = match way {
            Some(Way::Join(list)) => Some(join_drop_in(cluster, member, list)),
            // Until it is known to run it may need it again.
            Some(Way::Start) if there.service.active != "active" => there.join.clone(),
            Some(Way::Start | Way::Found { .. }) => None,
            None => there.join.clone(),
        };
        Wanted {
            unit_place: self.unit_place(),
            unit,
            join_place: self.join_place(),
            join,
            flags: settings(cluster, member).iter().map(flag).collect(),
            starts: way.is_some(),
        }
    }

    /// A restart leaves a quorum of those that answer.
    fn is_safe(&self, deeds: &[Deed], answers: &[Answer]) -> Result<(), Diagnostic> {
        let restarts = deeds.iter().any(|deed| matches!(deed, Deed::Restart(_)));
        let voters = self.cluster().members.len();
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

    fn does(&self, deed: &Deed, bundle: &Bundle, now: i64) -> Result<(), Diagnostic> {
        match deed {
            Deed::MakeAccount => {
                let mut words = vec!["--system", "--user-group", "--home-dir", "/nonexistent"];
                words.extend(["--shell", "/usr/sbin/nologin", ACCOUNT]);
                let root = self.work.root.as_ref().map(|root| root.display().to_string());
                let prefix = root.iter().flat_map(|root| ["--prefix", root.as_str()]);
                run("useradd", &prefix.chain(words.iter().copied()).collect::<Vec<_>>())
            }
            Deed::PutCertificates => {
                let Some(tls) = &self.cluster().tls else { return Ok(()) };
                let account = self.account()?;
                let owner = account.and_then(|it| Some(Owner { uid: it.uid, gid: it.gid()? }));
                let owner = owner.ok_or_else(|| {
                    Diagnostic::error(format!(
                        "there is no account {ACCOUNT}, although it was made"
                    ))
                })?;
                put(self.machine, &tls.certs_dir, bundle, owner, &Instant(now).basic())?;
                Ok(())
            }
            Deed::Write { place, text, .. } => {
                let place = self.machine.path(place);
                if let Some(folder) = place.parent() {
                    fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
                }
                write_alone(&place, text.as_bytes())
            }
            Deed::Remove { place } => {
                let place = self.machine.path(place);
                fs::remove_file(&place).map_err(|error| failed(&place, &error))?;
                // Nothing else may be in it.
                let _ = place.parent().map(fs::remove_dir);
                Ok(())
            }
            Deed::Reload => run("systemctl", &["daemon-reload"]),
            Deed::Enable => run("systemctl", &["enable", "--quiet", &self.unit()]),
            // A founder is not ready before a quorum of them is.
            Deed::Start => run("systemctl", &["start", "--no-block", &self.unit()]),
            Deed::Restart(_) => run("systemctl", &["restart", "--no-block", &self.unit()]),
        }
    }

    /// Waits for what comes of it; the state in words.
    fn ends(&self, way: Option<&Way>) -> Result<String, Diagnostic> {
        let Some(way) = way else { return Ok("is in its place; etcd was not started".to_owned()) };
        let (wait, founders) = match way {
            Way::Found { running } => (FOUNDED, Some(running + 1)),
            Way::Start | Way::Join(_) => (READY, None),
        };
        let step = Duration::from_millis(100);
        let mut waited = Duration::ZERO;
        loop {
            let is = service(&self.unit());
            let all = self.cluster().members.len();
            match (is.active.as_str(), founders) {
                ("active", _) => return Ok("runs, and is ready".to_owned()),
                ("failed", _) => return Err(self.failed()),
                ("activating", Some(running)) if waited >= wait => {
                    let lacks = quorum(all).saturating_sub(running);
                    let waits = match lacks {
                        0 => "is about to be ready".to_owned(),
                        1 => "waits for one more".to_owned(),
                        more => format!("waits for {more} more"),
                    };
                    return Ok(format!("was started: {running} of {all}, {waits}"));
                }
                (_, None) if waited >= wait => return Err(self.failed()),
                _ => {}
            }
            sleep(step);
            waited += step;
        }
    }

    fn failed(&self) -> Diagnostic {
        let unit = self.unit();
        let said = Command::new("journalctl")
            .args(["--unit", &unit, "--output=cat", "--no-pager", "--lines=5"])
            .output();
        let mut problem = Diagnostic::error("etcd does not come up");
        if let Ok(said) = said {
            let text = String::from_utf8_lossy(&said.stdout).into_owned();
            problem.notes = text.lines().map(str::to_owned).collect();
        }
        problem.help(format!(
            "`journalctl -u {unit}` has all that it said; the guide's table explains it"
        ))
    }
}

/// More than a file of a member's folder has.
const LARGEST: u64 = 1 << 20;

/// Reads the files of a folder, which are not those of folders in it.
fn read_into(files: &mut BTreeMap<PathBuf, Secret>, from: &Path, below: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from.join(below))? {
        let path = entry?.path();
        let Some(name) = path.file_name() else { continue };
        let is_one = if below == Path::new("") {
            FORMATS.iter().any(|form| name == form.file)
        } else {
            true
        };
        if is_one && fs::metadata(&path)?.is_file() {
            files.insert(below.join(name), Secret::from(read_linked(&path, LARGEST)?));
        }
    }
    Ok(())
}

fn failed(place: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::error(format!("{} cannot be written: {error}", place.display()))
}

/// Runs a program of the system's that has to succeed.
fn run(program: &str, words: &[&str]) -> Result<(), Diagnostic> {
    let line = format!("{program} {}", words.join(" "));
    let said = Command::new(program)
        .args(words)
        .output()
        .map_err(|error| Diagnostic::error(format!("`{line}` cannot be run: {error}")))?;
    if said.status.success() {
        return Ok(());
    }
    let mut problem = Diagnostic::error(format!("`{line}` failed"));
    problem.notes = String::from_utf8_lossy(&said.stderr).lines().map(str::to_owned).collect();
    Err(problem.help("do this again once that is put right: what was done stays done"))
}
