//! Every operation that changes the file system, each with a message that names its path.
//!
//! Nothing here follows a symbolic link in the last part of a path; `folders` sees to the others.
#![expect(clippy::disallowed_methods, reason = "this is the edge where a build touches files")]

use super::error::{refused, system};
use super::places::temporary;
use bouquet_model::diagnostic::Diagnostic;
use rustix::fs::OFlags;
use std::fs::{self, DirBuilder, File, FileTimes, Metadata, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

#[cfg(any(test, feature = "fault"))]
use super::fault::step;

/// Does nothing: its twin in tests counts the operations that change something, and lets one of them fail or be the
/// last.
#[cfg(not(any(test, feature = "fault")))]
#[expect(clippy::unnecessary_wraps, reason = "its twin in tests fails")]
const fn step() -> io::Result<()> {
    Ok(())
}

/// The permissions of a private key.
const PRIVATE: u32 = 0o600;

/// Says how a new file is made.
#[derive(Debug, Clone, Copy)]
pub(super) struct How {
    pub(super) mode: u32,
    /// What it shall have as the time of its last change; otherwise that is now.
    pub(super) modified: Option<SystemTime>,
    /// Whether it must be on the disk, not only in memory, before anything builds upon it.
    pub(super) durable: bool,
}

impl How {
    /// Describes a file that everybody may read.
    pub(super) fn public(modified: SystemTime) -> Self {
        Self { mode: 0o644, modified: Some(modified), durable: false }
    }
}

/// Makes a file that is not there yet, with its permissions from its first moment on. A file that
/// could not be completed is removed. `target` is the place that it is for: messages name it, and its folder says
/// whose the file is.
pub(super) fn create(path: &Path, target: &Path, bytes: &[u8], how: How) -> Result<(), Diagnostic> {
    let made = create_new(path, how.mode).and_then(|file| fill(&file, target, bytes, how));
    made.map_err(|error| {
        // Nothing more can be done if this fails too: what is left is removed before it is written again.
        let _ = fs::remove_file(path);
        match error.kind() {
            ErrorKind::Unsupported if how.mode == PRIVATE => refused(
                "keep private",
                target,
                "this file system keeps no permissions",
                "put the cluster's folder on a file system of Unix: keys must not be readable by others",
            ),
            _ => system("write", target, &error),
        }
    })
}

fn create_new(path: &Path, mode: u32) -> io::Result<File> {
    step()?;
    // `create_new` fails where anything is, a dangling link included, so nothing is followed.
    let new = || OpenOptions::new().write(true).create_new(true).mode(mode).open(path);
    match new() {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            // Of a build that was killed: nobody else writes here while this one holds the lock.
            remove(path)?;
            new()
        }
        file => file,
    }
}

fn fill(mut file: &File, target: &Path, bytes: &[u8], how: How) -> io::Result<()> {
    give_to_owner_of_folder(file, target)?;
    // The umask takes bits away, and some file systems give every file the same.
    if file.metadata()?.mode() & 0o777 != how.mode {
        step()?;
        file.set_permissions(Permissions::from_mode(how.mode))?;
        if how.mode == PRIVATE && file.metadata()?.mode() & 0o077 != 0 {
            return Err(ErrorKind::Unsupported.into());
        }
    }
    step()?;
    file.write_all(bytes)?;
    if let Some(modified) = how.modified {
        step()?;
        file.set_times(FileTimes::new().set_modified(modified))?;
    }
    if how.durable {
        step()?;
        file.sync_all()?;
    }
    Ok(())
}

/// Makes a folder that is not there yet; `target` is as in [`create`].
pub(super) fn create_folder(path: &Path, target: &Path, mode: u32) -> Result<(), Diagnostic> {
    let make = || {
        step()?;
        DirBuilder::new().mode(mode).create(path)?;
        if path.symlink_metadata()?.mode() & 0o777 != mode {
            step()?;
            fs::set_permissions(path, Permissions::from_mode(mode))?;
        }
        give_to_owner_of_folder(&open(path)?, target)
    };
    make().map_err(|error| system("write", target, &error))
}

/// Gives a new file to the owner of the folder that it is for, or of the nearest one above that is there, where root
/// builds in another's, as by `sudo cargo build`: the owner could not even read it otherwise. Where that is not allowed
/// it stays root's.
fn give_to_owner_of_folder(file: &File, target: &Path) -> io::Result<()> {
    let owner = folder_above(target)?;
    if owner.uid() == 0 || file.metadata()?.uid() != 0 {
        return Ok(());
    }
    match fchown(file, Some(owner.uid()), Some(owner.gid())) {
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(()),
        done => done,
    }
}

/// Returns what is known of the nearest folder above a place that is there.
fn folder_above(place: &Path) -> io::Result<Metadata> {
    // A path without a folder is one in the current folder.
    let folder = place.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    absent(folder.metadata())?.map_or_else(|| folder_above(folder), Ok)
}

/// Makes `out/` itself, and what lies above it, and tells whether it was not there. Whatever the umask, nobody
/// else can put another `pki/` into it.
pub(super) fn create_root(path: &Path) -> Result<bool, Diagnostic> {
    let make = || {
        if let Some(above) = path.parent() {
            fs::create_dir_all(above)?;
        }
        match DirBuilder::new().mode(0o755).create(path) {
            // Made by someone else, who may have put a link there.
            Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => Ok(false),
            Err(error) => Err(error),
            Ok(()) => {
                fs::set_permissions(path, Permissions::from_mode(0o755))?;
                give_to_owner_of_folder(&open(path)?, path)?;
                Ok(true)
            }
        }
    };
    make().map_err(|error| system("create", path, &error))
}

/// Removes `out/` itself, where nothing is in it.
pub(super) fn remove_empty_root(path: &Path) {
    let _ = fs::remove_dir(path);
}

/// Writes a file, new or in the place of another, so that nobody sees half of it.
pub(super) fn write(place: &Path, bytes: &[u8], how: How) -> Result<(), Diagnostic> {
    let staged = temporary(place);
    create(&staged, place, bytes, how)?;
    rename(&staged, place).inspect_err(|_| drop(remove_file(&staged)))
}

/// Adds lines to the end of a file, which is made if it is not there, and waits until they are on the disk. A
/// line that was cut off is ended first.
pub(super) fn append(path: &Path, lines: &[u8]) -> Result<(), Diagnostic> {
    add(&mut open_to_append(path)?, path, lines)
}

/// Opens a file to which lines are added; one that is not there is made.
pub(super) fn open_to_append(path: &Path) -> Result<File, Diagnostic> {
    let go = || {
        let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true).mode(0o644).custom_flags(flags);
        let file = options.open(path)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::other("it is not a regular file"));
        }
        give_to_owner_of_folder(&file, path)?;
        Ok(file)
    };
    go().map_err(|error| system("write", path, &error))
}

/// Adds lines to such a file. A line of before that is torn stays one of its own.
pub(super) fn add(file: &mut File, path: &Path, lines: &[u8]) -> Result<(), Diagnostic> {
    let mut go = || {
        let mut last = *b"\n";
        if let Some(at) = file.metadata()?.len().checked_sub(1) {
            file.seek(SeekFrom::Start(at))?;
            file.read_exact(&mut last)?;
        }
        let bytes = if last == *b"\n" { lines.to_vec() } else { [b"\n", lines].concat() };
        file.write_all(&bytes)?;
        file.sync_all()
    };
    go().map_err(|error| system("write", path, &error))
}

/// Puts what was staged into place. A link in that place is replaced, not followed.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), Diagnostic> {
    let go = step().and_then(|()| fs::rename(from, to));
    go.map_err(|error| system("write", to, &error))
}

/// Removes a file or a link; one that is gone already is fine.
pub(super) fn remove_file(path: &Path) -> Result<(), Diagnostic> {
    let gone = absent(step().and_then(|()| fs::remove_file(path)));
    gone.map(drop).map_err(|error| system("remove", path, &error))
}

/// Removes a folder if it is empty, and says whether it did. A mount point stays.
pub(super) fn remove_empty(path: &Path) -> Result<bool, Diagnostic> {
    match step().and_then(|()| fs::remove_dir(path)) {
        Ok(()) => Ok(true),
        Err(error) => match error.kind() {
            ErrorKind::DirectoryNotEmpty
            | ErrorKind::NotFound
            | ErrorKind::NotADirectory
            | ErrorKind::ResourceBusy => Ok(false),
            _ => Err(system("remove", path, &error)),
        },
    }
}

/// Removes what was staged, file or folder.
pub(super) fn remove_all(path: &Path) -> Result<(), Diagnostic> {
    let gone = absent(step().and_then(|()| remove(path)));
    gone.map(drop).map_err(|error| system("remove", path, &error))
}

fn remove(path: &Path) -> io::Result<()> {
    if path.symlink_metadata()?.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }
}

/// Changes permissions.
pub(super) fn set_mode(path: &Path, mode: u32) -> Result<(), Diagnostic> {
    let go = || {
        step()?;
        open(path)?.set_permissions(Permissions::from_mode(mode))
    };
    go().map_err(|error| system("change the permissions of", path, &error))
}

/// Sets the time of the last change of a folder, because cargo compares it with its own.
pub(super) fn set_modified(path: &Path, modified: SystemTime) -> Result<(), Diagnostic> {
    let go = || {
        step()?;
        open(path)?.set_times(FileTimes::new().set_modified(modified))
    };
    go().map_err(|error| system("set the time of", path, &error))
}

/// Waits until the entries of a folder are on the disk.
pub(super) fn sync_folder(path: &Path) -> Result<(), Diagnostic> {
    let go = || {
        step()?;
        open(path)?.sync_all()
    };
    go().map_err(|error| system("write", path, &error))
}

/// Returns the path of a folder as everybody has it, without links and `..`.
pub(super) fn real(path: &Path) -> Result<PathBuf, Diagnostic> {
    path.canonicalize().map_err(|error| system("read", path, &error))
}

/// Opens a file with `O_NONBLOCK`, because opening a pipe would wait for someone to write into it.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)
}

/// Returns nothing, and no failure, if nothing is there.
pub(super) fn absent<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
