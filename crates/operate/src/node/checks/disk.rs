//! The disk that the data is on, or will be.

use super::check::{Check, Node};
use crate::node::machine::facts::Disk;
use crate::node::machine::read::mounts::of;
use crate::show::bytes;
use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::option::Value;
use bouquet_model::places::{Usage, places};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What etcd asks of a disk for 99 of 100 writes (etcd's documentation, "Tuning" and the metric
/// `etcd_disk_wal_fsync_duration_seconds`).
const SLOW: Duration = Duration::from_millis(10);

/// etcd has two files of its log ready, of 64 MB each (`SegmentSizeBytes` in etcd's `wal.go`).
const LEAST: u64 = 128 << 20;

/// What the database may grow to where no quota is set (`DefaultQuotaBytes` in etcd's `quota.go`).
const QUOTA: u64 = 2 << 30;

/// File systems that are somewhere else.
const REMOTE: [&str; 8] = ["nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "glusterfs", "afs"];

pub(super) fn disk(node: &Node<'_>) -> Check {
    const NAME: &str = "disk";
    let disk = match &node.facts.disk {
        Err(why) => return Check::unseen(NAME, why),
        Ok(disk) => disk,
    };
    let mut findings = Vec::new();
    findings.extend(own_folders(node).iter().filter_map(|folder| unmounted(disk, folder)));
    findings.extend(kind(disk));
    findings.extend(space(node, disk));
    findings.extend(slow(disk));
    let writes = disk.writes.as_ref().map_or_else(
        |_| String::new(),
        |writes| format!(", a write takes {}", milliseconds(usual(writes))),
    );
    let seen = format!("{} free at {}{writes}", bytes(disk.free), disk.place.display());
    Check::new(NAME, seen).with(findings)
}

/// The folders of the member's data and of its log.
fn own_folders(node: &Node<'_>) -> Vec<PathBuf> {
    let places = places(node.cluster(), node.member);
    let own = places.iter().filter(|place| matches!(place.usage, Usage::Data | Usage::Wal));
    own.map(|place| PathBuf::from(place.path.as_str())).collect()
}

fn unmounted(disk: &Disk, folder: &Path) -> Option<Diagnostic> {
    let is_mounted = |place: &Path| disk.mounts.iter().any(|mount| mount.folder == place);
    // What is mounted further down is what counts for the folder.
    let nearest = of(&disk.mounts, folder).map(|mount| mount.folder.as_path());
    let lacks = |place: &&PathBuf| {
        place.as_path() != Path::new("/")
            && folder.starts_with(place)
            && !is_mounted(place)
            && !nearest.is_some_and(|nearest| nearest.starts_with(place))
    };
    let place = disk.wanted.iter().filter(lacks).max_by_key(|it| it.components().count())?;
    let shown = place.display().to_string();
    Some(
        Diagnostic::error(format!(
            "a disk belongs at {shown}, and is not mounted: {} is on it",
            folder.display()
        ))
        .note("/etc/fstab, or a unit, has it")
        .note("etcd would begin with nothing in the place where its data is not")
        .help(format!("`mount {}`", shell_word(&shown)))
        .help("where a unit of systemd's mounts it: `systemctl list-units --all --type=mount`, and start that one"),
    )
}

fn kind(disk: &Disk) -> Option<Diagnostic> {
    let mount = of(&disk.mounts, &disk.place)?;
    let (kind, place) = (&mount.kind, disk.place.display());
    let help = "set `data-dir` to a folder on a disk of this machine, and move the member there: `plan` has the steps";
    if REMOTE.contains(&kind.as_str()) || kind.starts_with("fuse.") {
        return Some(
            Diagnostic::warning(format!("{place} is on a network file system, {kind}"))
                .note("etcd takes a write for safe once the system says so, and elections wait for the slowest")
                .help(help),
        );
    }
    matches!(kind.as_str(), "tmpfs" | "ramfs").then(|| {
        Diagnostic::warning(format!("{place} is in memory, {kind}: a reboot empties it"))
            .note("a member that lost its data may not come back under its ID")
            .help(help)
    })
}

fn space(node: &Node<'_>, disk: &Disk) -> Option<Diagnostic> {
    let quota = match node.member.option("quota-backend-bytes") {
        Some(Value::Int(quota)) => u64::try_from(*quota).ok().filter(|quota| *quota > 0),
        _ => None,
    };
    let quota = quota.unwrap_or(QUOTA);
    let has = node.facts.data.as_ref().ok().and_then(|stored| stored.database).unwrap_or(0);
    let (free, grows) = (disk.free, quota.saturating_sub(has));
    let place = disk.place.display();
    let look = format!(
        "see what takes it: `du -xh --max-depth=2 {} | sort -h | tail`",
        shell_word(&place.to_string())
    );
    if free < LEAST {
        return Some(
            Diagnostic::error(format!("{} are free at {place}", bytes(free)))
                .note("etcd makes files of its log of 64 MB ahead, and ends with `no space left on device` without room for them")
                .help(look),
        );
    }
    (free < grows).then(|| {
        Diagnostic::warning(format!(
            "{} are free at {place}, and the database may grow by {}",
            bytes(free),
            bytes(grows)
        ))
        .note(format!(
            "`quota-backend-bytes` is {}, and the database has {}",
            bytes(quota),
            bytes(has)
        ))
        .help(look)
        .help(
            "or lower `quota-backend-bytes`, at which etcd refuses writes before the disk is full",
        )
    })
}

/// The slowest but one in ten: a single one may have waited for another program.
fn usual(writes: &[Duration]) -> Duration {
    let mut sorted = writes.to_vec();
    sorted.sort_unstable();
    sorted.iter().rev().nth(1).or(sorted.last()).copied().unwrap_or_default()
}

fn slow(disk: &Disk) -> Option<Diagnostic> {
    let writes = disk.writes.as_ref().ok()?;
    let took = usual(writes);
    (took > SLOW).then(|| {
        let slowest = writes.iter().max().copied().unwrap_or_default();
        Diagnostic::warning(format!(
            "the disk at {} is slow: 9 of 10 writes of 8 KiB are on it within {} only",
            disk.place.display(),
            milliseconds(took)
        ))
        .note(format!("etcd asks for 10 ms; the slowest took {}", milliseconds(slowest)))
        .note("a leader whose disk is slow loses elections; all writes go at the pace of a quorum's disks")
        .help("see what else writes to it, `iostat -x 1`, or give etcd a disk of its own, an SSD")
        .help("until then a longer `heartbeat-interval` and `election-timeout`, on all members, keep the leader")
    })
}

fn milliseconds(duration: Duration) -> String {
    format!("{}.{} ms", duration.as_millis(), duration.as_micros() % 1000 / 100)
}
