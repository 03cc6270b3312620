//! What runs, on two sides of a merge: which records count, and which lines are a mistake.

use super::example as lock;
use super::records::{NOON, client};
use crate::{Later, Origin, Record, Taken, Unreadable, read};
use bouquet_model::change::Subject;

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
