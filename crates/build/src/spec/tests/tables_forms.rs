//! Tables in a wrong form: other brackets, or a value in their place.

use insta::assert_snapshot;

use super::{GOOD, said, said_of_good_and};

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
