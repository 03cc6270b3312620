//! A file that comes in parts: at its place whole or not at all.

use bouquet_etcd::database::ReadAt;
use bouquet_model::diagnostic::Diagnostic;
use rustix::fs::OFlags;
use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{FileExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// A file beside its place, which has another name so far, and which only its owner can read.
///
/// One that a killed program has left is written over: there is one of them for each place, ever.
pub(super) struct Partial {
    file: File,
    path: PathBuf,
    is_placed: bool,
}

impl Partial {
    /// Begins `.NAME.partial` in a folder.
    ///
    /// # Errors
    /// If it cannot be written, or another program writes it.
    pub(super) fn begin(folder: &Path, name: &str) -> Result<Self, Diagnostic> {
        let path = folder.join(format!(".{name}.partial"));
        let refuse = |error: io::Error| refused(&path, &error);
        loop {
            let file = open(&path).map_err(refuse)?;
            match file.try_lock() {
                // A file system that knows no locks keeps nobody away.
                Ok(()) | Err(TryLockError::Error(_)) => {}
                Err(TryLockError::WouldBlock) => {
                    return Err(Diagnostic::error(format!(
                        "another program writes `{}` right now",
                        path.display()
                    ))
                    .help("wait until it is done, or save to another place"));
                }
            }
            // The one that had it may have put it into its place just before the lock was free.
            if is_at(&file, &path).map_err(refuse)? {
                file.set_len(0).map_err(refuse)?;
                return Ok(Self { file, path, is_placed: false });
            }
        }
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Diagnostic> {
        self.file.write_all(bytes).map_err(|error| refused(&self.path, &error))
    }

    /// What was written so far.
    pub(super) const fn written(&self) -> Whole<'_> {
        Whole(&self.file)
    }

    /// Puts it in its place, which is in the same folder, once all of it is on the disk.
    pub(super) fn place(mut self, place: &Path) -> Result<(), Diagnostic> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let go = || {
            self.file.sync_all()?;
            rename(&self.path, place)?;
            sync(folder)
        };
        go().map_err(|error| refused(place, &error))?;
        self.is_placed = true;
        Ok(())
    }
}

impl Drop for Partial {
    #[expect(clippy::disallowed_methods, reason = "the edge where snapshots are written")]
    fn drop(&mut self) {
        if !self.is_placed {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A file that is read at any place.
pub(crate) struct Whole<'a>(pub(crate) &'a File);

impl ReadAt for Whole<'_> {
    fn length(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn read_at(&self, place: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.0.read_exact_at(buffer, place)
    }
}

/// Opens a file that is there. A pipe in its place is not waited for.
///
/// # Errors
/// If it cannot be read, or is no file.
#[expect(clippy::disallowed_methods, reason = "the edge where snapshots are read")]
pub(crate) fn open_whole(place: &Path) -> io::Result<File> {
    let flags = OFlags::NONBLOCK.bits().cast_signed();
    regular(OpenOptions::new().read(true).custom_flags(flags).open(place)?)
}

fn regular(file: File) -> io::Result<File> {
    let kind = file.metadata()?.file_type();
    match (kind.is_file(), kind.is_dir()) {
        (true, _) => Ok(file),
        (false, true) => Err(ErrorKind::IsADirectory.into()),
        (false, false) => Err(io::Error::other("it is not a regular file")),
    }
}

/// Tells whether a file that was opened is still what is at that place.
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let facts = file.metadata()?;
    match path.symlink_metadata() {
        Ok(now) => Ok((now.dev(), now.ino()) == (facts.dev(), facts.ino())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Nobody else may read what is to be written. A link in its place is not followed, and a pipe not waited for.
#[expect(clippy::disallowed_methods, reason = "the edge where snapshots are written")]
fn open(path: &Path) -> io::Result<File> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600).custom_flags(flags);
    let file = regular(options.open(path)?)?;
    // One that was left there may have another mode; of another owner it cannot be changed.
    file.set_permissions(Permissions::from_mode(0o600))?;
    Ok(file)
}

#[expect(clippy::disallowed_methods, reason = "the edge where snapshots are written")]
fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)
}

#[expect(clippy::disallowed_methods, reason = "the edge where snapshots are written")]
fn sync(folder: &Path) -> io::Result<()> {
    let folder = if folder == Path::new("") { Path::new(".") } else { folder };
    File::open(folder)?.sync_all()
}

/// Explains what the operating system said.
pub(super) fn refused(path: &Path, error: &io::Error) -> Diagnostic {
    let (cause, help) = match error.kind() {
        ErrorKind::StorageFull => {
            ("the disk is full".to_owned(), "free some space, or save to another disk")
        }
        ErrorKind::QuotaExceeded => {
            ("your disk quota is used up".to_owned(), "free some space, or save to another disk")
        }
        ErrorKind::FileTooLarge => (
            "a file must not be so large here".to_owned(),
            "raise the limit of the process (`ulimit -f`, `LimitFSIZE=`), or save to another file system",
        ),
        ErrorKind::NotFound => {
            ("there is no such folder".to_owned(), "make the folder first: `mkdir -p`")
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            (error.to_string(), "save to a folder that this account may write")
        }
        ErrorKind::IsADirectory => {
            ("a folder is in its place".to_owned(), "name a file, or a folder that is there")
        }
        _ => (error.to_string(), "save to another place"),
    };
    Diagnostic::error(format!("cannot write `{}`: {cause}", path.display()))
        .note("snapshots that were there before are as they were")
        .help(help)
}
