//! The edge: the disks that the data and the log are on.

#![expect(clippy::disallowed_methods, reason = "the edge that looks at a disk")]

use crate::node::machine::facts::{Disk, Disks, Seen};
use crate::node::machine::folders::Folders;
use crate::node::machine::mounts::{mounts, unfit, wanted};
use crate::node::machine::root::Machine;
use bouquet_model::{Cluster, Member};
use rustix::fs::OFlags;
use std::fmt::Display;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::process;
use std::time::{Duration, Instant};

/// Returns the disk of a member's data, and that of its log where it is another.
pub(super) fn disks(
    machine: Machine<'_>,
    cluster: &Cluster,
    member: &Member,
    is_root: bool,
) -> Seen<Disks> {
    let mut all: Vec<(u64, Disk)> = Vec::new();
    let folders = Folders::of(cluster, member);
    let log = machine.path(folders.log().as_str());
    for (has_data, path) in [(true, machine.path(folders.data.as_str())), (false, log.clone())] {
        let place = path.ancestors().find(|folder| folder.is_dir()).unwrap_or(Path::new("/"));
        let unseen =
            |error: &dyn Display| format!("{} cannot be looked at: {error}", place.display());
        let device = fs::metadata(place).map_err(|error| unseen(&error))?.dev();
        if let Some((_, disk)) = all.iter_mut().find(|(other, _)| *other == device) {
            disk.has_log |= !has_data;
            continue;
        }
        let size = rustix::fs::statvfs(place).map_err(|error| unseen(&error))?;
        let writes = is_root.then(|| writes(place)).transpose();
        let disk = Disk {
            has_data,
            has_log: !has_data,
            free: size.f_bavail.saturating_mul(size.f_frsize),
            writes: writes.map_err(|error| error.to_string()),
            place: fs::canonicalize(place).unwrap_or_else(|_| place.to_owned()),
        };
        all.push((device, disk));
    }
    let all = all.into_iter().map(|(_, disk)| disk).collect();
    let mounts = mounts();
    let unfit = unfit(&log, &mounts);
    Ok(Disks { all, mounts, wanted: wanted(), unfit })
}

/// How many writes there are, and of how many bytes: as `fio` has them in etcd's documentation of disks.
const COUNT: usize = 10;
const SIZE: usize = 8 << 10;

/// A file that never has a name; elsewhere than on Linux a folder is opened so, which fails.
#[cfg(target_os = "linux")]
const NAMELESS: OFlags = OFlags::TMPFILE;
#[cfg(not(target_os = "linux"))]
const NAMELESS: OFlags = OFlags::empty();

/// Writes into a file without a name in that folder, of which nothing stays, and waits for each.
fn writes(folder: &Path) -> io::Result<Vec<Duration>> {
    // Not every file system has files that never had one; a kill between the two would leave it.
    let named = |_| {
        let path = folder.join(format!(".bouquet-doctor-{}", process::id()));
        let mut options = OpenOptions::new();
        let file = options.write(true).create_new(true).mode(0o600).open(&path)?;
        fs::remove_file(&path).map(|()| file)
    };
    let mut options = OpenOptions::new();
    let options = options.write(true).mode(0o600).custom_flags(NAMELESS.bits().cast_signed());
    let mut file = options.open(folder).or_else(named)?;
    let block = [0x62; SIZE];
    let write = |_| {
        let started = Instant::now();
        file.write_all(&block)?;
        file.sync_data()?;
        Ok(started.elapsed())
    };
    (0..COUNT).map(write).collect()
}
