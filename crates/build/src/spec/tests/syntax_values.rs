//! Values that TOML cannot read.

use insta::assert_snapshot;

use super::{GOOD, said, said_of_good_and};

#[test]
fn text_without_quotes_gets_them() {
    assert_snapshot!(said(
        GOOD.replace("\"10.0.0.1\"", "10.0.0.1")
            + "hostname = pink.zyxasr.io # no quotes\nstate = new\nlisten-ip = fd00::12\n[etcd]\na = 10h\nb = /data\nc = C:\\x\n"
    ), @r#"
    error: `10.0.0.1` must stand in quotes
     --> cluster.toml:7:6
      |
    7 | ip = 10.0.0.1
      |      ^^^^^^^^ text without quotes
      |
      = help: write `ip = "10.0.0.1"`

    error: `pink.zyxasr.io` must stand in quotes
     --> cluster.toml:8:12
      |
    8 | hostname = pink.zyxasr.io # no quotes
      |            ^^^^^^^^^^^^^^ text without quotes
      |
      = help: write `hostname = "pink.zyxasr.io"`

    error: `new` must stand in quotes
     --> cluster.toml:9:9
      |
    9 | state = new
      |         ^^^ text without quotes
      |
      = help: write `state = "new"`

    error: `fd00::12` must stand in quotes
      --> cluster.toml:10:13
       |
    10 | listen-ip = fd00::12
       |             ^^^^^^^^ text without quotes
       |
       = help: write `listen-ip = "fd00::12"`

    error: `10h` must stand in quotes
      --> cluster.toml:12:5
       |
    12 | a = 10h
       |     ^^^ text without quotes
       |
       = help: write `a = "10h"`

    error: `/data` must stand in quotes
      --> cluster.toml:13:5
       |
    13 | b = /data
       |     ^^^^^ text without quotes
       |
       = help: write `b = "/data"`

    error: `C:\x` must stand in quotes
      --> cluster.toml:14:5
       |
    14 | c = C:\x
       |     ^^^^ text without quotes
       |
       = help: write `c = "C:\\x"`

    error: cluster.toml: 7 errors
    (there is no spec)
    "#);
}

#[test]
fn text_without_an_end_is_shown_where_it_begins() {
    assert_snapshot!(said_of_good_and("hostname = \"pink\nstate = 'new\n"), @r#"
    error: text is never closed
     --> cluster.toml:8:12
      |
    8 | hostname = "pink
      |            ^    - no closing quote
      |            |
      |            opened here
      |
      = help: add `"` where the text ends

    error: text is never closed
     --> cluster.toml:9:9
      |
    9 | state = 'new
      |         ^   - no closing quote
      |         |
      |         opened here
      |
      = help: add `'` where the text ends

    error: cluster.toml: 2 errors
    (there is no spec)
    "#);
    assert_snapshot!(said_of_good_and("hostname = \"\"\"\npink\n[tls]\n"), @r#"
    error: text is never closed
     --> cluster.toml:8:12
      |
    8 | hostname = """
      |            ^^^- no closing quote
      |            |
      |            opened here
      |
      = help: add `"""` where the text ends

    error: cluster.toml: 1 error
    (there is no spec)
    "#);
}

#[test]
fn text_without_a_beginning_gets_one() {
    assert_snapshot!(said_of_good_and("hostname = pink\"\n"), @r#"
    error: `pink"` ends with a quote and begins without one
     --> cluster.toml:8:12
      |
    8 | hostname = pink"
      |            ^^^^^ a quote is missing before this
      |
      = help: write `hostname = "pink"`

    error: cluster.toml: 1 error
    (there is no spec)
    "#);
}

#[test]
fn typographic_quotes_are_named() {
    assert_snapshot!(said_of_good_and("hostname = “pink”\nextra-sans = [‘a’]\n"), @r#"
    error: these are typographic quotes; TOML knows only straight ones
     --> cluster.toml:8:12
      |
    8 | hostname = “pink”
      |            ^^^^^^ not text yet
      |
      = help: write `hostname = "pink"`

    error: these are typographic quotes; TOML knows only straight ones
     --> cluster.toml:9:15
      |
    9 | extra-sans = [‘a’]
      |               ^^^ not text yet
      |
      = help: write `"a"`

    error: cluster.toml: 2 errors
    (there is no spec)
    "#);
}

#[test]
fn escapes_and_control_characters_in_text_are_shown() {
    assert_snapshot!(said_of_good_and("[etcd]\na = \"C:\\data\"\nb = \"bell \u{7}\"\nc = \"\\u12\"\n# \u{7}\n"), @r#"
    error: `\d` means nothing in text
     --> cluster.toml:9:8
      |
    9 | a = "C:\data"
      |        ^^ `\` begins an escape
      |
      = help: write `\\` for a backslash, or put the text in single quotes

    error: text holds a control character
      --> cluster.toml:10:11
       |
    10 | b = "bell ␇"
       |           ^ here
       |
       = help: delete it, or write it as an escape: `\n`, `\t`, `\u0007`

    error: `\u12` means nothing in text
      --> cluster.toml:11:6
       |
    11 | c = "\u12"
       |      ^^^^ `\` begins an escape
       |
       = help: write `\\` for a backslash, or put the text in single quotes

    error: invalid comment character
      --> cluster.toml:12:3
       |
    12 | # ␇
       |   ^ expected printable characters
       |
       = help: delete it

    error: cluster.toml: 4 errors
    (there is no spec)
    "#);
}

#[test]
fn words_for_true_and_false_are_translated() {
    assert_snapshot!(said_of_good_and("[etcd]\na = True\nb = yes\nc = off\nd = null\n"), @"
    error: `True` is written `true`
     --> cluster.toml:9:5
      |
    9 | a = True
      |     ^^^^ in lower case
      |
      = help: write `a = true`

    error: `yes` is neither `true` nor `false`
      --> cluster.toml:10:5
       |
    10 | b = yes
       |     ^^^ a word without quotes
       |
       = help: write `b = true`

    error: `off` is neither `true` nor `false`
      --> cluster.toml:11:5
       |
    11 | c = off
       |     ^^^ a word without quotes
       |
       = help: write `c = false`

    error: `null` is no value: TOML has no null
      --> cluster.toml:12:5
       |
    12 | d = null
       |     ^^^^ nothing
       |
       = help: delete the line: a key that is left out has its default

    error: cluster.toml: 4 errors
    (there is no spec)
    ");
}

#[test]
fn numbers_are_written_as_in_toml() {
    assert_snapshot!(said_of_good_and("etcd.x.y = new\n[etcd]\na = 08\nb = 1__0\nc = .5\nd = 99999999999999999999\n"), @r#"
    error: `new` must stand in quotes
     --> cluster.toml:8:12
      |
    8 | etcd.x.y = new
      |            ^^^ text without quotes
      |
      = help: write `etcd.x.y = "new"`

    error: `08` is not how TOML writes a number
      --> cluster.toml:10:5
       |
    10 | a = 08
       |     ^^ unexpected leading zero
       |
       = help: write `a = 8`

    error: `1__0` is not how TOML writes a number
      --> cluster.toml:11:5
       |
    11 | b = 1__0
       |     ^^^^ `_` may only go between digits
       |
       = help: write `b = 10`

    error: `.5` is not how TOML writes a number
      --> cluster.toml:12:5
       |
    12 | c = .5
       |     ^^ invalid mantissa
       |
       = help: write `c = 0.5`

    error: `99999999999999999999` is too large a number
      --> cluster.toml:13:5
       |
    13 | d = 99999999999999999999
       |     ^^^^^^^^^^^^^^^^^^^^ does not fit into 64 bits

    error: cluster.toml: 5 errors
    (there is no spec)
    "#);
}
