//! A file that comes in parts: at its place whole or not at all.

use super::refused::{of_another, refused, unsynced};
use bouquet_etcd::database::ReadAt;
use bouquet_model::diagnostic::Diagnostic;
use rustix::fs::OFlags;
use rustix::process::geteuid;
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

/// The account that may remove the files of others.
const ROOT: u32 = 0;

impl Partial {
    /// Begins `.NAME.partial` in a folder.
    ///
    /// One of another account, which could read all that is written into it, is not taken: root makes it a new one.
    ///
    /// # Errors
    /// If it cannot be written, another program writes it, or it is another account's.
    pub(super) fn begin(folder: &Path, name: &str) -> Result<Self, Diagnostic> {
        Self::begin_as(geteuid().as_raw(), folder, name)
    }

    fn begin_as(uid: u32, folder: &Path, name: &str) -> Result<Self, Diagnostic> {
        let path = folder.join(format!(".{name}.partial"));
        let refuse = |error: io::Error| refused(&path, &error);
        loop {
            let (file, is_new) = match create(&path) {
                Ok(file) => (file, true),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => match reopen(&path) {
                    Ok(file) => (file, false),
                    // The one that had it has just put it into its place.
                    Err(error) if error.kind() == ErrorKind::NotFound => continue,
                    Err(error) => {
                        let owner = path.symlink_metadata().map(|facts| facts.uid());
                        let owner = owner.ok().filter(|owner| *owner != uid);
                        return Err(
                            owner.map_or_else(|| refuse(error), |owner| of_another(&path, owner))
                        );
                    }
                },
                Err(error) => return Err(refuse(error)),
            };
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
            if !is_at(&file, &path).map_err(refuse)? {
                continue;
            }
            let owner = file.metadata().map_err(refuse)?.uid();
            // Where root is nobody on the file system's server, its own are not root's either.
            if !is_new && owner != uid {
                if uid != ROOT {
                    return Err(of_another(&path, owner));
                }
                remove(&path).map_err(refuse)?;
                continue;
            }
            // One that was left there may have another mode.
            file.set_permissions(Permissions::from_mode(0o600)).map_err(refuse)?;
            file.set_len(0).map_err(refuse)?;
            return Ok(Self { file, path, is_placed: false });
        }
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Diagnostic> {
        self.file.write_all(bytes).map_err(|error| refused(&self.path, &error))
    }

    /// Returns what was written so far.
    pub(super) const fn written(&self) -> Whole<'_> {
        Whole(&self.file)
    }

    /// Puts it in its place, which is in the same folder, once all of it is on the disk.
    ///
    /// # Errors
    /// If it cannot be put there, or is there and its folder cannot be written to the disk.
    pub(super) fn place(self, place: &Path) -> Result<(), Diagnostic> {
        self.place_and(place, sync)
    }

    fn place_and(
        mut self,
        place: &Path,
        sync: impl FnOnce(&Path) -> io::Result<()>,
    ) -> Result<(), Diagnostic> {
        let go = || {
            self.file.sync_all()?;
            if !is_at(&self.file, &self.path)? {
                return Err(io::Error::other("another program has replaced the file"));
            }
            rename(&self.path, place)
        };
        go().map_err(|error| refused(place, &error))?;
        self.is_placed = true;
        let synced = sync(self.path.parent().unwrap_or(Path::new("")));
        synced.map_err(|error| unsynced(place, &error))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.is_placed && is_at(&self.file, &self.path).unwrap_or(false) {
            let _ = remove(&self.path);
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

/// Creates a file that nobody else may read.
#[expect(clippy::disallowed_methods, reason = "the edge where snapshots are written")]
fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)
}

/// Opens one that is there. A link in its place is not followed, and a pipe not waited for.
#[expect(clippy::disallowed_methods, reason = "the edge where snapshots are written")]
fn reopen(path: &Path) -> io::Result<File> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    regular(OpenOptions::new().read(true).write(true).custom_flags(flags).open(path)?)
}

#[expect(clippy::disallowed_methods, reason = "the edge where snapshots are written")]
fn remove(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
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

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests look at files")]
mod tests {
    use super::*;
    use std::os::unix::fs::chown;
    use tempfile::{TempDir, tempdir};

    /// Makes a folder with a partial file that belongs to another account, where the caller is root.
    fn left_by_another() -> (TempDir, PathBuf) {
        let folder = tempdir().unwrap();
        let path = folder.path().join(".x.db.partial");
        std::fs::write(&path, "before").unwrap();
        if geteuid().is_root() {
            chown(&path, Some(65_534), None).unwrap();
        }
        (folder, path)
    }

    #[test]
    fn root_writes_into_no_file_that_another_account_has_open() {
        let (folder, path) = left_by_another();
        let theirs = File::open(&path).unwrap();
        let mut partial = Partial::begin_as(ROOT, folder.path(), "x.db").unwrap();
        partial.write(b"secret").unwrap();
        assert!(!is_at(&theirs, &path).unwrap(), "it is another file");
        assert_eq!(io::read_to_string(&theirs).unwrap(), "before");
        let facts = path.metadata().unwrap();
        assert_eq!((facts.uid(), facts.mode() & 0o777), (geteuid().as_raw(), 0o600));
        partial.place(&folder.path().join("x.db")).unwrap();
        assert_eq!(std::fs::read(folder.path().join("x.db")).unwrap(), b"secret");
    }

    #[test]
    fn another_account_is_told_whose_it_is() {
        let (folder, path) = left_by_another();
        let owner = path.metadata().unwrap().uid();
        let problem = Partial::begin_as(owner + 1, folder.path(), "x.db").err().unwrap();
        let said = problem.to_string();
        assert!(said.contains(&format!("of another account, with the UID {owner}")), "{said}");
        assert_eq!(std::fs::read(&path).unwrap(), b"before", "it is left alone");
    }

    #[test]
    fn one_that_was_left_by_this_account_is_written_over() {
        let folder = tempdir().unwrap();
        let path = folder.path().join(".x.db.partial");
        std::fs::write(&path, "before").unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        let mut partial = Partial::begin(folder.path(), "x.db").unwrap();
        assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o600);
        let said = Partial::begin(folder.path(), "x.db").err().unwrap().to_string();
        assert!(said.contains("another program writes"), "{said}");
        partial.write(b"new").unwrap();
        drop(partial);
        assert!(!path.exists());
    }

    #[test]
    fn what_is_in_its_place_is_not_called_unchanged_and_the_next_ones_partial_stays() {
        let folder = tempdir().unwrap();
        let place = folder.path().join("x.db");
        let mut partial = Partial::begin(folder.path(), "x.db").unwrap();
        partial.write(b"new").unwrap();
        let mut next = None;
        let problem = partial.place_and(&place, |_| {
            // The place is free for the next run from the rename on.
            next = Some(Partial::begin(folder.path(), "x.db").unwrap());
            Err(ErrorKind::PermissionDenied.into())
        });
        let problem = problem.unwrap_err();
        assert!(problem.message.contains("is whole and in its place"), "{problem:?}");
        assert!(!problem.notes.concat().contains("as they were"), "{problem:?}");
        assert_eq!(std::fs::read(&place).unwrap(), b"new");
        assert!(folder.path().join(".x.db.partial").exists());
        next.unwrap().place(&place).unwrap();
        assert_eq!(std::fs::read(&place).unwrap(), b"");
    }

    /// As where locks keep nobody away.
    #[test]
    fn what_another_has_put_there_meanwhile_is_neither_placed_nor_removed() {
        let folder = tempdir().unwrap();
        let (path, place) = (folder.path().join(".x.db.partial"), folder.path().join("x.db"));
        for is_placed in [true, false] {
            let partial = Partial::begin(folder.path(), "x.db").unwrap();
            std::fs::remove_file(&path).unwrap();
            std::fs::write(&path, "torn").unwrap();
            if is_placed {
                let said = partial.place(&place).unwrap_err().to_string();
                assert!(said.contains("another program has replaced"), "{said}");
            } else {
                drop(partial);
            }
            assert!(path.exists() && !place.exists());
        }
    }
}
