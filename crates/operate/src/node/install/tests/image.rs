//! An image that a member is put into, before anything of it is changed.

#![expect(clippy::disallowed_methods, reason = "these tests make an image")]

use super::work::install;
use crate::compiled::Compiled;
use crate::failure::{Failure, shown};
use crate::live::tests::scene::flowers::{CERTIFICATES, CLUSTER};
use crate::node::install::carry::carry;
use crate::node::install::work::{Aim, Install, Ways};
use crate::patience::Patience;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;
use tempfile::TempDir;

/// Returns why that is refused of an image.
#[track_caller]
fn refused(image: &Path, work: Install) -> String {
    let compiled = Compiled { cluster: &CLUSTER, certificates: CERTIFICATES };
    let work = Install { root: Some(image.to_owned()), dry_run: true, aim: Aim::Placed, ..work };
    let ways = Ways {
        print: &|_| {},
        say: &|_| {},
        clock: SystemTime::now,
        patience: Patience::default(),
    };
    let Failure { problem, .. } = carry(&compiled, &work, &ways).expect_err("it is refused");
    anstream::adapter::strip_str(&shown(&problem)).to_string()
}

fn image() -> TempDir {
    let image = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(image.path().join("etc/systemd/system")).expect("folders");
    image
}

fn back() -> Install {
    Install { rollback: true, ..install(None) }
}

/// What is read first is this machine's otherwise.
#[test]
fn nothing_of_an_image_is_read_before_its_links_are_looked_at() {
    let image = image();
    let outside = tempfile::tempdir().expect("a folder");
    let versions = outside.path().join("certs.orange.installed");
    fs::create_dir_all(versions.join("19700101T000000Z/certs")).expect("folders");
    fs::create_dir_all(image.path().join("opt")).expect("a folder");
    symlink(outside.path(), image.path().join("opt/etcd")).expect("a link");
    for work in [back(), install(Some("/none"))] {
        let said = refused(image.path(), work);
        assert!(said.contains("opt/etcd in "), "{said}");
        assert!(said.contains("which leads out of it"), "{said}");
    }
}

/// The way back reads what an installation wrote, which may have been changed since.
#[test]
fn a_version_that_is_kept_is_not_read_outside_of_an_image() {
    let image = image();
    let versions = image.path().join("opt/etcd/certs.orange.installed");
    for name in ["19700101T000000Z", "19700101T000001Z"] {
        fs::create_dir_all(versions.join(name).join("certs")).expect("folders");
        fs::write(versions.join(name).join("etcd.service"), "unit").expect("a file");
    }
    symlink("certs.orange.installed/19700101T000001Z/certs", image.path().join("opt/etcd/certs"))
        .expect("a link");
    let key = versions.join("19700101T000000Z/certs/peer.key");
    symlink("/srv/peer.key", &key).expect("a link");
    let said = refused(image.path(), back());
    assert!(said.contains("certs/peer.key in "), "{said}");
    assert!(said.contains("is a link to /srv/peer.key, which leads out of it"), "{said}");
    // What is printed helps, on this machine too.
    let line = said.split('`').nth(1).expect("a line");
    assert!(Command::new("sh").args(["-c", line]).status().expect("sh").success(), "{line}");
    assert_eq!(fs::read_link(&key).expect("a link"), Path::new("../../../../../srv/peer.key"));
    let said = refused(image.path(), back());
    assert!(!said.contains("leads out"), "{said}");
}

/// Put there by hand, it was replaced by no installation; or by one, and then by hand again.
#[test]
fn without_a_version_to_go_back_to_it_is_said_what_there_is() {
    let image = image();
    let etcd = image.path().join("opt/etcd");
    let versions = etcd.join("certs.orange.installed");
    fs::create_dir_all(etcd.join("certs")).expect("folders");
    let error = "error: no version is kept that was installed before this one\n";
    let build = "help: build the former state of cluster.toml, and install that\n";
    let (folder, place) = (versions.display(), etcd.join("certs"));
    let note = format!(
        "note: `install` has replaced nothing here so far; what it replaces, it keeps in {folder}\n"
    );
    let by_hand = "help: certificates that were replaced by hand are where they were put then: ";
    let by_hand = format!("{by_hand}`ls -d {}*`\n", place.display());
    let end = "note: nothing was changed\n";
    let said = || refused(image.path(), back()).replace(end, "");
    assert_eq!(said(), format!("{error}{note}{by_hand}{build}"));

    let version = versions.join("19700101T000000Z");
    fs::create_dir_all(version.join("certs")).expect("folders");
    fs::write(version.join("etcd.service"), "unit").expect("a file");
    let note =
        format!("note: what is here now was put here by hand, over one of those in {folder}\n");
    let put = "help: put one of them here by hand: each has `certs` and `etcd.service`\n";
    assert_eq!(said(), format!("{error}{note}{put}{build}"));

    fs::remove_dir(&place).expect("a folder");
    symlink("certs.orange.installed/19700101T000000Z/certs", &place).expect("a link");
    let note = format!("note: this one is the oldest of those in {folder}\n");
    assert_eq!(said(), format!("{error}{note}{build}"));
}

/// A way back takes the version that is kept there, and neither a folder nor a program that was copied.
#[test]
fn a_root_of_its_own_is_no_help_on_the_way_back() {
    let image = image();
    symlink("/srv", image.path().join("opt")).expect("a link");
    let said = refused(image.path(), install(Some("/none")));
    assert!(said.contains("help: or install it where that is `/`"), "{said}");
    let said = refused(image.path(), back());
    assert!(said.contains("`ln -sfn srv ") && !said.contains("chroot"), "{said}");
}

#[test]
fn a_folder_that_is_no_image_is_told() {
    let image = image();
    fs::write(image.path().join("opt"), "no folder").expect("a file");
    let said = refused(image.path(), install(Some("/none")));
    let place = image.path().join("opt/etcd");
    assert!(said.starts_with(&format!("error: {}", place.display())), "{said}");
    assert!(said.contains("help: see whether it is an image"), "{said}");
    let said = refused(Path::new("/no/image"), install(Some("/none")));
    assert!(said.starts_with("error: /no/image cannot be read: No such file"), "{said}");
}
