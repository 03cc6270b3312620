//! Disk, data, clock.

use super::scene::{ETCD, PAGE, Scene, but, disk, disks, identity, mount, stored, wanted};
use crate::live::tests::scene::NOW;
use crate::node::checks::StartsWith;
use crate::node::machine::Data;
use crate::node::machine::facts::{By, Disk, Disks};
use bouquet_etcd::wal::Identity;
use bouquet_model::time::DAY;
use std::path::{Path, PathBuf};
use std::time::Duration;

#[test]
fn a_disk_that_is_not_mounted_is_told_with_the_command() {
    let found = disks(|disks| disks.mounts.truncate(1)).found("disk");
    assert_eq!(
        found,
        "error: a disk belongs at /data, and is not mounted: /data/etcd is on it\n\
         note: etcd would begin with nothing in the place where its data is not\n\
         note: /etc/fstab has it\n\
         help: `mount /data`\n"
    );
    assert!(PAGE.contains(&format!("```text\n{found}```\n")), "docs/commands.md shows another one");
    assert_eq!(disks(|disks| disks.wanted = vec![wanted("/dat", By::Fstab)]).found("disk"), "");
}

/// It may be the one of a disk that is no more.
#[test]
fn a_unit_of_a_mount_that_is_disabled_is_told_and_keeps_nothing_back() {
    let unit = |is_enabled| {
        disks(|disks| {
            disks.mounts.truncate(1);
            let by = By::Unit { name: "data.mount".to_owned(), is_enabled };
            disks.wanted = vec![wanted("/data", by)];
        })
    };
    let found = unit(true).found("disk");
    assert!(found.starts_with("error: a disk belongs at /data, and is not mounted: "), "{found}");
    assert!(found.contains("help: `systemctl start data.mount`"), "{found}");
    let found = unit(false).found("disk");
    let message = "the unit data.mount has a disk for /data, and is disabled: /data/etcd is there";
    assert!(found.starts_with(&format!("warning: {message}\n")), "{found}");
    assert_eq!(unit(false).obstacles(), [message]);
    let mut both = unit(false);
    let facts = both.facts.disks.as_mut().expect("disks");
    facts.wanted.push(wanted("/data", By::Fstab));
    assert!(both.found("disk").starts_with("error: a disk belongs at /data, "));
}

/// One whose log is on a disk of its own.
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
        ("10 MiB are free at /data/etcd", |it| it.all[0].free = 10 << 20),
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

#[test]
fn no_log_begins_in_a_mount_point() {
    let mounted = |data: Data| {
        let mut scene = with_log(|_| ());
        scene.facts.data.as_mut().expect("data").data = data;
        scene.has_log_in("/log");
        scene
    };
    let message = "`wal-dir`, /log, is a mount point: no log can begin there";
    let runs = mounted(Data::Whole(identity("orange")));
    assert_eq!(runs.obstacles(), [""; 0]);
    assert_eq!(runs.obstacles_to(StartsWith::Nothing), [message]);
    assert_eq!(runs.obstacles_to(StartsWith::Snapshot), [""; 0]);
    assert_eq!(mounted(Data::None).obstacles(), [message]);
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
fn data_of_another_member_or_cluster_is_told_and_nothing_is_to_be_removed() {
    let found = stored(|it| it.data = Data::Whole(identity("pink"))).found("data");
    assert!(found.starts_with("error: the data here is that of `pink`, "), "{found}");
    let other = Identity { cluster_id: 7, ..identity("orange") };
    let found = stored(|it| it.data = Data::Whole(other)).found("data");
    assert!(found.starts_with("error: the data here is of another cluster, 7, "), "{found}");
    assert!(!found.contains("rm "), "{found}");
}

#[test]
fn data_that_is_gone_is_told_by_the_mark_or_by_the_others() {
    let found = stored(|it| (it.data, it.database) = (Data::None, None)).found("data");
    assert!(found.starts_with("error: `orange` has run here, and there is no data\n"), "{found}");
    let unmarked = |it: &mut crate::node::machine::facts::Stored| {
        (it.data, it.database, it.has_mark) = (Data::None, None, false);
    };
    let found = stored(unmarked).found("data");
    assert!(found.starts_with("error: `orange` has run, and its data is gone\n"), "{found}");
    let mut alone = stored(unmarked);
    alone.facts.peers = Err("they are for root".to_owned());
    assert_eq!(alone.found("data"), "", "nobody tells");
}

#[test]
fn damage_is_told_by_what_the_files_look_like() {
    let log = PathBuf::from("/data/etcd/member/wal/0000000000000000-0000000000000000.wal");
    for (scene, message) in [
        (
            stored(|it| (it.empty_logs, it.data) = (vec![log], Data::Nameless)),
            "error: /data/etcd/member/wal/0000000000000000-0000000000000000.wal has no byte: the log is cut\n\
             note: etcd ends there with `panic: cannot use none as id`\n",
        ),
        (stored(|it| it.database = Some(0)), "error: the database, member/snap/db, has no byte\n"),
        (stored(|it| it.is_blank = true), "error: the database, member/snap/db, begins with zeros"),
        (
            stored(|it| {
                it.data = Data::LogAlone(Some(identity("orange")));
                (it.database, it.has_snapshot) = (None, true);
            }),
            "error: the database, member/snap/db, is gone, ",
        ),
    ] {
        let found = scene.found("data");
        assert!(found.starts_with(message), "{found}");
        assert!(found.contains("replace this member: `bouquet plan`"), "{found}");
        assert_eq!(found.matches("error: ").count(), 1, "{found}");
    }
    // A log alone is replayed where no snapshot was made.
    let young = stored(|it| {
        it.data = Data::LogAlone(Some(identity("orange")));
        it.database = None;
    });
    assert_eq!(young.found("data"), "");
}

#[test]
fn data_of_another_account_is_told_by_its_number() {
    let found = stored(|it| it.folder = Some((1000, 0o700))).found("data");
    assert!(
        found.starts_with("error: /data/etcd belongs to user 1000, and etcd is user 998\n"),
        "{found}"
    );
    assert!(found.contains("`chown -R etcd: /data/etcd`"), "{found}");
    let file = PathBuf::from("/data/etcd/member");
    let found = stored(|it| it.other = Some((file, 0))).found("data");
    assert!(
        found.starts_with("error: /data/etcd/member belongs to root, and etcd is user 998\n"),
        "{found}"
    );
    let found = stored(|it| it.folder = Some((ETCD, 0o755))).found("data");
    assert!(found.starts_with("warning: /data/etcd is open to others (mode 0755)\n"), "{found}");
}

#[test]
fn a_clock_is_held_to_those_of_the_others_and_to_the_certificates() {
    let found = but(|facts| {
        facts.peers.as_mut().expect("peers").clocks =
            vec![("daffodil".to_owned(), 1250), ("pink".to_owned(), -1000)];
    });
    assert_eq!(
        found.found("clock").lines().filter(|line| line.starts_with("warning")).collect::<Vec<_>>(),
        [
            "warning: the clock of `daffodil` is 1.25 s ahead of this node's",
            "warning: the clock of `pink` is 1.00 s behind this node's"
        ]
    );
    let found = but(|facts| facts.now = NOW - 100 * DAY).found("clock");
    assert!(found.contains("is valid from 2026-07-30T23:55:00Z on\n"), "{found}");
    let found = but(|facts| facts.now = NOW + 400 * DAY).found("clock");
    assert!(found.contains("expired on 2027-07-31T00:00:00Z\n"), "{found}");
    assert_eq!(found.matches("error: ").count(), 2, "its own alone: {found}");
}

/// One of the others may be wrong; where most are, it is this one, or all of theirs.
#[test]
fn a_clock_that_most_others_are_far_from_is_wrong_and_keeps_etcd_from_being_started() {
    const HOUR: i64 = 3_600_000;
    let scene = |clocks: &[(&str, i64)]| {
        let clocks = clocks.iter().map(|(name, offset)| ((*name).to_owned(), *offset));
        but(|facts| facts.peers.as_mut().expect("peers").clocks = clocks.collect())
    };
    let wrong = scene(&[("daffodil", HOUR), ("pink", HOUR + 20)]);
    let message = "the clock of this node is 3600.00 s behind those of the others";
    assert_eq!(wrong.obstacles(), [message]);
    assert!(wrong.found("clock").starts_with(&format!("error: {message}\n")));
    let message = "the clock of this node is 60.00 s ahead of those of the others";
    assert_eq!(scene(&[("pink", -60_000)]).obstacles(), [message]);
    assert_eq!(scene(&[("pink", -59_999)]).obstacles(), [""; 0]);
    assert_eq!(scene(&[]).obstacles(), [""; 0]);
    let other = scene(&[("daffodil", HOUR), ("pink", -1)]);
    assert_eq!(other.obstacles(), [""; 0]);
    assert!(
        other.found("clock").starts_with("warning: the clock of `daffodil` is 3600.00 s ahead")
    );
}

#[test]
fn what_keeps_etcd_from_starting_is_told_and_what_does_not_is_left_to_be_looked_at() {
    assert_eq!(but(|_| ()).obstacles(), [""; 0]);
    let all = but(|facts| {
        facts.etcd = None;
        facts.here.clear();
        facts.disks.as_mut().expect("disks").mounts.truncate(1);
        facts.data.as_mut().expect("data").database = Some(0);
        facts.proxies = vec!["http_proxy".to_owned()];
        facts.service.is_enabled = false;
    });
    let found = all.obstacles();
    let begin = [
        "there is no etcd here",
        "127.0.0.1, 192.168.65.101 are no",
        "a disk belongs at",
        "the database",
    ];
    assert_eq!(found.len(), begin.len(), "{found:?}");
    assert!(found.iter().zip(begin).all(|(found, begin)| found.starts_with(begin)), "{found:?}");
}

#[test]
fn folders_that_kubeadm_empties_are_told_where_it_is() {
    let at = |folder: &'static str, has_kubeadm: bool| {
        let mut scene = but(|facts| facts.has_kubeadm = has_kubeadm);
        scene.has_data_in(folder);
        scene.found("data")
    };
    assert_eq!(at("/var/lib/etcd", false), "");
    assert_eq!(at("/data/etcd", true), "");
    assert_eq!(
        at("/var/lib/etcd", true),
        "warning: `kubeadm reset` on this node empties /var/lib/etcd, and `data-dir` is in it\n\
         note: kubeadm is here, and does so with an etcd that is none of its own, too\n\
         help: no `kubeadm reset` here before this member was removed from the cluster\n"
    );
}

/// It is root's, and the unit takes it.
#[test]
fn a_new_disk_is_no_fault() {
    let new = stored(|it| {
        (it.data, it.database, it.has_mark, it.is_empty) = (Data::None, None, false, true);
        it.folder = Some((0, 0o700));
    });
    assert_eq!(new.obstacles(), [""; 0]);
}

#[test]
fn a_disk_that_is_mounted_further_down_is_the_one_that_counts() {
    let below = disks(|disks| {
        disks.mounts = vec![mount("/", "ext4"), mount("/data/etcd", "xfs")];
    });
    assert_eq!(below.found("disk"), "");
}
