//! The words that accept a change.

use super::{Accepted, Change, Class, Subject, What, accepts, of_options};
use crate::option::{EtcdOption, OPTIONS, OnChange};
use proptest::prelude::*;

#[test]
fn odd_values_are_quoted_so_that_a_string_of_toml_can_hold_them() {
    for (value, words) in [
        ("/srv/etcd", "a.data-dir = /srv/etcd"),
        ("/srv/100%", "a.data-dir = /srv/100%"),
        ("/srv/my data", "a.data-dir = '/srv/my data'"),
        ("/srv/it's 100%", "a.data-dir = '/srv/it%27s 100%25'"),
        ("/srv/é", "a.data-dir = '/srv/é'"),
        ("a\nb\\\"", "a.data-dir = 'a%0Ab%5C%22'"),
        ("", "a.data-dir = ''"),
        ("a,b", "a.data-dir = 'a,b'"),
    ] {
        assert_eq!(accepts(&of_options(&[], &[("data-dir", value)])), [words]);
    }
}

#[test]
fn words_hold_for_their_value_alone() {
    let one = of_options(&[], &[("data-dir", "/srv/etcd")]);
    let words = |text: &str| ["remove b", text].into_iter().collect();
    assert!(one[0].is_accepted(&words("a.data-dir = /srv/etcd")));
    assert!(one[0].is_accepted(&words("  a.data-dir = /srv/etcd ")));
    for other in ["a.data-dir = /srv/etcd2", "b.data-dir = /srv/etcd", "a.wal-dir = /srv/etcd", ""]
    {
        assert!(!one[0].is_accepted(&words(other)), "{other}");
    }
    assert!(!one[0].is_accepted(&Accepted::default()));
}

#[test]
fn a_member_that_is_called_as_a_client_is_told_from_it() {
    let of = |subject| Change { subject, what: What::Removed, class: Class::Refused }.accept();
    assert_eq!(of(Subject::Client("a".into())).as_deref(), Some("remove client/a"));
    assert_eq!(of(Subject::Member("client/a".into())).as_deref(), Some("remove 'client/a'"));
}

#[test]
fn what_is_not_refused_has_no_words() {
    for class in [Class::Free, Class::Copy, Class::Restart, Class::AskEtcd] {
        let change = Change { subject: Subject::Member("a".into()), what: What::Removed, class };
        assert_eq!(change.accept(), None);
        assert!(!change.is_accepted(&["remove a"].into_iter().collect()));
    }
}

/// Returns names and values that are odd, alike, and full of what words are made of.
fn text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "b",
        "client",
        "/",
        ".",
        " ",
        ",",
        "=",
        "'",
        "\"",
        "\\",
        "%",
        "%27",
        "\n",
        "é",
        "[",
        "]",
        "remove",
        "move",
        "no ",
        "data-dir",
        "http://10.0.0.1:1",
    ]);
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

fn what() -> impl Strategy<Value = What> {
    let data: Vec<&'static str> = OPTIONS
        .iter()
        .filter(|option| matches!(option.on_change(), OnChange::Data | OnChange::Unsafe))
        .map(EtcdOption::name)
        .collect();
    let names = |least| prop::collection::vec(text(), least..3);
    prop_oneof![
        (prop::sample::select(data), prop::option::of(text()))
            .prop_map(|(name, to)| What::Option { name: name.into(), from: None, to }),
        Just(What::Removed),
        text().prop_map(|to| What::Renamed { to }),
        text().prop_map(|with| What::Swapped { with }),
        any::<bool>().prop_map(|to| What::CommonName { to }),
        (names(0), prop::collection::btree_map(text(), names(1), 0..3))
            .prop_filter("someone goes", |(removed, moved)| !removed.is_empty()
                || !moved.is_empty())
            .prop_map(|(removed, moved)| What::Quorum { running: 9, stay: 0, removed, moved }),
    ]
}

fn subject(what: &What) -> BoxedStrategy<Subject> {
    match what {
        What::Quorum { .. } => Just(Subject::Cluster).boxed(),
        What::CommonName { .. } | What::Removed => text().prop_map(Subject::Client).boxed(),
        _ => text().prop_map(Subject::Member).boxed(),
    }
}

fn refused() -> impl Strategy<Value = Change> {
    let change = |subject, what| Change { subject, what, class: Class::Refused };
    what().prop_flat_map(move |what| {
        subject(&what).prop_map(move |subject| change(subject, what.clone()))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn two_changes_never_have_the_same_words(one in refused(), other in refused()) {
        let [words, others] = [&one, &other].map(|change| change.accept().expect("it is refused"));
        prop_assert!(one == other || words != others, "{one:?} {other:?} {words}");
        prop_assert!(one.is_accepted(&[&words].into_iter().collect()));
        let is_odd = |c: char| c.is_control() || matches!(c, '"' | '\\');
        prop_assert!(!words.contains(is_odd), "{words:?} does not stand in a string of TOML");
    }
}
