//! The edge: what was brought to the node: a folder, one beside the program, or a tar that comes by standard input.

#![expect(clippy::disallowed_methods, reason = "the edge that reads what was brought")]

use super::etcd::Brought;
use super::files::{UNIT, Versions};
use super::kept::Kept;
use super::node::Node;
use crate::if_there::if_there;
use crate::node::bundle::{Bundle, CERTS, LARGEST, is_artifact};
use crate::node::read_bundle;
use crate::programs::NAMES;
use crate::secrets::{Takes, read_tar, split_tar};
use bouquet_model::artifact::{FORMATS, shell_word};
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::settings::CERTIFICATE_FILES;
use bouquet_outdir::inspect::read_linked;
use bouquet_x509::Secret;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};

/// What is to be installed.
pub(super) struct Source {
    pub(super) bundle: Bundle,
    /// The unit.
    pub(super) unit: String,
    /// The name of the version that it is, where it is one that was installed before.
    pub(super) version: Option<String>,
}

impl Node<'_> {
    /// Reads what is to be installed: what was brought, or the version before the current one.
    pub(super) fn source(
        &self,
        versions: &Versions,
        etcd: &mut Brought,
    ) -> Result<Source, Diagnostic> {
        if !self.work.rollback {
            let (bundle, unit) = (self.bundle(etcd)?, self.unit_text());
            return Ok(Source { bundle, unit, version: None });
        }
        let installed = self.text(&self.unit_place())?;
        let unread = |error| self.unread(&versions.folder, error);
        let Some(former) = versions.former(installed.as_deref()).map_err(unread)? else {
            let kept = versions.kept(installed.as_deref()).map_err(unread)?;
            return Err(none_before(versions, kept));
        };
        self.is_kept_inside(former.file_name().unwrap_or_default())?;
        let unit = former.join(UNIT);
        let unit = fs::read_to_string(&unit).map_err(|error| self.unreadable(&unit, &error))?;
        if unit.is_empty() {
            return Err(Diagnostic::error("there was no unit before the first installation")
                .note(format!("the certificates of then are in {}", former.join(CERTS).display()))
                .help("end etcd by `systemctl disable --now` if it is not to run; what was there is untouched"));
        }
        let mut files = BTreeMap::new();
        for name in CERTIFICATE_FILES {
            let file = former.join(CERTS).join(name);
            let read = || {
                let is_there = if_there(fs::symlink_metadata(&file))?.is_some();
                is_there.then(|| read_linked(&file, LARGEST)).transpose()
            };
            if let Some(content) = read().map_err(|error| self.unreadable(&file, &error))? {
                files.insert(Path::new(CERTS).join(name), Secret::from(content));
            }
        }
        let version = former.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(Source { bundle: Bundle { from: former, files }, unit, version })
    }

    /// Reads the member's folder: the one named, the first beside the program, or a tar of it; and takes the programs that
    /// are brought beside it.
    fn bundle(&self, etcd: &mut Brought) -> Result<Bundle, Diagnostic> {
        let name = self.member.name.as_str();
        if let Some(folder) = self.work.etcd.as_ref().filter(|_| !self.work.brings_etcd()) {
            etcd.take_all(folder).map_err(unchanged)?;
        }
        if self.work.is_piped() {
            return self.piped(etcd);
        }
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
        let mut found = None;
        for folder in &looked {
            if is_one(folder).map_err(|error| self.unreadable(folder, &error))? {
                found = Some(folder);
                break;
            }
        }
        let Some(from) = found else {
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
        read_bundle(from).map_err(|(path, error)| self.unreadable(&path, &error))
    }

    /// Reports that a file that is to be installed cannot be read.
    fn unreadable(&self, path: &Path, error: &io::Error) -> Diagnostic {
        self.work.unseen(path, error, "copy the member's whole folder of out/members here again")
    }

    /// Reads a tar of the member's folder, with those programs in it.
    fn piped(&self, etcd: &mut Brought) -> Result<Bundle, Diagnostic> {
        let takes: &mut Takes<'_> = &mut |name, size, content| {
            if !self.work.brings_etcd() {
                return Ok(false);
            }
            let from = Path::new(name);
            let name = from.file_name().unwrap_or_default().to_string_lossy();
            etcd.take(&name, (size, content), from).map_err(unchanged)
        };
        let stream = split_tar(&mut BufReader::new(Patient), takes)?;
        let files = unpacked(&stream, &self.work.program).map_err(|mut problem| {
            problem.help = vec![format!("send it again: {}", self.work.again(""))];
            problem.note("nothing was changed")
        })?;
        Ok(Bundle { from: PathBuf::from("standard input"), files })
    }
}

/// Says that there is no version to go back to, why, and what there is instead.
fn none_before(versions: &Versions, kept: Kept) -> Diagnostic {
    let folder = versions.folder.display();
    let problem = Diagnostic::error("no version is kept that was installed before this one");
    let problem = match kept {
        Kept::None => {
            let problem = problem.note(format!(
                "`install` has replaced nothing here so far; what it replaces, it keeps in {folder}"
            ));
            match &versions.place {
                None => problem,
                Some(place) => problem.help(format!(
                    "certificates that were replaced by hand are where they were put then: `ls -d {}*`",
                    shell_word(&place.display().to_string())
                )),
            }
        }
        Kept::FirstIsCurrent => {
            problem.note(format!("this one is the oldest of those in {folder}"))
        }
        Kept::Others => {
            let certs = if versions.place.is_some() { "`certs` and " } else { "" };
            problem
                .note(format!(
                    "what is here now was put here by hand, over one of those in {folder}"
                ))
                .help(format!("put one of them here by hand: each has {certs}`etcd.service`"))
        }
    };
    problem.help("build the former state of cluster.toml, and install that")
}

/// How long to wait for the next bytes.
const SILENCE: Timespec = Timespec { tv_sec: 60, tv_nsec: 0 };

/// Standard input that ends where nothing comes for a while: of a line that died nobody tells this machine, and the lock of
/// the node is held meanwhile.
struct Patient;

impl Read for Patient {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let stdin = io::stdin();
        let mut asked = [PollFd::new(&stdin, PollFlags::IN)];
        if poll(&mut asked, Some(&SILENCE))? == 0 {
            let why = "nothing came for a minute: the line may be dead";
            return Err(io::Error::new(ErrorKind::TimedOut, why));
        }
        Ok(rustix::io::read(&stdin, buffer)?)
    }
}

pub(super) fn unchanged(problem: Diagnostic) -> Diagnostic {
    problem.note("nothing was changed")
}

/// Takes the files of a member's folder out of a tar, wherever in it they are: nothing is written by its names.
pub(super) fn unpacked(
    stream: &[u8],
    program: &str,
) -> Result<BTreeMap<PathBuf, Secret>, Diagnostic> {
    let mut files = BTreeMap::new();
    let mut folders = BTreeSet::new();
    for entry in read_tar(stream, program)? {
        let path = Path::new(&entry.name);
        let Some(name) = path.file_name() else { continue };
        let folder = path.parent().unwrap_or(Path::new(""));
        let place = match (folder.file_name(), is_artifact(name)) {
            (Some(last), _) if last == CERTS => {
                folders.insert(folder.parent().map(Path::to_owned));
                Path::new(CERTS).join(name)
            }
            (_, true) => {
                folders.insert(Some(folder.to_owned()));
                PathBuf::from(name)
            }
            (_, false) => continue,
        };
        files.insert(place, Secret::from(entry.content.to_vec()));
    }
    match folders.len() {
        1 => Ok(files),
        0 => Err(Diagnostic::error("the tar has neither certificates nor a unit")),
        _ => Err(Diagnostic::error("the tar has the folders of several members")),
    }
}

/// Reads any bytes as what is sent to a node, programs of an etcd in it, for those who try many; returns how many other
/// files there are.
///
/// # Errors
/// If they are none.
#[doc(hidden)]
pub fn install_any(mut stream: &[u8]) -> Result<usize, Diagnostic> {
    let takes: &mut Takes<'_> = &mut |name, _, content| {
        let name = Path::new(name).file_name().unwrap_or_default();
        let is_program = NAMES.iter().any(|program| name == *program);
        if is_program {
            io::copy(content, &mut io::sink())
                .map_err(|error| Diagnostic::error(error.to_string()))?;
        }
        Ok(is_program)
    };
    let rest = split_tar(&mut stream, takes)?;
    unpacked(&rest, "program").map(|files| files.len())
}

/// Tells whether a folder has certificates, or the file of a member's format.
fn is_one(folder: &Path) -> io::Result<bool> {
    // One of its names may be that of a file.
    let found = |path: &Path| match if_there(fs::metadata(path)) {
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(None),
        found => found,
    };
    if found(&folder.join(CERTS))?.is_some_and(|facts| facts.is_dir()) {
        return Ok(true);
    }
    for form in FORMATS {
        if found(&folder.join(form.file))?.is_some_and(|facts| facts.is_file()) {
            return Ok(true);
        }
    }
    Ok(false)
}
