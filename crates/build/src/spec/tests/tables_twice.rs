//! Tables that are written twice, in one form or in two.

use insta::assert_snapshot;

use super::{GOOD, said, said_of_good_and};

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
