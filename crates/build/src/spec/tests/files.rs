//! Mistakes that concern the whole file.

use insta::assert_snapshot;

use super::super::{LARGEST, parse, parse_bytes};
use super::{GOOD, OPTIONS, said, said_of_good_and};
use crate::diagnostic::{Severity, Source, Style};

#[test]
fn an_empty_file_gets_a_spec_to_begin_with() {
    assert_snapshot!(said(""), @r#"
    error: the file is empty: it describes no cluster
     --> cluster.toml:1:1
      |
    1 |
      | ^ end of file
      |
      = help: the smallest cluster:

              [cluster]
              token = "etcd-cluster-1"
              etcd = "3.5"

              [[member]]
              name = "pink"
              ip = "192.168.65.101"

    error: cluster.toml: 1 error
    (there is no spec)
    "#);
}

#[test]
fn a_merge_that_was_not_resolved_is_told_as_that() {
    let text = "[cluster]\n<<<<<<< HEAD\netcd = \"3.5\"\n=======\netcd = \"3.6\"\n>>>>>>> theirs\n";
    assert_snapshot!(said(text), @r"
    error: the file holds the conflict markers of a merge
     --> cluster.toml:2:1
      |
    2 | <<<<<<< HEAD
      | ^^^^^^^ one side begins here
    ...
    6 | >>>>>>> theirs
      | ------- the other ends here
      |
      = help: of the lines between them, keep in this file those that the cluster is to have from now on, of both sides where both were meant, and delete the markers
      = help: cluster.lock comes after that: where it has markers too, the next build says so

    error: cluster.toml: 1 error
    (there is no spec)
    ");
    // One that was left over is told at its line, with whatever ends that git writes.
    for (left, line) in [
        ("<<<<<<< HEAD\n", 1),
        ("[cluster]\n=======\n", 2),
        ("[cluster]\r\n\r\n>>>>>>> theirs\r\n", 3),
        ("[cluster]\n||||||| 8d0a7b1\n=======\n>>>>>>> theirs", 2),
    ] {
        let said = said(left);
        assert!(said.contains("the file holds the conflict markers of a merge"), "{said}");
        assert!(said.contains(&format!(" --> cluster.toml:{line}:1\n")), "{said}");
    }
    for other in ["# =======\n", "======= = 1\n", "<<<<<<<< HEAD\n"] {
        assert!(!said(other).contains("conflict"), "{other}");
    }
}

#[test]
fn a_file_of_comments_is_empty_too() {
    assert_snapshot!(said("# to do\n\n  # really\n"), @r#"
    error: the file holds only comments: it describes no cluster
     --> cluster.toml:3:11
      |
    3 |   # really
      |           ^ end of file
      |
      = help: the smallest cluster:

              [cluster]
              token = "etcd-cluster-1"
              etcd = "3.5"

              [[member]]
              name = "pink"
              ip = "192.168.65.101"

    error: cluster.toml: 1 error
    (there is no spec)
    "#);
}

#[test]
fn a_byte_order_mark_is_no_mistake_and_no_column() {
    assert_eq!(said(format!("\u{feff}{GOOD}")), "(there is a spec)");
    assert_snapshot!(said("\u{feff}tokn = 1\n[cluster]\ntoken = \"t\"\netcd = \"3.5\"\n[[member]]\nname = \"a\"\nip = \"b\""), @r#"
    error: `tokn` stands outside of any table
     --> cluster.toml:1:1
      |
    1 | tokn = 1
      | ^^^^ no table begins above this line
      |
      = help: the tables are `[cluster]`, `[etcd]`, `[systemd]`, `[tls]`, `[ca]`, `[[authority]]`, `[[member]]`, `[member.etcd]`, `[[client]]`, `[[revoked]]`

    error: cluster.toml: 1 error
    (there is a spec)
    "#);
}

#[test]
fn bytes_that_are_not_utf8_are_shown_where_they_are() {
    assert_snapshot!(said([GOOD.as_bytes(), b"# caf\xe9, th\xe9\n"].concat()), @"
    error: the file is not UTF-8: byte 0xE9 at offset 82
     --> cluster.toml:8:6
      |
    8 | # caf�, th�
      |      ^ no character
      |
      = note: and in one more place
      = help: save the file as UTF-8

    error: cluster.toml: 1 error
    (there is no spec)
    ");
}

#[test]
fn utf16_is_recognized() {
    let utf16: Vec<u8> =
        std::iter::once(0xFEFF).chain(GOOD.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert!(said(utf16).contains("this is UTF-16: save the file as UTF-8"));
}

#[test]
fn a_nul_byte_is_no_text() {
    assert_snapshot!(said_of_good_and("# \0\n"), @"
    error: the file holds a NUL byte, so it is not text
     --> cluster.toml:8:3
      |
    8 | # ␀
      |   ^ here
      |
      = help: write the spec with an editor for plain text

    error: cluster.toml: 1 error
    (there is no spec)
    ");
}

#[test]
fn a_huge_file_is_refused_unread() {
    let huge = format!("{GOOD}{}", "#".repeat(10 * 1024 * 1024));
    let (spec, found) = parse_bytes(huge.as_bytes(), OPTIONS);
    assert!(spec.is_none());
    assert_snapshot!(found.render(Source::new("cluster.toml", ""), Style::Plain), @"
    error: the file is larger than 1 MiB, and a spec is not
    --> cluster.toml
     |
     = note: a spec of ten thousand clients has a third of it, so this is some other file or a mistake of what wrote it

    error: cluster.toml: 1 error
    ");
    let largest = format!("{GOOD}{}", "#".repeat(LARGEST - GOOD.len()));
    assert_eq!(said(largest), "(there is a spec)");
}

#[test]
fn lines_may_end_as_on_windows() {
    let windows = GOOD.replace('\n', "\r\n");
    assert_eq!(said(&windows), "(there is a spec)");
    assert_snapshot!(said(format!("{windows}hostname = 3\r\nlisten-ip =\r\n")), @r#"
    error: `hostname` takes a string, not an integer
     --> cluster.toml:8:12
      |
    8 | hostname = 3
      |            ^ an integer
      |
      = help: write `hostname = "3"`

    error: `listen-ip` has no value
     --> cluster.toml:9:1
      |
    9 | listen-ip =
      | ^^^^^^^^^ nothing follows `=`
      |
      = help: give it one, or delete the line: a key that is left out has its default

    error: cluster.toml: 2 errors
    (there is no spec)
    "#);
}

#[test]
fn lines_that_end_in_a_carriage_return_alone_are_one_mistake() {
    assert_snapshot!(said(GOOD.replace('\n', "\r")), @r#"
    error: carriage return must be followed by newline
     --> cluster.toml:1:11
      |
    1 | [cluster]␍token = "t"␍etcd = "3.5"␍␍[[member]]␍name = "pink"␍ip = "10.0.0.1"
      |           ^ expected newline
      |
      = help: end lines with a newline, or with both

    error: cluster.toml: 1 error
    (there is no spec)
    "#);
}

#[test]
fn an_escape_sequence_in_a_key_does_not_reach_the_terminal() {
    assert_snapshot!(said_of_good_and("\"\\u001b[31m\\nred\" = 1\n# \t日本\tx \u{202e}\n"), @r#"
    error: `[[member]]` has no key `\u{1b}[31m\nred`
     --> cluster.toml:8:1
      |
    8 | "\u001b[31m\nred" = 1
      | ^^^^^^^^^^^^^^^^^ unknown
      |
      = help: its keys are `name`, `ip`, `hostname`, `ssh`, `listen-ip`, `client-ip`, `client-hostname`, `loopback`, `advertise`, `peer-port`, `client-port`, `state`, `generation`, `extra-sans`

    error: cluster.toml: 1 error
    (there is a spec)
    "#);
}

#[test]
fn a_line_of_a_megabyte_is_not_printed() {
    let long = said_of_good_and(&format!("hostname = {}\n", "x".repeat(1_000_000)));
    assert!(long.contains("cluster.toml:8:12"));
    assert!(long.len() < 2_000, "{} bytes", long.len());
    let late = said_of_good_and(&format!("extra-sans = [{}1]\n", "\"é\", ".repeat(100_000)));
    assert!(late.contains("cluster.toml:8:500015"), "{late}");
    assert!(late.len() < 2_000, "{} bytes", late.len());
}

#[test]
fn a_file_of_nonsense_is_not_explained_line_by_line() {
    let (_, found) = parse(&"nonsense\n".repeat(100_000), OPTIONS);
    let shown = found.render(Source::new("cluster.toml", ""), Style::Plain);
    assert!(shown.lines().count() < 1_000);
    let (_, found) = parse(&"x = nonsense\n".repeat(20_000), OPTIONS);
    assert!(found.count(Severity::Error) >= 20_000);
}

/// Run with a stack that a recursion over the input would overflow.
#[test]
fn deep_nesting_is_one_mistake_and_no_stack_overflow() {
    let deep = [
        format!("{GOOD}[etcd]\nx = {}", "[".repeat(100_000)),
        format!("{GOOD}[etcd]\nx = {}{}", "[".repeat(100_000), "]".repeat(100_000)),
        format!("{GOOD}[etcd]\nx = {}", "{a=".repeat(100_000)),
        format!("{GOOD}[etcd]\n{}x = 1", "a.".repeat(100_000)),
        format!("{GOOD}[{}x]", "a.".repeat(100_000)),
        format!("{GOOD}{}", "[".repeat(100_000)),
    ];
    let small_stack = std::thread::Builder::new().stack_size(1024 * 1024);
    let check = move || {
        for text in deep {
            let said = said(text);
            assert!(said.contains("error: cluster.toml: 1 error\n"), "{said}");
        }
    };
    small_stack.spawn(check).expect("a thread starts").join().expect("it does not panic");
}

#[test]
fn ten_thousand_members_and_clients_are_read() {
    use std::fmt::Write;
    let mut many = GOOD.to_owned();
    for n in 0..10_000 {
        let _ =
            writeln!(many, "[[member]]\nname = \"m{n}\"\nip = \"10.0.{}.{}\"", n / 256, n % 256);
        let _ = writeln!(many, "[[client]]\nname = \"c{n}\"");
    }
    let (spec, found) = parse(&many, OPTIONS);
    let spec = spec.expect("nothing is wrong with it");
    assert!(found.is_empty());
    assert_eq!((spec.members.len(), spec.clients.len()), (10_001, 10_000));
    assert_eq!(spec.members[10_000].name.value, "m9999");
}

/// Not a real one.
const KEY: &str =
    "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEISECRETSECRET\n-----END EC PRIVATE KEY-----";

#[test]
fn a_private_key_is_told_and_never_shown() {
    assert_snapshot!(said_of_good_and(&format!("[[authority]]\nkey = \"\"\"\n{KEY}\"\"\"\n")), @"
    error: line 10 holds a private key, and everybody may read this file
    --> cluster.toml
     |
     = help: put it into a file of its own, of mode 0600 and out of git, and write its path
     = help: once it was committed or sent, it is known: take another one

    error: cluster.toml: 1 error
    (there is no spec)
    ");
    for pasted in [
        format!("key = {KEY}\n"),
        format!("key = \"{}\"\n", KEY.replace('\n', "\\n")),
        format!("[[authority]\nkey = '''{KEY}\n"),
        format!("# {}\n\0", KEY.replace('\n', "")),
    ] {
        let text = said([GOOD.as_bytes(), pasted.as_bytes(), b"\xe9"].concat());
        assert!(text.contains("holds a private key") && !text.contains("SECRET"), "{text}");
        let text = said_of_good_and(&pasted);
        assert!(text.contains("holds a private key") && !text.contains("SECRET"), "{text}");
    }
}

#[test]
fn a_passphrase_is_told_and_never_shown() {
    assert_snapshot!(said_of_good_and("[ca]\npassphrase = \"SECRET\"\n"), @"
    error: line 9 holds a passphrase, and everybody may read this file
    --> cluster.toml
     |
     = help: write `passphrase-file`, the path of a file that holds it, of mode 0600 and out of git; or `passphrase-env`, the name of a variable
     = help: once it was committed or sent, it is known: take another one

    error: cluster.toml: 1 error
    (there is no spec)
    ");
    for pasted in ["password=SECRET\n", "  \"passphrase\"  = 'SECRET\n"] {
        let text = said_of_good_and(&format!("[ca]\n{pasted}"));
        assert!(text.contains("holds a passphrase") && !text.contains("SECRET"), "{text}");
    }
    let text = said_of_good_and("[ca]\npassphrase-file = \"/run/keys/passphrase\"\n");
    assert!(!text.contains("holds a passphrase"), "{text}");
}
