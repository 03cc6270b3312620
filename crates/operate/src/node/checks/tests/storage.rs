//! Data, clock.

use super::scene::{ETCD, but, identity, stored};
use crate::live::tests::scene::NOW;
use crate::node::machine::Data;
use bouquet_etcd::wal::Identity;
use bouquet_model::time::DAY;
use std::path::PathBuf;

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
        assert!(found.contains("replace this member: `bouquet plan --replace orange`"), "{found}");
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
    assert!(found.contains("`chown -R etcd:etcd /data/etcd`"), "{found}");
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
    assert!(found.contains("are valid from 2026-07-30T23:55:00Z on\n"), "{found}");
    let found = but(|facts| facts.now = NOW + 400 * DAY).found("clock");
    assert!(found.contains("expired on 2027-07-31T00:00:00Z\n"), "{found}");
    assert_eq!(found.matches("error: ").count(), 1, "all at once: {found}");
    assert!(!found.contains("daffodil") && !found.contains("pink"), "its own alone: {found}");
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
