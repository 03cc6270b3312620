//! Brackets that do not match, and what they hold.

use insta::assert_snapshot;

use super::{GOOD, said, said_of_good_and};

#[test]
fn brackets_around_a_name_match() {
    assert_snapshot!(said(GOOD.replace("[cluster]", "cluster]").replace("[[member]]", "[[member]")), @"
    error: the brackets around a table's name do not match
     --> cluster.toml:1:1
      |
    1 | cluster]
      | ^ `[` is missing
      |
      = help: write `[cluster]`

    error: the brackets around a table's name do not match
     --> cluster.toml:5:10
      |
    5 | [[member]
      |          ^ `]` is missing
      |
      = help: write `[[member]]`

    error: cluster.toml: 2 errors
    (there is no spec)
    ");
    assert_snapshot!(said_of_good_and("[client]]\n[tls\n[etcd options]\n[]\n[[[member]]]\n"), @"
    error: the brackets around a table's name do not match
     --> cluster.toml:8:1
      |
    8 | [client]]
      | ^ `[` is missing
      |
      = help: write `[[client]]`

    error: the brackets around a table's name do not match
     --> cluster.toml:9:5
      |
    9 | [tls
      |     ^ `]` is missing
      |
      = help: write `[tls]`

    error: a table's name is one word in brackets, alone on its line
      --> cluster.toml:10:6
       |
    10 | [etcd options]
       |      ^ one word
       |
       = help: write `[etcd]`

    error: a name is missing
      --> cluster.toml:11:2
       |
    11 | []
       |  ^ a key belongs here
       |
       = help: write `key = value`, or `[table]`

    error: the brackets around a table's name do not match
      --> cluster.toml:12:1
       |
    12 | [[[member]]]
       | ^ at most two
       |
       = help: write `[[member]]`

    error: cluster.toml: 5 errors
    (there is no spec)
    ");
}

#[test]
fn a_list_without_an_end_neither_blames_nor_hides_what_follows() {
    assert_snapshot!(said_of_good_and("extra-sans = [\"a\", # first\n  \"b\"\n\n[tls]\nkey = rsa\n"), @r#"
    error: a list is never closed: `]` is missing
     --> cluster.toml:8:14
      |
    8 | extra-sans = ["a", # first
      |              ^ this `[` has no `]`
    9 |   "b"
      |      - `]` belongs here
      |
      = help: add `]`

    error: `rsa` must stand in quotes
      --> cluster.toml:12:7
       |
    12 | key = rsa
       |       ^^^ text without quotes
       |
       = help: write `key = "rsa"`

    error: cluster.toml: 2 errors
    (there is no spec)
    "#);
}

#[test]
fn a_list_is_written_with_commas() {
    assert_snapshot!(said_of_good_and("extra-sans = [\"a\" \"b\"]\n[tls]\nextra-sans = [,]\n"), @r#"
    error: missing comma between array elements
     --> cluster.toml:8:19
      |
    8 | extra-sans = ["a" "b"]
      |                   ^ expected `,`
      |
      = help: a list is written `["a", "b"]`

    error: extra comma in array
      --> cluster.toml:10:15
       |
    10 | extra-sans = [,]
       |               ^ expected value
       |
       = help: a list is written `["a", "b"]`

    error: cluster.toml: 2 errors
    (there is no spec)
    "#);
}

#[test]
fn a_table_on_one_line_is_written_with_commas() {
    assert_snapshot!(said_of_good_and("[etcd]\na = { b = 1 c = 2 }\nb = { c }\n"), @"
    error: two keys run into each other
     --> cluster.toml:9:11
      |
    9 | a = { b = 1 c = 2 }
      |           ^^^ a value and the next key
      |
      = help: put a comma between them: `{ a = 1, b = 2 }`

    error: `c` has no value
      --> cluster.toml:10:7
       |
    10 | b = { c }
       |       ^ a key alone
       |
       = help: give it one, or delete the line: a key that is left out has its default

    error: cluster.toml: 2 errors
    (there is no spec)
    ");
}

#[test]
fn a_header_with_brackets_that_do_not_match_is_what_it_should_be() {
    assert_snapshot!(said(
        GOOD.replace("[[member]]", "[member]]") + "[[member]]\nname = \"orange\"\nip = 2\n"
    ), @r#"
    error: the brackets around a table's name do not match
     --> cluster.toml:5:1
      |
    5 | [member]]
      | ^ `[` is missing
      |
      = help: write `[[member]]`

    error: `ip` takes a string, not an integer
      --> cluster.toml:10:6
       |
    10 | ip = 2
       |      ^ an integer
       |
       = help: write `ip = "2"`

    error: cluster.toml: 2 errors
    (there is no spec)
    "#);
}

#[test]
fn what_stands_below_a_broken_header_is_looked_at() {
    assert_snapshot!(said(
        "[cluster\ntoken = 3\netcd = '3.5'\n[[member]\nname = 'x'\nip = x\nzzz = 1\n[member.etcd\na = b\n[member.etcd]\n"
    ), @r#"
    error: the brackets around a table's name do not match
     --> cluster.toml:1:9
      |
    1 | [cluster
      |         ^ `]` is missing
      |
      = help: write `[cluster]`

    error: `token` takes a string, not an integer
     --> cluster.toml:2:9
      |
    2 | token = 3
      |         ^ an integer
      |
      = help: write `token = "3"`

    error: the brackets around a table's name do not match
     --> cluster.toml:4:10
      |
    4 | [[member]
      |          ^ `]` is missing
      |
      = help: write `[[member]]`

    error: `x` must stand in quotes
     --> cluster.toml:6:6
      |
    6 | ip = x
      |      ^ text without quotes
      |
      = help: write `ip = "x"`

    error: `[[member]]` has no key `zzz`
     --> cluster.toml:7:1
      |
    7 | zzz = 1
      | ^^^ unknown
      |
      = help: its keys are `name`, `ip`, `hostname`, `ssh`, `listen-ip`, `client-ip`, `client-hostname`, `loopback`, `advertise`, `peer-port`, `client-port`, `state`, `generation`, `extra-sans`

    error: the brackets around a table's name do not match
     --> cluster.toml:8:13
      |
    8 | [member.etcd
      |             ^ `]` is missing
      |
      = help: write `[member.etcd]`

    error: `b` must stand in quotes
     --> cluster.toml:9:5
      |
    9 | a = b
      |     ^ text without quotes
      |
      = help: write `a = "b"`

    error: `[member.etcd]` is written twice
      --> cluster.toml:10:1
       |
     8 | [member.etcd
       | ------------ first here
     9 | a = b
    10 | [member.etcd]
       | ^^^^^^^^^^^^^ again here
       |
       = help: put all its keys under one `[member.etcd]`

    error: cluster.toml: 8 errors
    (there is no spec)
    "#);
}

#[test]
fn a_list_without_an_end_whose_key_is_set_twice_blames_nothing_else() {
    assert_snapshot!(said_of_good_and("[etcd]\na = 1\na = [\nb = 2\n[tls]\nkey = 3\n"), @r#"
    error: `a` is set twice
      --> cluster.toml:10:1
       |
     9 | a = 1
       | - first set here
    10 | a = [
       | ^ set again here
       |
       = help: keep one of the two

    error: a list is never closed: `]` is missing
      --> cluster.toml:10:5
       |
    10 | a = [
       |     ^- `]` belongs here
       |     |
       |     this `[` has no `]`
       |
       = help: add `]`

    error: `key` takes a string, not an integer
      --> cluster.toml:13:7
       |
    13 | key = 3
       |       ^ an integer
       |
       = help: write `key = "3"`

    error: cluster.toml: 3 errors
    (there is no spec)
    "#);
}
