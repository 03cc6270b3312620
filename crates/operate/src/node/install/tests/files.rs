//! Versions on a disk, and the place of certificates that leads to one.

#![expect(clippy::disallowed_methods, reason = "these tests look at files from outside")]

use crate::node::Bundle;
use crate::node::install::files::{Owner, Versions};
use bouquet_x509::Secret;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn bundle(content: &str) -> Bundle {
    let file = (PathBuf::from("certs/peer.crt"), Secret::from(content.as_bytes().to_vec()));
    Bundle { from: PathBuf::from("brought"), files: [file].into() }
}

fn versions(folder: &Path) -> Versions {
    Versions { folder: folder.join("certs.a.installed"), place: Some(folder.join("certs")) }
}

fn install(versions: &Versions, stamp: &str, content: &str) {
    let owner = Owner {
        uid: rustix::process::geteuid().as_raw(),
        gid: rustix::process::getegid().as_raw(),
    };
    versions.lay(stamp, (&bundle(content), owner), "unit").unwrap();
    versions.lead_to(stamp, Some("former unit")).unwrap();
}

fn there(folder: &TempDir) -> String {
    fs::read_to_string(folder.path().join("certs/peer.crt")).unwrap()
}

#[test]
fn a_folder_that_was_there_becomes_the_version_before() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("certs")).unwrap();
    fs::write(folder.path().join("certs/peer.crt"), "by hand").unwrap();
    let versions = versions(folder.path());
    install(&versions, "1", "first");
    assert_eq!(there(&folder), "first");
    let former = versions.former(None).unwrap();
    assert_eq!(fs::read_to_string(former.join("certs/peer.crt")).unwrap(), "by hand");
    assert_eq!(fs::read_to_string(former.join("etcd.service")).unwrap(), "former unit");
}

/// The link was in its place already, and the former folder had its name for a moment.
#[test]
fn one_that_was_killed_after_the_exchange_goes_on_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let versions = versions(folder.path());
    install(&versions, "1", "first");
    let left = folder.path().join("certs.next");
    fs::create_dir(&left).unwrap();
    fs::write(left.join("peer.crt"), "by hand").unwrap();
    install(&versions, "2", "second");
    assert_eq!(there(&folder), "second");
    assert!(!left.exists());
    let kept = versions.folder.join("before-2/certs/peer.crt");
    assert_eq!(fs::read_to_string(kept).unwrap(), "by hand");
}

/// etcd may be reading one, and the last one is the one before which there was another.
#[test]
fn a_version_of_the_same_second_or_of_a_clock_that_was_set_back_comes_behind_all_others() {
    let folder = tempfile::tempdir().unwrap();
    let versions = versions(folder.path());
    for (now, content) in [(1000, "first"), (1000, "second"), (10, "third")] {
        let stamp = versions.next(now);
        install(&versions, &stamp, content);
        assert_eq!(there(&folder), content);
    }
    let names = versions.all().into_iter().map(|path| path.file_name().unwrap().to_owned());
    let names: Vec<_> = names.collect();
    assert_eq!(names, ["19700101T001640Z", "19700101T001641Z", "19700101T001642Z"]);
    assert!(versions.former(None).unwrap().ends_with("19700101T001641Z"));
}
