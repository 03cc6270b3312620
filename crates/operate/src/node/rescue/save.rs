//! The edge: the database of a member that has ended is copied, with its checksum.

#![expect(clippy::disallowed_methods, reason = "the edge that copies data")]

use super::remains::Copied;
use crate::if_there::if_there;
use crate::node::machine::{Folders, Machine, Unread};
use crate::show::hex;
use bouquet_etcd::copy_with_checksum;
use bouquet_etcd::database::{ReadAt, revision};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::{Cluster, Member};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// What stands behind a database, in bytes.
const CHECKSUM: u64 = 32;

/// Where the copy of a member's database is: on the disk of root, whatever becomes of that of the data.
fn copy_place(member: &str) -> PathBuf {
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
        .note("etcd is stopped, and its data is as it was")
        .help("make room there, `df -h /root`, and do this again")
    })
}

/// What a copy is, where there is one; whether it is whole is proven where it is restored.
pub(super) fn copied(member: &str) -> Result<Option<Copied>, Unread> {
    let place = copy_place(member);
    let opened = if_there(File::open(&place)).map_err(Unread::at(&place))?;
    let Some(file) = opened else { return Ok(None) };
    let read = || {
        let size = file.metadata()?.len();
        let mut sum = [0; 32];
        let end = size.checked_sub(CHECKSUM).ok_or(io::ErrorKind::UnexpectedEof)?;
        file.read_at(end, &mut sum)?;
        let revision = revision(&file).map_err(|broken| io::Error::other(broken.to_string()))?;
        let (file, sha256) = (place.display().to_string(), hex(&sum));
        Ok(Copied { file, size, sha256, revision })
    };
    read().map(Some).map_err(Unread::at(&place))
}
