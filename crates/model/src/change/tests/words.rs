//! What an operator is told.

use super::{Change, Class, Subject, What, trust, version};
use crate::certificate::Kind;
use crate::option::OPTIONS;
use crate::release;
use crate::trust::Side;
use crate::url::Scheme;

/// Returns one change of each kind.
fn all() -> Vec<What> {
    let one = || vec!["https://10.0.0.1:1".to_owned()];
    let two = || vec!["b".to_owned(), "c".to_owned()];
    let mut all = vec![
        What::Spelling { from: "a=1".into(), to: "b=1".into() },
        What::Certificate(Kind::Peer),
        What::Revocations,
        What::Added,
        What::Removed,
        What::Renamed { to: "b".into() },
        What::Moved { from: one(), to: one() },
        What::Swapped { with: "b".into() },
        What::Several { added: two(), removed: vec![], moved: vec![] },
        What::Several { added: vec![], removed: two(), moved: vec![] },
        What::Several { added: vec![], removed: vec![], moved: two() },
        What::Several { added: two(), removed: two(), moved: two() },
        What::Several { added: two(), removed: vec![], moved: two() },
        What::Several { added: vec![], removed: two(), moved: two() },
        What::Quorum { running: 3, stay: 1, removed: two(), moved: [].into() },
        What::Endpoints { from: one(), to: one() },
        What::CertsDir { from: "/a".into(), to: "/b".into() },
        What::Unit { key: "user".into(), from: None, to: Some("kube".into()) },
        What::Unit { key: "environment.GOGC".into(), from: Some("50".into()), to: None },
        What::CommonName { to: true },
        What::CommonName { to: false },
    ];
    let versions = ["3.4", "3.4.7", "3.5", "3.5.1", "3.5.33", "3.6", "3.6.0", "3.7.3"].map(version);
    for from in versions {
        for to in versions {
            let faults: Vec<_> = release::faults(to).collect();
            let version = What::Version { from, to, faults, has_risen: true };
            all.extend([version, What::Version { from, to, faults: Vec::new(), has_risen: false }]);
        }
    }
    for side in [Side::Clients, Side::Peers] {
        for (from, to) in [(Scheme::Http, Scheme::Https), (Scheme::Https, Scheme::Http)] {
            all.push(What::Scheme { side, from, to });
        }
        for (from, to) in [
            (trust(1, &[1]), trust(1, &[1, 2])),
            (trust(1, &[1, 2]), trust(2, &[1, 2])),
            (trust(1, &[1]), trust(2, &[1, 2])),
            (trust(1, &[1, 2]), trust(2, &[2])),
        ] {
            all.push(What::Trust { side, from, to });
        }
    }
    for name in OPTIONS.iter().map(|option| option.name().to_owned()).chain(["of-tomorrow".into()])
    {
        for (from, to) in [(None, Some("1")), (Some("1"), None), (Some("1"), Some("2"))] {
            let [from, to] = [from, to].map(|text| text.map(str::to_owned));
            all.push(What::Option { name: name.clone(), from, to });
        }
    }
    all
}

#[test]
fn each_change_has_words_of_one_line_without_a_final_dot() {
    let subjects = [Subject::Cluster, Subject::Member("a".into()), Subject::Client("a".into())];
    for what in all() {
        for subject in &subjects {
            for class in Class::ALL.iter().copied() {
                let change = Change { subject: subject.clone(), what: what.clone(), class };
                for text in [
                    change.consequence(),
                    change.way(),
                    change.procedure(),
                    change.what.to_string(),
                ] {
                    assert!(!text.is_empty(), "{change:?}");
                    assert!(!text.contains('\n') && !text.contains("  "), "{text}");
                    assert!(!text.ends_with('.') && !text.ends_with(' '), "{text}");
                    assert!(!text.contains("; ;") && !text.contains(": ;"), "{text}");
                }
            }
        }
    }
}

fn of_member(what: What, class: Class) -> Change {
    Change { subject: Subject::Member("a".into()), what, class }
}

/// A plan restarts each member twice.
#[test]
fn both_rounds_of_another_scheme_of_peers_are_named() {
    let scheme = |from, to, class| of_member(What::Scheme { side: Side::Peers, from, to }, class);
    let begins = scheme(Scheme::Http, Scheme::Https, Class::AskEtcd).way();
    for part in ["in two rounds", "`listen-peer-urls` still http", "member update ID"] {
        assert!(begins.contains(part), "{begins}");
    }
    let ends = scheme(Scheme::Https, Scheme::Http, Class::Refused).procedure();
    for part in ["in two rounds", "still have the files of TLS", "member update ID"] {
        assert!(ends.contains(part), "{ends}");
    }
    let what = What::Scheme { side: Side::Clients, from: Scheme::Https, to: Scheme::Http };
    let clients = of_member(what, Class::Refused).procedure();
    assert!(!clients.contains("member update"), "{clients}");
}

/// As the steps of a plan are.
#[test]
fn those_that_come_and_those_that_go_are_before_those_that_move() {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let way = |added: &[&str], removed: &[&str], moved: &[&str]| {
        let (added, removed, moved) = (names(added), names(removed), names(moved));
        of_member(What::Several { added, removed, moved }, Class::AskEtcd).way()
    };
    assert_eq!(
        way(&["d"], &[], &["a"]),
        "one by one: the new ones first, then those at other addresses"
    );
    assert_eq!(
        way(&[], &["c"], &["a"]),
        "one by one: those that go first, then those at other addresses"
    );
}

#[test]
fn one_under_another_name_has_its_data_moved_where_the_name_says_where_it_is() {
    let procedure = of_member(What::Renamed { to: "b".into() }, Class::Refused).procedure();
    assert!(procedure.contains("move its data"), "{procedure}");
}
