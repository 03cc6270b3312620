//! Tests on a real file system.
#![expect(clippy::disallowed_methods, reason = "these tests look at files from outside")]

use super::*;
use bouquet_outdir::{Hold, Output};
use std::fs;
use std::time::SystemTime;
use tempfile::TempDir;

/// Makes an `out/` of its own for a test, with pairs that name their own place.
fn built(places: &[&str]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("out");
    let mut output = Output::new();
    for place in places {
        output.file(&format!("{place}.crt"), *place);
        output.key(&format!("{place}.key"), Secret::from(format!("KEY {place}")));
    }
    open(&path).commit(&output, SystemTime::now()).unwrap();
    (folder, path)
}

fn open(out: &Path) -> Out {
    let hold = Hold::take(out.parent().unwrap(), |_| {}).unwrap();
    Out::open(out, &[], hold).unwrap()
}

#[test]
fn what_an_earlier_build_wrote_is_read() {
    let places = ["members/orange/certs/server", "clients/root/client", "clients/new/client"];
    let (_folder, path) = built(&["pki/ca", places[0], places[1]]);
    fs::remove_file(path.join("clients/root/client.key")).unwrap();
    let out = open(&path);
    let existing = pairs(&out, places).unwrap();
    let ca = pair(&out, "pki/ca").unwrap();
    assert_eq!(ca.certificate.unwrap(), b"pki/ca");
    assert_eq!(ca.key.unwrap().expose(), b"KEY pki/ca");
    let server = &existing[places[0]];
    assert_eq!(server.certificate.as_deref(), Some(places[0].as_bytes()));
    assert_eq!(server.key.as_ref().unwrap().expose(), b"KEY members/orange/certs/server");
    let root = &existing[places[1]];
    assert!(root.certificate.is_some() && root.key.is_none());
    let new = &existing[places[2]];
    assert!(new.certificate.is_none() && new.key.is_none());
}

#[test]
fn nothing_is_read_where_nothing_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    let out = open(&path);
    let existing = pairs(&out, ["members/orange/certs/server"]).unwrap();
    assert!(existing["members/orange/certs/server"].certificate.is_none());
    assert!(pair(&out, "pki/ca").unwrap().certificate.is_none());
    assert!(authorities(&out).unwrap().is_empty() && trace(&out).unwrap().is_none());
    let names: Vec<_> = fs::read_dir(&path).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names, [""; 0]);
}

#[test]
fn many_places_come_back_under_their_own_names() {
    let places: Vec<_> = (0..300).map(|n| format!("clients/client-{n}/client")).collect();
    let places: Vec<_> = places.iter().map(String::as_str).collect();
    let (_folder, path) = built(&places);
    let existing = pairs(&open(&path), places).unwrap();
    assert_eq!(existing.len(), 300);
    for (place, pair) in existing {
        assert_eq!(pair.certificate.unwrap(), place.into_bytes());
    }
}

#[test]
fn a_pair_in_a_linked_folder_is_refused() {
    let (folder, path) = built(&["pki/ca", "clients/root/client"]);
    for linked in ["pki", "clients"] {
        let elsewhere = folder.path().join(linked);
        fs::rename(path.join(linked), &elsewhere).unwrap();
        std::os::unix::fs::symlink(&elsewhere, path.join(linked)).unwrap();
    }
    let out = open(&path);
    for refused in [pairs(&out, ["clients/root/client"]).map(drop), pair(&out, "pki/ca").map(drop)]
    {
        let failure = refused.unwrap_err();
        assert!(
            failure.message.ends_with("a symbolic link is in the place of a folder"),
            "{failure}"
        );
    }
}

#[test]
fn any_certificate_or_key_is_a_trace_of_a_ca() {
    let left = [
        "pki/ca.key",
        "members/orange/certs/ca.crt",
        "members/gone/certs/peer.key",
        "clients/root/client.crt",
    ];
    for left in left {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(left);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "text").unwrap();
        assert_eq!(trace(&open(folder.path())).unwrap(), Some(path));
    }
}

#[test]
fn a_manifest_that_lists_a_ca_is_a_trace_of_it() {
    let (_folder, path) = built(&["pki/ca", "members/orange/certs/server"]);
    for folder in ["pki", "members"] {
        fs::remove_dir_all(path.join(folder)).unwrap();
    }
    let out = open(&path);
    assert!(was_written(&out, "pki/ca") && !was_written(&out, "pki/ca-2"));
}

#[test]
fn a_cluster_without_tls_leaves_no_trace() {
    let (_folder, path) = built(&[]);
    let mut plain = Output::new();
    plain.script("members/orange/etcd.sh", "exec etcd");
    open(&path).commit(&plain, SystemTime::now()).unwrap();
    let out = open(&path);
    assert!(trace(&out).unwrap().is_none() && !was_written(&out, "pki/ca"));
}

#[test]
fn a_file_that_is_too_large_is_refused_unread() {
    let (_folder, path) = built(&["pki/ca"]);
    let certificate = fs::File::options().write(true).open(path.join("pki/ca.crt")).unwrap();
    certificate.set_len(1 << 40).unwrap();
    let failure = pair(&open(&path), "pki/ca").unwrap_err();
    let shown = "`: it is far larger than such a file can be";
    assert!(failure.message.ends_with(shown), "{failure}");
}
