//! Keys that are missing, misspelt, or in the wrong table.

use insta::assert_snapshot;

use super::{GOOD, said, said_of_good_and};

#[test]
fn what_is_missing_is_asked_for() {
    assert_snapshot!(said("[tls]\n"), @r#"
    error: `[cluster]` is missing
     --> cluster.toml:1:6
      |
    1 | [tls]
      |      ^ end of file, and no `[cluster]` so far
      |
      = help: add `[cluster]`, the cluster as a whole:

              [cluster]
              token = "etcd-cluster-1"
              etcd = "3.5"

    error: the cluster has no members
     --> cluster.toml:1:6
      |
    1 | [tls]
      |      ^ end of file, and no `[[member]]` so far
      |
      = help: add `[[member]]`, one member of the cluster:

              [[member]]
              name = "pink"
              ip = "192.168.65.101"

    error: cluster.toml: 2 errors
    (there is no spec)
    "#);
}

#[test]
fn required_keys_that_are_missing_are_asked_for() {
    assert_snapshot!(said("[cluster]\n[[member]]\n[[client]]\n"), @r#"
    error: `[cluster]` lacks `token`
     --> cluster.toml:1:1
      |
    1 | [cluster]
      | ^^^^^^^^^ `token` is missing
      |
      = help: add `token = "etcd-cluster-1"`: tells this cluster from every other, so that their members never mix

    error: `[cluster]` lacks `etcd`
     --> cluster.toml:1:1
      |
    1 | [cluster]
      | ^^^^^^^^^ `etcd` is missing
      |
      = help: add `etcd = "3.5"`: the version of etcd that the members run, `3.5` or exactly `3.5.30`; options are checked against it

    error: `[[member]]` lacks `name`
     --> cluster.toml:2:1
      |
    2 | [[member]]
      | ^^^^^^^^^^ `name` is missing
      |
      = help: add `name = "pink"`: the member's name

    error: `[[member]]` lacks `ip`
     --> cluster.toml:2:1
      |
    2 | [[member]]
      | ^^^^^^^^^^ `ip` is missing
      |
      = help: add `ip = "192.168.65.101"`: the address of its node, as the other members see it
      = help: or, where there is none, write `advertise = "hostname"`

    error: `[[client]]` lacks `name`
     --> cluster.toml:3:1
      |
    3 | [[client]]
      | ^^^^^^^^^^ `name` is missing
      |
      = help: add `name = "root"`: the common name of its certificate, which is etcd's user when authentication is on

    error: cluster.toml: 5 errors
    (there is no spec)
    "#);
}

#[test]
fn a_letter_too_many_or_too_few_is_recognised_in_short_and_in_other_words_too() {
    for (written, meant) in [("ipp", "ip"), ("adress", "ip"), ("addres", "ip"), ("addresss", "ip")]
    {
        let said = said(GOOD.replace("ip =", &format!("{written} =")));
        assert!(said.contains(&format!("did you mean `{meant}`?")), "{said}");
        assert!(!said.contains("is missing"), "{said}");
    }
}

#[test]
fn a_misspelt_key_is_not_missing_as_well() {
    assert_snapshot!(said(GOOD.replace("token", "tokn").replace("ip", "address")), @r#"
    error: `[cluster]` has no key `tokn`
     --> cluster.toml:2:1
      |
    2 | tokn = "t"
      | ^^^^ unknown
      |
      = help: did you mean `token`?

    error: `[[member]]` has no key `address`
     --> cluster.toml:7:1
      |
    7 | address = "10.0.0.1"
      | ^^^^^^^ unknown
      |
      = help: did you mean `ip`?

    error: cluster.toml: 2 errors
    (there is no spec)
    "#);
}

#[test]
fn names_from_other_places_are_understood() {
    assert_snapshot!(said_of_good_and(
        "peer_port = 1\nclientPort = 2\n--listen-ip = \"x\"\nHOSTNAME = \"x\"\nETCD_DATA_DIR = \"/x\"\n"
    ), @r#"
    error: `[[member]]` has no key `peer_port`
     --> cluster.toml:8:1
      |
    8 | peer_port = 1
      | ^^^^^^^^^ unknown
      |
      = help: did you mean `peer-port`?

    error: `[[member]]` has no key `clientPort`
     --> cluster.toml:9:1
      |
    9 | clientPort = 2
      | ^^^^^^^^^^ unknown
      |
      = help: did you mean `client-port`?

    error: `[[member]]` has no key `--listen-ip`
      --> cluster.toml:10:1
       |
    10 | --listen-ip = "x"
       | ^^^^^^^^^^^ unknown
       |
       = help: did you mean `listen-ip`?

    error: `[[member]]` has no key `HOSTNAME`
      --> cluster.toml:11:1
       |
    11 | HOSTNAME = "x"
       | ^^^^^^^^ unknown
       |
       = help: did you mean `hostname`?

    error: `[[member]]` has no key `ETCD_DATA_DIR`
      --> cluster.toml:12:1
       |
    12 | ETCD_DATA_DIR = "/x"
       | ^^^^^^^^^^^^^ unknown
       |
       = help: `data-dir` is an option of etcd and belongs in `[member.etcd]`, or in `[etcd]` for every member

    error: cluster.toml: 5 errors
    (there is no spec)
    "#);
}

#[test]
fn a_key_of_another_table_is_sent_there() {
    assert_snapshot!(said_of_good_and(
        "certs-dir = \"/x\"\n[tls]\ndata-dir = \"/x\"\ntoken = \"x\"\n[[client]]\nname = \"root\"\nmember = \"pink\"\n"
    ), @r#"
    error: `[[member]]` has no key `certs-dir`
     --> cluster.toml:8:1
      |
    8 | certs-dir = "/x"
      | ^^^^^^^^^ unknown
      |
      = help: `certs-dir` belongs in `[tls]` or `[[client]]`

    error: `[tls]` has no key `data-dir`
      --> cluster.toml:10:1
       |
    10 | data-dir = "/x"
       | ^^^^^^^^ unknown
       |
       = help: `data-dir` is an option of etcd and belongs in `[etcd]`

    error: `[tls]` has no key `token`
      --> cluster.toml:11:1
       |
    11 | token = "x"
       | ^^^^^ unknown
       |
       = help: `token` belongs in `[cluster]`

    error: `[[client]]` has no key `member`
      --> cluster.toml:14:1
       |
    14 | member = "pink"
       | ^^^^^^ unknown
       |
       = help: `member` is a table of its own: write `[[member]]`

    error: cluster.toml: 4 errors
    (there is a spec)
    "#);
}

#[test]
fn an_option_of_etcd_is_sent_to_etcd() {
    let wrong = GOOD.replace("etcd = ", "snapshot-count = 1\netcd = ");
    assert_snapshot!(said(wrong + "heartbeat-interval = 100\nheart-beat-interval = 100\n"), @"
    error: `[cluster]` has no key `snapshot-count`
     --> cluster.toml:3:1
      |
    3 | snapshot-count = 1
      | ^^^^^^^^^^^^^^ unknown
      |
      = help: `snapshot-count` is an option of etcd and belongs in `[etcd]`

    error: `[[member]]` has no key `heartbeat-interval`
     --> cluster.toml:9:1
      |
    9 | heartbeat-interval = 100
      | ^^^^^^^^^^^^^^^^^^ unknown
      |
      = help: `heartbeat-interval` is an option of etcd and belongs in `[member.etcd]`, or in `[etcd]` for every member

    error: `[[member]]` has no key `heart-beat-interval`
      --> cluster.toml:10:1
       |
    10 | heart-beat-interval = 100
       | ^^^^^^^^^^^^^^^^^^^ unknown
       |
       = help: did you mean etcd's option `heartbeat-interval`, in `[etcd]`?

    error: cluster.toml: 3 errors
    (there is a spec)
    ");
}

#[test]
fn an_option_that_is_a_key_by_another_name_is_named() {
    assert_snapshot!(said(GOOD.replace("token", "initial-cluster-token")), @r#"
    error: `[cluster]` has no key `initial-cluster-token`
     --> cluster.toml:2:1
      |
    2 | initial-cluster-token = "t"
      | ^^^^^^^^^^^^^^^^^^^^^ unknown
      |
      = help: write `token`: it becomes etcd's `--initial-cluster-token`

    error: cluster.toml: 1 error
    (there is no spec)
    "#);
}

#[test]
fn an_unknown_key_alone_does_not_withhold_the_spec() {
    assert_snapshot!(said_of_good_and("colour = \"pink\"\n"), @r#"
    error: `[[member]]` has no key `colour`
     --> cluster.toml:8:1
      |
    8 | colour = "pink"
      | ^^^^^^ unknown
      |
      = help: its keys are `name`, `ip`, `hostname`, `ssh`, `listen-ip`, `client-ip`, `client-hostname`, `loopback`, `advertise`, `peer-port`, `client-port`, `state`, `generation`, `extra-sans`

    error: cluster.toml: 1 error
    (there is a spec)
    "#);
}
