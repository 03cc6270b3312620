//! Databases, of etcd's own and made by hand, whole and broken.

mod full_large;

use crate::support::bolt::{Bolt, Element, compaction, database, end, put};
use bouquet_etcd::database::{Broken, Content, cluster_version, content};
use std::io::Cursor;

type Memory = Bolt<Cursor<Vec<u8>>>;

const PAGE: usize = 512;

fn told(database: &[u8]) -> String {
    match content(database) {
        Err(Broken::Format(text)) => text,
        other => panic!("{other:?}"),
    }
}

/// Returns a database with pages of a test's own.
fn with(pages: impl Fn(&mut Memory) -> Vec<Element>) -> Vec<u8> {
    let mut bolt = Bolt::new(Cursor::new(Vec::new()), PAGE);
    let buckets = pages(&mut bolt);
    bolt.finish(&buckets).into_inner()
}

fn keys(pairs: Vec<Element>, meta: Vec<Element>) -> u64 {
    let database = database(PAGE, &[("key", pairs), ("meta", meta)]);
    content(&database[..]).expect("a database").keys
}

#[test]
fn the_version_of_the_cluster_is_read_without_its_keys() {
    let pair = |key: &str, value: &str| Element::Pair(key.into(), value.into());
    let version = |buckets: &[(&str, Vec<Element>)]| {
        let database = database(PAGE, buckets);
        let read = cluster_version(&database[..]).expect("a database");
        assert_eq!(read, content(&database[..]).expect("a database").cluster_version);
        read
    };
    let cluster = vec![pair("clusterVersion", "3.5.0"), pair("downgrade", "{}")];
    let others = || vec![pair("clusterVersion", "3.7.0")];
    assert_eq!(version(&[("auth", others()), ("cluster", cluster)]), "3.5.0");
    assert_eq!(version(&[("auth", others()), ("cluster", vec![])]), "");
    assert!(cluster_version(&b"torn"[..]).is_err());
}

#[test]
fn keys_are_counted_as_they_are_at_the_latest_revision() {
    let history = || {
        vec![
            put(2, 2, 1, "orange", b"1"),
            put(3, 3, 1, "pink", b"1"),
            put(4, 2, 2, "orange", b"2"),
            end(5, "pink"),
            put(6, 6, 1, "daffodil", b"1"),
            end(7, "orange"),
            put(8, 8, 1, "orange", b"3"),
        ]
    };
    assert_eq!(keys(history(), vec![]), 2);
    // Compacted up to 6: one value each for what was there then.
    let compacted = vec![
        put(4, 2, 2, "orange", b"2"),
        put(6, 6, 1, "daffodil", b"1"),
        end(7, "orange"),
        put(8, 8, 1, "orange", b"3"),
    ];
    assert_eq!(keys(compacted, compaction(6, 6)), 2);
    // Compacted up to an end, which some releases leave there.
    let ends = vec![end(5, "pink"), put(6, 6, 1, "daffodil", b"1")];
    assert_eq!(keys(ends, compaction(5, 5)), 1);
    // Asked for and not begun; begun, with the first batch done.
    assert_eq!(keys(history(), compaction(7, 0)), 2);
    assert_eq!(keys(history().split_off(3), compaction(7, 0)), 2);
    // A restore that raised the revision.
    let mut raised = history();
    raised.push(Element::Pair([&900_i64.to_be_bytes()[..], b"_", &[0; 8]].concat(), vec![]));
    assert_eq!(keys(raised.clone(), vec![]), 2);
    assert_eq!(keys(raised, compaction(900, 0)), 2);
    let of_nothing = database(PAGE, &[("key", vec![end(5, "pink")])]);
    assert_eq!(told(&of_nothing), "more keys end in it than begin");
}

/// Field 6 of a value (`mvccpb.KeyValue`), below 128.
#[test]
fn values_that_end_with_a_lease_are_counted() {
    let leased = |mut element: Element, lease: u8| {
        if let Element::Pair(_, value) = &mut element {
            value.extend([6 << 3, lease]);
        }
        element
    };
    let pairs = vec![
        leased(put(2, 2, 1, "orange", b"1"), 7),
        put(3, 3, 1, "pink", b"1"),
        leased(put(4, 2, 2, "orange", b"2"), 7),
        end(5, "pink"),
    ];
    let database = database(PAGE, &[("key", pairs)]);
    let Content { keys, leased, .. } = content(&database[..]).expect("a database");
    assert_eq!((keys, leased), (1, 2));
}

#[test]
fn trees_of_any_depth_are_walked() {
    let pairs =
        |count| (2..2 + count).map(|at| put(at, at, 1, &format!("key {at}"), b"of flowers"));
    for count in [0_i64, 1, 2, 7, 100, 3000] {
        let database = database(PAGE, &[("key", pairs(count).collect())]);
        let Content { keys, revision, size, .. } = content(&database[..]).expect("a database");
        let last = if count == 0 { 0 } else { count + 1 };
        assert_eq!((keys, revision), (count.unsigned_abs(), last));
        assert_eq!(size, database.len() as u64);
    }
    // A value that takes many pages, and a bucket that takes none.
    let long = put(2, 2, 1, "long", &vec![b'x'; 100_000]);
    let mut bolt = Bolt::new(Cursor::new(Vec::new()), PAGE);
    let root = bolt.page(&[long]);
    let inline = Element::Inline("meta".into(), compaction(1, 1));
    let database = bolt.finish(&[Element::Bucket("key".into(), root), inline]).into_inner();
    let Content { keys, compacted, pairs, .. } = content(&database[..]).expect("a database");
    assert_eq!((keys, compacted, pairs), (1, 1, 3));
}

#[test]
fn what_cannot_be_is_told() {
    let bucket = |root: u64| vec![Element::Bucket("key".into(), root)];
    let branch = |page: u64| Element::Branch(b"x".to_vec(), page);
    let circle = with(|bolt| bucket(bolt.page(&[branch(2)])));
    assert_eq!(told(&circle), "page 2 stands in it twice");
    let twice = with(|bolt| {
        let leaf = bolt.page(&[put(2, 2, 1, "pink", b"")]);
        bucket(bolt.page(&[branch(leaf), branch(leaf)]))
    });
    assert_eq!(told(&twice), "page 2 stands in it twice");
    let beyond = with(|bolt| bucket(bolt.page(&[branch(77)])));
    assert_eq!(told(&beyond), "page 77 is beyond its end");
    let disorder =
        with(|bolt| bucket(bolt.page(&[put(3, 3, 1, "a", b""), put(2, 2, 1, "b", b"")])));
    assert_eq!(told(&disorder), "its keys are not in order");
    let inside = with(|bolt| bucket(bolt.page(&[Element::Bucket("inner".into(), 2)])));
    assert_eq!(told(&inside), "a bucket is inside another one");
    let outside = with(|_| vec![put(2, 2, 1, "pink", b"")]);
    assert_eq!(told(&outside), "a pair is in no bucket");
    let deep = with(|bolt| {
        let leaf = bolt.page(&[put(2, 2, 1, "pink", b"")]);
        bucket((0..99).fold(leaf, |below, _| bolt.page(&[branch(below)])))
    });
    assert_eq!(told(&deep), "its tree is too deep");
    let revision = with(|bolt| bucket(bolt.page(&[Element::Pair(b"x".to_vec(), vec![])])));
    assert_eq!(told(&revision), "what should be a revision is none");
    assert_eq!(told(&[]), "it is not a database of etcd's");
    assert_eq!(told(&vec![0; 70_000]), "it is not a database of etcd's");
}

/// A snapshot of etcd's own, with what `etcdutl snapshot status` tells of it: keys as 3.6 counts them, pairs as 3.5
/// does. It is of one member; keys were written, written again, deleted and compacted, and a lease, a user and a
/// role are in it.
struct Snapshot {
    release: &'static str,
    bytes: &'static [u8],
    hash: u32,
    pairs: u64,
}

const REVISION: i64 = 14;
const KEYS: u64 = 3;

const SNAPSHOTS: [Snapshot; 2] = [
    Snapshot {
        release: "3.4.23",
        bytes: include_bytes!("snapshots/3.4.23.db"),
        hash: 2_664_818_026,
        pairs: 18,
    },
    Snapshot {
        release: "3.7.3",
        bytes: include_bytes!("snapshots/3.7.3.db"),
        hash: 3_695_356_582,
        pairs: 21,
    },
];

#[test]
fn snapshots_are_read_as_etcd_reads_them() {
    for Snapshot { release, bytes, hash, pairs } in SNAPSHOTS {
        let of = content(bytes).expect(release);
        assert_eq!((of.hash, of.revision, of.keys, of.pairs), (hash, REVISION, KEYS, pairs));
        assert_eq!((of.members.len(), of.compacted), (1, 8), "{release}");
        assert_eq!(of.users, ["root"], "{release}");
        // The SHA-256 is behind it.
        assert_eq!(of.size + 32, bytes.len() as u64, "{release}");
    }
}

#[test]
fn a_snapshot_that_is_cut_off_is_told_wherever_it_is() {
    for Snapshot { release, bytes, .. } in SNAPSHOTS {
        let size = bytes.len() - 32;
        for cut in (0..size).step_by(64).chain([1, 79, 80, 81, size - 1]) {
            let told = told(&bytes[..cut]);
            let is_it = told.starts_with("it is cut off: ")
                || cut < 80 && told == "it is not a database of etcd's";
            assert!(is_it, "etcd {release}, {cut} bytes: {told}");
        }
        assert_eq!(content(&bytes[..size]).expect("whole"), content(bytes).expect("whole"));
    }
}

/// Then it is told, or what is told is of another hash, or nothing else of it is used either.
#[test]
fn no_flipped_bit_goes_unnoticed_or_does_harm() {
    for Snapshot { release, bytes, .. } in SNAPSHOTS {
        let whole = content(bytes).expect("whole");
        let mut flipped = bytes.to_vec();
        for place in 0..bytes.len() {
            for bit in if place % 97 == 0 { 0..8 } else { place % 8..place % 8 + 1 } {
                flipped[place] ^= 1 << bit;
                if let Ok(read) = content(&flipped[..]) {
                    let is_it = read == whole || read.hash != whole.hash;
                    assert!(is_it, "etcd {release}, {place}: {read:?}");
                }
                flipped[place] ^= 1 << bit;
            }
        }
    }
}
