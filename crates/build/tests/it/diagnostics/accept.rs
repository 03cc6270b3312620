//! `accept`: its entries as they are written. What they accept is known once there is a lock.

use super::support::{findings, silent, spec};

fn with(entries: &str) -> super::support::Spec {
    spec().cluster(&format!("token = \"tok-1\"\netcd = \"3.5.30\"\naccept = [{entries}]"))
}

#[test]
fn an_entry_that_names_nothing_is_refused() {
    let said = findings(&with("«\" \"»"));
    assert!(said.contains("an entry of `accept` names nothing"), "{said}");
}

#[test]
fn an_entry_that_is_there_twice_is_refused_at_the_second() {
    let said = findings(&with("\"etcd = 3.7\", «\"etcd = 3.7\"»"));
    assert!(said.contains("`etcd = 3.7` is in `accept` twice"), "{said}");
    assert!(said.contains("first here") && said.contains("again here"), "{said}");
}

#[test]
fn an_entry_that_no_line_can_hold_is_refused() {
    let said = findings(&with("«\"a\\u0007\"»"));
    assert!(said.contains("`accept` cannot contain the control character `U+0007`"), "{said}");
}

#[test]
fn entries_alone_are_accepted_in_silence() {
    silent(&with("\"orange.data-dir = /srv/etcd\", \"remove client/root\""));
    silent(&with(""));
}
