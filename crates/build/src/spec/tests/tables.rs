//! Tables in a wrong form or under a wrong name.

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
       = help: the tables are `[cluster]`, `[etcd]`, `[tls]`, `[ca]`, `[[authority]]`, `[[member]]`, `[member.etcd]`, `[[client]]`, `[[revoked]]`

    error: cluster.toml: 6 errors
    (there is no spec)
    "#);
}

#[test]
fn one_member_in_single_brackets_is_read_all_the_same() {
    assert_snapshot!(said(GOOD.replace("[[member]]", "[member]") + "peer-port = 0\n"), @"
    error: a member is written `[[member]]`
     --> cluster.toml:5:1
      |
    5 | [member]
      | ^^^^^^^^ one pair of brackets makes a single table
      |
      = help: write `[[member]]`: a spec has many of them, each begun by this line

    error: `peer-port` is 0, and a port is 1 to 65535
     --> cluster.toml:8:13
      |
    8 | peer-port = 0
      |             ^ not a port
      |
      = help: etcd's usual one is 2380

    error: cluster.toml: 2 errors
    (there is no spec)
    ");
}

#[test]
fn two_members_in_single_brackets_do_not_share_keys() {
    assert_snapshot!(said(
        GOOD.replace("[[member]]", "[member]") + "\n[member]\nname = \"orange\"\nip = 2\n"
    ), @r#"
    error: a member is written `[[member]]`
     --> cluster.toml:5:1
      |
    5 | [member]
      | ^^^^^^^^ one pair of brackets makes a single table
      |
      = help: write `[[member]]`: a spec has many of them, each begun by this line

    error: a member is written `[[member]]`
     --> cluster.toml:9:1
      |
    9 | [member]
      | ^^^^^^^^ one pair of brackets makes a single table
      |
      = help: write `[[member]]`: a spec has many of them, each begun by this line

    error: `ip` takes a string, not an integer
      --> cluster.toml:11:6
       |
    11 | ip = 2
       |      ^ an integer
       |
       = help: write `ip = "2"`

    error: cluster.toml: 3 errors
    (there is no spec)
    "#);
}

#[test]
fn a_member_named_in_its_header_is_explained() {
    assert_snapshot!(said(GOOD.replace("[[member]]\nname = \"pink\"", "[member.pink]")), @r#"
    error: `[member.pink]` is not how a member is written
     --> cluster.toml:5:1
      |
    5 | [member.pink]
      | ^^^^^^^^^^^^^ the name is a key, not a part of the header
      |
      = help: write `[[member]]` and below it `name = "pink"`

    error: cluster.toml: 1 error
    (there is no spec)
    "#);
}

#[test]
fn a_single_table_in_double_brackets_is_read_all_the_same() {
    assert_snapshot!(said(GOOD.replace("[cluster]", "[[cluster]]")), @"
    error: there is one `[cluster]`, without a second pair of brackets
     --> cluster.toml:1:1
      |
    1 | [[cluster]]
      | ^^^^^^^^^^^ two pairs begin one table of many
      |
      = help: write `[cluster]`

    error: cluster.toml: 1 error
    (there is no spec)
    ");
}

#[test]
fn a_table_written_twice_is_shown_twice() {
    assert_snapshot!(said_of_good_and("[tls]\nkey = \"ed25519\"\n[etcd]\n[tls]\nlayuot = \"shared\"\n"), @r#"
    error: `[tls]` is written twice
      --> cluster.toml:11:1
       |
     8 | [tls]
       | ----- first here
    ...
    11 | [tls]
       | ^^^^^ again here
       |
       = help: put all its keys under one `[tls]`

    error: `[tls]` has no key `layuot`
      --> cluster.toml:12:1
       |
    12 | layuot = "shared"
       | ^^^^^^ unknown
       |
       = help: did you mean `layout`?

    error: cluster.toml: 2 errors
    (there is no spec)
    "#);
}

#[test]
fn a_value_where_a_table_belongs_is_explained() {
    assert_snapshot!(said_of_good_and("etcd = \"3.5\"\n").replace(GOOD, ""), @r#"
    error: `etcd` of `[[member]]` is a table, not a string
     --> cluster.toml:8:1
      |
    8 | etcd = "3.5"
      | ^^^^ a key of this table
      |
      = help: etcd's options for one member stand under `[member.etcd]`, below its own keys
      = help: the version of etcd stands under `[cluster]`

    error: cluster.toml: 1 error
    (there is no spec)
    "#);
    assert_snapshot!(said(format!("tls = false\nclient = [\"root\"]\n{GOOD}")), @r#"
    error: `tls` is a table, not a boolean
     --> cluster.toml:1:1
      |
    1 | tls = false
      | ^^^ a key of the whole file
      |
      = help: write `[tls]` and its keys below

    error: `client` is a table, not a string
     --> cluster.toml:2:11
      |
    2 | client = ["root"]
      |           ^^^^^^ a key of the whole file
      |
      = help: write `[[client]]` and its keys below

    error: cluster.toml: 2 errors
    (there is no spec)
    "#);
}

#[test]
fn tables_may_be_written_in_any_form_of_toml() {
    let dotted = "cluster.token = 't'\ncluster = { etcd = '3.5' }\n";
    assert!(said(dotted).contains("`cluster`"));
    let inline = "cluster = { token = 't', etcd = '3.5' }\n\
                  member = [{ name = 'pink', ip = '10.0.0.1', etcd.data-dir = '/x' }]\n";
    assert_eq!(said(inline), "(there is a spec)");
    let dotted = "cluster.token = 't'\ncluster.etcd = '3.5'\n[[member]]\nname = 'pink'\nip = 'x'\n";
    assert_eq!(said(dotted), "(there is a spec)");
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
fn a_list_of_no_members_is_no_member() {
    assert_snapshot!(said("cluster = { token = 't', etcd = '3.5' }\nmember = []\n"), @r#"
    error: the cluster has no members
     --> cluster.toml:2:12
      |
    2 | member = []
      |            ^ end of file, and no `[[member]]` so far
      |
      = help: add `[[member]]`, one member of the cluster:

              [[member]]
              name = "pink"
              ip = "192.168.65.101"

    error: cluster.toml: 1 error
    (there is no spec)
    "#);
}

#[test]
fn each_member_has_one_table_of_options() {
    assert_snapshot!(said_of_good_and("[member.etcd]\na = 1\n[tls]\n[member.etcd]\nb = 1\n"), @r#"
    error: `[member.etcd]` is written twice
      --> cluster.toml:11:1
       |
     8 | [member.etcd]
       | ------------- first here
    ...
    11 | [member.etcd]
       | ^^^^^^^^^^^^^ again here
       |
       = help: put all its keys under one `[member.etcd]`

    error: cluster.toml: 1 error
    (there is no spec)
    "#);
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
       = help: the tables are `[cluster]`, `[etcd]`, `[tls]`, `[ca]`, `[[authority]]`, `[[member]]`, `[member.etcd]`, `[[client]]`, `[[revoked]]`

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

#[test]
fn one_table_in_double_brackets_again_and_again_is_shown_twice() {
    assert_snapshot!(said(
        GOOD.replace("[cluster]\n", "[[cluster]]\n") + "[[cluster]]\ntoken = \"u\"\nstate = 1\n"
    ), @r#"
    error: there is one `[cluster]`, without a second pair of brackets
     --> cluster.toml:1:1
      |
    1 | [[cluster]]
      | ^^^^^^^^^^^ two pairs begin one table of many
      |
      = help: write `[cluster]`

    error: `[cluster]` is written twice
     --> cluster.toml:8:1
      |
    1 | [[cluster]]
      | ----------- first here
    ...
    8 | [[cluster]]
      | ^^^^^^^^^^^ again here
      |
      = help: put all its keys under one `[cluster]`

    error: `token` is set twice
     --> cluster.toml:9:1
      |
    2 | token = "t"
      | ----- first set here
    ...
    9 | token = "u"
      | ^^^^^ set again here
      |
      = help: keep one of the two

    error: `state` takes a string, not an integer
      --> cluster.toml:10:9
       |
    10 | state = 1
       |         ^ an integer
       |
       = help: write `state = "1"`

    error: cluster.toml: 4 errors
    (there is no spec)
    "#);
}

#[test]
fn a_table_has_one_form() {
    assert_snapshot!(said(format!("cluster.token = \"t\"\nmember = []\n{GOOD}[member.etcd]\n")), @r#"
    error: `cluster` is already defined, in another form
     --> cluster.toml:3:1
      |
    1 | cluster.token = "t"
      | ------- first here
    2 | member = []
    3 | [cluster]
      | ^^^^^^^^^ again here
      |
      = help: write it in one form and in one place

    error: `token` is set twice
     --> cluster.toml:4:1
      |
    1 | cluster.token = "t"
      |         ----- first set here
    ...
    4 | token = "t"
      | ^^^^^ set again here
      |
      = help: keep one of the two

    error: `member` is already defined, in another form
     --> cluster.toml:7:1
      |
    2 | member = []
      | ------ first here
    ...
    7 | [[member]]
      | ^^^^^^^^^^ again here
      |
      = help: write it in one form and in one place

    error: cluster.toml: 3 errors
    (there is no spec)
    "#);
}
