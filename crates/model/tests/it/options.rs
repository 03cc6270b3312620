//! The options table against the list of flags in etcd's own source, and
//! against itself.

use std::collections::BTreeMap;

use bouquet_model::option::{
    Availability, EtcdOption, Group, Kind, OPTIONS, Origin, Raw, Successor, find, names,
};
use bouquet_model::version::{EtcdVersion, Minor};

/// Every flag that etcd's source defines at eight of its tags, but for
/// `feature-gates`, which is not defined the way the others are.
const FLAGS: &str = include_str!("data/etcd-options.tsv");

fn version(text: &str) -> EtcdVersion {
    EtcdVersion::parse(text).expect(text)
}

fn option(name: &str) -> &'static EtcdOption {
    find(name).expect(name)
}

/// Every version that is told apart: each line, and each patch that brought something.
fn versions() -> impl Iterator<Item = EtcdVersion> {
    Minor::ALL.into_iter().flat_map(|minor| {
        std::iter::once(None)
            .chain((0..40).map(Some))
            .map(move |patch| EtcdVersion::new(minor, patch))
    })
}

#[test]
fn the_table_has_exactly_the_flags_of_every_tag() {
    let mut lines = FLAGS.lines();
    let tags: Vec<EtcdVersion> =
        lines.next().expect("a heading").split('\t').skip(2).map(version).collect();
    let mut rows: BTreeMap<&str, Vec<bool>> = BTreeMap::new();
    for line in lines {
        let mut cells = line.split('\t');
        let name = cells.next().expect("a name");
        rows.insert(name, cells.skip(1).map(|cell| cell == "y").collect());
    }
    rows.insert("feature-gates", tags.iter().map(|tag| tag.minor() >= Minor::V3_6).collect());

    let in_table: BTreeMap<&str, Vec<bool>> = OPTIONS
        .iter()
        .map(|option| {
            (option.name(), tags.iter().map(|tag| option.versions().contains(*tag)).collect())
        })
        .collect();
    assert_eq!(in_table, rows);
    assert_eq!(tags.len(), 8);
    assert_eq!(OPTIONS.len(), rows.len(), "an option stands in the table twice");
}

#[test]
fn every_type_is_one_that_the_flag_can_hold() {
    for line in FLAGS.lines().skip(1) {
        let mut cells = line.split('\t');
        let (name, flag) = (cells.next().expect("a name"), cells.next().expect("a type"));
        let fits = match option(name).kind() {
            Kind::Bool => flag == "bool",
            Kind::Int(limits) => match flag {
                "int" => true,
                "uint" | "uint64" => limits.min >= 0,
                // Its `flags.NewUint32Value` is a flag type of etcd's own.
                "list-or-enum" => {
                    name == "max-concurrent-streams" && limits.max == i64::from(u32::MAX)
                }
                _ => false,
            },
            Kind::Size(limits) => flag == "int64" || (flag == "uint" && limits.min >= 0),
            Kind::Duration(_) => flag == "duration",
            Kind::List { .. } => flag.starts_with("list-or-enum"),
            Kind::Enum(_) => matches!(flag, "string" | "list-or-enum"),
            Kind::Retention
            | Kind::Text
            | Kind::TokenProvider
            | Kind::HostPort
            | Kind::Rotation
            | Kind::PackageLevels
            | Kind::Path => flag == "string",
        };
        assert!(fits, "{name} is a {flag} in etcd");
    }
}

#[test]
fn a_command_begins_with_who_the_member_is_and_its_tls_files() {
    let first: Vec<&str> = names().take(12).collect();
    assert_eq!(
        first,
        [
            "name",
            "data-dir",
            "wal-dir",
            "initial-advertise-peer-urls",
            "listen-peer-urls",
            "listen-client-urls",
            "advertise-client-urls",
            "initial-cluster-token",
            "initial-cluster",
            "initial-cluster-state",
            "cert-file",
            "key-file",
        ]
    );
    assert!(OPTIONS.is_sorted_by_key(EtcdOption::group));
    assert_eq!(option("cert-file").group(), Group::Security);
}

#[test]
fn generated_code_can_name_an_option_in_a_static() {
    static WAL_DIR: &EtcdOption = find("wal-dir").expect("an option of etcd");
    assert_eq!(WAL_DIR.name(), "wal-dir");
    const { assert!(find("wal-dirs").is_none()) };
}

#[test]
fn every_option_says_what_it_does_in_one_line() {
    for option in OPTIONS {
        let doc = option.doc();
        assert!(!doc.is_empty() && !doc.ends_with('.') && !doc.contains('\n'), "{}", option.name());
        assert!(doc.starts_with(char::is_uppercase), "{}", option.name());
    }
}

#[test]
fn environment_names_follow_from_the_option() {
    assert_eq!(option("initial-cluster").env_name(), "ETCD_INITIAL_CLUSTER");
    assert_eq!(option("v2-deprecation").env_name(), "ETCD_V2_DEPRECATION");
}

#[test]
fn defaults_are_values_that_the_option_takes() {
    for option in OPTIONS {
        for version in versions() {
            let Some(text) = option.default(version) else {
                continue;
            };
            let raw = match option.kind() {
                Kind::Bool => Raw::Bool(text == "true"),
                Kind::Int(_) | Kind::Size(_) => Raw::Int(text.parse().expect(text)),
                Kind::List { .. } => Raw::List(&[text]),
                // etcd's own addresses are no IP addresses, and are never written.
                _ if matches!(option.origin(), Origin::Derived { .. }) => continue,
                _ => Raw::Str(text),
            };
            let value = option.check(raw, version);
            assert_eq!(value.ok(), option.default_value(version), "{}", option.name());
        }
    }
}

#[test]
fn what_took_an_options_place_is_there_when_the_option_goes() {
    for option in OPTIONS {
        let Some(Availability::Removed { since }) =
            [option.availability(EtcdVersion::new(Minor::V3_7, None))]
                .into_iter()
                .find(|availability| matches!(availability, Availability::Removed { .. }))
        else {
            continue;
        };
        let first_without = EtcdVersion::new(since, None);
        match option.successor() {
            Successor::Renamed(name) | Successor::Setting(name, _) => {
                assert_eq!(find(name).expect(name).availability(first_without), Availability::Yes);
            }
            Successor::Gate(gate) => {
                let entry = format!("{gate}=true");
                let gates = find("feature-gates").expect("feature gates");
                assert!(gates.accept(Raw::List(&[&entry]), first_without).is_ok(), "{entry}");
            }
            Successor::Gone(_) => {}
            Successor::None => {
                assert_ne!(
                    option.origin(),
                    Origin::User,
                    "{} says nothing of what replaced it",
                    option.name()
                );
            }
        }
    }
}

#[test]
fn an_alias_is_mutual_and_both_names_live_in_3_6() {
    let pairs: Vec<(&str, &str)> = OPTIONS
        .iter()
        .filter(|option| matches!(option.successor(), Successor::Renamed(_)))
        .map(|old| (old, old.alias().expect("a new name")))
        .inspect(|(old, new)| assert_eq!(new.alias().map(EtcdOption::name), Some(old.name())))
        .map(|(old, new)| (old.name(), new.name()))
        .collect();
    let in_3_6 = version("3.6");
    let both = pairs
        .iter()
        .filter(|(old, new)| [old, new].iter().all(|name| option(name).versions().contains(in_3_6)))
        .count();
    // `experimentalFlagMigrationMap` of etcd 3.6 has sixteen, and
    // `experimental-warning-unary-request-duration` is looked at by itself.
    assert_eq!(both, 17);
}

#[test]
fn a_gate_shuts_out_the_option_it_took_the_place_of() {
    let checkpoint = option("experimental-enable-lease-checkpoint");
    assert!(checkpoint.clashes_with_gate("LeaseCheckpoint=false"));
    assert!(
        checkpoint.clashes_with_gate("LeaseCheckpointPersist=true"),
        "etcd looks for the name anywhere"
    );
    assert!(!checkpoint.clashes_with_gate("CompactHashCheck=true"));
    assert!(checkpoint.clashes_with_gate("AllAlpha=false"), "it stands for all that are alpha");
    assert!(!checkpoint.clashes_with_gate("AllBeta=true"));
    let buffer = option("experimental-txn-mode-write-with-shared-buffer");
    assert!(buffer.clashes_with_gate("AllBeta=true"));
    assert!(!buffer.clashes_with_gate("AllAlpha=true"));
    assert!(!option("max-wals").clashes_with_gate("LeaseCheckpoint=true"));
}
