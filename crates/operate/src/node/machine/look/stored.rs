//! The edge: what lies in the data folder.

#![expect(clippy::disallowed_methods, reason = "the edge that looks at data")]

use crate::if_there::if_there;
use crate::node::machine::facts::{Seen, Stored};
use crate::node::machine::folders::Folders;
use crate::node::machine::root::Machine;
use bouquet_model::mark::mark;
use bouquet_model::{Cluster, Member};
use bouquet_outdir::inspect::read_start;
use std::fs::{self, DirEntry};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// What a database's first pages have, in bytes: two of these say where the rest is.
const HEAD: u64 = 16 << 10;

/// The folder that the system makes at the root of a disk.
const LOST_FOUND: &str = "lost+found";

pub(super) fn stored(
    machine: Machine<'_>,
    cluster: &Cluster,
    member: &Member,
    account: Option<u32>,
) -> Seen<Stored> {
    let folders = Folders::of(cluster, member);
    let folder = machine.path(folders.data.as_str());
    let wal = machine.path(folders.log().as_str());
    let inner = folder.join("member");
    let snapshots = inner.join("snap");
    let mark = machine.path(mark(cluster, member).as_str());
    let failed = |error: io::Error| unread(&folder, &error);
    let logs = entries(&wal).map_err(failed)?;
    let snaps = entries(&snapshots).map_err(failed)?;
    // A folder that may not be entered looks as if nothing were in it.
    let inside = entries(&folder).map_err(failed)?;
    let data = machine.data(&folders).map_err(|it| unread(&it.path, &it.error))?;
    let has =
        |entry: &DirEntry, ending: &str| entry.path().extension().is_some_and(|it| it == ending);
    let is_empty = |entry: &&DirEntry| {
        has(entry, "wal") && entry.metadata().is_ok_and(|facts| facts.len() == 0)
    };
    let database = snapshots.join("db");
    let size = if_there(fs::metadata(&database)).map_err(failed)?.map(|facts| facts.len());
    let is_blank = size.is_some_and(|size| size > 0)
        && read_start(&database, HEAD).is_ok_and(|head| head.iter().all(|byte| *byte == 0));
    Ok(Stored {
        data,
        folder: if_there(fs::metadata(&folder))
            .map_err(failed)?
            .map(|facts| (facts.uid(), facts.mode() & 0o7777)),
        is_empty: inside.iter().all(|entry| entry.file_name() == LOST_FOUND),
        other: match account {
            Some(account) => other(&[&inner, &wal, &snapshots], account).map_err(failed)?,
            None => None,
        },
        restored: if_there(fs::read_to_string(inner.join("restored")))
            .map_err(failed)?
            .map(|text| text.trim_end().to_owned()),
        empty_logs: logs.iter().filter(is_empty).map(DirEntry::path).collect(),
        database: size,
        is_blank,
        has_snapshot: snaps.iter().any(|entry| has(entry, "snap")),
        has_mark: if_there(fs::metadata(&mark)).map_err(|error| unread(&mark, &error))?.is_some(),
    })
}

/// Tells why nothing is known of that.
fn unread(place: &Path, error: &io::Error) -> String {
    let place = place.display();
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            format!("{place} is for etcd and root alone: do this as root")
        }
        _ => format!("{place} cannot be read: {error}"),
    }
}

/// Returns what is in a folder; nothing where it is not there.
fn entries(folder: &Path) -> io::Result<Vec<DirEntry>> {
    if_there(fs::read_dir(folder))?.into_iter().flatten().collect()
}

/// Returns the first file or folder in some folders that is not the account's, and whose it is.
fn other(folders: &[&Path], account: u32) -> io::Result<Option<(PathBuf, u32)>> {
    let mut all = Vec::new();
    for folder in folders {
        all.push(((*folder).to_owned(), if_there(fs::metadata(folder))?));
    }
    for folder in folders {
        for entry in entries(folder)? {
            // etcd may have removed it meanwhile.
            all.push((entry.path(), if_there(entry.metadata())?));
        }
    }
    let mut owned = all.into_iter().filter_map(|(path, facts)| Some((path, facts?.uid())));
    Ok(owned.find(|(path, uid)| *uid != account && !path.ends_with(LOST_FOUND)))
}
