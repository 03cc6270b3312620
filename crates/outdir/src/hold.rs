//! The one lock of a package: who holds it may read and write `out/`, and the files beside it.
//!
//! It is on the folder itself. So there is no file to be made where nothing may be written, none that
//! could be removed while another build waits for it, and one lock for all that a build writes. Where the file system knows no
//! lock for folders, there is a link for it: `claim`.

use super::claim::{Claim, Patience};
use super::disk;
use super::error::system;
use bouquet_model::diagnostic::Diagnostic;
use rustix::io::Errno;
use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

/// How long another may hold the lock before that is said.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long another machine may hold it where nothing tells whether it still builds.
const WHOLE: Duration = Duration::from_secs(60);

const PAUSE: Duration = Duration::from_millis(5);

/// The lock of a package, `flock(2)` on its folder. It is released when this is dropped, or with the
/// process, however that ends.
#[derive(Debug)]
pub struct Hold {
    _folder: File,
    _claim: Option<Claim>,
}

impl Hold {
    /// Waits until nobody else holds this folder. Cargo's `check`, `build` and `clippy` run the build
    /// script each for themselves and possibly at once.
    ///
    /// `announce` is called at most once, with a message for stderr, if the wait is a long one. A file
    /// system that knows neither locks for folders nor links keeps nobody away, as with cargo itself.
    ///
    /// # Errors
    /// If the folder cannot be opened, or another machine holds it that does not let go.
    pub fn take(folder: &Path, announce: impl FnOnce(&str)) -> Result<Self, Diagnostic> {
        let failed = |error: io::Error| system("lock", folder, &error);
        // With a slash at its end, since the folder may itself be a link.
        let place = if folder == Path::new("") { Path::new(".") } else { folder };
        let file = disk::open(&place.join("")).map_err(failed)?;
        let mut announce = Some(announce);
        let mut waits = || {
            if let Some(announce) = announce.take() {
                announce(&format!("waiting for another build that holds `{}`", place.display()));
            }
        };
        let claim = match wait(&file, &mut waits) {
            Ok(()) => None,
            Err(error) if is_unknown(&error) => {
                let patience = Patience { silent: PATIENCE, whole: WHOLE };
                Claim::take(place, patience, &mut waits)?
            }
            Err(error) => return Err(failed(error)),
        };
        Ok(Self { _folder: file, _claim: claim })
    }
}

fn wait(file: &File, announce: &mut dyn FnMut()) -> io::Result<()> {
    #[cfg(any(test, feature = "fault"))]
    super::fault::locks()?;
    let mut waited = Duration::ZERO;
    while waited < PATIENCE {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => sleep(PAUSE),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        waited += PAUSE;
    }
    announce();
    file.lock()
}

/// Tells whether the file system does not know this kind of lock: NFS locks by `fcntl(2)`, which takes a file that is
/// open for writing.
fn is_unknown(error: &io::Error) -> bool {
    let known = [Errno::BADF, Errno::INVAL, Errno::NOLCK, Errno::NOSYS, Errno::OPNOTSUPP];
    Errno::from_io_error(error).is_some_and(|errno| known.contains(&errno))
}
