//! What runs, in the file: text and records, both ways, merges, and every mistake in it.

use super::example as lock;
use crate::{ChangedId, Later, Lock, Origin, Record, Recorded, Taken, Unreadable, read};
use bouquet_model::certificate::Kind;
use bouquet_model::change::Subject;
use bouquet_model::cluster::{ClusterId, MemberId};
use bouquet_model::digest::Digest;
use bouquet_model::running::{RunningClient, RunningMember};
use bouquet_model::trust::Trust;
use bouquet_model::version::EtcdVersion;
use proptest::prelude::*;

const NOON: i64 = 1_800_000_000;

pub(super) fn example() -> Recorded {
    let before = RunningMember { crl: None, ..member("/var/lib/etcd") };
    let orange = Record {
        since: NOON,
        what: Some(member("/srv/etcd")),
        before: Some((NOON - 60, Some(before))),
        id: Some(ChangedId { from: Some(MemberId(0xa1)), to: None }),
    };
    let plain = RunningMember { clients: None, peers: None, ..member("/var/lib/etcd") };
    let daffodil = Record { since: NOON, what: Some(plain), before: None, id: None };
    let gone = Record {
        since: NOON,
        what: None,
        before: Some((NOON - 60, Some(member("/d")))),
        id: Some(ChangedId { from: None, to: Some(MemberId(0xa2)) }),
    };
    let root = Record {
        since: NOON,
        what: Some(client(&["https://10.0.0.1:2379", "https://10.0.0.2:2379"])),
        before: Some((NOON - 60, Some(client(&["https://10.0.0.1:2379"])))),
        id: None,
    };
    let http = RunningClient { trust: None, certificate: None, ..client(&[]) };
    let alice = Record { since: NOON, what: Some(http), before: Some((NOON - 60, None)), id: None };
    let left = Record { since: NOON, what: None, before: None, id: None };
    Recorded {
        members: [
            ("daffodil".into(), daffodil),
            ("orange".into(), orange),
            ("rose.et.cie".into(), gone),
        ]
        .into(),
        clients: [("alice".into(), alice), ("root".into(), root), ("zoe".into(), left)].into(),
    }
}

fn member(data_dir: &str) -> RunningMember {
    let both = Trust { issue: 2, trust: vec![1, 2].into() };
    let first = Trust { issue: 1, trust: vec![1].into() };
    RunningMember {
        version: EtcdVersion::parse("3.5.33").unwrap(),
        options: [
            ("data-dir".into(), data_dir.into()),
            ("initial-cluster-state".into(), "new".into()),
            ("an option\nof a later release".into(), "<<<<<<<\n\"\\\u{7}".into()),
        ]
        .into(),
        clients: Some(both),
        peers: Some(first),
        certificates: [(Kind::Server, "0a".into()), (Kind::ServerAndPeer, "0b".into())].into(),
        crl: Some(3),
        digest: Digest([0xab; 32]),
    }
}

fn client(endpoints: &[&str]) -> RunningClient {
    RunningClient {
        endpoints: endpoints.iter().map(ToString::to_string).collect(),
        common_name: true,
        certs_dir: "/etc/etcd".into(),
        trust: Some(Trust { issue: 1, trust: vec![1].into() }),
        certificate: Some("0102".into()),
    }
}

#[test]
fn each_line_of_a_member_has_its_name() {
    let text = lock().text();
    let from = text.find("orange.since").unwrap();
    let orange: Vec<_> = text[from..].lines().take_while(|l| l.starts_with("orange.")).collect();
    let digest = "ab".repeat(32);
    assert_eq!(
        orange[..13],
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
        ]
    );
    assert_eq!(orange[13], "orange.before.since = 2027-01-15T07:59:00Z");
    assert!(text.contains("\n\"rose.et.cie\".unrecorded = true\n"), "{text}");
    assert_eq!(orange[14], "orange.before.id = \"a1\"");
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

/// As git's `merge=union` leaves it, or a person who keeps all lines.
#[test]
fn the_lines_of_both_sides_can_be_kept_where_they_are_of_different_machines() {
    let (mut ours, mut theirs) = (lock(), lock());
    ours.recorded.members.remove("orange");
    theirs.recorded.members.remove("daffodil");
    let later = client(&["https://10.0.0.3:2379"]);
    let root = theirs.recorded.clients.get_mut("root").unwrap();
    *root = Record::after(Some(root), Some(later), NOON + 1);
    let members = "[running.members]\n";
    let (ours_text, theirs_text) = (ours.text(), theirs.text());
    let lines = |text: &'static str, from: &'static str, all: &str| -> Vec<String> {
        let part = all.split(from).nth(1).unwrap();
        part.lines().take_while(|line| *line != text).map(str::to_owned).collect()
    };
    let clients = "[running]\nclients = [\n";
    let mut all = ours_text.clone();
    let their_clients = lines("]", clients, &theirs_text).join("\n");
    all = all.replacen(clients, &format!("{clients}{their_clients}\n"), 1);
    let orange = lines("", members, &theirs_text).into_iter();
    let orange: Vec<_> = orange.filter(|line| line.starts_with("orange.")).rev().collect();
    all = all.replacen(members, &format!("{members}{}\n", orange.join("\n")), 1);
    let merged = read(all.as_bytes()).unwrap();
    let taken = ours.take_in(&theirs).unwrap();
    assert_eq!(
        taken.records,
        [
            Later { subject: Subject::Member("orange".into()), ours: None, theirs: NOON },
            Later { subject: Subject::Client("root".into()), ours: Some(NOON), theirs: NOON + 1 },
        ]
    );
    assert_eq!(merged.recorded, ours.recorded);
}

#[test]
fn two_records_of_one_member_are_a_mistake_with_its_line() {
    let text = lock().text();
    let twice =
        text.replacen("orange.version", "orange.since = 2027-01-15T09:00:00Z\norange.version", 1);
    let found = read(twice.as_bytes());
    let key = "running.members.orange.since".to_owned();
    let line = twice.lines().position(|line| line.starts_with("orange.version")).unwrap();
    assert_eq!(found, Err(Unreadable::Twice(line, key)));
    let place = std::path::Path::new("cluster.lock");
    let help = found.unwrap_err().explain(place, crate::Origin::Package(None)).help.join("\n");
    assert!(help.contains("the side with the later `orange.since`"), "{help}");
    assert!(help.contains("in each pair the upper ones or in each the lower ones"), "{help}");
    let dotted = twice.replace("\norange.", "\n\"orange.example\".");
    let found = read(dotted.as_bytes()).unwrap_err();
    let help = found.explain(place, crate::Origin::Package(None)).help.join("\n");
    assert!(help.contains("the later `\"orange.example\".since`"), "{help}");
    // An ID is no record, and has no date.
    let id = text.lines().find(|line| line.starts_with("cluster-id")).expect("the ID");
    let found = read(text.replacen(id, &format!("{id}\n{id}"), 1).as_bytes()).unwrap_err();
    let said = found.explain(place, crate::Origin::Package(None));
    assert!(said.message.contains("has `identity.cluster-id` twice"), "{said:?}");
    assert!(said.help[0].contains("keep the one of the side that recorded"), "{said:?}");
    assert!(!said.help[0].contains("since"), "{said:?}");
}

/// As git merges them: of options that one side alone has changed it takes the changed ones.
#[test]
fn a_member_of_two_records_is_a_mistake_and_one_without_a_checksum_is_none() {
    let text = lock().text();
    let mixed = text.replacen(
        "orange.options.data-dir = \"/srv/etcd\"",
        "orange.options.data-dir = \"/a\"",
        1,
    );
    assert_ne!(mixed, text);
    let line = 1 + text.lines().position(|line| line.starts_with("orange.since")).unwrap();
    let said = read(mixed.as_bytes()).unwrap_err();
    assert_eq!(said, Unreadable::Mixed(line, "orange".to_owned()));
    let said = said.explain("cluster.lock".as_ref(), Origin::Package(None));
    assert_eq!(said.message, "`cluster.lock` has lines of two records of the member `orange`");
    assert!(said.help[1].ends_with("remove `orange.checksum`"), "{:?}", said.help);
    let said = Unreadable::Mixed(line, "rose.et.cie".to_owned());
    let said = said.explain("/srv/x/cluster.lock".as_ref(), Origin::Package(None));
    assert!(said.help[0].contains("`git -C /srv/x show HEAD^1:./cluster.lock`"), "{:?}", said.help);
    assert!(said.help[1].ends_with("remove `\"rose.et.cie\".checksum`"), "{:?}", said.help);
    // What was before is part of it.
    let before = text.replacen(
        "orange.before.since = 2027-01-15T07:59:00Z",
        "orange.before.since = 2027-01-15T07:00:00Z",
        1,
    );
    assert_ne!(before, text);
    assert!(matches!(read(before.as_bytes()), Err(Unreadable::Mixed(..))));
    let by_hand: String =
        mixed.split_inclusive('\n').filter(|line| !line.contains(".checksum = ")).collect();
    let read = read(by_hand.as_bytes()).unwrap();
    assert_eq!(
        read.recorded.members["orange"].what.as_ref().unwrap().option("data-dir"),
        Some("/a")
    );
}

/// As git merges a record with a list of members that was changed on the other side.
#[test]
fn a_record_under_other_ids_is_a_mistake_of_its_own() {
    let text = lock().text();
    for (from, to, member) in [
        ("cluster-id = \"9a99", "cluster-id = \"9a98", "daffodil"),
        ("\norange = \"f\"", "\norange = \"e\"", "orange"),
        ("\norange = \"f\"\n", "\n", "orange"),
    ] {
        let merged = text.replacen(from, to, 1);
        assert_ne!(merged, text, "{from}");
        let is_record = |line: &str| line.starts_with(&format!("{member}.since"));
        let line = 1 + merged.lines().position(is_record).unwrap();
        let found = read(merged.as_bytes()).unwrap_err();
        assert_eq!(found, Unreadable::OtherIds(line, member.to_owned()), "{from}");
        let said = found.explain("/srv/x/cluster.lock".as_ref(), Origin::Package(None));
        assert!(said.message.contains("has another `cluster-id`, or another ID of"), "{said:?}");
        assert!(said.help[0].contains("`git -C /srv/x show HEAD^1:./cluster.lock`"), "{said:?}");
        let by_hand: String =
            merged.split_inclusive('\n').filter(|line| !line.contains(".checksum = ")).collect();
        assert!(read(by_hand.as_bytes()).is_ok(), "a lock without checksums is taken as it is");
    }
    // IDs of others, and those of a member that is recorded as gone, are no matter of a record.
    for (from, to) in [
        ("\npink = \"unknown\"", "\npink = \"1\""),
        ("\norange = \"f\"", "\n\"rose.et.cie\" = \"a2\"\norange = \"f\""),
    ] {
        let merged = text.replacen(from, to, 1);
        assert_ne!(merged, text, "{from}");
        assert!(read(merged.as_bytes()).is_ok(), "{from}");
    }
}

/// The file is of before the members that found the cluster were recorded, and the copy of after it.
#[test]
fn records_that_are_taken_in_bring_the_id_that_the_cluster_was_founded_with() {
    let mut theirs = founded();
    theirs.identity.cluster_id = Some(ClusterId(0xc4));
    let mut ours = Lock::default();
    ours.identity.cluster_id = Some(ClusterId(0xc3));
    ours.identity.members =
        [("pink".into(), Some(MemberId(1))), ("rose".into(), Some(MemberId(9)))].into();
    let mut older = ours.clone();
    older.take_in(&theirs).unwrap();
    assert_eq!(older, theirs);
    // Where a record of ours stays, the ID is of it.
    let mut recorded = ours.clone();
    recorded.record_member("rose", Some(at("https://10.0.0.9:2380")), NOON);
    recorded.take_in(&theirs).unwrap();
    assert_eq!(recorded.identity.cluster_id, Some(ClusterId(0xc3)));
    // A record that was taken back founds nothing.
    let mut undone = theirs.clone();
    for name in ["pink", "tulip"] {
        undone.undo_member(name, NOON + 1);
    }
    ours.take_in(&undone).unwrap();
    assert_eq!(ours.identity.cluster_id, Some(ClusterId(0xc3)));
}

/// Its date stays, as that of a member does.
#[test]
fn the_record_of_a_client_is_taken_back_once() {
    let mut lock = lock();
    lock.undo_client("root", NOON + 1);
    let once = lock.clone();
    lock.undo_client("root", NOON + 2);
    assert_eq!(lock, once);
    lock.undo_client("nobody", NOON + 3);
    assert_eq!(lock, once);
}

#[test]
fn the_later_record_counts_and_an_earlier_one_tells_nothing() {
    let (mut ours, mut theirs) = (lock(), lock());
    assert_eq!(ours.take_in(&theirs), Ok(Taken::default()));
    let orange = theirs.recorded.members.get_mut("orange").unwrap();
    *orange = orange.undone(NOON + 5);
    let expected = theirs.clone();
    assert_eq!(theirs.take_in(&ours), Ok(Taken::default()));
    assert_eq!(theirs, expected);
    let taken = ours.take_in(&theirs).unwrap();
    let subject = Subject::Member("orange".into());
    assert_eq!(taken.records, [Later { subject, ours: Some(NOON), theirs: NOON + 5 }]);
    assert_eq!(ours, theirs);
}

/// Of two lines of one second none is the later one: which of them is true, a person has to say.
#[test]
fn two_lines_of_a_client_that_differ_in_one_second_are_a_mistake() {
    let text = lock().text();
    let line = text.lines().find(|line| line.contains("name = \"root\"")).unwrap();
    let twice = |other: &str| read(text.replace(line, &format!("{line}\n{other}")).as_bytes());
    assert_eq!(twice(line), Ok(lock()), "both sides of a merge have it");
    let found = twice(&line.replace("/etc/etcd", "/srv/etcd"));
    let Err(Unreadable::Wrong(at, what)) = found else { panic!("{found:?}") };
    assert_eq!(at, text.lines().position(|other| other == line).unwrap() + 2);
    assert!(what.contains("different things of the client `root` since 2027-01-15T08:00:00Z"));
}

fn at(url: &str) -> RunningMember {
    let url = ("initial-advertise-peer-urls".to_owned(), url.to_owned());
    RunningMember { options: [url].into(), ..member("/d") }
}

/// A lock of two that found a cluster, and are recorded.
fn founded() -> Lock {
    let mut lock = Lock::default();
    let id = |(name, id): (&str, u64)| (name.to_owned(), Some(MemberId(id)));
    lock.identity.members = [("pink", 1), ("tulip", 2)].map(id).into();
    for (name, url) in [("pink", "https://10.0.0.1:2380"), ("tulip", "https://10.0.0.2:2380")] {
        lock.record_member(name, Some(at(url)), NOON);
    }
    lock
}

#[test]
fn the_id_of_a_member_that_is_gone_goes_and_comes_back_when_that_is_taken_back() {
    let all = founded();
    assert_eq!(all.recorded.members["tulip"].id, None, "it changes no ID");
    let mut lock = all.clone();
    lock.record_member("tulip", None, NOON + 1);
    let gone = lock.clone();
    assert!(!lock.identity.members.contains_key("tulip") && lock.id("tulip").is_none());
    assert_eq!(lock.unrecorded_founders(), [].into());
    lock.undo_member("tulip", NOON + 2);
    assert_eq!(lock.identity, all.identity);
    assert_eq!(lock.recorded.running(), all.recorded.running());
    lock.undo_member("tulip", NOON + 3);
    assert_eq!(lock.identity, all.identity, "it is taken back once");
    // Added by its name, it is another member; and what was can still be taken back.
    lock.record_member("tulip", None, NOON + 4);
    lock.identity.members.insert("tulip".into(), None);
    lock.record_member("tulip", Some(at("https://10.0.0.3:2380")), NOON + 5);
    assert_eq!((lock.id("tulip"), lock.recorded.members["tulip"].id), (None, None));
    // The line of its ID is there again after a merge, and says nothing.
    let mut merged = gone;
    merged.identity.members.insert("tulip".into(), Some(MemberId(2)));
    assert_eq!((merged.id("tulip"), merged.unrecorded_founders()), (None, [].into()));
}

#[test]
fn the_id_of_a_member_at_another_address_is_unknown_once_that_is_recorded() {
    let all = founded();
    let mut lock = all.clone();
    lock.record_member("tulip", Some(at("http://10.0.0.2:2380")), NOON + 1);
    assert_eq!(lock.id("tulip"), all.id("tulip"), "another scheme is no other address");
    lock.record_member("tulip", Some(at("http://10.0.0.3:2380")), NOON + 2);
    assert_eq!(lock.identity.members["tulip"], None);
    lock.undo_member("tulip", NOON + 3);
    assert_eq!(lock.id("tulip"), all.id("tulip"));
}

#[test]
fn a_founder_whose_record_is_taken_back_is_not_gone() {
    let all = founded();
    let mut lock = all.clone();
    lock.undo_member("tulip", NOON + 1);
    assert_eq!((lock.id("tulip"), lock.unrecorded_founders()), (all.id("tulip"), ["tulip"].into()));
    lock.undo_member("tulip", NOON + 2);
    lock.undo_member("tulip", NOON + 3);
    assert_eq!(lock.unrecorded_founders(), ["tulip"].into());
    // Where nothing is recorded, nothing runs as far as is known.
    lock.undo_member("pink", NOON + 4);
    assert_eq!(lock.unrecorded_founders(), [].into());
    // A founder that was renamed is no other one.
    let mut renamed = all;
    renamed.identity.members.insert("rose".into(), Some(MemberId(2)));
    assert_eq!(renamed.unrecorded_founders(), [].into());
}

/// The ID goes with the record that says what became of it.
#[test]
fn a_later_record_brings_what_it_did_to_the_id() {
    let (mut ours, mut theirs) = (founded(), founded());
    theirs.record_member("tulip", None, NOON + 1);
    ours.take_in(&theirs).unwrap();
    assert_eq!(ours, theirs);
    let mut back = theirs.clone();
    back.undo_member("tulip", NOON + 2);
    ours.take_in(&back).unwrap();
    assert_eq!(ours, back);
    // And what was taken from an older one is put back with it.
    ours.put_back_member("tulip", &theirs, NOON + 3);
    assert_eq!((ours.id("tulip"), &ours.identity), (None, &theirs.identity));
}

#[test]
fn taking_a_record_back_is_later_than_it_and_happens_once() {
    let first = Record::after(None, Some("one"), NOON);
    assert_eq!(first, Record { since: NOON, what: Some("one"), before: None, id: None });
    // The clock stood still, or went back.
    let second = Record::after(Some(&first), Some("two"), NOON - 10);
    assert_eq!(second.since, NOON + 1);
    let undone = second.undone(NOON + 60);
    assert_eq!((undone.since, undone.what), (NOON + 60, Some("one")));
    assert_eq!(undone.before, Some((NOON, Some("one"))));
    assert_eq!(undone.undone(NOON + 61).what, Some("one"));
    let nothing = first.undone(NOON + 60);
    assert_eq!((nothing.since, nothing.what, &nothing.before), (NOON + 60, None, &None));
    assert_eq!(nothing.undone(NOON + 61).what, None);
    // One that comes later can be taken back again.
    let third = Record::after(Some(&undone), Some("three"), NOON + 70);
    assert_eq!(third.undone(NOON + 71).what, Some("one"));
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
