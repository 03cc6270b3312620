//! Whether a build may write more than the constants.

use super::existing::files::any_key;
use super::job::Job;
use crate::diagnostic::Diagnostic;
use bouquet_lock::Lock;
use bouquet_model::cluster::Cluster;
use bouquet_outdir::inspect;
use std::path::{Path, PathBuf};

/// Why a build writes nothing but the constants.
pub(super) enum Reason {
    /// The environment says so.
    Asked,
    /// This folder cannot be written.
    Folder(PathBuf),
    /// The lock names certificates, and there is no key at all.
    NoSecrets {
        /// Whether a CA has its key elsewhere than in `out/`: it can issue all the same, or be asked to.
        is_ca_elsewhere: bool,
    },
    /// As before, where `out/` is a link to this place, where nothing is.
    Away(PathBuf),
}

/// Returns why nothing may be written, as far as that can be told without the lock.
///
/// # Errors
/// If a folder cannot be looked at.
pub(super) fn forbidden(job: Job<'_>, package: &Path) -> Result<Option<Reason>, Diagnostic> {
    if job.asked.write == Some(false) {
        return Ok(Some(Reason::Asked));
    }
    let out = inspect::look(&job.out.join(""))?.map(|_| job.out);
    // Where there is no `out/`, it is the folder above it that has to take it.
    let above = job.out.parent().filter(|above| above.exists());
    let folders = [Some(package), out.or(above)];
    let closed = folders.into_iter().flatten().find(|folder| !inspect::is_writable(folder));
    Ok(closed.map(|folder| Reason::Folder(folder.to_owned())))
}

/// Tells whether this build has no secrets: the lock names certificates, and `out/` holds no key.
///
/// # Errors
/// If a folder cannot be looked at.
pub(super) fn has_no_secrets(
    job: Job<'_>,
    cluster: &Cluster,
    lock: Option<&Lock>,
) -> Result<bool, Diagnostic> {
    if job.asked.write.is_some() || cluster.tls.is_none() {
        return Ok(false);
    }
    let names_certificates = lock.is_some_and(|lock| !lock.issued.is_empty());
    Ok(names_certificates && !any_key(job.out)?)
}
