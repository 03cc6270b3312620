//! Disks: which are mounted, which are wanted, and how they are.

use super::scene::{PAGE, Scene, but, disk, disks, identity, mount, wanted};
use crate::node::checks::{StartsWith, hidden, no_beginning};
use crate::node::machine::facts::{By, Disk, Disks, Unfit, Wanted};
use crate::node::machine::{Data, Folders};
use bouquet_model::diagnostic::Severity;
use bouquet_model::node_path::NodePath;
use std::path::{Path, PathBuf};
use std::time::Duration;

#[test]
fn a_disk_that_is_not_mounted_is_told_with_the_command() {
    let found = disks(|disks| disks.mounts.truncate(1)).found("disk");
    assert_eq!(
        found,
        "error: a disk belongs at /data, and is not mounted: /data/etcd belongs on it\n\
         note: etcd would start there without its data\n\
         note: /etc/fstab has it\n\
         help: `mount /data`\n\
         help: if that disk no longer exists: take its line out of /etc/fstab, and `systemctl daemon-reload`\n"
    );
    assert!(PAGE.contains(&format!("```text\n{found}```\n")), "docs/commands.md shows another one");
    assert_eq!(disks(|disks| disks.wanted = vec![wanted("/dat", By::Fstab)]).found("disk"), "");
}

/// etcd's unit requires what its folders are on, whether a start of the machine mounts it or not.
#[test]
fn a_disk_that_only_the_start_of_etcd_mounts_is_told_with_both_ways() {
    let unit = || By::Unit("data.mount".to_owned());
    let lacks = |by: By, is_automatic| {
        disks(|disks| {
            disks.mounts.truncate(1);
            disks.wanted = vec![Wanted { is_automatic, ..wanted("/data", by) }];
        })
    };
    let found = lacks(unit(), true).found("disk");
    assert!(found.starts_with("error: a disk belongs at /data, and is not mounted: "), "{found}");
    assert!(found.contains("help: `systemctl start data.mount`"), "{found}");
    let message = "a disk for /data is not mounted, and will be when etcd starts: /data/etcd would be on it then";
    for (by, words) in [
        (
            unit(),
            [
                "note: the unit data.mount has it, and is disabled\n",
                "belongs on that disk: `systemctl start data.mount`\n",
                "if it does not: remove that unit, and `systemctl daemon-reload`\n",
            ],
        ),
        (
            By::Fstab,
            [
                "note: /etc/fstab has it, with `noauto`\n",
                "belongs on that disk: `mount /data`\n",
                "if it does not: take its line out of /etc/fstab, and `systemctl daemon-reload`\n",
            ],
        ),
    ] {
        let scene = lacks(by, false);
        let found = scene.found("disk");
        assert!(found.starts_with(&format!("error: {message}\n")), "{found}");
        for it in words {
            assert!(found.contains(it), "no {it:?} in {found}");
        }
        assert_eq!(scene.obstacles(), [message]);
    }
    let mut both = lacks(unit(), false);
    let facts = both.facts.disks.as_mut().expect("disks");
    facts.wanted.push(wanted("/data", By::Fstab));
    assert!(both.found("disk").starts_with("error: a disk belongs at /data, "));
}

/// The unit requires the folder above the log, and not that itself.
#[test]
fn a_disk_that_nothing_mounts_keeps_nothing_back() {
    let mut scene = with_log(|disks| {
        disks.mounts.retain(|mount| mount.folder != Path::new("/log"));
        disks.wanted.retain(|wanted| wanted.folder != Path::new("/log"));
        let by = By::Unit("log.mount".to_owned());
        disks.wanted.push(Wanted { is_automatic: false, ..wanted("/log", by) });
    });
    assert!(scene.found("disk").starts_with("error: a disk for /log is not mounted, and will be "));
    scene.has_log_in("/log");
    let message = "a disk for /log is not mounted: /log belongs on it";
    let found = scene.found("disk");
    assert!(
        found.starts_with(&format!(
            "warning: {message}\nnote: nothing mounts it when etcd starts\n"
        )),
        "{found}"
    );
    assert_eq!(scene.obstacles(), [message]);
}

/// Returns a node whose log is on a disk of its own.
fn with_log(change: impl FnOnce(&mut Disks)) -> Scene {
    let mut scene = disks(|disks| {
        disks.mounts.push(mount("/log", "ext4"));
        disks.wanted.push(wanted("/log", By::Fstab));
        disks.all[0].has_log = false;
        disks.all.push(Disk {
            has_data: false,
            has_log: true,
            place: PathBuf::from("/log"),
            free: 1 << 30,
            writes: Ok(Some(vec![Duration::from_micros(900); 10])),
        });
        change(disks);
    });
    scene.has_log_in("/log/wal");
    scene
}

#[test]
fn where_the_log_is_on_a_disk_of_its_own_both_are_looked_at() {
    let well = with_log(|_| ());
    assert_eq!(well.found("disk"), "");
    let seen = "20 GiB free at /data/etcd, a write takes 1.5 ms; 1.0 GiB free at /log, a write takes 0.9 ms";
    assert_eq!(well.seen("disk"), seen);
    for (message, change) in [
        (
            "a disk belongs at /data, ",
            (|it| it.mounts.retain(|it| it.folder != Path::new("/data"))) as fn(&mut Disks),
        ),
        ("a disk belongs at /log, ", |it| it.mounts.retain(|it| it.folder != Path::new("/log"))),
        ("100 MiB are free at /log", |it| it.all[1].free = 100 << 20),
    ] {
        let found = with_log(change).obstacles();
        assert!(found.len() == 1 && found[0].starts_with(message), "{found:?}");
    }
    // The log takes no more room on a disk that is not its own, and the database none on that of the log.
    let found = with_log(|disks| disks.all[0].free = 100 << 20).found("disk");
    assert!(
        found.starts_with("warning: 100 MiB are free at /data/etcd, and the database may grow"),
        "{found}"
    );
    let found = with_log(|disks| disks.mounts.push(mount("/log", "nfs4"))).found("disk");
    assert!(
        found.contains("/log is on a network file system, nfs4")
            && found.contains("set `wal-dir` to"),
        "{found}"
    );
}

/// A way out that leads back to the other refusal is none.
#[test]
fn a_disk_that_is_meant_for_the_log_itself_is_told_with_a_way_that_ends() {
    let way = "take its line out of /etc/fstab, and `systemctl daemon-reload`";
    let meant = |is_mounted: bool| {
        let mut scene = with_log(|disks| {
            disks.mounts.retain(|mount| is_mounted || mount.folder != Path::new("/log"));
            disks.unfit = is_mounted.then_some(Unfit::Mounted);
        });
        scene.has_log_in("/log");
        scene
    };
    let found = meant(false).found("disk");
    assert!(
        found.contains("help: `mount /log`\nhelp: where this member has no log yet: "),
        "{found}"
    );
    assert!(found.contains(way), "{found}");
    let mut scene = meant(true);
    scene.facts.data.as_mut().expect("data").data = Data::None;
    let found = scene.found("data");
    assert!(found.contains(&format!("{way}; then `umount /log`; ")), "{found}");
}

#[test]
fn no_log_begins_in_a_mount_point() {
    let mounted = |data: Data| {
        let mut scene = with_log(|disks| disks.unfit = Some(Unfit::Mounted));
        scene.facts.data.as_mut().expect("data").data = data;
        scene.has_log_in("/log");
        scene
    };
    let message = "the folder of the log, /log, is a mount point: no log can begin there";
    let runs = mounted(Data::Whole(identity("orange")));
    assert_eq!(runs.obstacles(), [""; 0]);
    assert_eq!(runs.obstacles_to(StartsWith::Nothing), [message]);
    assert_eq!(runs.obstacles_to(StartsWith::Snapshot), [""; 0]);
    assert_eq!(mounted(Data::None).obstacles(), [message]);
    let elsewhere = mounted(Data::None).all_obstacles_to(StartsWith::Elsewhere);
    assert_eq!(elsewhere.len(), 1, "{elsewhere:?}");
    assert_eq!((elsewhere[0].severity, &*elsewhere[0].message), (Severity::Warning, message));
    let told = mounted(Data::None).found("data");
    assert!(
        told.contains("help: to have the log on that disk: `wal-dir = \"/log/wal\"`"),
        "{told}"
    );
}

/// etcd makes no `wal-dir` inside `member`: a name in the disk that is mounted there leads to the next failure.
#[test]
fn a_log_in_its_usual_place_begins_in_no_mount_point_either() {
    let mounted = disks(|disks| disks.unfit = Some(Unfit::Mounted));
    let place = "/data/etcd/member/wal";
    let message =
        format!("the folder of the log, {place}, is a mount point: no log can begin there");
    assert_eq!(mounted.obstacles(), [""; 0]);
    assert_eq!(mounted.obstacles_to(StartsWith::Nothing), [message.as_str()]);
    let mut new = mounted;
    new.facts.data.as_mut().expect("data").data = Data::None;
    let told = new.found("data");
    assert!(told.contains(&format!("`umount {place}`")), "{told}");
    assert!(told.contains("mount it outside /data/etcd/member, such as at /wal, "), "{told}");
    assert!(!told.contains(&format!("{place}/wal")), "{told}");

    let lacking = disks(|disks| disks.wanted.push(wanted(place, By::Fstab)));
    let message = format!("a disk belongs at {place}, and is not mounted: {place} belongs on it");
    assert_eq!(lacking.obstacles(), [message]);
}

/// etcd would remove the link, and begin on another disk than is thought. One that is there goes on behind it.
#[test]
fn no_log_begins_behind_a_link_and_one_that_is_there_goes_on() {
    let linked = |data: Data| {
        let mut scene =
            with_log(|disks| disks.unfit = Some(Unfit::Link(PathBuf::from("/fast/etcd"))));
        scene.facts.data.as_mut().expect("data").data = data;
        scene.has_log_in("/log/wal");
        scene
    };
    let message =
        "the folder of the log, /log/wal, is a link to /fast/etcd: no log can begin there";
    let runs = linked(Data::Whole(identity("orange")));
    assert_eq!(runs.obstacles(), [""; 0]);
    assert_eq!(runs.obstacles_to(StartsWith::Nothing), [message]);
    assert_eq!(runs.obstacles_to(StartsWith::Snapshot), [""; 0]);
    assert_eq!(linked(Data::DatabaseAlone).obstacles(), [message]);
    let told = linked(Data::None).found("data");
    let help = "help: to have the log where the link leads: `wal-dir = \"/fast/etcd/wal\"`";
    assert!(told.contains(help) && told.contains("`rm /log/wal`"), "{told}");
}

/// Whatever mounts it once more.
#[test]
fn no_member_ends_while_a_disk_of_its_is_not_mounted() {
    let mounts = [mount("/", "ext4")];
    let data = NodePath::from_static("/data/etcd");
    let log = NodePath::from_static("/log");
    let folders = Folders { required: data.clone(), data, wal: Some(log) };
    let meant = |folder, is_automatic| Wanted { is_automatic, ..wanted(folder, By::Fstab) };
    for it in
        [meant("/data", true), meant("/data", false), meant("/log", true), meant("/log", false)]
    {
        let found = hidden((&mounts, std::slice::from_ref(&it)), &folders);
        let found = found.unwrap_or_else(|| panic!("{it:?}"));
        assert_eq!(found.severity, Severity::Error, "{found}");
    }
    assert_eq!(hidden((&mounts, &[meant("/logs", true)]), &folders), None);
}

/// Where etcd is not started now, and the machine may be: with `--no-start`. A restore may bring a log before.
#[test]
fn no_log_begins_later_where_a_disk_is_meant_for_it() {
    let data = NodePath::from_static("/data/etcd");
    let wal = Some(NodePath::from_static("/log"));
    let folders = Folders { required: data.clone(), data, wal };
    let found = |is_mounted: bool, wanted: &[Wanted]| {
        let unfit = is_mounted.then_some(Unfit::Mounted);
        let found = no_beginning(&folders, unfit, wanted)?;
        assert_eq!(found.severity, Severity::Warning, "{found}");
        Some(found.message)
    };
    let meant = wanted("/log", By::Fstab);
    assert_eq!(found(false, &[wanted("/", By::Fstab), wanted("/logs", By::Fstab)]), None);
    assert_eq!(found(false, &[Wanted { is_automatic: false, ..meant.clone() }]), None);
    let lacking = "a disk belongs at /log, and is not mounted: /log belongs on it";
    assert_eq!(found(false, &[meant]).as_deref(), Some(lacking));
    let message = "the folder of the log, /log, is a mount point: no log can begin there";
    assert_eq!(found(true, &[]).as_deref(), Some(message));
}

#[test]
fn what_could_not_be_seen_before_a_start_is_said() {
    let all = but(|facts| {
        facts.sockets = Err("/proc/net/tcp cannot be read: x".to_owned());
        facts.disks = Err("/data cannot be looked at: y".to_owned());
    });
    assert_eq!(
        all.obstacles(),
        [
            "`ports` could not be looked at: /proc/net/tcp cannot be read: x",
            "`disk` could not be looked at: /data cannot be looked at: y"
        ]
    );
    let unwritten = disk(|disk| disk.writes = Err("Read-only file system".to_owned()));
    assert_eq!(unwritten.obstacles(), ["root cannot write at /data/etcd: Read-only file system"]);
    assert!(unwritten.found("disk").starts_with("warning: root cannot write at /data/etcd: "));
}

/// Where there is room, it is files that there may be no more of.
#[test]
fn a_disk_that_is_full_is_told_once() {
    let full = |free: u64| {
        disk(|disk| {
            disk.free = free;
            disk.writes = Err("No space left on device (os error 28)".to_owned());
        })
    };
    let found = full(1 << 20).found("disk");
    assert!(found.starts_with("error: 1.0 MiB are free at /data/etcd\n"), "{found}");
    assert!(found.contains("tail`; all under `member` is etcd's, and stays\n"), "{found}");
    assert!(!found.contains("root cannot write"), "{found}");
    assert!(!full(1 << 20).obstacles().concat().contains("root cannot write"));
    assert!(full(20 << 30).found("disk").contains("root cannot write at /data/etcd: No space"));
}

#[test]
fn a_disk_in_the_network_or_in_memory_is_told() {
    for (kind, message) in [
        ("nfs4", "warning: /data/etcd is on a network file system, nfs4\n"),
        ("fuse.sshfs", "warning: /data/etcd is on a network file system, fuse.sshfs\n"),
        ("tmpfs", "warning: /data/etcd is in memory, tmpfs: a reboot empties it\n"),
        ("btrfs", ""),
    ] {
        let found = disks(|disks| disks.mounts.push(mount("/data", kind))).found("disk");
        assert!(found.starts_with(message) && found.is_empty() == message.is_empty(), "{found}");
    }
}

#[test]
fn little_space_is_told_beside_what_the_database_may_have() {
    let found = disk(|disk| disk.free = 100 << 20).found("disk");
    assert!(found.starts_with("error: 100 MiB are free at /data/etcd\n"), "{found}");
    let found = disk(|disk| disk.free = 1 << 30).found("disk");
    assert!(
        found.starts_with(
            "warning: 1.0 GiB are free at /data/etcd, and the database may grow by 2.0 GiB\n"
        ),
        "{found}"
    );
}

/// etcd starts without any room beside a database, and does not without any for one.
#[test]
fn a_full_disk_that_has_the_database_alone_is_told_and_keeps_nothing_back() {
    let full = |database: Option<u64>| {
        let mut scene = with_log(|disks| disks.all[0].free = 1 << 20);
        scene.facts.data.as_mut().expect("data").database = database;
        scene
    };
    let found = full(Some(2 << 30)).found("disk");
    assert!(
        found.starts_with(
            "warning: 1.0 MiB are free at /data/etcd, and the database may grow by 16 MiB\n\
             note: the database takes 16 MiB at a time, and etcd ends with "
        ),
        "{found}"
    );
    let message = "1.0 MiB are free at /data/etcd, and the database may grow by 2.0 GiB";
    assert_eq!(full(Some(20 << 10)).obstacles(), [message]);
    let none = ["1.0 MiB are free at /data/etcd"];
    assert_eq!(full(None).obstacles(), none);
    // One that is set aside keeps its room, and the new one has none.
    assert_eq!(full(Some(20 << 10)).obstacles_to(StartsWith::Nothing), none);
}

#[test]
fn a_slow_disk_is_told_by_all_writes_but_the_slowest() {
    let writes = |slow: usize| {
        disk(|disk| {
            let mut writes = vec![Duration::from_micros(1500); 10 - slow];
            writes.extend(vec![Duration::from_micros(42_300); slow]);
            disk.writes = Ok(Some(writes));
        })
    };
    assert_eq!(writes(1).found("disk"), "");
    assert_eq!(writes(1).seen("disk"), "20 GiB free at /data/etcd, a write takes 1.5 ms");
    let found = writes(2).found("disk");
    assert!(
        found.starts_with("warning: the disk at /data/etcd is slow: 9 of 10 writes of 8 KiB are on it within 42.3 ms only\n"),
        "{found}"
    );
}

#[test]
fn a_disk_that_is_mounted_further_down_is_the_one_that_counts() {
    let below = disks(|disks| {
        disks.mounts = vec![mount("/", "ext4"), mount("/data/etcd", "xfs")];
    });
    assert_eq!(below.found("disk"), "");
}
