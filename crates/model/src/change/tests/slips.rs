//! Entries of `accept` that can accept nothing.

use super::super::{FORMS, Slip};
use super::{Names, client, member, running};

fn names() -> Names {
    let mut before = running([("orange", member(&[])), ("a b", member(&[]))]);
    before.clients.insert("root".to_owned(), client());
    Names::of([&before, &running([("pink.example", member(&[]))])])
}

fn meant(entry: &str) -> Option<String> {
    match names().slip(entry) {
        Some(Slip::Unknown { meant, .. }) => meant,
        other => panic!("{entry}: {other:?}"),
    }
}

#[test]
fn what_has_no_form_is_told_from_what_has_one() {
    for entry in [
        "yes",
        "orange",
        "data-dir = /srv",
        "accept all",
        "rename orange",
        "move orange",
        "orange.data-dir",
        "orange.data-dir=/srv",
        "orange.data-dir /srv",
        ".data-dir = /srv",
        "remove",
        "'",
        "= = =",
    ] {
        assert_eq!(names().slip(entry), Some(Slip::Form), "{entry}");
    }
    for entry in [
        "orange.data-dir = /srv/etcd",
        " orange.data-dir = /srv/etcd ",
        "'a b'.data-dir = '/srv/a = b'",
        "pink.example.wal-dir = /wal",
        "no orange.wal-dir",
        "token = garden",
        "etcd = 3.7",
        "trust = [1, 2], issue = 2",
        "peer-trust = [2], peer-issue = 2",
        "client-urls = http",
        "peer-urls = https",
        "rename orange pink.example",
        "swap orange 'a b'",
        "remove client/root",
        "remove orange 'a b', move pink.example https://10.0.0.1:2380",
        "move orange http://10.0.0.1:1,http://10.0.0.1:2",
        "client/root.common-name = false",
        // What is recorded of URLs may be any text.
        "remove pink, move orange 0",
        "move orange 0,1 pink https://10.0.0.1:2380",
    ] {
        assert_eq!(names().slip(entry), None, "{entry}");
    }
}

#[test]
fn the_nearest_known_name_is_the_one_that_was_meant() {
    for (entry, with) in [
        ("ornge.data-dir = /srv", "orange.data-dir = /srv"),
        ("no ornge.wal-dir", "no orange.wal-dir"),
        ("pink.exmple.data-dir = /srv", "pink.example.data-dir = /srv"),
        ("'a  b'.data-dir = /srv", "'a b'.data-dir = /srv"),
        ("remove client/rot", "remove client/root"),
        ("client/rot.common-name = true", "client/root.common-name = true"),
        ("rename ornge pink.example", "rename orange pink.example"),
        ("remove 'a b' ornge", "remove 'a b' orange"),
        ("orange.data-dri = /srv", "orange.data-dir = /srv"),
    ] {
        assert_eq!(meant(entry).as_deref(), Some(with), "{entry}");
    }
    for entry in ["tulip.data-dir = /srv", "client/tulip.common-name = true"] {
        assert_eq!(meant(entry), None, "{entry}");
    }
}

/// It was accepted that they go, and recorded that they are gone.
#[test]
fn a_member_that_is_gone_was_no_mistake() {
    for entry in ["rename tulip orange", "remove client/kube-apiserver", "remove tulip rose"] {
        assert_eq!(names().slip(entry), None, "{entry}");
    }
}

#[test]
fn each_key_that_an_entry_begins_with_is_among_the_forms() {
    for key in ["token", "etcd", "client-urls", "peer-urls", "trust", "peer-trust"] {
        assert!(FORMS.contains(&format!("`{key} = ")), "{key}");
    }
}
