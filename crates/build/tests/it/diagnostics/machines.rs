//! Members and clients that share a machine: what lies in what of the other.

use super::support::{Spec, finds, silent, spec};

/// Its first two members on one machine.
fn together(first: &str, second: &str) -> Spec {
    spec().member(0, &format!("name = \"pink\"\nip = \"10.0.0.1\"\netcd = {{ {first} }}")).member(
        2,
        &format!(
            "name = \"camellia\"\nip = ‹\"10.0.0.1\"›\npeer-port = 1\nclient-port = 2\n\
                 etcd = {{ {second} }}"
        ),
    )
}

#[test]
fn two_members_on_one_folder_would_hang() {
    finds!(
        spec()
            .etcd("data-dir = «\"/data/etcd\"»")
            .member(2, "name = \"camellia\"\nip = ‹\"10.0.0.1\"›\npeer-port = 1\nclient-port = 2")
    );
}

#[test]
fn two_members_on_one_folder_that_is_spelt_in_two_ways_would_hang() {
    finds!(together("data-dir = \"/data/etcd\"", "data-dir = «\"/data//etcd/\"»"));
}

#[test]
fn two_members_on_one_log_would_hang() {
    finds!(together(
        "data-dir = \"/a\", wal-dir = \"/wal/etcd\"",
        "data-dir = \"/b\", wal-dir = «\"/wal/etcd/\"»"
    ));
}

#[test]
fn two_members_on_one_log_would_hang_without_the_unit_too() {
    let cluster = "token = \"tok-1\"\netcd = \"3.5.30\"\nformats = [\"command\"]";
    let said = super::support::findings(
        &together("data-dir = \"/a\", wal-dir = \"/w\"", "data-dir = \"/b\", wal-dir = «\"/w\"»")
            .cluster(cluster),
    );
    assert!(said.contains("with one `wal-dir`"), "{said}");
}

#[test]
fn a_member_in_the_data_of_another_is_refused() {
    finds!(together("data-dir = \"/data\"", "data-dir = «\"/data/camellia\"»"));
}

#[test]
fn two_members_with_one_log_file_are_worth_a_warning() {
    finds!(together(
        "log-outputs = [\"/var/log/etcd/etcd.log\"]",
        "log-outputs = [‹\"/var/log/etcd/etcd.log\"›]"
    ));
}

#[test]
fn a_file_among_what_another_member_keeps_is_refused() {
    finds!(together(
        "data-dir = \"/data/a\"",
        "data-dir = \"/data/b\", log-outputs = [«\"/data/a/member/etcd.log\"»]"
    ));
    let said = super::support::findings(&together(
        "data-dir = \"/data/a\", log-outputs = [«\"/data/a/member/etcd.log\"»]",
        "data-dir = \"/data/b\", log-outputs = [‹\"/data/a/member/etcd.log\"›]",
    ));
    assert!(!said.contains("of the other"), "{said}");
}

#[test]
fn a_log_of_changes_where_another_member_makes_its_own_is_refused() {
    finds!(together(
        "data-dir = \"/data/a\", wal-dir = \"/wal/wal\"",
        "data-dir = \"/data/b\", wal-dir = «\"/wal/wal.tmp\"»"
    ));
}

#[test]
fn data_where_etcd_makes_its_log_of_changes_would_be_removed() {
    finds!(spec().etcd("data-dir = \"/d/wal.tmp\"\nwal-dir = «\"/d/wal\"»"));
    silent(&spec().etcd("data-dir = \"/d/wal.tmp2\"\nwal-dir = \"/d/wal\""));
}

#[test]
fn a_log_of_changes_leaves_its_name_room_for_an_ending() {
    let wal = |length| format!("data-dir = \"/d\"\nwal-dir = «\"/w/{}\"»", "w".repeat(length));
    let said = super::support::findings(&spec().etcd(&wal(252)));
    assert!(said.contains("has 252 bytes, and at most 251"), "{said}");
    silent(&spec().etcd(&wal(251).replace(['«', '»'], "")));
}

#[test]
fn members_beside_each_other_are_accepted() {
    let said = super::support::findings(&together(
        "data-dir = \"/data/a\", wal-dir = \"/wal/a\"",
        "data-dir = \"/data/b\", wal-dir = \"/wal/b\"",
    ));
    assert!(!said.contains("-dir`:"), "{said}");
}

#[test]
fn clients_with_one_folder_would_overwrite_each_other() {
    finds!(spec().etcd("data-dir = \"/data/etcd\"").clients(
        "[[client]]\nname = \"root\"\ncerts-dir = \"/etc/kubernetes/pki/etcd\"\n\n\
         [[client]]\nname = \"kube-apiserver\"\ncerts-dir = ‹\"/etc/kubernetes/pki/etcd/\"›"
    ));
}

#[test]
fn a_clients_folder_in_the_data_is_worth_a_warning() {
    finds!(
        spec()
            .etcd("data-dir = \"/var/lib/etcd\"")
            .clients("[[client]]\nname = \"root\"\ncerts-dir = ‹\"/var/lib/etcd/client\"›")
    );
}
