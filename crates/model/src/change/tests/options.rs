//! Options: which other value asks for what.

use super::{Class, accepts, as_written, changes, lines, member, of_options, running, version};

#[test]
fn an_option_that_etcd_reads_at_its_start_is_a_restart() {
    for (name, from, to) in [
        ("log-level", "info", "debug"),
        ("log-outputs", "stderr", "/var/log/etcd/etcd.log"),
        ("snapshot-count", "10000", "5000"),
        ("auto-compaction-retention", "10h", "1h"),
        ("auth-token", "simple", "jwt,sign-method=RS256,pub-key=/a,priv-key=/b"),
        ("listen-client-urls", "http://10.0.0.1:2379", "http://10.0.0.1:2389"),
        ("advertise-client-urls", "http://10.0.0.1:2379", "http://10.0.0.1:2389"),
        ("listen-metrics-urls", "http://127.0.0.1:2381", "http://127.0.0.1:2382"),
        ("heartbeat-interval", "100", "500"),
        ("enable-v2", "true", "false"),
        ("unsafe-no-fsync", "true", "false"),
        ("v2-deprecation", "write-only", "not-yet"),
        ("an-option-of-tomorrow", "1", "2"),
    ] {
        assert_eq!(
            lines(&of_options(&[(name, from)], &[(name, to)])),
            [format!("restart: a: {name} {from} → {to}")]
        );
    }
}

#[test]
fn a_folder_with_data_is_refused_from_and_to_nothing_too() {
    for name in ["data-dir", "wal-dir"] {
        for (from, to, words) in [
            (&[(name, "/data")][..], &[(name, "/srv/etcd")][..], format!("a.{name} = /srv/etcd")),
            (&[], &[(name, "/srv/etcd")], format!("a.{name} = /srv/etcd")),
            (&[(name, "/data")], &[], format!("no a.{name}")),
        ] {
            assert_eq!(accepts(&of_options(from, to)), [words]);
        }
    }
}

#[test]
fn what_can_lose_data_is_refused_only_when_it_is_switched_on() {
    let name = "unsafe-no-fsync";
    let all = of_options(&[], &[(name, "true")]);
    assert_eq!(accepts(&all), [format!("a.{name} = true")]);
    assert_eq!(
        lines(&of_options(&[(name, "true")], &[])),
        [format!("restart: a: {name} true → nothing")]
    );
    assert_eq!(
        lines(&of_options(&[], &[(name, "false")])),
        [format!("copy: a: {name} nothing → false")]
    );
}

#[test]
fn what_counts_on_an_empty_folder_alone_asks_for_nothing() {
    for (name, from, to) in [
        ("initial-cluster", "a=http://10.0.0.1:1", "a=http://10.0.0.1:1,b=http://10.0.0.1:2"),
        ("initial-cluster-state", "new", "existing"),
        ("discovery-srv", "a.example", "b.example"),
    ] {
        assert_eq!(
            lines(&of_options(&[(name, from)], &[(name, to)])),
            [format!("free: a: {name} {from} → {to}")]
        );
    }
}

/// etcd does the same by both, so a restart would change nothing; the files on the machine are others.
#[test]
fn a_default_that_is_written_out_asks_for_no_restart() {
    for (name, value) in [
        ("heartbeat-interval", "100"),
        ("snapshot-count", "100000"),
        ("quota-backend-bytes", "0"),
        ("quota-backend-bytes", "2147483648"),
        ("pre-vote", "true"),
        ("log-level", "info"),
    ] {
        let shown = as_written(name, value);
        assert_eq!(
            lines(&of_options(&[], &[(name, value)])),
            [format!("copy: a: {name} nothing → {shown}")]
        );
        assert_eq!(
            lines(&of_options(&[(name, value)], &[])),
            [format!("copy: a: {name} {shown} → nothing")]
        );
    }
}

#[test]
fn a_default_of_another_version_is_another_value() {
    let mut before = member(&[]);
    before.version = version("3.4.27");
    let after = member(&[("pre-vote", "false"), ("snapshot-count", "100000")]);
    let all = changes(&running([("a", before)]), &running([("a", after)]));
    assert_eq!(
        lines(&all)[1..],
        [
            "copy: a: pre-vote nothing → false".to_owned(),
            "copy: a: snapshot-count nothing → 100000".to_owned(),
        ]
    );
    let mut before = member(&[("pre-vote", "false")]);
    before.version = version("3.4.27");
    let all = changes(&running([("a", before)]), &running([("a", member(&[]))]));
    assert_eq!(lines(&all)[1..], ["restart: a: pre-vote false → nothing".to_owned()]);
}

#[test]
fn a_value_is_told_as_a_spec_has_it_and_not_as_a_flag() {
    let told = |name: &'static str, from, to| lines(&of_options(&[(name, from)], &[(name, to)]));
    assert_eq!(
        told("quota-backend-bytes", "4294967296", "536870912"),
        ["ask etcd first: a: quota-backend-bytes 4GiB → 512MiB"]
    );
    assert_eq!(
        told("quota-backend-bytes", "4294967297", "-1"),
        ["ask etcd first: a: quota-backend-bytes 4294967297 → -1"]
    );
    for (flag, written) in [
        ("2h0m0s", "2h"),
        ("1h30m0s", "1h30m"),
        ("10m0s", "10m"),
        ("10s", "10s"),
        ("1h0m5s", "1h0m5s"),
        ("0s", "0s"),
        ("of tomorrow", "of tomorrow"),
    ] {
        assert_eq!(as_written("grpc-keepalive-interval", flag), written);
    }
    assert_eq!(as_written("snapshot-count", "1048576"), "1048576");
}

#[test]
fn a_quota_is_looked_at_in_both_directions() {
    for (from, to) in
        [(None, Some("1073741824")), (Some("8589934592"), None), (Some("1"), Some("-1"))]
    {
        let option =
            |value: Option<&'static str>| value.map(|value| ("quota-backend-bytes", value));
        let [before, after] = [from, to].map(|value| option(value).into_iter().collect::<Vec<_>>());
        let all = of_options(&before, &after);
        assert_eq!(all.len(), 1);
        assert!(lines(&all)[0].starts_with("ask etcd first"), "{all:?}");
    }
    let lowered = of_options(&[("quota-backend-bytes", "8589934592")], &[]);
    assert!(lowered[0].way().contains("1.2"), "{}", lowered[0].way());
    let raised = of_options(&[], &[("quota-backend-bytes", "8589934592")]);
    assert!(raised[0].way().contains("alarm disarm"), "{}", raised[0].way());
}

#[test]
fn heartbeat_and_election_have_an_order() {
    let raised = of_options(&[], &[("heartbeat-interval", "500"), ("election-timeout", "5000")]);
    assert!(raised.iter().all(|change| change.way().starts_with("`election-timeout` on all")));
    let lowered = of_options(&[("heartbeat-interval", "500"), ("election-timeout", "5000")], &[]);
    assert!(lowered.iter().all(|change| change.way().starts_with("`heartbeat-interval` on all")));
    let both = raised.iter().chain(&lowered);
    assert!(both.map(super::Change::way).all(|way| way.ends_with("the leader last")));
}

#[test]
fn data_of_the_second_api_is_looked_for() {
    for to in ["write-only", "write-only-drop-data", "gone"] {
        let all = of_options(&[("v2-deprecation", "not-yet")], &[("v2-deprecation", to)]);
        assert!(lines(&all)[0].starts_with("ask etcd first"), "{all:?}");
        assert!(all[0].way().contains("check v2store"));
    }
}

#[test]
fn a_new_name_of_the_same_option_is_no_other_value() {
    let old = [("experimental-corrupt-check-time", "1h0m0s")];
    let new = [("corrupt-check-time", "1h0m0s")];
    for (from, to) in [(&old, &new), (&new, &old)] {
        let all = of_options(from, to);
        assert_eq!(all.len(), 1);
        assert_eq!(
            lines(&all)[0],
            format!("copy: a: {}=1h0m0s is written {}=1h0m0s", from[0].0, to[0].0)
        );
    }
    let all = of_options(&old, &[("corrupt-check-time", "2h0m0s")]);
    assert_eq!(lines(&all), ["restart: a: corrupt-check-time 1h → 2h"]);
}

#[test]
fn an_option_that_became_a_gate_is_no_other_value() {
    let old = [("experimental-initial-corrupt-check", "true")];
    let all = of_options(&old, &[("feature-gates", "InitialCorruptCheck=true")]);
    assert_eq!(
        lines(&all),
        ["copy: a: experimental-initial-corrupt-check=true is written \
             feature-gates=InitialCorruptCheck=true"]
    );
    let all = of_options(&old, &[("feature-gates", "InitialCorruptCheck=false")]);
    assert_eq!(all.len(), 2, "{all:?}");
    let all =
        of_options(&old, &[("feature-gates", "InitialCorruptCheck=true,CompactHashCheck=true")]);
    assert_eq!(
        lines(&all)[1],
        "restart: a: feature-gates nothing → InitialCorruptCheck=true,CompactHashCheck=true"
    );
}

#[test]
fn a_rename_across_a_minor_comes_with_it() {
    let mut after = member(&[("corrupt-check-time", "1h0m0s")]);
    after.version = version("3.6.16");
    let before = member(&[("experimental-corrupt-check-time", "1h0m0s")]);
    let all = changes(&running([("a", before)]), &running([("a", after)]));
    assert_eq!(
        lines(&all),
        [
            "ask etcd first: a: etcd 3.5.33 → 3.6.16",
            "restart: a: experimental-corrupt-check-time=1h0m0s is written \
             corrupt-check-time=1h0m0s",
        ]
    );
}

#[test]
fn versions_of_tls_without_one_in_common_take_two_steps() {
    let all = of_options(&[("tls-max-version", "TLS1.2")], &[("tls-min-version", "TLS1.3")]);
    assert_eq!(accepts(&all), ["no a.tls-max-version", "a.tls-min-version = TLS1.3"]);
    let all = of_options(&[], &[("tls-min-version", "TLS1.3")]);
    assert_eq!(lines(&all), ["restart: a: tls-min-version nothing → TLS1.3"]);
    let mut before = member(&[]);
    before.version = version("3.5.7");
    let after = running([("a", member(&[("tls-min-version", "TLS1.3")]))]);
    assert_eq!(
        accepts(&changes(&running([("a", before)]), &after)),
        ["a.tls-min-version = TLS1.3"],
        "3.5.7 speaks 1.2 alone"
    );
}

#[test]
fn cipher_suites_without_one_in_common_take_two_steps_where_there_is_no_other_tls() {
    let with = |suites| [("cipher-suites", suites), ("tls-max-version", "TLS1.2")];
    assert_eq!(accepts(&of_options(&with("A"), &with("B,C"))), ["a.cipher-suites = 'B,C'"]);
    assert_eq!(accepts(&of_options(&with("A"), &with("A,B"))), [""; 0]);
    let all = of_options(&[("cipher-suites", "A")], &[("cipher-suites", "B")]);
    assert_eq!(lines(&all), ["restart: a: cipher-suites A → B"]);
}

#[test]
fn certificates_of_clients_are_looked_for_before_they_are_asked_for() {
    for name in ["client-cert-auth", "peer-client-cert-auth"] {
        let all = of_options(&[(name, "false")], &[(name, "true")]);
        assert_eq!(lines(&all), [format!("ask etcd first: a: {name} false → true")]);
    }
}

/// Where it is written out, or is so no more.
#[test]
fn a_folder_that_is_the_same_one_is_no_move_of_data() {
    let unwritten: &[(&str, &str)] = &[];
    for (before, after) in [
        (unwritten, &[("data-dir", "/var/lib/etcd/a.etcd")][..]),
        (&[("data-dir", "/data")], &[("data-dir", "/data"), ("wal-dir", "/data/member/wal")]),
    ] {
        for (before, after) in [(before, after), (after, before)] {
            let classes: Vec<_> = of_options(before, after).iter().map(|it| it.class).collect();
            assert_eq!(classes, [Class::Copy], "{before:?} {after:?}");
        }
    }
    for after in ["/var/lib/etcd/b.etcd", "/var/lib/etcd"] {
        assert_eq!(of_options(&[], &[("data-dir", after)])[0].class, Class::Refused);
    }
}

/// What happens in one direction is said of no other.
#[test]
fn words_of_one_direction_are_said_of_that_one_alone() {
    for (name, from, to, words) in [
        ("tls-min-version", None, Some("TLS1.3"), "in two steps"),
        ("cipher-suites", Some("A"), Some("A,B"), "in two steps"),
        ("v2-deprecation", Some("write-only"), Some("not-yet"), "look first"),
        ("v2-deprecation", Some("write-only"), Some("not-yet"), "does not start"),
        ("peer-cert-allowed-cn", Some("x"), None, "is cut off"),
        ("peer-cert-allowed-cn", Some("x"), None, "certificate first"),
    ] {
        let of = |value: Option<&'static str>| value.map(|value| (name, value));
        let [before, after] = [from, to].map(|value| of(value).into_iter().collect::<Vec<_>>());
        let all = of_options(&before, &after);
        assert_eq!(all.len(), 1, "{all:?}");
        let said = format!("{} {}", all[0].consequence(), all[0].way());
        assert!(!said.contains(words), "{said}");
    }
    let comes = of_options(&[], &[("peer-cert-allowed-cn", "x")]);
    let other = of_options(&[("peer-cert-allowed-cn", "x")], &[("peer-cert-allowed-cn", "y")]);
    for change in [comes, other].concat() {
        assert!(change.consequence().contains("is cut off"), "{}", change.consequence());
    }
}
