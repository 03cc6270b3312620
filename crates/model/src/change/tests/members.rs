//! Who comes, goes, and is at another address.

use super::{Running, What};
use super::{accepts, at, changes, cluster, lines, member, running};

const THREE: [(&str, u16); 3] = [("a", 1), ("b", 2), ("c", 3)];

fn to(members: &[(&str, u16)]) -> Vec<String> {
    lines(&changes(&cluster(&THREE), &cluster(members)))
        .into_iter()
        // The option follows from the address, and a member that has run does not read it.
        .filter(|line| !line.contains("initial-advertise-peer-urls"))
        .collect()
}

#[test]
fn one_that_comes_or_goes_is_told_to_etcd() {
    assert_eq!(to(&[("a", 1), ("b", 2), ("c", 3), ("d", 4)]), ["ask etcd first: d: added"]);
    assert_eq!(to(&[("a", 1), ("b", 2)]), ["ask etcd first: c: removed"]);
}

#[test]
fn members_of_a_cluster_that_begins_ask_for_nothing() {
    let none = Running::default();
    assert_eq!(
        lines(&changes(&none, &cluster(&THREE))),
        ["free: a: added", "free: b: added", "free: c: added"]
    );
    assert_eq!(changes(&none, &none), []);
}

#[test]
fn a_bootstrap_that_is_under_way_goes_on() {
    let founder = |port: u16| {
        let mut member = at(port);
        member.options.insert("initial-cluster-state".into(), "new".into());
        member
    };
    let after = running([("a", at(1)), ("b", founder(2)), ("c", founder(3))]);
    let all = changes(&cluster(&[("a", 1)]), &after);
    assert_eq!(lines(&all), ["copy: b: added", "copy: c: added"]);
}

#[test]
fn one_for_one_is_two_changes_one_by_one() {
    assert_eq!(
        to(&[("a", 1), ("b", 2), ("d", 4)]),
        [
            "ask etcd first: cluster: members: d in; c out",
            "ask etcd first: c: removed",
            "ask etcd first: d: added",
        ]
    );
}

#[test]
fn the_same_name_at_a_new_address_is_moved_and_may_be_a_new_machine() {
    assert_eq!(
        to(&[("a", 1), ("b", 2), ("c", 9)]),
        ["ask etcd first: c: peer URLs http://10.0.0.1:3 → http://10.0.0.1:9"]
    );
    let all = changes(&cluster(&THREE), &cluster(&[("a", 1), ("b", 2), ("c", 9)]));
    let moved = all.iter().find(|change| matches!(change.what, What::Moved { .. })).unwrap();
    assert!(moved.consequence().contains("tocommit(…) is out of range [lastIndex(0)]"));
    assert!(moved.way().contains("member update") && moved.way().contains("as a learner"));
}

#[test]
fn urls_at_the_new_host_follow_from_the_address_and_other_ports_do_not() {
    let with = |host: &str, port: u16| {
        let clients = format!("http://{host}:{port},http://127.0.0.1:{port}");
        member(&[
            ("initial-advertise-peer-urls", &format!("http://{host}:2380")),
            ("listen-peer-urls", &format!("http://{host}:2380")),
            ("listen-client-urls", &clients),
        ])
    };
    let of = |host, port| {
        running(
            [("a", with("10.0.0.1", 1)), ("b", at(2)), ("c", at(3))]
                .into_iter()
                .map(|(name, member)| (name, if name == "a" { with(host, port) } else { member })),
        )
    };
    let all = changes(&of("10.0.0.1", 1), &of("10.0.0.12", 1));
    assert_eq!(
        lines(&all),
        ["ask etcd first: a: peer URLs http://10.0.0.1:2380 → http://10.0.0.12:2380"]
    );
    let all = lines(&changes(&of("10.0.0.1", 1), &of("10.0.0.12", 9)));
    assert!(all[1].starts_with("restart: a: listen-client-urls"), "{all:?}");
}

#[test]
fn one_url_under_another_name_is_refused() {
    let all = changes(&cluster(&THREE), &cluster(&[("tulip", 1), ("b", 2), ("c", 3)]));
    assert_eq!(lines(&all), ["refused: a: renamed to tulip"]);
    assert_eq!(accepts(&all), ["rename a tulip"]);
}

#[test]
fn two_that_swap_addresses_are_refused_once() {
    let all = changes(&cluster(&THREE), &cluster(&[("a", 2), ("b", 1), ("c", 3)]));
    assert_eq!(accepts(&all), ["swap a b"]);
    let all = changes(&cluster(&THREE), &cluster(&[("a", 2), ("b", 3), ("c", 1)]));
    assert_eq!(accepts(&all), ["rename a c", "rename b a", "rename c b"]);
}

#[test]
fn a_name_that_takes_over_a_url_is_refused() {
    let all = changes(&cluster(&THREE), &cluster(&[("b", 1), ("c", 3)]));
    assert_eq!(accepts(&all), ["remove b", "rename a b"]);
    assert!(lines(&all).contains(&"ask etcd first: b: removed".to_owned()));
}

#[test]
fn fewer_than_a_quorum_that_stay_are_refused() {
    for (after, words) in [
        (&[("a", 1)][..], "remove b c"),
        (&[("a", 1), ("d", 4), ("e", 5)], "remove b c"),
        (&[("a", 1), ("b", 8), ("c", 9)], "move b http://10.0.0.1:8 c http://10.0.0.1:9"),
        (&[("a", 1), ("b", 8)], "remove c, move b http://10.0.0.1:8"),
        (&[("d", 4)], "remove a b c"),
        (
            &[("a", 7), ("b", 8), ("c", 9)],
            "move a http://10.0.0.1:7 b http://10.0.0.1:8 c http://10.0.0.1:9",
        ),
        (&[], "remove a b c"),
    ] {
        let all = changes(&cluster(&THREE), &cluster(after));
        assert_eq!(accepts(&all), [words], "{after:?}");
    }
}

#[test]
fn a_cluster_of_one_or_two_has_no_member_to_spare() {
    for (before, after, words) in [
        (&[("a", 1)][..], &[("a", 2)][..], "move a http://10.0.0.1:2"),
        (&[("a", 1)], &[("b", 2)], "remove a"),
        (&[("a", 1), ("b", 2)], &[("a", 1)], "remove b"),
        (&[("a", 1), ("b", 2)], &[("a", 1), ("b", 9)], "move b http://10.0.0.1:9"),
    ] {
        assert_eq!(accepts(&changes(&cluster(before), &cluster(after))), [words], "{before:?}");
    }
    let all = changes(&cluster(&[("a", 1)]), &cluster(&[("a", 1), ("b", 2)]));
    assert_eq!(lines(&all), ["ask etcd first: b: added"]);
    assert!(all[0].way().contains("--learner"), "as a voter that does not start it is lost");
}

#[test]
fn five_can_spare_two() {
    let five = cluster(&[("a", 1), ("b", 2), ("c", 3), ("d", 4), ("e", 5)]);
    let all = changes(&five, &cluster(&[("a", 1), ("b", 2), ("c", 3), ("d", 8)]));
    assert_eq!(accepts(&all), [""; 0]);
    assert!(lines(&all).contains(&"ask etcd first: cluster: members: e out; d moved".to_owned()));
}

#[test]
fn the_scheme_of_a_peer_url_is_no_other_address() {
    let with = |scheme: &str| {
        let urls = |port| format!("{scheme}://10.0.0.1:{port}");
        let member = |port| member(&[("initial-advertise-peer-urls", &urls(port))]);
        running([("a", member(1)), ("b", member(2)), ("c", member(3))])
    };
    let all = lines(&changes(&with("http"), &with("https")));
    assert_eq!(
        all,
        ["a", "b", "c"].map(|name| format!("ask etcd first: {name}: peer URLs http → https"))
    );
}

#[test]
fn a_second_address_beside_the_first_is_told_and_stays() {
    let urls = "http://10.0.0.1:1,http://10.9.0.1:1";
    let both = running([("a", member(&[("initial-advertise-peer-urls", urls)]))]);
    let all = changes(&cluster(&[("a", 1)]), &both);
    assert_eq!(accepts(&all), [""; 0]);
    assert!(lines(&all)[0].starts_with("ask etcd first: a: peer URLs"), "{all:?}");
}

#[test]
fn a_member_whose_address_is_not_recorded_is_known_by_its_name() {
    let before = running([("a", member(&[])), ("b", at(2))]);
    let all = changes(&before, &cluster(&[("a", 1), ("b", 2)]));
    assert!(lines(&all).iter().all(|line| line.starts_with("free: a: initial-")), "{all:?}");
}

#[test]
fn another_token_is_refused_once() {
    let with = |token| {
        let member = |port: u16| {
            let urls = format!("http://10.0.0.1:{port}");
            member(&[("initial-cluster-token", token), ("initial-advertise-peer-urls", &urls)])
        };
        running([("a", member(1)), ("b", member(2))])
    };
    let all = changes(&with("one"), &with("two"));
    assert_eq!(lines(&all), ["refused: cluster: initial-cluster-token one → two"]);
    assert_eq!(accepts(&all), ["token = two"]);
    let all = changes(&cluster(&[("a", 1), ("b", 2)]), &with("two"));
    assert_eq!(accepts(&all), [""; 0], "what it was is not known");
}
