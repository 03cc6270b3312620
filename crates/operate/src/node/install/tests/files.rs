//! Versions on a disk, and the place of certificates that leads to one.

#![expect(clippy::disallowed_methods, reason = "these tests look at files from outside")]

use crate::node::Bundle;
use crate::node::install::does::leads;
use crate::node::install::files::{Owner, Versions};
use crate::node::machine::Machine;
use bouquet_model::node_path::NodePath;
use bouquet_x509::Secret;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

fn bundle(content: &str) -> Bundle {
    let file = (PathBuf::from("certs/peer.crt"), Secret::from(content.as_bytes().to_vec()));
    Bundle { from: PathBuf::from("brought"), files: [file].into() }
}

fn versions(folder: &Path) -> Versions {
    let place = Some(folder.join("certs"));
    Versions { folder: folder.join("certs.a.installed"), place, root: None, links: BTreeMap::new() }
}

fn owner() -> Owner {
    Owner { uid: rustix::process::geteuid().as_raw(), gid: rustix::process::getegid().as_raw() }
}

fn install(versions: &Versions, stamp: &str, content: &str) {
    versions.lay(stamp, (&bundle(content), owner()), "unit").unwrap();
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
    let former = versions.former(None).unwrap().unwrap();
    assert_eq!(fs::read_to_string(former.join("certs/peer.crt")).unwrap(), "by hand");
    assert_eq!(fs::read_to_string(former.join("etcd.service")).unwrap(), "former unit");
}

/// A program that reads the CA, or has files of its own beside it, need not be etcd's account; a key is for that alone.
#[test]
fn who_could_read_what_is_no_key_still_can() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("certs");
    let opened = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    fs::create_dir(&place).unwrap();
    for (name, mode) in [("ca.pem", 0o664), ("peer.crt", 0o600), ("peer.key", 0o640)] {
        fs::write(place.join(name), "by hand").unwrap();
        opened(&place.join(name), mode);
    }
    opened(&place, 0o771);
    let versions =
        Versions { links: [("ca.pem".into(), "ca.crt")].into(), ..versions(folder.path()) };
    let file = |name: &str| (Path::new("certs").join(name), Secret::from(name.as_bytes().to_vec()));
    let files = ["ca.crt", "peer.crt", "peer.key"].map(file).into();
    let bundle = Bundle { from: "brought".into(), files };
    for stamp in ["1", "2"] {
        versions.lay(stamp, (&bundle, owner()), "unit").unwrap();
        versions.lead_to(stamp, Some("former unit")).unwrap();
        let mode = |name: &str| fs::metadata(place.join(name)).unwrap().mode() & 0o777;
        let modes = ["", "ca.pem", "ca.crt", "peer.crt", "peer.key"].map(mode);
        assert_eq!(modes, [0o751, 0o644, 0o644, 0o600, 0o600]);
    }
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

/// The former folder cannot become a version: one of that name has files.
#[test]
fn a_failure_after_the_exchange_does_not_say_that_the_certificates_are_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("certs")).unwrap();
    fs::write(folder.path().join("certs/peer.crt"), "by hand").unwrap();
    let versions = versions(folder.path());
    versions.lay("1", (&bundle("first"), owner()), "unit").unwrap();
    let taken = versions.folder.join("before-1/certs");
    fs::create_dir_all(&taken).unwrap();
    fs::write(taken.join("other"), "").unwrap();
    let problem = leads(&versions, "1", Some("former unit")).unwrap_err();
    assert_eq!(there(&folder), "first");
    let said = problem.notes.concat();
    assert!(said.contains("the new certificates are in their place already"), "{said}");
    assert!(!said.contains("as they were"), "{said}");
    // As it says.
    fs::remove_dir_all(&taken).unwrap();
    leads(&versions, "1", Some("former unit")).unwrap();
    assert_eq!(fs::read_to_string(taken.join("peer.crt")).unwrap(), "by hand");

    // What fails before leaves them alone.
    versions.lay("2", (&bundle("second"), owner()), "unit").unwrap();
    fs::create_dir_all(folder.path().join("certs.next")).unwrap();
    fs::create_dir_all(versions.folder.join("before-2/certs/other")).unwrap();
    let said = leads(&versions, "2", None).unwrap_err().notes.concat();
    assert!(said.contains("the certificates are as they were"), "{said}");
    assert_eq!(there(&folder), "first");
}

/// etcd may be reading one, and the last one is the one before which there was another.
#[test]
fn a_version_of_the_same_second_or_of_a_clock_that_was_set_back_comes_behind_all_others() {
    let folder = tempfile::tempdir().unwrap();
    let versions = versions(folder.path());
    for (now, content) in [(1000, "first"), (1000, "second"), (10, "third")] {
        let stamp = versions.next(now).unwrap();
        install(&versions, &stamp, content);
        assert_eq!(there(&folder), content);
    }
    assert_eq!(names(&versions), ["19700101T001640Z", "19700101T001641Z", "19700101T001642Z"]);
    assert!(versions.former(None).unwrap().unwrap().ends_with("19700101T001641Z"));
}

/// As on a full disk.
#[test]
fn what_was_written_of_a_version_that_fails_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let versions = versions(folder.path());
    install(&versions, "1", "first");
    let lost = PathBuf::from("certs/no/folder.crt");
    let bundle = Bundle { from: "brought".into(), files: [(lost, Secret::from(vec![1]))].into() };
    let owner = Owner { uid: 0, gid: 0 };
    assert!(versions.lay("2", (&bundle, owner), "unit").is_err());
    let there: Vec<_> = fs::read_dir(&versions.folder).unwrap().collect();
    assert_eq!(there.len(), 1, "{there:?}");
}

fn names(versions: &Versions) -> Vec<String> {
    let all = versions.all().unwrap().into_iter();
    all.map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect()
}

/// Killed before anything led to it, or gone back from: the way back is to what was in its place.
#[test]
fn a_version_that_is_not_in_use_is_none_to_go_back_to() {
    let folder = tempfile::tempdir().unwrap();
    let versions = versions(folder.path());
    install(&versions, "1", "first");
    install(&versions, "2", "second");
    install(&versions, "3", "third");
    versions.lead_to("2", None).unwrap();
    versions.forget_later(Some("unit")).unwrap();
    assert_eq!(names(&versions), ["1", "2"]);
    install(&versions, "4", "fourth");
    assert!(versions.former(Some("unit")).unwrap().unwrap().ends_with("2"));
}

/// Each time one more, and none more where the program was killed.
#[test]
fn a_way_back_that_was_killed_goes_on_to_where_it_led() {
    let folder = tempfile::tempdir().unwrap();
    let versions = versions(folder.path());
    for stamp in ["1", "2", "3"] {
        install(&versions, stamp, stamp);
        fs::write(versions.folder.join(stamp).join("etcd.service"), stamp).unwrap();
    }
    versions.goes_back("2").unwrap();
    assert!(versions.former(Some("3")).unwrap().unwrap().ends_with("2"));
    versions.lead_to("2", None).unwrap();
    assert!(versions.former(Some("2")).unwrap().unwrap().ends_with("2"));
    versions.went_back();
    assert!(versions.former(Some("2")).unwrap().unwrap().ends_with("1"));
    assert_eq!(names(&versions), ["1", "2", "3"]);
}

/// As one that may not be entered: whether there are any is not known.
#[test]
fn versions_that_cannot_be_seen_are_not_taken_for_none() {
    let folder = tempfile::tempdir().unwrap();
    let versions = versions(folder.path());
    assert_eq!(versions.former(None).unwrap(), None);
    symlink("certs.a.installed", &versions.folder).unwrap();
    assert!(versions.former(None).is_err());
    assert!(versions.next(1).is_err());
    assert!(versions.leading_to("unit").is_err());
    assert!(versions.forget_later(None).is_err());
    symlink("certs.next", folder.path().join("certs.next")).unwrap();
    assert!(!versions.is_interrupted().unwrap());
}

/// Between the certificates and the unit.
#[test]
fn an_installation_that_was_killed_has_its_version() {
    let folder = tempfile::tempdir().unwrap();
    let versions = versions(folder.path());
    install(&versions, "1", "first");
    assert_eq!(versions.leading_to("unit").unwrap().as_deref(), Some("1"));
    assert_eq!(versions.leading_to("another").unwrap(), None);
}

#[test]
fn a_folder_that_had_no_time_to_become_a_version_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let versions = versions(folder.path());
    install(&versions, "1", "first");
    assert!(!versions.is_interrupted().unwrap());
    fs::create_dir(folder.path().join("certs.next")).unwrap();
    assert!(versions.is_interrupted().unwrap());
}

/// Clients' folders are in `certs-dir` by default.
#[test]
fn what_lies_beside_the_certificates_stays_and_what_another_layout_left_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("certs");
    fs::create_dir_all(place.join("root/deep")).unwrap();
    for (file, text) in [("root/client.key", "a client's"), ("root/deep/x", "x"), ("jwt.key", "k")]
    {
        fs::write(place.join(file), text).unwrap();
    }
    fs::write(place.join("server.key"), "of a layout before").unwrap();
    fs::set_permissions(place.join("root/client.key"), fs::Permissions::from_mode(0o640)).unwrap();
    let versions = versions(folder.path());
    install(&versions, "1", "first");
    install(&versions, "2", "second");
    assert_eq!(there(&folder), "second");
    let read = |file: &str| fs::read_to_string(place.join(file));
    assert_eq!(read("root/client.key").unwrap(), "a client's");
    assert_eq!(read("root/deep/x").unwrap(), "x");
    assert_eq!(read("jwt.key").unwrap(), "k");
    assert!(read("server.key").is_err());
    let mode = fs::metadata(place.join("root/client.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
}

/// etcd has read what was there before, however old what is there now may be.
#[test]
fn a_file_that_is_gone_back_to_has_the_time_of_that() {
    let folder = tempfile::tempdir().unwrap();
    let versions = versions(folder.path());
    install(&versions, "1", "first");
    let file = versions.folder.join("1/certs/peer.crt");
    let old = SystemTime::now() - Duration::from_secs(3600);
    fs::File::options().write(true).open(&file).unwrap().set_modified(old).unwrap();
    install(&versions, "2", "second");
    let before = SystemTime::now() - Duration::from_secs(60);
    versions.lead_to("1", None).unwrap();
    assert_eq!(there(&folder), "first");
    assert!(fs::metadata(&file).unwrap().modified().unwrap() > before);
}

/// Its paths are those of the machine that the image boots as.
#[test]
fn in_an_image_a_link_out_of_the_folder_leads_where_it_did_there() {
    let image = tempfile::tempdir().unwrap();
    let folder = image.path().join("opt/etcd");
    fs::create_dir_all(folder.join("certs/root")).unwrap();
    for (place, target) in [
        ("ca.link", "../site/ca.crt"),
        ("root/own.link", "./../jwt.key"),
        ("root/site.link", "./../../site/ca.crt"),
    ] {
        symlink(target, folder.join("certs").join(place)).unwrap();
    }
    let versions = Versions { root: Some(image.path().to_owned()), ..versions(&folder) };
    install(&versions, "1", "first");
    install(&versions, "2", "second");
    let link = |place: &str| fs::read_link(folder.join("certs").join(place)).unwrap();
    assert_eq!(link("ca.link"), Path::new("/opt/etcd/site/ca.crt"));
    assert_eq!(link("root/own.link"), Path::new("../jwt.key"));
    assert_eq!(link("root/site.link"), Path::new("/opt/etcd/site/ca.crt"));
}

/// The names that options have for files are links beside them; what an operator had there by such a name gives way.
#[test]
fn files_are_there_by_their_other_names_too() {
    let folder = TempDir::new().expect("a folder");
    let links = BTreeMap::from([("member-a.pem".to_owned(), "peer.crt")]);
    let versions = Versions { links: links.clone(), ..versions(folder.path()) };
    let certs = folder.path().join("certs");
    fs::create_dir(&certs).expect("a folder");
    fs::write(certs.join("member-a.pem"), "of before").expect("a file");
    fs::write(certs.join("note"), "an operator's").expect("a file");
    install(&versions, "1", "new");
    assert_eq!(fs::read_link(certs.join("member-a.pem")).expect("a link"), Path::new("peer.crt"));
    assert_eq!(fs::read_to_string(certs.join("member-a.pem")).expect("it leads there"), "new");
    assert_eq!(fs::read_to_string(certs.join("note")).expect("it is left alone"), "an operator's");

    let machine = Machine { root: Some(folder.path()) };
    let place = NodePath::from_static("/certs");
    let uid = fs::metadata(certs.join("peer.crt")).expect("a file").uid();
    let has = |links| machine.has_certificates(&place, (&bundle("new"), links), uid).expect("read");
    assert!(has(&links));
    assert!(!has(&BTreeMap::from([("other.pem".to_owned(), "peer.crt")])));
    let before = folder.path().join("certs.a.installed/before-1/certs/member-a.pem");
    assert_eq!(fs::read_to_string(before).expect("it is kept"), "of before");
}
