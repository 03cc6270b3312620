//! Every look at the file system, each with a message that names its path.
//!
//! Nothing here follows a symbolic link in the last part of a path; `folders` sees to the others.
#![expect(clippy::disallowed_methods, reason = "this is the edge where a build touches files")]

use super::disk::{absent, open};
use super::error;
use bouquet_model::diagnostic::Diagnostic;
use rustix::io::Errno;
use std::fs::{self, Metadata};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use zeroize::Zeroize;

/// Returns what is there, links not followed; `None` for nothing.
///
/// # Errors
/// If it cannot be looked at.
pub fn look(path: &Path) -> Result<Option<Metadata>, Diagnostic> {
    absent(path.symlink_metadata()).map_err(|error| error::system("read", path, &error))
}

/// Says which disk a folder is on: nothing can be renamed from one to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Disk {
    /// The file system.
    pub(super) device: u64,
    /// The mount that leads to it: one file system can have several.
    mount: u64,
}

/// Returns the disk of a folder.
pub(super) fn disk(folder: &Path) -> Result<Disk, Diagnostic> {
    let facts = folder.symlink_metadata().map_err(|error| error::system("read", folder, &error))?;
    Ok(Disk { device: facts.dev(), mount: mount(folder) })
}

/// Returns the number of a mount; the same for all where the system has none, as Linux before 5.8.
#[cfg(target_os = "linux")]
fn mount(folder: &Path) -> u64 {
    use rustix::fs::{AtFlags, CWD, StatxFlags, statx};
    let facts = statx(CWD, folder, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::MNT_ID);
    facts.map_or(0, |facts| facts.stx_mnt_id)
}

#[cfg(not(target_os = "linux"))]
const fn mount(_: &Path) -> u64 {
    0
}

/// Tells whether there is an `out/`, be it through a link.
///
/// # Errors
/// If it cannot be looked at, or is a link that leads nowhere: it is not known what is in it.
pub fn is_there(out: &Path) -> Result<bool, Diagnostic> {
    match leads_nowhere(out)? {
        Some(target) => {
            let cause = format!("it is a link to `{}`, where nothing is", target.display());
            Err(error::refused("open", out, &cause, MOUNT))
        }
        None => Ok(look(out)?.is_some()),
    }
}

/// What is usually to be done about a link that leads nowhere.
pub const MOUNT: &str = "usually a disk is not mounted: mount it, then try again";

/// Returns where a link leads that leads nowhere; `None` for all else.
///
/// # Errors
/// If it cannot be looked at.
pub fn leads_nowhere(path: &Path) -> Result<Option<PathBuf>, Diagnostic> {
    let is_link = look(path)?.is_some_and(|facts| facts.is_symlink());
    if !is_link {
        return Ok(None);
    }
    let system = |error: io::Error| error::system("read", path, &error);
    let target = || path.read_link().map_err(system).map(Some);
    absent(path.metadata()).map_err(system)?.map_or_else(target, |_| Ok(None))
}

/// Tells whether this account may write into a folder, on a file system that takes writes.
pub fn is_writable(folder: &Path) -> bool {
    access(folder).is_ok()
}

/// Does the same, and returns what keeps it from that.
pub(super) fn access(folder: &Path) -> io::Result<()> {
    let place = if folder == Path::new("") { Path::new(".") } else { folder };
    Ok(rustix::fs::access(place, rustix::fs::Access::WRITE_OK)?)
}

/// Returns when something was last changed.
pub(super) fn modified(path: &Path) -> Result<SystemTime, Diagnostic> {
    let modified = path.symlink_metadata().and_then(|facts| facts.modified());
    modified.map_err(|error| error::system("read", path, &error))
}

/// Reads a whole file of at most `limit` bytes; `None` for nothing.
///
/// # Errors
/// If it cannot be read, is a link or is larger.
pub fn read(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, Diagnostic> {
    let system = |error: io::Error| error::system("read", path, &error);
    let Some(mut file) = absent(open(path)).map_err(|error| not_a_link(path, &error))? else {
        return Ok(None);
    };
    let facts = file.metadata().map_err(system)?;
    let refused = |cause, help| Err(error::refused("read", path, cause, help));
    if facts.is_dir() {
        return Err(error::folder("read", path));
    }
    if !facts.is_file() {
        return refused("it is not a regular file", "replace it by a regular file or remove it");
    }
    if facts.len() > limit {
        return refused("it is far larger than such a file can be", "put the right file there");
    }
    // Of the right size at once, so that it does not move and leave copies of a key behind.
    let mut bytes = vec![0; usize::try_from(facts.len()).unwrap_or(usize::MAX)];
    let done = file.read_exact(&mut bytes).inspect_err(|_| bytes.zeroize());
    done.map(|()| Some(bytes)).map_err(system)
}

/// Opens a file that can be read to its end.
fn open_linked(path: &Path) -> io::Result<fs::File> {
    let kind = path.metadata()?.file_type();
    let is_handed_over = ["/dev/fd", "/dev/stdin", "/proc"].iter().any(|at| path.starts_with(at));
    if kind.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    if kind.is_fifo() && !is_handed_over {
        return Err(io::Error::other("it is a pipe, and not a file"));
    }
    if !kind.is_file() && !kind.is_fifo() {
        return Err(io::Error::other("it is not a regular file"));
    }
    fs::File::open(path)
}

/// Reads a whole file of at most `limit` bytes, whatever links lead to it, as other programs do. A
/// pipe is read where a caller handed it over, by a name such as `/dev/stdin`: that one has a writer, any other may
/// be waited for in vain.
///
/// # Errors
/// If it cannot be read, is something else or is larger.
pub fn read_linked(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let bytes = read_start(path, limit.saturating_add(1))?;
    if bytes.len() as u64 > limit {
        return Err(io::Error::other("it is far larger than such a file can be"));
    }
    Ok(bytes)
}

/// Reads at most so many bytes of a file, whatever links lead to it, as other programs do. A
/// pipe is read where a caller handed it over, by a name such as `/dev/stdin`: that one has a writer, any other may
/// be waited for in vain.
///
/// # Errors
/// If it cannot be read, or is something else.
pub fn read_start(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_linked(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Says what is in the place of a wanted file.
pub(super) enum Existing {
    Nothing,
    Folder,
    /// A link, a pipe or the like.
    Other,
    File {
        mode: u32,
        /// How many names it has.
        names: u64,
        /// Whether it holds what is wanted.
        same: bool,
    },
}

/// Compares a file with what is wanted in its place; `None` wants any content.
pub(super) fn compare(path: &Path, wanted: Option<&[u8]>) -> Result<Existing, Diagnostic> {
    let system = |error: io::Error| error::system("read", path, &error);
    let Some(wanted) = wanted else {
        return Ok(look(path)?.map_or(Existing::Nothing, |facts| existing(&facts, true)));
    };
    // Opened at once: the file's own facts cost less than a second way along the path.
    let mut file = match open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Existing::Nothing),
        Err(error) if matches!(Errno::from_io_error(&error), Some(Errno::LOOP | Errno::NXIO)) => {
            return Ok(Existing::Other);
        }
        Err(error) => return Err(system(error)),
    };
    let facts = file.metadata().map_err(system)?;
    if !facts.is_file() || facts.len() != wanted.len() as u64 {
        return Ok(existing(&facts, false));
    }
    let mut bytes = vec![0; wanted.len()];
    let read = file.read_exact(&mut bytes);
    let same = bytes == wanted;
    if facts.mode() & 0o004 == 0 {
        // Not for everybody's eyes, so a key perhaps.
        bytes.zeroize();
    }
    read.map(|()| existing(&facts, same)).map_err(system)
}

fn existing(facts: &Metadata, same: bool) -> Existing {
    if facts.is_file() {
        Existing::File { mode: facts.mode() & 0o777, names: facts.nlink(), same }
    } else if facts.is_dir() {
        Existing::Folder
    } else {
        Existing::Other
    }
}

/// Lists what a folder holds; nothing, if it is not there.
///
/// # Errors
/// If it cannot be listed.
pub fn entries(path: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    let list = || {
        let Some(entries) = absent(fs::read_dir(path))? else { return Ok(Vec::new()) };
        entries.map(|entry| entry.map(|entry| entry.path())).collect()
    };
    list().map_err(|error: io::Error| error::system("list", path, &error))
}

fn not_a_link(path: &Path, error: &io::Error) -> Diagnostic {
    if Errno::from_io_error(error) == Some(Errno::LOOP) {
        let help = "replace the link by the file itself, or remove it";
        return error::refused("read", path, "it is a symbolic link", help);
    }
    error::system("read", path, error)
}
