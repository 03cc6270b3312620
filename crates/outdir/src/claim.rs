//! Holds a folder whose file system knows no lock for folders, as NFS: by a symbolic link in it, which is made or is there already,
//! for every machine alike, and whose target tells who made it.
#![expect(clippy::disallowed_methods, reason = "this is the edge where a folder is held by a link")]

use super::error::system;
use bouquet_model::diagnostic::{Diagnostic, visible};
use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

/// The name of the link.
pub(super) const NAME: &str = ".bouquet-held";

/// How long a claim is waited for before that is said, and how long where nothing here tells whether its owner is alive.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    pub(super) silent: Duration,
    pub(super) whole: Duration,
}

const PAUSE: Duration = Duration::from_millis(20);

/// A folder that this process has claimed. The claim ends when this is dropped; of a process that was killed, the next one
/// on this machine ends it.
#[derive(Debug)]
pub(super) struct Claim {
    link: PathBuf,
    owner: String,
}

impl Drop for Claim {
    fn drop(&mut self) {
        // Nobody else's is removed, where someone has put that in its place.
        if read(&self.link).is_ok_and(|owner| owner == self.owner) {
            let _ = fs::remove_file(&self.link);
        }
    }
}

impl Claim {
    /// Waits until nobody else has claimed the folder. `None` where no link can be made: nothing else can be written there.
    ///
    /// # Errors
    /// If another machine's process has it for too long, or it cannot be asked for.
    pub(super) fn take(
        folder: &Path,
        patience: Patience,
        announce: &mut dyn FnMut(),
    ) -> Result<Option<Self>, Diagnostic> {
        let (link, here) = (folder.join(NAME), Process::this());
        let failed = |error: io::Error| system("lock", folder, &error);
        let mut waited = Duration::ZERO;
        loop {
            let owner = here.text();
            match symlink(&owner, &link) {
                Ok(()) => return Ok(Some(Self { link, owner })),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => match error.kind() {
                    ErrorKind::PermissionDenied
                    | ErrorKind::ReadOnlyFilesystem
                    | ErrorKind::Unsupported => return Ok(None),
                    _ => return Err(failed(error)),
                },
            }
            let owner = match read(&link) {
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                other => other.map_err(failed)?,
            };
            let process = Process::of(&owner);
            match process.as_ref().and_then(|it| it.is_alive(&here)) {
                Some(false) => {
                    end(&link, &owner, &here).map_err(failed)?;
                    continue;
                }
                None if waited >= patience.whole => return Err(held(folder, &link, &owner)),
                Some(true) | None => {}
            }
            if waited >= patience.silent {
                announce();
            }
            sleep(PAUSE);
            waited += PAUSE;
        }
    }
}

/// Ends the claim of a process that is gone. Another that has found the same may have made a claim by now: so the link is moved
/// aside, and goes if it is still that one.
fn end(link: &Path, owner: &str, here: &Process) -> io::Result<()> {
    let aside = link.with_file_name(format!("{NAME}.{}", here.id));
    match fs::rename(link, &aside) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        other => other?,
    }
    if read(&aside)? == owner { fs::remove_file(&aside) } else { fs::rename(&aside, link) }
}

fn read(link: &Path) -> io::Result<String> {
    fs::read_link(link).map(|target| target.to_string_lossy().into_owned())
}

fn held(folder: &Path, link: &Path, owner: &str) -> Diagnostic {
    let (folder, link) = (folder.display(), link.display());
    let who = match Process::of(owner) {
        Some(Process { id, machine, .. }) => {
            format!("process {id} on {}", machine.split(' ').next().unwrap_or_default())
        }
        None => "someone".to_owned(),
    };
    Diagnostic::error(format!("cannot lock `{folder}`: {} holds it", visible(&who)))
        .note("its file system has no locks for folders, as NFS: a link there tells who builds")
        .help(format!("wait for that build; if it does not run any more, `rm '{link}'`"))
}

/// A process, as it is told from every other one.
#[derive(Debug, PartialEq, Eq)]
struct Process {
    /// Its machine, and the set of process IDs that its own is of (`pid_namespaces(7)`).
    machine: String,
    id: u32,
    /// When it began, as the kernel counts it (`starttime` in `proc_pid_stat(5)`); empty where that is not known.
    began: String,
}

impl Process {
    fn this() -> Self {
        let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let ids = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
        let machine = format!("{} {}", host.trim(), ids.display());
        let id = std::process::id();
        Self { machine, id, began: began(id).unwrap_or_default() }
    }

    fn text(&self) -> String {
        format!("{} {} {}", self.id, self.began, self.machine)
    }

    fn of(owner: &str) -> Option<Self> {
        let mut words = owner.splitn(3, ' ');
        let (id, began, machine) = (words.next()?, words.next()?, words.next()?);
        Some(Self { machine: machine.to_owned(), id: id.parse().ok()?, began: began.to_owned() })
    }

    /// Tells whether it is there; `None` where that is not known here.
    fn is_alive(&self, here: &Self) -> Option<bool> {
        let is_known = self.machine == here.machine && !here.began.is_empty();
        is_known.then(|| began(self.id).as_ref() == Some(&self.began))
    }
}

/// Returns when a process of this machine began. Its name, in brackets, may hold anything.
fn began(id: u32) -> Option<String> {
    let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let mut words = text.rsplit_once(')')?.1.split_whitespace();
    // One that nobody has waited for yet has ended.
    words.next().filter(|state| !matches!(*state, "Z" | "X"))?;
    words.nth(18).map(str::to_owned)
}
