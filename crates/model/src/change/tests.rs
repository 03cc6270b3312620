//! Unit tests of changes.

use super::{Class, Subject, What, changes};
use crate::digest::Digest;
use crate::running::{Running, RunningMember};
use crate::version::EtcdVersion;
use std::collections::BTreeMap;

fn member(options: &[(&str, &str)]) -> RunningMember {
    let options = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    RunningMember {
        version: EtcdVersion::parse("3.5.33").expect("a version"),
        options: options.collect(),
        clients: None,
        peers: None,
        certificates: BTreeMap::new(),
        crl: None,
        digest: Digest([0; 32]),
    }
}

fn running(members: &[(&str, RunningMember)]) -> Running {
    let members = members.iter().map(|(name, member)| ((*name).to_owned(), member.clone()));
    Running { members: members.collect(), clients: BTreeMap::new() }
}

#[test]
fn nothing_changes_from_a_cluster_to_itself() {
    let one = running(&[("a", member(&[("name", "a"), ("data-dir", "/data")]))]);
    assert_eq!(changes(&one, &one), []);
}

#[test]
fn another_data_dir_is_refused_and_its_words_name_the_new_value() {
    let before = running(&[("a", member(&[("data-dir", "/data")]))]);
    let after = running(&[("a", member(&[("data-dir", "/srv/etcd")]))]);
    let all = changes(&before, &after);
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].class, Class::Refused);
    assert_eq!(all[0].subject, Subject::Member("a".into()));
    assert!(matches!(&all[0].what, What::Option { name, .. } if name == "data-dir"));
    assert_eq!(all[0].accept().as_deref(), Some("a.data-dir = /srv/etcd"));
}
