//! Tables under a wrong name or in a wrong place, and keys outside of any.

use insta::assert_snapshot;

use super::{GOOD, said, said_of_good_and};

#[test]
fn keys_above_every_table_are_sent_into_one() {
    assert_snapshot!(said(format!("token = \"t\"\ndata-dir = \"/x\"\netcd = \"3.5\"\n{GOOD}")), @r#"
    error: `token` stands outside of any table
     --> cluster.toml:1:1
      |
    1 | token = "t"
      | ^^^^^ no table begins above this line
      |
      = help: `token` belongs in `[cluster]`

    error: `data-dir` stands outside of any table
     --> cluster.toml:2:1
      |
    2 | data-dir = "/x"
      | ^^^^^^^^ no table begins above this line
      |
      = help: `data-dir` is an option of etcd and belongs in `[etcd]`

    error: `etcd` is a table, not a string
     --> cluster.toml:3:1
      |
    3 | etcd = "3.5"
      | ^^^^ a key of the whole file
      |
      = help: the version of etcd stands under `[cluster]`: `etcd = "3.5"`
      = help: options of etcd stand under `[etcd]`

    error: cluster.toml: 3 errors
    (there is no spec)
    "#);
}

#[test]
fn a_table_under_another_name_is_understood() {
    assert_snapshot!(said_of_good_and("[[nodes]]\nname = \"orange\"\n[clients]\n[TLS]\n[colours]\n"), @r#"
    error: there is no table `[[nodes]]`
     --> cluster.toml:8:1
      |
    8 | [[nodes]]
      | ^^^^^^^^^ unknown
      |
      = help: did you mean `[[member]]`?

    error: `[[member]]` lacks `ip`
     --> cluster.toml:8:1
      |
    8 | [[nodes]]
      | ^^^^^^^^^ `ip` is missing
      |
      = help: add `ip = "192.168.65.101"`: the address of its node, as the other members see it
      = help: or, where there is none, write `advertise = "hostname"`

    error: there is no table `[clients]`
      --> cluster.toml:10:1
       |
    10 | [clients]
       | ^^^^^^^^^ unknown
       |
       = help: did you mean `[[client]]`?

    error: `[[client]]` lacks `name`
      --> cluster.toml:10:1
       |
    10 | [clients]
       | ^^^^^^^^^ `name` is missing
       |
       = help: add `name = "root"`: the common name of its certificate, which is etcd's user when authentication is on

    error: there is no table `[TLS]`
      --> cluster.toml:11:1
       |
    11 | [TLS]
       | ^^^^^ unknown
       |
       = help: did you mean `[tls]`?

    error: there is no table `[colours]`
      --> cluster.toml:12:1
       |
    12 | [colours]
       | ^^^^^^^^^ unknown
       |
       = help: the tables are `[cluster]`, `[etcd]`, `[systemd]`, `[tls]`, `[ca]`, `[[authority]]`, `[[member]]`, `[member.etcd]`, `[[client]]`, `[[revoked]]`

    error: cluster.toml: 6 errors
    (there is no spec)
    "#);
}

#[test]
fn a_table_of_a_member_stands_below_it() {
    let early = GOOD.replace("[[member]]", "[member.etcd]\ndata-dir = \"/x\"\n\n[[member]]");
    assert_snapshot!(said(early), @"
    error: `[[member]]` stands below a table that lies in it
     --> cluster.toml:8:1
      |
    5 | [member.etcd]
      | ------------- lies in it
    ...
    8 | [[member]]
      | ^^^^^^^^^^ begins here
      |
      = help: put `[[member]]` above its tables

    error: cluster.toml: 1 error
    (there is no spec)
    ");
}

#[test]
fn a_table_of_a_member_needs_the_member() {
    let alone = GOOD.replace("[[member]]", "[member.etcd]").replace("ip =", "data-dir =");
    assert_snapshot!(said(alone), @"
    error: `[member.etcd]` has no `[[member]]` above it
     --> cluster.toml:5:1
      |
    5 | [member.etcd]
      | ^^^^^^^^^^^^^ lies in no member
      |
      = help: write it below the keys of the member that it is for

    error: cluster.toml: 1 error
    (there is no spec)
    ");
}

#[test]
fn a_table_in_a_table_of_another_name_is_understood() {
    assert_snapshot!(said_of_good_and("[members.etcd]\na = 1\n[other.etcd]\n[etcd.a]\n[tls.key]\n"), @r#"
    error: there is no table `[members.etcd]`
     --> cluster.toml:8:1
      |
    8 | [members.etcd]
      | ^^^^^^^^^^^^^^ unknown
      |
      = help: did you mean `[[member]]`?

    error: there is no table `[other.etcd]`
      --> cluster.toml:10:1
       |
    10 | [other.etcd]
       | ^^^^^^^^^^^^ unknown
       |
       = help: the tables are `[cluster]`, `[etcd]`, `[systemd]`, `[tls]`, `[ca]`, `[[authority]]`, `[[member]]`, `[member.etcd]`, `[[client]]`, `[[revoked]]`

    error: `key` takes a string, not a table
      --> cluster.toml:12:1
       |
    12 | [tls.key]
       | ^^^^^^^^^ a table
       |
       = help: for example `key = "ecdsa-p256"`

    error: cluster.toml: 3 errors
    (there is no spec)
    "#);
}
