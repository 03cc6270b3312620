//! Text and facts, both ways, and every way in which a file comes to be none.

use crate::{Authority, Difference, Entry, Facts, Lock, Origin, Taken, Unreadable, read};
use bouquet_model::certificate::{Kind, Subject, Wanted};
use bouquet_model::cluster::{ClusterId, KeyKind, MemberId, Renew, San};
use core::time::Duration;
use proptest::prelude::*;
use std::path::Path;

mod records;
mod running_ids;
mod running_merges;
mod running_text;

/// A CA's certificate, made by openssl; it holds no secret.
const CA: &str = include_str!("tests/ca.crt");

/// Another one, by the same key and of the same name, as when an operator renews it.
const RENEWED: &str = include_str!("tests/ca-renewed.crt");

const OTHER: &str = include_str!("tests/ca-other.crt");

fn entry(kind: Kind, owner: Option<&str>, begins: i64) -> Entry {
    let facts = Facts {
        common_name: owner.unwrap_or("shared").to_owned(),
        sans: vec![San::Dns("localhost".into()), San::Ip("::1".parse().unwrap())],
        ca: 1,
        sha256: [7; 32],
    };
    Entry {
        kind,
        owner: owner.map(str::to_owned),
        generation: 1,
        not_before: begins,
        not_after: begins + 100,
        facts: Some(facts),
        removed: false,
    }
}

fn example() -> Lock {
    let mut lock = Lock::default();
    lock.identity.token = "etcd-cluster-1".to_owned();
    lock.identity.cluster_id = Some(ClusterId(0x9a99_e213_7be1_9e70));
    lock.identity.crl = Some(1_800_000_000);
    lock.identity.members =
        [("orange".to_owned(), Some(MemberId(0xf))), ("pink".to_owned(), None)].into();
    let ca = Authority::of(CA).unwrap();
    let retired = Authority { removed: true, ..Authority::of(OTHER).unwrap() };
    lock.identity.authorities = [(1, ca), (2, retired)].into();
    lock.issued.enter("0a", entry(Kind::Server, Some("orange"), 1_800_000_000));
    lock.issued.enter("ff", entry(Kind::Client, Some("alice"), 1_800_000_000));
    lock.issued.enter("0102", entry(Kind::Client, Some("alice"), 1_800_000_000));
    lock.issued.enter("0b", entry(Kind::ServerAndPeer, None, 1_800_000_000));
    let unknown = Entry { facts: None, removed: true, ..entry(Kind::Peer, Some("pink"), 5) };
    lock.issued.enter("0c", unknown);
    lock.recorded = records::example();
    lock
}

#[test]
fn a_lock_reads_back_and_is_the_same_text_again() {
    let text = example().text();
    let again = read(text.as_bytes()).unwrap();
    assert_eq!(again, example());
    assert_eq!(again.text(), text);
}

#[test]
fn a_certificate_is_a_line() {
    let text = example().text();
    let lines: Vec<_> = text.lines().filter(|line| line.starts_with("  {")).collect();
    let lines = &lines[lines.len() - 5..];
    assert_eq!(
        lines[0],
        format!(
            "  {{ kind = \"server\", owner = \"orange\", generation = 1, not-before = \
             2027-01-15T08:00:00Z, not-after = 2027-01-15T08:01:40Z, serial = \"0a\", sha256 = \
             \"{}\", ca = 1, common-name = \"orange\", sans = [\"localhost\", \"::1\"] }},",
            "07".repeat(32)
        )
    );
    let kinds: Vec<_> =
        lines.iter().map(|line| line.split('"').nth(1).unwrap_or_default()).collect();
    assert_eq!(kinds, ["server", "peer", "server+peer", "client", "client"]);
}

#[test]
fn the_lines_of_two_sides_can_all_be_kept() {
    let (mut ours, mut theirs) = (example(), example());
    ours.issued.enter("aa", with_digest(8, entry(Kind::Client, Some("bob"), 1_800_000_001)));
    theirs.issued.enter("bb", with_digest(9, entry(Kind::Client, Some("carol"), 1_800_000_001)));
    // As git leaves both sides, one below the other, with the lines that they have in common twice.
    let issued = "certificates = [\n";
    let lines = |lock: &Lock| {
        let text = lock.text();
        let lines = text.split(issued).nth(1).unwrap().lines();
        lines.filter(|line| line.starts_with("  {")).map(str::to_owned).collect::<Vec<_>>()
    };
    let both = [lines(&ours), lines(&theirs)].concat().join("\n");
    let head = ours.text().split_inclusive(issued).next().unwrap().to_owned();
    let merged = read(format!("{head}{both}\n]\n").as_bytes()).unwrap();
    assert_eq!(ours.take_in(&theirs), Ok(Taken { certificates: 1, ..Taken::default() }));
    assert_eq!(merged, ours);
}

fn with_digest(digest: u8, entry: Entry) -> Entry {
    let facts = entry.facts.map(|facts| Facts { sha256: [digest; 32], ..facts });
    Entry { facts, ..entry }
}

#[test]
fn what_is_taken_in_comes_with_its_ca() {
    let mut later = example();
    let of_ca_2 = with_digest(8, entry(Kind::Client, Some("bob"), 1_800_000_001));
    let facts = of_ca_2.facts.clone().map(|facts| Facts { ca: 2, ..facts });
    later.issued.enter("aa", Entry { facts, ..of_ca_2 });
    let mut earlier = example();
    earlier.identity.authorities.remove(&2);
    let taken = Taken { authorities: [2].into(), certificates: 1, ..Taken::default() };
    assert_eq!(earlier.take_in(&later), Ok(taken));
    assert_eq!(earlier, later);
    assert_eq!(read(earlier.text().as_bytes()), Ok(later));
}

#[test]
fn the_later_list_of_revoked_certificates_counts() {
    let (mut ours, mut theirs) = (example(), example());
    theirs.identity.crl = Some(1_800_000_001);
    assert_eq!(theirs.take_in(&ours), Ok(Taken::default()));
    assert_eq!(theirs.identity.crl, Some(1_800_000_001));
    assert_eq!(ours.take_in(&theirs), Ok(Taken::default()));
    assert_eq!(ours, theirs);
    ours.identity.crl = None;
    assert!(!ours.text().contains("crl = 1_8"));
    assert_eq!(ours.take_in(&theirs), Ok(Taken::default()));
    assert_eq!(ours, theirs);
}

#[test]
fn a_lock_of_another_cluster_tells_nothing() {
    let mut other = example();
    other.identity.authorities = [(1, Authority::of(OTHER).unwrap())].into();
    other.issued.enter("aa", with_digest(8, entry(Kind::Client, Some("bob"), 1_800_000_001)));
    let mut ours = example();
    assert_eq!(ours.take_in(&other), Ok(Taken::default()));
    assert_eq!(ours, example());
    // Before there was TLS, its token is all that tells.
    let mut without = Lock::default();
    assert!(!without.is_same_cluster(&other) && !other.is_same_cluster(&without));
    assert_eq!(without.take_in(&other), Ok(Taken::default()));
    without.identity.token.clone_from(&other.identity.token);
    assert!(without.is_same_cluster(&other) && other.is_same_cluster(&without));
    assert_eq!(without.take_in(&other).map(|taken| taken.certificates), Ok(other.issued.len()));
}

#[test]
fn a_ca_that_two_branches_made_is_not_taken_for_the_other() {
    let (mut ours, mut theirs) = (example(), example());
    let renewed = Authority::of(RENEWED).unwrap();
    ours.identity.authorities.insert(2, renewed);
    let of_ca_2 = with_digest(8, entry(Kind::Client, Some("bob"), 1_800_000_001));
    let facts = of_ca_2.facts.clone().map(|facts| Facts { ca: 2, ..facts });
    theirs.issued.enter("aa", Entry { facts, ..of_ca_2 });
    assert_eq!(ours.take_in(&theirs), Ok(Taken::default()));
    assert!(!ours.issued.knows("aa"));
}

#[test]
fn two_locks_that_contradict_each_other_are_told() {
    let mut ours = example();
    let mut generation = example();
    generation
        .issued
        .enter("0a", Entry { generation: 2, ..ours.issued.get("0a").unwrap().clone() });
    assert_eq!(ours.take_in(&generation), Err("0a".to_owned()));
    // A serial number that was edited: the certificate is known by its digest.
    let mut serial = Lock { issued: crate::Issued::default(), ..example() };
    serial.issued.enter("ab", entry(Kind::Server, Some("orange"), 1_800_000_000));
    assert_eq!(ours.take_in(&serial), Err("ab".to_owned()));
    // One that knows no more than the serial number contradicts nothing.
    let mut bare = example();
    bare.issued.enter("0a", Entry { facts: None, ..ours.issued.get("0a").unwrap().clone() });
    assert_eq!(ours.take_in(&bare), Ok(Taken::default()));
    assert_eq!(ours, example());
}

/// At every byte: a file that was cut off never passes for a smaller cluster.
#[test]
fn a_file_that_was_cut_off_is_told_as_that_wherever_it_ends() {
    let text = example().text();
    let end = text.trim_end().len();
    for cut in 0..end {
        let found = read(&text.as_bytes()[..cut]);
        assert!(matches!(found, Err(Unreadable::Cut(_))), "{cut}: {found:?}");
    }
    assert_eq!(read(&text.as_bytes()[..end]), Ok(example()));
}

#[test]
fn conflict_markers_are_told_with_their_line() {
    let text = example().text();
    let at = text.lines().position(|line| line.contains("alice")).unwrap();
    for marker in ["<<<<<<< HEAD", "=======", ">>>>>>> theirs", "||||||| 1234567"] {
        let mut lines: Vec<_> = text.lines().collect();
        lines.insert(at, marker);
        assert_eq!(read(lines.join("\n").as_bytes()), Err(Unreadable::Conflict(at + 1)));
    }
}

/// It may be `cluster.toml`, with an edit that is not committed.
#[test]
fn no_help_overwrites_a_file_that_is_not_the_lock_of_the_package() {
    let newer = example().text().replace("version = 1", "version = 9");
    let copy = Path::new("out/pki/cluster.lock");
    for text in ["[cluster]\n", "<<<<<<< ours\n", "version = 1\n", &newer] {
        let why = read(text.as_bytes()).unwrap_err();
        let ours = why.explain(Path::new("cluster.lock"), Origin::Package(Some(copy)));
        assert!(!ours.help.is_empty(), "{ours:?}");
        let other = why.explain(Path::new("cluster.toml"), Origin::Other);
        assert!(!other.help.iter().any(|help| help.contains("git ")), "{other:?}");
        assert!(!other.help.iter().any(|help| help.contains("cp ")), "{other:?}");
    }
}

#[test]
fn a_later_form_is_told_as_that_whatever_else_it_holds() {
    let text = example().text().replace("version = 1", "version = 2\nwonder = true");
    assert_eq!(read(text.as_bytes()), Err(Unreadable::Newer(2)));
}

/// Another help would have its line removed.
#[test]
fn a_key_that_is_not_known_may_be_of_a_later_version() {
    let text = example().text();
    let help = |edited: String| {
        let refused = read(edited.as_bytes()).unwrap_err();
        let told = refused.explain("cluster.lock".as_ref(), Origin::Package(None));
        told.help.iter().any(|help| help.contains("where a later version of Bouquet wrote it"))
    };
    assert!(help(format!("{text}[more]\nx = [1]")));
    assert!(help(format!("{text}[more]\nx = 1")));
    assert!(!help(text.replace("kind = \"peer\"", "kind = \"pear\"")));
}

#[test]
fn an_edit_by_hand_is_told_with_its_line() {
    let text = example().text();
    let other = Authority::of(OTHER).unwrap().certificate;
    let no_pem = text.replace("-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE----");
    let swapped = text.replacen(CA, &other, 1);
    for (edited, said) in [
        (text.replace("kind = \"peer\"", "kind = \"pear\""), "there is no kind `pear`"),
        (text.replace("kind = \"peer\"", "kind = \"ca\""), "there is no kind `ca`"),
        (text.replace("serial = \"0c\"", "serial = \"0C\""), "`serial` is hexadecimal"),
        (text.replace("generation = 1", "generation = 0"), "numbered from 1 on"),
        (text.replace("generation = 1", "generation = 1, wish = 1"), "unknown field `wish`"),
        (text.replace("ca = 1,", "ca = 3,"), "CA 3, of which the file tells nothing"),
        (text.replace("ca = 1,", ""), "all there, or none"),
        (text.replace("number = 2", "number = 1"), "CA 1 is there twice"),
        (text.replace("number = 2", "number = 0"), "numbered from 1 on"),
        (text.replace("orange = \"f\"", "orange = \"+f\""), "an ID is hexadecimal"),
        (text.replace("serial = \"0102\"", "serial = \"0a\""), "two lines tell different things"),
        (text.replacen("not-after = 2", "not-after = 1", 1), "dates of CA 1 are not its"),
        (text.replacen("07070707", "070707", 1), "64 hexadecimal digits"),
        (text.replace("08:01:40Z", "08:01:40+01:00"), "is not a moment such as"),
        (text.replace("version = 1", "version = 0"), "there is no version 0"),
        (no_pem, "of CA 1 is damaged"),
        (swapped, "`sha256` or the dates of CA 1 are not its certificate's"),
        (format!("{text}[more]\nx = [1]"), "unknown field `more`"),
        (format!("{text}[more]\nx = 1"), "unknown field `more`"),
    ] {
        let Err(Unreadable::Wrong(line, what)) = read(edited.as_bytes()) else {
            panic!("{said}: {:?}", read(edited.as_bytes()));
        };
        assert!(what.contains(said), "{what}");
        assert!(line > 1 || said.contains("version"), "{said}: {line}");
    }
}

/// It would be written as it is, between three quotes.
#[test]
fn what_is_around_a_cas_certificate_is_left_out() {
    let text = example().text();
    for around in ["note \\\"\\\"\\\"\\nx = 1\\n", "back\\\\slash\\n"] {
        let written = format!("\"\"\"\n{CA}\"\"\"");
        let edited =
            text.replacen(&written, &format!("\"{around}{}\"", CA.replace('\n', "\\n")), 1);
        assert_ne!(edited, text);
        let lock = read(edited.as_bytes()).unwrap();
        assert_eq!(lock, example());
        assert_eq!(read(lock.text().as_bytes()), Ok(lock));
    }
}

#[test]
fn lines_may_end_as_on_windows() {
    let text = example().text();
    assert_eq!(read(text.replace('\n', "\r\n").as_bytes()), Ok(example()));
}

#[test]
fn the_current_certificate_began_last_and_then_has_the_larger_serial_number() {
    let mut lock = example();
    let current = |lock: &Lock| {
        lock.issued.current(Some("alice"), Kind::Client).map(|(serial, _)| serial.to_owned())
    };
    assert_eq!(current(&lock).unwrap(), "0102");
    lock.issued.enter("01", entry(Kind::Client, Some("alice"), 1_800_000_001));
    assert_eq!(current(&lock).unwrap(), "01");
    assert_eq!(lock.issued.is_later("01", "0102"), Some(true));
    assert_eq!(lock.issued.is_later("ff", "0102"), Some(false));
    assert_eq!(lock.issued.is_later("0102", "ff"), Some(true));
    assert_eq!(lock.issued.is_later("ff", "ee"), None);
    lock.issued.forget_expired(1_800_000_101);
    assert_eq!(current(&lock).unwrap(), "01");
    lock.issued.forget_expired(1_800_000_102);
    assert!(current(&lock).is_none() && lock.issued.is_empty());
}

#[test]
fn a_ca_that_was_renewed_is_the_same_and_another_is_not() {
    let ca = Authority::of(CA).unwrap();
    assert!(ca.is_same_ca(CA.as_bytes()) && ca.is_same_ca(RENEWED.as_bytes()));
    assert!(!ca.is_same_ca(OTHER.as_bytes()) && !ca.is_same_ca(b"text"));
}

#[test]
fn the_first_difference_from_what_is_wanted_is_told() {
    let wanted = Wanted {
        kind: Kind::Client,
        owner: Some("alice".to_owned()),
        subject: Subject::CommonName("alice".to_owned()),
        sans: vec![San::Ip("::1".parse().unwrap()), San::Dns("localhost".into())],
        key: KeyKind::EcdsaP256,
        valid_for: Duration::from_secs(100),
        renew_before: Duration::from_secs(10),
        issuer: 1,
        generation: 1,
        renew: Renew::NewKey,
        places: Vec::new(),
    };
    let entry = entry(Kind::Client, Some("alice"), 0);
    assert_eq!(entry.difference(&wanted), None);
    for (other, difference) in [
        (Wanted { issuer: 2, ..wanted.clone() }, Difference::Ca),
        (
            Wanted { subject: Subject::Organization("alice".to_owned()), ..wanted.clone() },
            Difference::Subject,
        ),
        (Wanted { sans: Vec::new(), ..wanted.clone() }, Difference::Sans),
        (Wanted { generation: 2, ..wanted.clone() }, Difference::EarlierGeneration),
    ] {
        assert_eq!(entry.difference(&other), Some(difference));
    }
    let later = Entry { generation: 2, ..entry.clone() };
    assert_eq!(later.difference(&wanted), Some(Difference::LaterGeneration));
    assert_eq!(Entry { facts: None, ..entry }.difference(&wanted), Some(Difference::Unknown));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,400}") {
        let _ = read(text.as_bytes());
    }

    #[test]
    fn any_names_read_back(
        token in "\\PC{1,20}",
        names in proptest::collection::btree_set("\\PC{1,12}", 1..5),
        common_name in "\\PC{0,20}",
        begins in 0_i64..4_000_000_000,
    ) {
        let mut lock = example();
        lock.identity.token = token;
        lock.identity.members = names.iter().map(|name| (name.clone(), None)).collect();
        for (serial, name) in (100..).zip(&names) {
            let mut entry = entry(Kind::Client, Some(name), begins);
            entry.facts.as_mut().unwrap().common_name = common_name.clone();
            lock.issued.enter(&format!("{serial}"), entry);
        }
        prop_assert_eq!(read(lock.text().as_bytes()), Ok(lock));
    }
}
