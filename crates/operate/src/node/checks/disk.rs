//! The disks that the data and the log are on, or will be.

use super::check::{Check, Node, StartsWith};
use super::mounts::unmounted;
use crate::node::machine::facts::{Disk, Disks};
use crate::node::machine::read::mounts::of;
use crate::show::bytes;
use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::{Diagnostic, Severity};
use bouquet_model::option::Value;
use std::time::Duration;

/// What etcd asks of a disk for 99 of 100 writes (etcd's documentation, "Tuning" and the metric
/// `etcd_disk_wal_fsync_duration_seconds`).
const SLOW: Duration = Duration::from_millis(10);

/// etcd has two files of its log ready, of 64 MB each (`SegmentSizeBytes` in etcd's `wal.go`).
const LEAST: u64 = 128 << 20;

/// How much the database takes at a time (`DefaultAllocSize` in bbolt's `db.go`). etcd with a database starts without any
/// room beside it, and ends at a write that needs some (seen on 3.4.23 and 3.6.16).
const GROWTH: u64 = 16 << 20;

/// What the database may grow to where no quota is set (`DefaultQuotaBytes` in etcd's `quota.go`).
const QUOTA: u64 = 2 << 30;

/// File systems that are somewhere else.
const REMOTE: [&str; 8] = ["nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "glusterfs", "afs"];

pub(super) fn disk(node: &Node<'_>) -> Check {
    before(node, StartsWith::ItsData)
}

/// Returns the same before a start.
pub(super) fn before(node: &Node<'_>, with: StartsWith) -> Check {
    const NAME: &str = "disk";
    let disks = match &node.facts.disks {
        Err(why) => return Check::unseen(NAME, why),
        Ok(disks) => disks,
    };
    let mut findings = unmounted(node, disks);
    for disk in &disks.all {
        findings.extend(kind((disks, disk), node.program));
        findings.extend(space(node, disk, with));
        findings.extend(slow(disk));
        findings.extend(unwritten(disk));
    }
    let seen = disks.all.iter().map(|disk| {
        let took = disk.writes.as_ref().ok().and_then(Option::as_ref);
        let took = took.map(|writes| format!(", a write takes {}", milliseconds(usual(writes))));
        let (free, place) = (bytes(disk.free), disk.place.display());
        format!("{free} free at {place}{}", took.unwrap_or_default())
    });
    Check::new(NAME, seen.collect::<Vec<_>>().join("; ")).with(findings)
}

/// Returns what does not keep etcd from starting, and may mean that it starts on another disk than is thought, or ends at
/// its next write.
pub(super) fn doubts(node: &Node<'_>, with: StartsWith) -> Vec<Diagnostic> {
    let Ok(disks) = &node.facts.disks else { return Vec::new() };
    let mut all = unmounted(node, disks);
    let full = disks.all.iter().filter(|disk| disk.free < GROWTH);
    all.extend(full.filter_map(|disk| space(node, disk, with)));
    all.extend(disks.all.iter().filter_map(unwritten));
    all.retain(|it| it.severity == Severity::Warning);
    all
}

/// What a write says where no space is left.
const NO_SPACE: &str = "No space left on device";

/// Warns that root cannot write there: it is not known whether etcd can. Where that is for want of space, `space` tells it.
fn unwritten(disk: &Disk) -> Option<Diagnostic> {
    let (why, place) = (disk.writes.as_ref().err()?, disk.place.display().to_string());
    if disk.free < GROWTH && why.contains(NO_SPACE) {
        return None;
    }
    let word = shell_word(&place);
    Some(
        Diagnostic::warning(format!("root cannot write at {place}: {why}"))
            .note("it is not known whether etcd can, nor how long a write takes")
            .help(format!("see what it is on, `findmnt -T {word}`, and `dmesg | tail` where the disk has failed")),
    )
}

fn kind((disks, disk): (&Disks, &Disk), program: &str) -> Option<Diagnostic> {
    let mount = of(&disks.mounts, &disk.place)?;
    let (kind, place) = (&mount.kind, disk.place.display());
    let option = if disk.has_data { "data-dir" } else { "wal-dir" };
    let help = format!(
        "set `{option}` to a folder on a disk of this machine, and move the member there: `{program} plan` has the steps"
    );
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

fn space(node: &Node<'_>, disk: &Disk, with: StartsWith) -> Option<Diagnostic> {
    let quota = match node.member.option("quota-backend-bytes") {
        Some(Value::Int(quota)) => u64::try_from(*quota).ok().filter(|quota| *quota > 0),
        _ => None,
    };
    let quota = quota.unwrap_or(QUOTA);
    // One that is set aside takes the room that it has, and the new one needs its own.
    let stays = node
        .facts
        .data
        .as_ref()
        .ok()
        .filter(|_| matches!(with, StartsWith::ItsData | StartsWith::GivenData));
    let database = stays.and_then(|stored| stored.database);
    let has = database.unwrap_or(0);
    let (free, grows) = (disk.free, quota.saturating_sub(has).max(GROWTH));
    let (least, why) = if disk.has_log {
        (
            LEAST,
            "etcd makes files of its log of 64 MB ahead, and ends with `no space left on device` without room for them",
        )
    } else {
        (
            GROWTH,
            "the database takes 16 MiB at a time, and etcd ends with `no space left on device` without room for them",
        )
    };
    let starts = !disk.has_log && database.is_some();
    let place = disk.place.display();
    let look = format!(
        "see what takes it: `du -xh --max-depth=2 {} | sort -h | tail`; all under `member` is etcd's, and stays",
        shell_word(&place.to_string())
    );
    let is_short = free < least;
    if is_short && !starts {
        let problem = Diagnostic::error(format!("{} are free at {place}", bytes(free)));
        return Some(problem.note(why).help(look));
    }
    (disk.has_data && free < grows).then(|| {
        let warning = Diagnostic::warning(format!(
            "{} are free at {place}, and the database may grow by {}",
            bytes(free),
            bytes(grows)
        ));
        let warning = if is_short { warning.note(why) } else { warning };
        warning.note(format!(
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

/// Returns the slowest but one in ten: a single one may have waited for another program.
fn usual(writes: &[Duration]) -> Duration {
    let mut sorted = writes.to_vec();
    sorted.sort_unstable();
    sorted.iter().rev().nth(1).or(sorted.last()).copied().unwrap_or_default()
}

fn slow(disk: &Disk) -> Option<Diagnostic> {
    // Elections wait for the log alone.
    let writes = disk.writes.as_ref().ok()?.as_ref().filter(|_| disk.has_log)?;
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
