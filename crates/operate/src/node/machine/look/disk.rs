//! The edge: the disk that the data is on.

#![expect(clippy::disallowed_methods, reason = "the edge that looks at a disk")]

use crate::node::machine::facts::{Disk, Seen};
use crate::node::machine::read::mounts::{mounted, of_fstab, of_unit};
use crate::node::machine::root::Machine;
use bouquet_model::places::{Usage, places};
use bouquet_model::{Cluster, Member};
use rustix::fs::OFlags;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process;
use std::time::{Duration, Instant};

pub(super) fn disk(
    machine: Machine<'_>,
    cluster: &Cluster,
    member: &Member,
    is_root: bool,
) -> Seen<Disk> {
    let places = places(cluster, member);
    // Writes wait for the log.
    let log = places.iter().find(|place| place.usage == Usage::Wal);
    let data = log.or(places.iter().find(|place| place.usage == Usage::Data));
    let data = data.map_or_else(PathBuf::new, |place| machine.path(place.path.as_str()));
    let place = data.ancestors().find(|folder| folder.is_dir()).unwrap_or(Path::new("/"));
    let place = fs::canonicalize(place).unwrap_or_else(|_| place.to_owned());
    let size = rustix::fs::statvfs(&place)
        .map_err(|error| format!("{} cannot be looked at: {error}", place.display()))?;
    let writes = if is_root {
        writes(&place).map_err(|error| format!("{}: {error}", place.display()))
    } else {
        Err("only root may write there".to_owned())
    };
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let mut wanted = of_fstab(&fs::read_to_string("/etc/fstab").unwrap_or_default());
    wanted.extend(units());
    Ok(Disk {
        free: size.f_bavail.saturating_mul(size.f_frsize),
        writes,
        mounts: mounted(&mounts),
        wanted,
        place,
    })
}

/// The folders of the administrator's units of mounts.
fn units() -> Vec<PathBuf> {
    let entries = fs::read_dir("/etc/systemd/system").into_iter().flatten().flatten();
    let files = entries.map(|entry| entry.path());
    let units = files.filter(|file| file.extension().is_some_and(|ending| ending == "mount"));
    units.filter_map(|unit| of_unit(&fs::read_to_string(unit).ok()?)).collect()
}

/// How many writes there are, and of how many bytes: as `fio` has them in etcd's documentation of disks.
const COUNT: usize = 10;
const SIZE: usize = 8 << 10;

/// Writes into a file without a name in that folder, of which nothing stays, and waits for each.
fn writes(folder: &Path) -> io::Result<Vec<Duration>> {
    // Not every file system has files that never had one; a kill between the two would leave it.
    let named = |_| {
        let path = folder.join(format!(".bouquet-doctor-{}", process::id()));
        let mut options = OpenOptions::new();
        let file = options.write(true).create_new(true).mode(0o600).open(&path)?;
        fs::remove_file(&path).map(|()| file)
    };
    let nameless = OFlags::TMPFILE.bits().cast_signed();
    let mut options = OpenOptions::new();
    let options = options.write(true).mode(0o600).custom_flags(nameless);
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
