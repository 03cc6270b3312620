//! Which etcd may take the place of another one, and where.

#![expect(clippy::disallowed_methods, reason = "these tests lay a database")]

use super::work::install;
use crate::compiled::Compiled;
use crate::live::tests::scene::flowers::{CERTIFICATES, CLUSTER};
use crate::node::install::allowed::all_are_of;
use crate::node::install::etcd::{Brought, Proven, has_room, is_own, may_follow};
use crate::node::install::node::Node;
use crate::node::install::work::Install;
use crate::node::machine::{Folders, Machine, facts};
use crate::trial::Told;
use bouquet_model::node_path::NodePath;
use bouquet_model::version::EtcdVersion;
use std::fs;
use std::path::Path;

/// A database of 3.7.
const DATABASE: &[u8] = include_bytes!("../../../../../../fuzz/seeds/database/snapshot");

fn version(text: &str) -> EtcdVersion {
    EtcdVersion::parse(text).expect("a version")
}

/// Returns what is said of the second etcd over data of the first one; `None` where it may start.
fn said(runs: &str, new: &str, is_told: bool) -> Option<String> {
    let work = Install { downgrade: is_told, ..install(None) };
    may_follow((version(runs), version(new)), &work).err().map(|problem| problem.message)
}

#[test]
fn an_etcd_follows_its_own_minor_and_the_one_before() {
    for (runs, new) in
        [("3.6.1", "3.6.16"), ("3.6.16", "3.6.1"), ("3.5.33", "3.6.16"), ("3.4.23", "3.5.33")]
    {
        assert_eq!(said(runs, new, false), None, "{runs} {new}");
    }
    let words = "etcd 3.4.23 has the data here, and 3.6.16 is more than one minor from it";
    assert_eq!(said("3.4.23", "3.6.16", false).as_deref(), Some(words));
    assert_eq!(said("3.7.3", "3.5.33", true).map(|it| it.contains("more than one")), Some(true));
}

/// As where the system was set up again, and the disk with the data is the former one; also with `--no-start`. It is of 3.7.
#[test]
fn data_tells_its_minor_where_there_is_no_etcd() {
    let root = tempfile::tempdir().expect("a folder");
    let compiled = Compiled { cluster: &CLUSTER, certificates: CERTIFICATES };
    let member = CLUSTER.member("orange").expect("orange");
    let machine = Machine { root: Some(root.path()) };
    let said = |work: &Install, new: &str| {
        let node = Node { compiled: &compiled, member, work, machine };
        let told = Ok(Some(Told::Known(version(new))));
        let program = facts::Program { file: "/usr/local/bin/etcd".into(), version: told };
        let proven = Proven { placing: None, program };
        node.follows(&proven, None).err().map(|problem| problem.message)
    };
    let plain = install(None);
    assert_eq!(said(&plain, "3.5.33"), None, "no data");
    let folders = Folders::of(&CLUSTER, member);
    let database = machine.path(folders.data.join("member/snap/db").as_str());
    fs::create_dir_all(database.parent().expect("a folder")).expect("folders");
    fs::write(&database, DATABASE).expect("a database");
    let words = "etcd 3.7 has the data here, and 3.5.33 is more than one minor from it";
    assert_eq!(said(&plain, "3.5.33").as_deref(), Some(words));
    let words = "etcd 3.7 has the data here, and 3.6.16 does not start on it before the cluster has enabled the downgrade";
    assert_eq!(said(&plain, "3.6.16").as_deref(), Some(words));
    assert_eq!(said(&Install { downgrade: true, ..install(None) }, "3.6.16"), None);
    assert_eq!(said(&plain, "3.7.3"), None);
    assert_eq!(said(&Install { set_aside: true, ..install(None) }, "3.5.33"), None);
    fs::write(&database, "torn").expect("a file");
    assert_eq!(said(&plain, "3.5.33"), None, "nothing tells");
}

#[test]
fn an_earlier_minor_starts_once_the_cluster_was_told() {
    let words = "etcd 3.6.16 has the data here, and 3.5.33 does not start on it before the cluster has enabled the downgrade";
    assert_eq!(said("3.6.16", "3.5.33", false).as_deref(), Some(words));
    assert_eq!(said("3.6.16", "3.5.33", true), None);
}

#[test]
fn a_unit_of_before_has_options_that_the_etcd_here_knows() {
    let flags = ["--name=orange", "--enable-v2=true"].map(str::to_owned);
    assert_eq!(all_are_of(&flags, version("3.5.33"), "etcd"), Ok(()));
    let problem = all_are_of(&flags, version("3.6.16"), "etcd").expect_err("it is refused");
    let words = "the previous etcd.service has `--enable-v2`, which etcd 3.6.16 does not know";
    assert_eq!(problem.message, words);
}

#[test]
fn a_program_goes_to_no_folder_of_packages() {
    assert!(is_own(Path::new("/usr/local/bin/etcd")).is_ok());
    let problem = is_own(Path::new("/usr/bin/etcd")).expect_err("it is refused");
    assert!(problem.message.contains("where packages have their programs"), "{problem}");
}

/// It is proven under another name, beside its place: a person knows it by the one that it was brought by.
#[test]
fn a_program_that_is_no_etcd_is_named_as_it_was_brought() {
    let folder = tempfile::tempdir().expect("a folder");
    let (from, to) = (folder.path().join("release"), folder.path().join("place"));
    fs::create_dir_all(&from).expect("a folder");
    fs::copy("/bin/true", from.join("etcd")).expect("a program that is none of etcd's");
    let binary = to.join("etcd").display().to_string();
    let binary = NodePath::parse(&binary).expect("a path");
    let mut brought = Brought::new(false, Some(&binary));
    brought.take_all(&from).expect("it is taken");
    let problem = brought.proven(version("3.6")).expect_err("it is refused").to_string();
    let words = format!("`{}` is not etcd: ", from.join("etcd").display());
    assert!(problem.contains(&words), "{problem}");
    assert!(!problem.contains(".next"), "{problem}");
    drop(brought);
    assert_eq!(fs::read_dir(&to).expect("a folder").count(), 0, "it is not left there");
}

#[test]
fn etcd_keeps_the_room_that_it_needs() {
    let place = Path::new("/proc/self/etcd");
    let problem = has_room(place, 100 << 20).expect_err("it is refused");
    assert!(problem.message.ends_with("/proc/self/etcd takes 100 MiB"), "{problem}");
    assert!(
        problem
            .notes
            .contains(&"128 MiB more are left to etcd, which may write meanwhile".to_owned())
    );
    assert!(has_room(Path::new("/nowhere/at/all/etcd"), 0).is_ok());
}
