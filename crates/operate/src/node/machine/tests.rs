//! A node's files: what is there, what is not, and what cannot be seen.

#![expect(clippy::disallowed_methods, reason = "these tests make a node's files")]

use super::{Data, Folders, Machine};
use crate::node::Bundle;
use bouquet_model::node_path::NodePath;
use bouquet_x509::Secret;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

#[test]
fn a_unit_is_masked_by_an_empty_file_and_by_a_link_to_nothing() {
    let image = tempfile::tempdir().expect("a folder");
    let machine = Machine { root: Some(image.path()) };
    let unit = Path::new("/etc/systemd/system/etcd.service");
    let at = machine.path(unit);
    fs::create_dir_all(at.parent().expect("a folder")).expect("a folder");
    let is_masked = || machine.is_masked(unit).expect("it can be looked at");
    assert!(!is_masked());
    for (text, wanted) in [("", true), ("[Unit]\n", false)] {
        fs::write(&at, text).expect("a file");
        assert_eq!(is_masked(), wanted, "{text:?}");
    }
    fs::write(image.path().join("empty"), "").expect("a file");
    for (target, wanted) in [
        ("/dev/null", true),
        ("../../../dev/null", true),
        ("../../../../../../dev/null", true),
        ("./../system/../../../dev/null", true),
        ("/empty", true),
        ("../../dev/null", false),
        ("/usr/lib/systemd/system/etcd.service", false),
    ] {
        fs::remove_file(&at).expect("it is there");
        symlink(target, &at).expect("a link");
        assert_eq!(is_masked(), wanted, "{target}");
    }
    fs::remove_file(&at).expect("it is there");
    symlink("etcd.service", &at).expect("a link");
    assert!(machine.is_masked(unit).is_err());
}

#[test]
fn accounts_that_cannot_be_read_are_told_where_they_are() {
    let image = tempfile::tempdir().expect("a folder");
    let machine = Machine { root: Some(image.path()) };
    assert_eq!(machine.accounts(), Ok((String::new(), String::new())));
    let passwd = image.path().join("etc/passwd");
    fs::create_dir_all(&passwd).expect("a folder");
    let why = machine.accounts().expect_err("it is a folder");
    assert!(why.starts_with(&format!("{} cannot be read: ", passwd.display())), "{why}");
}

/// Nobody knows what a link has that leads round and round; nor is a folder empty that may not be entered.
#[test]
fn what_cannot_be_seen_is_not_taken_for_what_is_not_there() {
    let image = tempfile::tempdir().expect("a folder");
    let machine = Machine { root: Some(image.path()) };
    let bundle = Bundle {
        from: PathBuf::new(),
        files: [("certs/peer.crt".into(), Secret::from(vec![1]))].into(),
    };
    let path = |path| NodePath::parse(path).expect(path);
    let (certs, file, data) = (path("/certs"), path("/certs/peer.crt"), path("/data"));
    let folders = Folders { data: data.clone(), required: data.clone(), wal: None };
    let has = || machine.has_certificates(&certs, (&bundle, &BTreeMap::new()), 0);
    assert!(!has().expect("it is not there"));
    assert_eq!(machine.changed(&file, None).expect("it is not there"), None);
    assert_eq!(machine.named(&data, "then").expect("it is not there"), None);
    assert_eq!(machine.data(&folders).expect("it is not there"), Data::None);
    for round in ["certs", "data"] {
        symlink(round, image.path().join(round)).expect("a link");
    }
    assert!(has().is_err());
    assert!(machine.changed(&file, None).is_err());
    assert!(machine.named(&path("/data/member"), "then").is_err());
    let unread = machine.data(&folders).expect_err("it leads nowhere");
    assert_eq!(unread.path, image.path().join("data/member/snap/db"));
}
