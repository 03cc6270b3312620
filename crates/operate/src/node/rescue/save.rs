//! The edge: the database of a member that has ended is copied, with its checksum.

#![expect(clippy::disallowed_methods, reason = "the edge that copies data")]

use super::remains::Copied;
use crate::node::machine::{Folders, Machine};
use crate::show::hex;
use crate::since::since_1970;
use bouquet_etcd::copy_with_checksum;
use bouquet_etcd::database::{ReadAt, revision};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::{Cluster, Member};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// The length of the checksum behind a database, in bytes.
const CHECKSUM: u64 = 32;

/// Returns where the copy of a member's database is: on the disk of root, whatever becomes of that of the data.
pub(crate) fn copy_place(member: &str) -> PathBuf {
    PathBuf::from(format!("/root/rescue-{member}.db"))
}

/// Copies it; one that was made before gives way once the new one is whole.
///
/// # Errors
/// If there is none, or it cannot be written.
pub(super) fn save(cluster: &Cluster, member: &Member) -> Result<(), Diagnostic> {
    let folders = Folders::of(cluster, member);
    let machine = Machine { root: None };
    let from = machine.path(folders.data.join("member").join("snap").join("db").as_str());
    let place = copy_place(member.name.as_str());
    let partial = place.with_extension("db.partial");
    let copy = || {
        let mut from = File::open(&from)?;
        if let Err(TryLockError::WouldBlock) = from.try_lock_shared() {
            return Err(io::Error::other("another process has it open"));
        }
        // Of an attempt that was killed.
        let _ = fs::remove_file(&partial);
        let mut options = OpenOptions::new();
        let mut to = options.write(true).create_new(true).mode(0o600).open(&partial)?;
        copy_with_checksum(&mut from, &mut to)?;
        to.sync_all()?;
        fs::rename(&partial, &place)?;
        File::open(place.parent().unwrap_or(Path::new("/")))?.sync_all()
    };
    copy().map_err(|error: io::Error| {
        let _ = fs::remove_file(&partial);
        Diagnostic::error(format!(
            "{} cannot be saved as {}: {error}",
            from.display(),
            place.display()
        ))
        .note("its data is as it was")
        .help("where there is no room: `df -h /root`; where another process has it open: `lslocks` shows which; then do this again")
    })
}

/// Returns what a copy is, where there is one; whether it is whole is proven where it is restored.
/// One that cannot be read is none: the next one takes its place.
pub(super) fn copied(member: &str) -> Option<Copied> {
    let place = copy_place(member);
    let file = File::open(&place).ok()?;
    let read = || -> io::Result<Copied> {
        let size = file.metadata()?.len();
        let written = since_1970(file.metadata()?.modified()?);
        let mut sum = [0; 32];
        let end = size.checked_sub(CHECKSUM).ok_or(io::ErrorKind::UnexpectedEof)?;
        file.read_at(end, &mut sum)?;
        let revision = revision(&file).map_err(|broken| io::Error::other(broken.to_string()))?;
        let (file, sha256) = (place.display().to_string(), hex(&sum));
        Ok(Copied { file, size, sha256, revision, written })
    };
    read().ok()
}
