//! What runs, in the file: text and records, both ways, and every mistake in it.

use super::example as lock;
use super::records::{client, example, member};
use crate::{Record, Recorded, Unreadable, read};
use bouquet_model::running::RunningClient;
use proptest::prelude::*;

#[test]
fn each_line_of_a_member_has_its_name() {
    let text = lock().text();
    let from = text.find("orange.since").unwrap();
    let orange: Vec<_> = text[from..].lines().take_while(|l| l.starts_with("orange.")).collect();
    let digest = "ab".repeat(32);
    assert_eq!(
        orange[..15],
        [
            "orange.since = 2027-01-15T08:00:00Z",
            "orange.version = \"3.5.33\"",
            &format!("orange.digest = \"{digest}\""),
            "orange.trust = [1, 2]",
            "orange.issue = 2",
            "orange.peer-trust = [1]",
            "orange.peer-issue = 1",
            "orange.certificates.server = \"0a\"",
            "orange.certificates.\"server+peer\" = \"0b\"",
            "orange.crl = 3",
            "orange.options.\"an option\\u000Aof a later release\" = \"<<<<<<<\\u000A\\\"\\\\\\u0007\"",
            "orange.options.data-dir = \"/srv/etcd\"",
            "orange.options.initial-cluster-state = \"new\"",
            "orange.unit.\"environment.A\" = \"b c\"",
            "orange.unit.user = \"kube\"",
        ]
    );
    assert_eq!(orange[15], "orange.before.since = 2027-01-15T07:59:00Z");
    assert!(text.contains("\n\"rose.et.cie\".unrecorded = true\n"), "{text}");
    assert_eq!(orange[16], "orange.before.id = \"a1\"");
}

#[test]
fn a_client_is_a_line() {
    let text = lock().text();
    let root: Vec<_> =
        text.lines().filter(|line| line.starts_with("  { name = \"root\"")).collect();
    assert_eq!(
        root,
        ["  { name = \"root\", since = 2027-01-15T08:00:00Z, endpoints = \
          [\"https://10.0.0.1:2379\", \"https://10.0.0.2:2379\"], common-name = true, certs-dir = \
          \"/etc/etcd\", trust = [1], issue = 1, serial = \"0102\", before = { since = \
          2027-01-15T07:59:00Z, endpoints = [\"https://10.0.0.1:2379\"], common-name = true, \
          certs-dir = \"/etc/etcd\", trust = [1], issue = 1, serial = \"0102\" } },"]
    );
    assert!(
        text.contains("\n  { name = \"zoe\", since = 2027-01-15T08:00:00Z, unrecorded = true },\n")
    );
}

#[test]
fn the_heads_alone_stand_there_where_nothing_is_recorded_and_may_be_missing() {
    let mut lock = lock();
    lock.recorded = Recorded::default();
    let text = lock.text();
    let (from, to) = (text.find("\n[running]\n").unwrap(), "\n[running.members]\n");
    let heads = &text[from..text.find(to).unwrap() + to.len()];
    assert!(heads.starts_with("\n[running]\nclients = [\n]\n\n# "), "{heads}");
    assert_eq!(read(text.as_bytes()).as_ref(), Ok(&lock));
    assert_eq!(read(text.replace(heads, "").as_bytes()), Ok(lock));
}

/// What the fuzz target begins with is a lock, so that it gets as far as to records.
#[test]
fn the_seed_of_the_fuzz_target_has_records() {
    let seed = include_str!("../../../../fuzz/seeds/lock/running.txt");
    let lock = read(seed.as_bytes()).expect("a lock");
    assert_eq!(lock.recorded.members.len(), 2);
    assert!(lock.recorded.members["orange"].before.is_some());
    assert_eq!(read(lock.text().as_bytes()), Ok(lock));
}

#[test]
fn what_runs_leaves_out_what_is_unrecorded() {
    let recorded = example();
    let running = recorded.running();
    assert_eq!(running.members.keys().collect::<Vec<_>>(), ["daffodil", "orange"]);
    assert_eq!(running.clients.keys().collect::<Vec<_>>(), ["alice", "root"]);
    assert!(!recorded.is_empty());
    let nothing = |(name, record): (String, Record<_>)| (name, Record { what: None, ..record });
    let members = recorded.members.into_iter().map(nothing).collect();
    assert!(Recorded { members, clients: [].into() }.is_empty());
}

#[test]
fn every_mistake_is_told_with_its_line() {
    let text = lock().text();
    let line_of = |part: &str| {
        let at = text.find(part).unwrap_or_else(|| panic!("{part}"));
        text[..at].lines().count()
    };
    for (from, to, said) in [
        ("orange.version = \"3.5.33\"", "orange.version = \"3.9\"", "etcd `3.9` is not supported"),
        ("orange.version = \"3.5.33\"\n", "", "it lacks `version`"),
        ("orange.digest = \"abab", "orange.digest = \"ABab", "`digest` is 64 hexadecimal digits"),
        ("orange.trust = [1, 2]", "orange.trust = [2, 1]", "in ascending order"),
        ("orange.trust = [1, 2]", "orange.trust = [0, 2]", "in ascending order"),
        ("orange.issue = 2", "orange.issue = 3", "is one of them"),
        ("orange.issue = 2\n", "", "`trust` and `issue` are both there"),
        ("orange.peer-trust = [1]\n", "", "`peer-trust` and `peer-issue` are both there"),
        ("orange.certificates.server =", "orange.certificates.client =", "no certificate of kind"),
        (
            "orange.certificates.server = \"0a\"",
            "orange.certificates.server = \"0A\"",
            "`serial` is",
        ),
        ("orange.crl = 3", "orange.crl = -3", "invalid value"),
        (
            "orange.since = 2027-01-15T08:00:00Z",
            "orange.since = 2027-01-15",
            "not a moment such as",
        ),
        ("orange.since = 2027", "orange.since.x = 2027", ""),
        ("orange.crl = 3", "orange.wish = 3", "unknown field `wish`"),
        ("orange.crl = 3", "orange.id = \"g1\"", "an ID is hexadecimal digits"),
        ("orange.before.id = \"a1\"", "orange.before.id = \"\"", "an ID is hexadecimal digits"),
        ("orange.crl = 3", "orange.unrecorded = true", "there is nothing else of it"),
        (
            "orange.before.issue",
            "orange.before.before.since = 2027-01-15T07:59:00Z #",
            "no `before` of its own",
        ),
        ("name = \"root\", ", "", "a client has a `name`"),
        ("name = \"root\"", "name = \"\"", "a client has a `name`"),
        ("before = { since", "before = { name = \"x\", since", "no `name` of its own"),
        ("serial = \"0102\", before", "serial = \"x\", before", "`serial` is hexadecimal digits"),
        ("endpoints = [],", "", "it lacks `endpoints`"),
        ("unrecorded = true },", "unrecorded = true, serial = \"0a\" },", "nothing else of it"),
        ("since = 2027-01-15T08:00:00Z, unr", "since = 2027-01-15T08:00:00+01:00, unr", "a moment"),
    ] {
        let (from, part) = (from, from.split(" = ").next().unwrap());
        let edited = text.replacen(from, to, 1);
        assert_ne!(edited, text, "{from}");
        let found = read(edited.as_bytes());
        let Err(Unreadable::Wrong(line, what)) = found else { panic!("{to}: {found:?}") };
        assert!(what.contains(said), "{to}: {what}");
        // Of a member its line with the date is shown, which is a few above.
        let expected = line_of(if part.starts_with("orange") { "orange.since" } else { from });
        assert!(line >= expected && line < expected + 20, "{to}: {line}, not {expected}: {what}");
    }
}

/// They are printed in commands, which are pasted as root.
#[test]
fn names_and_urls_that_no_build_takes_are_mistakes() {
    let mut lock = lock();
    let orange = lock.recorded.members.get_mut("orange").unwrap().what.as_mut().unwrap();
    for (option, text) in [
        ("initial-advertise-peer-urls", "https://10.0.0.1:2380"),
        ("advertise-client-urls", "https://10.0.0.1:2379,https://orange.example:2379"),
        ("initial-cluster", "orange=https://10.0.0.1:2380"),
        ("name", "orange"),
    ] {
        orange.options.insert(option.into(), text.into());
    }
    let text = lock.text();
    assert_eq!(read(text.as_bytes()), Ok(lock));
    for (from, to, said) in [
        ("\norange.", "\n\"x\\nrm -rf ~ #\".", "a member name cannot contain"),
        ("name = \"root\"", "name = \"$(id)\"", "a client name cannot contain `$`"),
        (
            "https://10.0.0.1:2380\"",
            "https://$(id):2380\"",
            "neither an IP address nor a host name",
        ),
        ("//orange.example:2379", "//orange.example:`id`", "is not a port"),
        ("\"orange=https", "\"or`id`ange=https", "`initial-cluster`: a member name cannot contain"),
        ("options.name = \"orange\"", "options.name = \"o\\nrange\"", "`name`: a member name"),
        ("\"https://10.0.0.2:2379\"", "\"https://10.0.0.2:2379/$(id)\"", "more than a scheme"),
    ] {
        let edited = text.replace(from, to);
        assert_ne!(edited, text, "{from}");
        let Err(Unreadable::Wrong(line, what)) = read(edited.as_bytes()) else { panic!("{to}") };
        assert!(what.contains(said), "{to}: {what}");
        assert!(line > 1 && !what.contains('\n'), "{line}: {what}");
    }
}

proptest! {
    #[test]
    fn any_records_read_back(
        name in "[A-Za-z0-9][A-Za-z0-9._-]{0,11}", option in any::<String>(), value in any::<String>(),
        endpoints in proptest::collection::vec("https?://[a-z]{1,9}:[1-9][0-9]{0,3}", 0..3),
        folder in any::<String>(), since in 0_i64..4_000_000_000, crl in 0_u64..u64::MAX / 2,
    ) {
        let mut lock = lock();
        let mut orange = member("/data");
        orange.options.insert(option, value);
        orange.crl = Some(crl);
        let endpoints: Vec<_> = endpoints.iter().map(String::as_str).collect();
        let root = RunningClient { certs_dir: folder, ..client(&endpoints) };
        let recorded = &mut lock.recorded;
        recorded.members.insert(name.clone(), Record::after(None, Some(orange), since));
        recorded.clients.insert(name, Record::after(None, Some(root), since));
        prop_assert_eq!(read(lock.text().as_bytes()), Ok(lock));
    }
}
