//! `out/`, held by one build at a time.

use super::failure::Failure;
use super::heal;
use super::{Manifest, OutPath};
use super::{disk, inspect};
use std::fs::{File, TryLockError};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

/// How long another build may hold the lock before that is said.
const PATIENCE: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(5);

/// The output folder while this build, and no other, reads and writes it. Cargo's `check`, `build`
/// and `clippy` run the build script each for themselves and possibly at once.
#[derive(Debug)]
pub struct Out {
    pub(super) root: PathBuf,
    pub(super) manifest: Manifest,
    /// Folders in which the remains of a killed build were put right.
    pub(super) healed: Vec<String>,
    /// Released when it is dropped, or with the process, however that ends.
    _lock: File,
}

impl Out {
    /// Waits until no other build holds `out/.lock`, and puts right what a killed build has left.
    ///
    /// `announce` is called at most once, with a message for stderr, if the wait is a long one.
    ///
    /// # Errors
    /// If the folder or the lock cannot be made, or remains of a killed build cannot be put right.
    pub fn open(root: &Path, announce: impl FnOnce(&str)) -> Result<Self, Failure> {
        disk::create_root(root)?;
        let lock = lock(&root.join(".lock"), announce)?;
        let mut manifest = read_manifest(&root.join(OutPath::MANIFEST))?;
        let healed = heal::heal(root, &mut manifest)?;
        Ok(Self { root: root.to_owned(), manifest, healed, _lock: lock })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// What earlier builds have written.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }
}

/// A manifest on the disk; an empty one if there is none.
pub(super) fn read_manifest(path: &Path) -> Result<Manifest, Failure> {
    /// A hundred thousand files; a larger manifest is not ours.
    const LIMIT: u64 = 64 << 20;
    let bytes = inspect::read(path, LIMIT)?;
    Ok(bytes.map(|bytes| Manifest::parse(&String::from_utf8_lossy(&bytes))).unwrap_or_default())
}

fn lock(path: &Path, announce: impl FnOnce(&str)) -> Result<File, Failure> {
    let system = |error: io::Error| Failure::system("lock", path, &error);
    let mut announce = Some(announce);
    loop {
        let file = disk::open_lock(path).map_err(system)?;
        wait(&file, path, &mut announce).map_err(system)?;
        // Somebody may have removed the file, and `out/` with it, while we waited for it: a lock on
        // what is no longer there would keep nobody away.
        let ours = file.metadata().map_err(system)?;
        if inspect::look(path)?
            .is_some_and(|now| (now.dev(), now.ino()) == (ours.dev(), ours.ino()))
        {
            return Ok(file);
        }
    }
}

fn wait(file: &File, path: &Path, announce: &mut Option<impl FnOnce(&str)>) -> io::Result<()> {
    let mut waited = Duration::ZERO;
    while waited < PATIENCE {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => sleep(PAUSE),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        waited += PAUSE;
    }
    if let Some(announce) = announce.take() {
        announce(&format!("waiting for another build that holds `{}`", path.display()));
    }
    file.lock()
}
