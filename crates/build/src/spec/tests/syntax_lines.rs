//! Lines that are no line of TOML.

use insta::assert_snapshot;

use super::said_of_good_and;

#[test]
fn an_equals_sign_is_asked_for() {
    assert_snapshot!(said_of_good_and(
        "hostname: pink\nlisten-ip \"10.0.0.1\"\nstate\nadvertise =\npeer-port == 1\n= 3\n"
    ), @r#"
    error: `=` stands between a key and its value, not `:`
     --> cluster.toml:8:9
      |
    8 | hostname: pink
      |         ^ write `=`
      |
      = help: write `hostname = "pink"`

    error: `=` is missing
     --> cluster.toml:9:10
      |
    9 | listen-ip "10.0.0.1"
      |          ^ between key and value
      |
      = help: write `listen-ip = "10.0.0.1"`

    error: `state` has no value
      --> cluster.toml:10:1
       |
    10 | state
       | ^^^^^ a key alone
       |
       = help: write `key = value`; a table's name stands in brackets: `[etcd]`

    error: `advertise` has no value
      --> cluster.toml:11:1
       |
    11 | advertise =
       | ^^^^^^^^^ nothing follows `=`
       |
       = help: give it one, or delete the line: a key that is left out has its default

    error: there is one `=` too many
      --> cluster.toml:12:12
       |
    12 | peer-port == 1
       |            ^ this one
       |
       = help: write `key = value`

    error: a name is missing
      --> cluster.toml:13:1
       |
    13 | = 3
       | ^ a key belongs here
       |
       = help: write `key = value`, or `[table]`

    error: cluster.toml: 6 errors
    (there is no spec)
    "#);
}

#[test]
fn a_line_ends_after_its_value() {
    assert_snapshot!(said_of_good_and(
        "hostname = \"a\" \"b\"\npeer-port = 1 client-port = 2\nlisten-ip = 10.0.0.1, 10.0.0.2\nstate = 'it's'\n"
    ), @r#"
    error: `"b"` is too much on this line
     --> cluster.toml:8:16
      |
    8 | hostname = "a" "b"
      |                ^ the line should end before this
      |
      = help: write one `key = value` a line; text stands in quotes, comments after `#`

    error: two keys run into each other
     --> cluster.toml:9:13
      |
    9 | peer-port = 1 client-port = 2
      |             ^^^^^^^^^^^^^ a value and the next key
      |
      = help: write one `key = value` a line

    error: `10.0.0.1` must stand in quotes
      --> cluster.toml:10:13
       |
    10 | listen-ip = 10.0.0.1, 10.0.0.2
       |             ^^^^^^^^ text without quotes
       |
       = help: write `listen-ip = "10.0.0.1"`

    error: `s'` is too much on this line
      --> cluster.toml:11:13
       |
    11 | state = 'it's'
       |             ^ the line should end before this
       |
       = help: write one `key = value` a line; text stands in quotes, comments after `#`

    error: cluster.toml: 4 errors
    (there is no spec)
    "#);
}

#[test]
fn lines_of_other_languages_are_recognized() {
    assert_snapshot!(said_of_good_and("// one\n; two\n-- three\nexport ETCD_NAME=x\n}\n"), @"
    error: comments begin with `#`
     --> cluster.toml:8:1
      |
    8 | // one
      | ^^ no comment in TOML
      |
      = help: write `# one`

    error: comments begin with `#`
     --> cluster.toml:9:1
      |
    9 | ; two
      | ^ no comment in TOML
      |
      = help: write `# two`

    error: comments begin with `#`
      --> cluster.toml:10:1
       |
    10 | -- three
       | ^^ no comment in TOML
       |
       = help: write `# three`

    error: this is a line of a shell script
      --> cluster.toml:11:1
       |
    11 | export ETCD_NAME=x
       | ^^^^^^ no `export` in TOML
       |
       = help: etcd's options stand under `[etcd]` by their own names, not `ETCD_NAME=x`

    error: invalid key-value pair
      --> cluster.toml:12:1
       |
    12 | }
       | ^ expected key
       |
       = help: write `key = value`, or `[table]`

    error: cluster.toml: 5 errors
    (there is no spec)
    ");
}

#[test]
fn keys_are_plain_words() {
    assert_snapshot!(said_of_good_and("größe = 1\na..b = 2\nip! = 3\n"), @"
    error: `öß` cannot stand in a key
     --> cluster.toml:8:3
      |
    8 | größe = 1
      |   ^^ not a letter, digit, `-` or `_`
      |
      = help: keys of a spec are words such as `data-dir`

    error: a name is missing
     --> cluster.toml:9:3
      |
    9 | a..b = 2
      |   ^ a key belongs here
      |
      = help: write `key = value`, or `[table]`

    error: `!` cannot stand in a key
      --> cluster.toml:10:3
       |
    10 | ip! = 3
       |   ^ not a letter, digit, `-` or `_`
       |
       = help: keys of a spec are words such as `data-dir`

    error: cluster.toml: 3 errors
    (there is no spec)
    ");
}

#[test]
fn of_one_key_or_value_one_thing_is_said() {
    assert_snapshot!(said_of_good_and(
        "hostname = \"\\q \u{7}\n.5\"\n'a\n“x”me = 1\nstate = 'x'\nstate = new\n"
    ), @r#"
    error: text is never closed
     --> cluster.toml:8:12
      |
    8 | hostname = "\q ␇
      |            ^    - no closing quote
      |            |
      |            opened here
      |
      = help: add `"` where the text ends

    error: a name is missing
     --> cluster.toml:9:1
      |
    9 | .5"
      | ^ a key belongs here
      |
      = help: write `key = value`, or `[table]`

    error: key with no value
      --> cluster.toml:10:3
       |
    10 | 'a
       |   ^ expected `=`
       |
       = help: write `key = value`, or `[table]`

    error: `“` cannot stand in a key
      --> cluster.toml:11:1
       |
    11 | “x”me = 1
       | ^ not a letter, digit, `-` or `_`
       |
       = help: keys of a spec are words such as `data-dir`

    error: `state` is set twice
      --> cluster.toml:13:1
       |
    12 | state = 'x'
       | ----- first set here
    13 | state = new
       | ^^^^^ set again here
       |
       = help: keep one of the two

    error: `new` must stand in quotes
      --> cluster.toml:13:9
       |
    13 | state = new
       |         ^^^ text without quotes
       |
       = help: write `state = "new"`

    error: cluster.toml: 6 errors
    (there is no spec)
    "#);
}

#[test]
fn text_without_an_end_where_none_belongs_hides_nothing() {
    assert_snapshot!(said_of_good_and("extra-sans '''= [\n[tls]\nkey = x\n"), @r#"
    error: key with no value
     --> cluster.toml:8:12
      |
    8 | extra-sans '''= [
      |            ^ expected `=`
      |
      = help: write `key = value`, or `[table]`

    error: `x` must stand in quotes
      --> cluster.toml:10:7
       |
    10 | key = x
       |       ^ text without quotes
       |
       = help: write `key = "x"`

    error: cluster.toml: 2 errors
    (there is no spec)
    "#);
    assert_snapshot!(said_of_good_and("[tls]'''\n[tls]\nkey = x\n"), @r#"
    error: a table's name is one word in brackets, alone on its line
     --> cluster.toml:8:5
      |
    8 | [tls]'''
      |     ^ `]` is missing
      |
      = help: write `[tls]`

    error: `[tls]` is written twice
     --> cluster.toml:9:1
      |
    8 | [tls]'''
      | -------- first here
    9 | [tls]
      | ^^^^^ again here
      |
      = help: put all its keys under one `[tls]`

    error: `x` must stand in quotes
      --> cluster.toml:10:7
       |
    10 | key = x
       |       ^ text without quotes
       |
       = help: write `key = "x"`

    error: cluster.toml: 3 errors
    (there is no spec)
    "#);
}
