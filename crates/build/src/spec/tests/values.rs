//! Values of a wrong type, and keys set twice.

use insta::assert_snapshot;

use super::super::{Key, SECTIONS, parse};
use super::{GOOD, OPTIONS, said_of_good_and};
use crate::diagnostic::Severity;

#[test]
fn a_wrong_type_is_named_and_put_right() {
    assert_snapshot!(said_of_good_and(
        "hostname = 3\nlisten-ip = [\"x\"]\nstate = true\npeer-port = \"2380\"\nextra-sans = \"x\"\n\
         [tls]\nenabled = \"no\"\nlayout = 2020-01-01\n"
    ), @r#"
    error: `hostname` takes a string, not an integer
     --> cluster.toml:8:12
      |
    8 | hostname = 3
      |            ^ an integer
      |
      = help: write `hostname = "3"`

    error: `listen-ip` takes a string, not a list
     --> cluster.toml:9:13
      |
    9 | listen-ip = ["x"]
      |             ^^^^^ a list
      |
      = help: for example `listen-ip = "0.0.0.0"`

    error: `state` takes a string, not a boolean
      --> cluster.toml:10:9
       |
    10 | state = true
       |         ^^^^ a boolean
       |
       = help: for example `state = "existing"`

    error: `peer-port` takes a port number, not a string
      --> cluster.toml:11:13
       |
    11 | peer-port = "2380"
       |             ^^^^^^ a string
       |
       = help: write `peer-port = 2380`

    error: `extra-sans` takes a list of strings, not a string
      --> cluster.toml:12:14
       |
    12 | extra-sans = "x"
       |              ^^^ a string
       |
       = help: write `extra-sans = ["x"]`

    error: `enabled` takes `true` or `false`, not a string
      --> cluster.toml:14:11
       |
    14 | enabled = "no"
       |           ^^^^ a string
       |
       = help: write `enabled = false`

    error: `layout` takes a string, not a date
      --> cluster.toml:15:10
       |
    15 | layout = 2020-01-01
       |          ^^^^^^^^^^ a date
       |
       = help: write `layout = "2020-01-01"`

    error: cluster.toml: 7 errors
    (there is no spec)
    "#);
}

#[test]
fn a_port_is_a_number_that_a_port_can_be() {
    assert_snapshot!(said_of_good_and("peer-port = 70000\nclient-port = 0\n"), @"
    error: `peer-port` is 70000, and a port is 1 to 65535
     --> cluster.toml:8:13
      |
    8 | peer-port = 70000
      |             ^^^^^ not a port
      |
      = help: etcd's usual one is 2380

    error: `client-port` is 0, and a port is 1 to 65535
     --> cluster.toml:9:15
      |
    9 | client-port = 0
      |               ^ not a port
      |
      = help: etcd's usual one is 2379

    error: cluster.toml: 2 errors
    (there is no spec)
    ");
}

#[test]
fn each_element_of_a_list_is_looked_at() {
    assert_snapshot!(said_of_good_and("extra-sans = [1, \"ok\", [\"a\"], true]\n"), @r#"
    error: `extra-sans` takes a list of strings, and this is an integer
     --> cluster.toml:8:15
      |
    8 | extra-sans = [1, "ok", ["a"], true]
      |               ^ an integer
      |
      = help: write `"1"`

    error: `extra-sans` takes a list of strings, and this is a list
     --> cluster.toml:8:24
      |
    8 | extra-sans = [1, "ok", ["a"], true]
      |                        ^^^^^ a list
      |
      = help: for example `extra-sans = ["10.1.2.3"]`

    error: `extra-sans` takes a list of strings, and this is a boolean
     --> cluster.toml:8:31
      |
    8 | extra-sans = [1, "ok", ["a"], true]
      |                               ^^^^ a boolean
      |
      = help: for example `extra-sans = ["10.1.2.3"]`

    error: cluster.toml: 3 errors
    (there is no spec)
    "#);
}

#[test]
fn a_key_set_twice_is_shown_twice() {
    assert_snapshot!(said_of_good_and("name = \"orange\"\nhostname = { a = 1, a = 2 }\n"), @r#"
    error: `name` is set twice
     --> cluster.toml:8:1
      |
    6 | name = "pink"
      | ---- first set here
    7 | ip = "10.0.0.1"
    8 | name = "orange"
      | ^^^^ set again here
      |
      = help: keep one of the two

    error: `hostname` takes a string, not a table
     --> cluster.toml:9:12
      |
    9 | hostname = { a = 1, a = 2 }
      |            ^^^^^^^^^^^^^^^^ a table
      |
      = help: for example `hostname = "pink.zyxasr.io"`

    error: `a` is set twice
     --> cluster.toml:9:21
      |
    9 | hostname = { a = 1, a = 2 }
      |              -      ^ set again here
      |              |
      |              first set here
      |
      = help: keep one of the two

    error: cluster.toml: 3 errors
    (there is no spec)
    "#);
}

#[test]
fn a_value_does_not_take_keys() {
    assert_snapshot!(said_of_good_and("[tls]\nkey = \"ed25519\"\nkey.size = 1\n"), @r#"
    error: `key`: cannot extend value of type string with a dotted key
      --> cluster.toml:10:1
       |
     9 | key = "ed25519"
       | --- first set here
    10 | key.size = 1
       | ^^^ extended here
       |
       = help: write the table in one form and in one place

    error: cluster.toml: 1 error
    (there is no spec)
    "#);
}

#[test]
fn options_are_taken_as_written_and_in_their_order() {
    let source = format!(
        "{GOOD}[member.etcd]\nz = 1\n\n[etcd]\nz = 'text'\na = 1.5\nm = [true, ['x']]\nd = 2020-01-01\nt = {{}}\n"
    );
    let (spec, found) = parse(&source, OPTIONS);
    assert!(found.is_empty());
    let spec = spec.expect("nothing is wrong with it");
    let options = &spec.etcd.entries;
    let names: Vec<_> = options.iter().map(|option| option.name.value.as_str()).collect();
    assert_eq!(names, ["z", "a", "m", "d", "t"]);
    let value = |nth: usize| &options[nth].value.value;
    assert_eq!(value(0).as_str(), Some("text"));
    assert_eq!(value(1).as_float(), Some(1.5));
    assert_eq!(value(2).as_array().map(Vec::len), Some(2));
    assert!(value(3).is_datetime() && value(4).is_table());
    assert_eq!(spec.members[0].etcd.entries[0].value.value.as_integer(), Some(1));
    let name = spec.etcd.entries[1].name.span;
    assert_eq!(&source[name.range()], "a");
}

/// Returns every section with every key at its example.
fn all_keys(value: impl Fn(&Key) -> String) -> String {
    let lines = SECTIONS.iter().flat_map(|section| {
        let keys = section.keys.iter().map(|key| format!("{} = {}", key.name, value(key)));
        std::iter::once(section.header.to_owned()).chain(keys)
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_key_is_read() {
    let source = all_keys(|key| key.example.to_owned());
    let (spec, found) = parse(&source, OPTIONS);
    assert!(found.is_empty(), "{found:?}");
    let spec = format!("{:?}", spec.expect("every example is right"));
    for key in SECTIONS.iter().flat_map(|section| section.keys) {
        let value = key.example.trim_matches(['[', ']']).split(", ").next().unwrap_or_default();
        let read = [format!("value: {value}, "), format!("value: Text({value}), ")];
        assert!(read.iter().any(|read| spec.contains(read)), "`{}` is not read", key.name);
    }
}

#[test]
fn every_key_wrong_once_is_one_error_each_in_one_go() {
    let source = all_keys(|_| "2020-01-01".to_owned());
    let (spec, found) = parse(&source, OPTIONS);
    assert!(spec.is_none());
    let expected: usize = SECTIONS.iter().map(|section| section.keys.len()).sum();
    assert_eq!(found.count(Severity::Error), expected);
    for diagnostic in &found {
        let label = diagnostic.primary.as_ref().expect("each has its place");
        assert_eq!(&source[label.span.range()], "2020-01-01");
        assert!(diagnostic.message.contains("not a date"), "{}", diagnostic.message);
        assert!(!diagnostic.help.is_empty());
    }
}

#[test]
fn every_key_misspelt_once_is_found_again() {
    for section in SECTIONS {
        for key in section.keys.iter().filter(|key| key.name.len() > 2) {
            let misspelt = format!("{}x", key.name);
            let source = format!("{}\n{misspelt} = 1\n", section.header);
            let (_, found) = parse(&source, OPTIONS);
            let help = format!("did you mean `{}`?", key.name);
            let mut helps = found.iter().flat_map(|d| &d.help);
            assert!(helps.any(|h| *h == help), "{misspelt} in {}: {found:#?}", section.header);
        }
    }
}
