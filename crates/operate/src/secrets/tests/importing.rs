//! Imports into real folders.

use super::child::{STREAM, bring, child, here, killed_anywhere, open, package, stream};
use super::cluster::{BUILT, Cluster};
use crate::secrets::file::Files;
use crate::secrets::place::Place;
use bouquet_lock::NAME;
use proptest::prelude::*;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;
use tempfile::TempDir;

fn with(cluster: &Cluster, here: &Files) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    package(folder.path(), cluster, here);
    folder
}

fn message(folder: &Path) -> String {
    let error = bring(folder, false).map(|_| ()).expect_err("it is refused");
    assert!(!error.help.is_empty(), "{error}");
    error.message.replace(&folder.display().to_string(), "HERE")
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

#[test]
fn keys_come_into_a_clone_that_has_none() {
    let mut cluster = Cluster::flowers();
    cluster.request("pink-server");
    let folder = with(&cluster, &Files::new());
    let done = bring(folder.path(), false).unwrap();
    assert_eq!(done.summary, "imported 7 keys\nnext: `cargo build`");
    assert_eq!(done.said[0].notes, ["`pki/requests/pink-server`"]);
    assert!(done.said.len() == 1 && done.stream.is_none());
    assert_eq!(here(folder.path()), cluster.files);
    let ignore = fs::read_to_string(folder.path().join("out/.gitignore")).unwrap();
    assert!(ignore.starts_with("*\n"));
    // Cargo watches the lock alone, which is newer now than any run of the script.
    let touched = fs::metadata(folder.path().join(NAME)).unwrap().mtime();
    assert_eq!(touched, BUILT + 60);
    assert_eq!(fs::read_to_string(folder.path().join(NAME)).unwrap(), cluster.lock.text());

    let again = bring(folder.path(), false).unwrap();
    assert_eq!(again.summary, "nothing to import: 7 keys were here already");
}

#[test]
fn what_builds_wrote_stays_listed_and_as_it_is() {
    let cluster = Cluster::flowers();
    let mut some = cluster.files.clone();
    some.remove(&Place::Client("root".into()));
    let folder = with(&cluster, &some);
    let listed = |folder: &Path| open(folder).manifest().paths.len();
    assert_eq!(listed(folder.path()), 13);
    let done = bring(folder.path(), false).unwrap();
    assert_eq!(done.summary, "imported 1 key; 5 were here already\nnext: `cargo build`");
    let definition = open(folder.path()).manifest().definition.clone();
    assert_eq!(definition.as_deref(), Some("0123456789abcdef"));
    // The pair, and what git is told.
    assert_eq!(listed(folder.path()), 16);
    let readme = fs::read_to_string(folder.path().join("out/README.md")).unwrap();
    assert_eq!(readme, "as a build left it");
}

#[test]
fn what_took_the_place_of_earlier_ones_is_counted() {
    let mut cluster = Cluster::flowers();
    let before = cluster.files.clone();
    cluster.issue(Place::Client("root".into()), BUILT + 5);
    let folder = with(&cluster, &before);
    let done = bring(folder.path(), false).unwrap();
    assert_eq!(
        done.summary,
        "imported 1 key, in the place of an earlier one; 5 were here already\nnext: `cargo build`"
    );
    assert_eq!(here(folder.path()), cluster.files);
    cluster.issue(Place::Client("root".into()), BUILT + 7);
    cluster.issue(Place::Server("pink".into()), BUILT + 7);
    cluster.issue(Place::Client("new".into()), BUILT + 7);
    let folder = with(&cluster, &before);
    let done = bring(folder.path(), false).unwrap();
    assert!(
        done.summary.starts_with("imported 3 keys, 2 in the place of earlier ones; 4 were here")
    );
}

#[test]
fn what_stays_out_is_not_said_to_be_here() {
    let mut cluster = Cluster::flowers();
    let earlier = cluster.files.clone();
    cluster.issue(Place::Client("root".into()), BUILT + 5);
    let newer = std::mem::replace(&mut cluster.files, earlier);
    cluster.files.retain(|place, _| *place == Place::Client("root".into()));
    let folder = with(&cluster, &newer);
    let done = bring(folder.path(), false).unwrap();
    assert_eq!(done.said[0].message, "kept what is newer here than in the stream");
    assert_eq!(done.summary, "nothing was imported");
}

#[test]
fn every_key_is_for_its_owner_alone_whatever_the_umask() {
    let cluster = Cluster::flowers();
    let folder = with(&cluster, &Files::new());
    assert!(child(folder.path(), "000", None).success());
    let out = folder.path().join("out");
    for (place, parts) in here(folder.path()) {
        for part in parts.keys() {
            let path = out.join(place.path(*part));
            let is_key = path.extension() == Some("key".as_ref());
            assert_eq!(mode(&path), if is_key { 0o600 } else { 0o644 }, "{}", path.display());
            assert_eq!(mode(path.parent().unwrap()), 0o700, "{}", path.display());
        }
    }
    assert_eq!(mode(&out), 0o755);
}

#[test]
fn an_import_into_nothing_can_be_killed_anywhere() {
    let mut cluster = Cluster::flowers();
    cluster.request("pink-server");
    killed_anywhere(&cluster, &Files::new());
}

#[test]
fn an_import_over_older_pairs_can_be_killed_anywhere() {
    let mut cluster = Cluster::flowers();
    cluster.issue(Place::Client("old".into()), BUILT);
    let before = cluster.files.clone();
    cluster.files.remove(&Place::Client("old".into()));
    cluster.issue(Place::Client("root".into()), BUILT + 5);
    cluster.issue(Place::Server("pink".into()), BUILT + 5);
    cluster.issue(Place::Client("new".into()), BUILT + 5);
    killed_anywhere(&cluster, &before);
}

#[test]
fn what_is_refused_changes_nothing() {
    let cluster = Cluster::flowers();
    let other = Cluster::flowers();
    // Nothing is there, and nothing comes to be there.
    let folder = with(&cluster, &Files::new());
    fs::write(folder.path().join(STREAM), stream(&other.files)).unwrap();
    assert_eq!(message(folder.path()), "8 parts of the stream are refused");
    assert!(!folder.path().join("out").exists());

    let folder = with(&cluster, &other.files);
    assert_eq!(message(folder.path()), "a CA's key is never replaced");
    assert_eq!(here(folder.path()), other.files);
    assert!(fs::metadata(folder.path().join(NAME)).unwrap().mtime() < BUILT);
}

#[test]
fn a_lock_that_is_of_no_use_is_told_as_that() {
    let cluster = Cluster::flowers();
    let folder = with(&cluster, &Files::new());
    let lock = folder.path().join(NAME);
    let text = cluster.lock.text();
    for (content, said) in [
        (text.replace("version = 1", "version = 9"), "`HERE/cluster.lock` was written by a later"),
        (
            text.replace("[issued]", "<<<<<<< HEAD\n[issued]"),
            "holds the conflict markers of a merge",
        ),
        (text[..text.len() / 2].to_owned(), "is cut off: its end is missing"),
        (text.replace("generation = 1", "generation = 0"), "is not as a build wrote it"),
    ] {
        fs::write(&lock, content).unwrap();
        let message = message(folder.path());
        assert!(message.contains(said), "{message}");
    }
    fs::remove_file(&lock).unwrap();
    assert_eq!(message(folder.path()), "`HERE/cluster.lock` is missing");
    assert!(!folder.path().join("out").exists());
}

#[test]
fn a_link_in_the_place_of_a_file_is_not_followed() {
    let cluster = Cluster::flowers();
    let folder = with(&cluster, &cluster.files);
    let elsewhere = folder.path().join("elsewhere");
    fs::write(&elsewhere, "mine").unwrap();
    let key = folder.path().join("out/clients/root/client.key");
    fs::remove_file(&key).unwrap();
    symlink(&elsewhere, &key).unwrap();
    assert!(message(folder.path()).ends_with("it is a symbolic link"));
    assert_eq!(fs::read(&elsewhere).unwrap(), b"mine");
}

#[test]
fn a_stream_that_cannot_be_read_is_told_as_that() {
    let cluster = Cluster::flowers();
    let folder = with(&cluster, &Files::new());
    let stream = folder.path().join(STREAM);
    fs::remove_file(&stream).unwrap();
    assert!(message(folder.path()).starts_with("cannot read `HERE/stream`: No such file"));
    fs::create_dir(&stream).unwrap();
    assert!(message(folder.path()).starts_with("cannot read `HERE/stream`: Is a directory"));
    fs::remove_dir(&stream).unwrap();
    fs::write(&stream, "").unwrap();
    fs::set_permissions(&stream, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(message(folder.path()), "nothing came: the stream is empty");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn what_goes_comes_byte_for_byte(
        members in proptest::collection::btree_set("[a-z][a-z0-9._-]{0,20}", 1..4),
        clients in proptest::collection::btree_set("[a-z][a-z0-9._-]{0,63}", 0..4),
        some in any::<u64>(),
    ) {
        let mut cluster = Cluster::of("any CA");
        for name in &members {
            cluster.lock.identity.members.insert(name.clone(), None);
            cluster.issue(Place::Server(name.clone()), BUILT);
            cluster.issue(Place::Peer(name.clone()), BUILT);
            cluster.revoke(Place::List(name.clone()), &[1]);
            cluster.request(&format!("{name}-server"));
        }
        for name in &clients {
            cluster.issue(Place::Client(name.clone()), BUILT);
        }
        // Some of it is here already.
        let there = cluster.files.iter().enumerate();
        let there = there.filter(|(n, _)| some >> (n % 64) & 1 == 1);
        let there: Files = there.map(|(_, (p, f))| (p.clone(), f.clone())).collect();
        let folder = with(&cluster, &there);
        prop_assert!(bring(folder.path(), false).is_ok());
        prop_assert_eq!(here(folder.path()), cluster.files);
    }
}
