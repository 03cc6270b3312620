//! The edge: the programs of an etcd that are brought: each is written beside its place, and proven there.

#![expect(clippy::disallowed_methods, reason = "the edge that takes programs")]

use super::deeds::Placing;
use super::node::Node;
use super::placing::FORMER;
use super::staged::unwritable;
use super::work::Install;
use crate::if_there::if_there;
use crate::node::machine::{Data, Folders, facts};
use crate::programs::{HEAD, NAMES, Release, fits, is_meant_here, version};
use crate::trial::Told;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::node_path::NodePath;
use bouquet_model::release::edge;
use bouquet_model::version::EtcdVersion;
use rustix::fs::statvfs;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Read, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// Where a unit looks for etcd before it looks where packages of a distribution put theirs.
const PLACES: [&str; 2] = ["/usr/local/sbin", "/usr/local/bin"];

/// How much is read at once, in bytes.
const CHUNK: usize = 4 << 20;

/// The programs that were brought. What has not taken its place goes with this.
#[derive(Debug)]
pub(super) struct Brought {
    programs: Vec<Program>,
    /// Nothing is written.
    is_dry: bool,
    /// Where the unit has etcd itself, if it says so.
    binary: Option<PathBuf>,
}

/// One of them.
#[derive(Debug)]
struct Program {
    name: &'static str,
    /// What a person knows it by.
    from: PathBuf,
    place: PathBuf,
    /// Where it is before; it is not there where the same is in its place already.
    next: PathBuf,
    is_other: bool,
}

impl Drop for Brought {
    fn drop(&mut self) {
        for Program { next, .. } in self.programs.iter().filter(|_| !self.is_dry) {
            let _ = fs::remove_file(next);
        }
    }
}

impl Brought {
    pub(super) fn new(is_dry: bool, binary: Option<&NodePath>) -> Self {
        let binary = binary.map(|path| PathBuf::from(path.as_str()));
        Self { programs: Vec::new(), is_dry, binary }
    }

    /// Takes those of a folder.
    pub(super) fn take_all(&mut self, folder: &Path) -> Result<(), Diagnostic> {
        for program in Release::open(folder)?.programs {
            let unread = |error| unreadable(&program.path, &error);
            let mut content = File::open(&program.path).map_err(unread)?;
            self.take(program.name, (program.size, &mut content), &program.path)?;
        }
        Ok(())
    }

    /// Takes one where its name is that of one of them; `from` is what a person knows it by.
    pub(super) fn take(
        &mut self,
        name: &str,
        (size, content): (u64, &mut dyn Read),
        from: &Path,
    ) -> Result<bool, Diagnostic> {
        let Some(name) = NAMES.into_iter().find(|own| *own == name) else { return Ok(false) };
        if self.programs.iter().any(|it| it.name == name) {
            return Err(Diagnostic::error(format!("{name} was brought twice")));
        }
        let mut head = Vec::new();
        let unread = |error| unreadable(from, &error);
        (&mut *content).take(HEAD).read_to_end(&mut head).map_err(unread)?;
        fits(&head, size, from)?;
        let place = self.binary.clone().filter(|_| name == "etcd").unwrap_or_else(|| place(name));
        is_own(&place)?;
        let next = place.with_file_name(format!(".{name}.next"));
        let from = from.to_owned();
        let mut program = Program { name, from, place, next, is_other: true };
        has_room(&program.place, size)?;
        let taken = self.copies(&program, size, &mut head.as_slice().chain(content));
        let taken = taken.map_err(|error| match error {
            Untaken::Read(error) => unreadable(&program.from, &error),
            Untaken::Write(error) => unwritable(&program.place, &error),
        });
        let is_same = matches!(taken, Ok(true));
        if !self.is_dry && (is_same || taken.is_err()) {
            let _ = fs::remove_file(&program.next);
        }
        taken?;
        program.is_other = !is_same;
        let led = fs::read_link(&program.place).ok().filter(|_| !is_same);
        let led = led.map(|to| led_elsewhere(&program, &to));
        self.programs.push(program);
        led.map_or(Ok(true), Err)
    }

    /// Writes one beside its place; whether the same is there.
    fn copies(
        &self,
        program: &Program,
        mut left: u64,
        content: &mut dyn Read,
    ) -> Result<bool, Untaken> {
        let written = if self.is_dry { None } else { Some(begun(&program.next)) };
        let mut written = written.transpose().map_err(Untaken::Write)?;
        let mut former = File::open(&program.place).ok().filter(may_be_run);
        let (mut chunk, mut there) = (vec![0; CHUNK], vec![0; CHUNK]);
        while left > 0 {
            let most = CHUNK.min(usize::try_from(left).unwrap_or(CHUNK));
            let (part, there) = (&mut chunk[..most], &mut there[..most]);
            content.read_exact(part).map_err(Untaken::Read)?;
            if let Some(file) = &mut written {
                file.write_all(part).map_err(Untaken::Write)?;
            }
            if !former.as_mut().is_some_and(|file| file.read_exact(there).is_ok() && there == part)
            {
                former = None;
            }
            left -= most as u64;
        }
        if let Some(file) = written {
            file.sync_all().map_err(Untaken::Write)?;
        }
        Ok(former.is_some_and(|mut file| matches!(file.read(&mut there), Ok(0))))
    }

    /// Returns which version was brought, and what is to be put in its place.
    ///
    /// # Errors
    /// If there is no etcd among the programs, or it does not run here as the version that is meant.
    pub(super) fn proven(&self, meant: EtcdVersion) -> Result<Proven, Diagnostic> {
        let etcd = self.programs.iter().find(|it| it.name == "etcd").ok_or_else(|| {
            Diagnostic::error("there is no `etcd` among what was brought")
                .help("bring a release of etcd's as unpacked, with `etcd` in it")
        })?;
        let file = if etcd.is_other { &etcd.next } else { &etcd.place };
        // What was not written cannot be asked.
        let known = if self.is_dry && etcd.is_other {
            None
        } else {
            Some(is_meant_here(&etcd.from, version(file), meant)?)
        };
        let text = known.map_or_else(|| meant.to_string(), |version| version.to_string());
        let mut programs: Vec<(PathBuf, PathBuf)> = Vec::new();
        for name in NAMES {
            let others = self.programs.iter().filter(|it| it.name == name && it.is_other);
            programs.extend(others.map(|it| (it.next.clone(), it.place.clone())));
        }
        let placing = (!programs.is_empty()).then(|| Placing {
            version: text,
            former: former(etcd),
            programs,
        });
        let told = known.map(|version| Some(Told::Known(version)));
        let version = told.ok_or_else(|| "with `--dry-run` it is not written".to_owned());
        Ok(Proven { placing, program: facts::Program { file: etcd.place.clone(), version } })
    }
}

impl Node<'_> {
    /// Checks that the new etcd may follow the one that a member with data has: an earlier minor does not read the data
    /// of a later one, and a minor that is left out has never converted it. Where nothing runs, the data tells, too: the etcd
    /// that is on the disk may never have run on it, and there may be none.
    pub(super) fn follows(
        &self,
        proven: &Proven,
        facts: Option<&facts::Facts>,
    ) -> Result<(), Diagnostic> {
        if facts.is_some_and(|facts| facts.service.is_overridden) {
            return Err(Diagnostic::error(format!(
                "a drop-in of {}.service says how etcd is started, so that another etcd would not be",
                self.unit()
            ))
            .help(format!("see which: `systemctl cat {}`; point that to the new one, and leave `--etcd` out", self.unit())));
        }
        if self.gives_way(facts) {
            return Ok(());
        }
        let facts = facts.filter(|facts| has_data(facts));
        // What is shown alone is written nowhere, and cannot be asked.
        let new = match &proven.program.version {
            Ok(Some(Told::Known(new))) => *new,
            _ => self.cluster().version,
        };
        let process = facts.and_then(|facts| facts.service.process.as_ref());
        let before = if let Some(process) = process {
            let runs = version(Path::new(&format!("/proc/{}/exe", process.id)));
            vec![known(runs.ok().flatten().as_ref())]
        } else {
            let folders = Folders::of(self.cluster(), self.member);
            let here = facts.and_then(|facts| facts.etcd.as_ref());
            let here = here.and_then(|etcd| etcd.version.as_ref().ok()?.as_ref());
            vec![known(here), self.machine.cluster_version(&folders)]
        };
        before.into_iter().flatten().try_for_each(|before| may_follow((before, new), self.work))
    }
}

fn has_data(facts: &facts::Facts) -> bool {
    facts.data.as_ref().is_ok_and(|stored| stored.data != Data::None)
}

/// Returns the version that an etcd tells, where it is a known one.
fn known(told: Option<&Told>) -> Option<EtcdVersion> {
    match told {
        Some(Told::Known(version)) => Some(*version),
        Some(Told::Unknown(_)) | None => None,
    }
}

/// Tells whether an etcd may start on the data that another one has: on that of its own minor; on that of the minor before;
/// and on that of the next one where the cluster was told.
pub(super) fn may_follow(
    (runs, new): (EtcdVersion, EtcdVersion),
    work: &Install,
) -> Result<(), Diagnostic> {
    if runs.minor() == new.minor() {
        return Ok(());
    }
    let is_back = runs.minor() > new.minor();
    let (from, to) = if is_back { (new, runs) } else { (runs, new) };
    let problem =
        |what: &str| Diagnostic::error(format!("etcd {runs} has the data here, and {new} {what}"));
    if edge(from, to).is_none() {
        return Err(problem("is more than one minor from it").help(format!(
            "`{} plan` has the way: one minor after the other, each on all members",
            work.program
        )));
    }
    if is_back && !work.downgrade {
        return Err(problem("does not start on it before the cluster has enabled the downgrade")
            .help(format!("`{} apply --etcd DIR` enables it, waits, and goes from member to member", work.program))
            .help(format!("if it was enabled, by `etcdctl downgrade enable {}`, and all store as that: run it again with `--downgrade`", new.minor())));
    }
    Ok(())
}

/// The reason why a program was not taken.
enum Untaken {
    Read(io::Error),
    Write(io::Error),
}

/// What was brought, once it is proven.
#[derive(Debug)]
pub(super) struct Proven {
    /// What takes its place; nothing where all of it is there.
    pub(super) placing: Option<Placing>,
    /// The etcd that a start takes afterwards.
    pub(super) program: facts::Program,
}

/// Returns where a program goes: to where it is, or else to where the guide has it. Those of a distribution's packages
/// are left alone: a unit finds ours before them.
fn place(name: &str) -> PathBuf {
    let all = PLACES.map(|folder| Path::new(folder).join(name));
    let there = all.iter().find(|it| fs::symlink_metadata(it).is_ok());
    let [_, own] = &all;
    there.unwrap_or(own).clone()
}

/// Refuses a folder that is, or leads to, one where a distribution's packages have their programs.
pub(super) fn is_own(place: &Path) -> Result<(), Diagnostic> {
    let folder = place.parent().unwrap_or(Path::new("/"));
    let Ok(real) = fs::canonicalize(folder) else { return Ok(()) };
    if real.starts_with("/usr/local")
        || !["/usr", "/bin", "/sbin"].iter().any(|it| real.starts_with(it))
    {
        return Ok(());
    }
    let problem = Diagnostic::error(format!(
        "{} is in {}, where packages have their programs",
        place.display(),
        real.display()
    ));
    let problem = if PLACES.iter().any(|own| Path::new(own) == folder) {
        problem.help(format!(
            "have {0} be a folder of its own: `rm {0} && mkdir {0}`",
            folder.display()
        ))
    } else {
        problem.help("write a place of etcd's own into cluster.toml: `binary = \"/opt/etcd/bin/etcd\"` under `[systemd]`")
    };
    Err(problem.help("or install etcd by the package, and leave `--etcd` out"))
}

/// Returns the folder that former programs are kept in, by the version of the etcd among them.
fn former(etcd: &Program) -> Option<PathBuf> {
    if !etcd.is_other || !etcd.place.exists() {
        return None;
    }
    let version = match version(&etcd.place) {
        Ok(Some(Told::Known(version))) => version.to_string(),
        Ok(Some(Told::Unknown(_)) | None) | Err(_) => "former".to_owned(),
    };
    Some(etcd.place.with_file_name(format!("{FORMER}{version}")))
}

/// How much is left free where etcd may have its data, in bytes: what its log takes next, and some.
const SPARE: u64 = 128 << 20;

/// Checks that the programs leave etcd that runs beside them the space that it needs meanwhile.
pub(super) fn has_room(place: &Path, size: u64) -> Result<(), Diagnostic> {
    let folder = place.ancestors().find_map(|it| statvfs(it).ok());
    let free = folder.map_or(u64::MAX, |it| it.f_bavail.saturating_mul(it.f_frsize));
    if free >= size.saturating_add(SPARE) {
        return Ok(());
    }
    let folder = place.parent().unwrap_or(Path::new("/"));
    Err(Diagnostic::error(format!(
        "{} has {} MiB left, and {} takes {} MiB",
        folder.display(),
        free >> 20,
        place.display(),
        size.div_ceil(1 << 20)
    ))
    .note(format!("{} MiB more are left to etcd, which may write meanwhile", SPARE >> 20))
    .help(format!("make room there: `df -h {}`", folder.display())))
}

/// Tells whether all may run it: the account of etcd's, too.
fn may_be_run(file: &File) -> bool {
    file.metadata().is_ok_and(|facts| facts.permissions().mode() & 0o555 == 0o555)
}

/// Returns a file of its own, in the place of what an attempt has left that was killed.
fn begun(next: &Path) -> io::Result<File> {
    if let Some(folder) = next.parent() {
        fs::create_dir_all(folder)?;
    }
    if_there(fs::remove_file(next))?;
    let file = OpenOptions::new().write(true).create_new(true).mode(0o755).open(next)?;
    file.set_permissions(Permissions::from_mode(0o755))?;
    Ok(file)
}

fn unreadable(from: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::error(format!("cannot read {}: {error}", from.display()))
        .help("bring it again: it may be that it did not come whole")
}

/// Reports that a program's place is a link, which is an operator's own way to change versions.
fn led_elsewhere(Program { name, place, .. }: &Program, to: &Path) -> Diagnostic {
    let (place, to) = (place.display(), to.display());
    Diagnostic::error(format!("{place} is a link to {to}, which an operator leads"))
        .help(format!(
            "lead it to the new one, `ln -sfn DIR/{name} {place}`, and leave `--etcd` out"
        ))
        .help(format!("or have a program there: `cp --remove-destination {to} {place}`"))
}
