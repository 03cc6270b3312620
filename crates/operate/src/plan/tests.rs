//! What was seen is read back from the JSON of a plan, and whatever else is in its place is told.

use super::recorded::Recorded;
use super::{Basis, Form, age, made, reread, view};
use crate::compiled::Compiled;
use crate::failure::Failure;
use crate::live::tests::scene::flowers::{CERTIFICATES, CLUSTER};
use crate::live::{Planned, State};
use crate::show::json;
use bouquet_model::cluster::MemberId;
use bouquet_model::plan::next::{Alarm, Data, Life};
use bouquet_model::plan::{Plan, Seen, SeenMember, Wishes};
use bouquet_model::running::Running;
use bouquet_model::version::EtcdVersion;
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::sample::select;

const COMPILED: Compiled<'static> = Compiled { cluster: &CLUSTER, certificates: CERTIFICATES };

/// Returns a text as a member, or who wrote the file, may say it.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(vec!["orange", "pink", "daffodil", "", "https://192.168.65.101:2380", "3.5.33"])
            .prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

fn members() -> impl Strategy<Value = SeenMember> {
    let known: Vec<u64> = CLUSTER.members.iter().filter_map(|it| Some(it.id?.0)).collect();
    let ids = prop_oneof![3 => select(known), 1 => any::<u64>()];
    let version = prop::option::of(select(vec!["3.4.23", "3.5.33", "3.6.16"]));
    let words = (select(Life::ALL), select(Data::ALL), version);
    let flags = any::<[bool; 4]>();
    (ids, texts(), vec(texts(), 0..3), vec(texts(), 0..3), words, flags).prop_map(
        |(id, name, peer_urls, client_urls, (life, data, version), flags)| {
            let [is_learner, leads, has_wrong_clock, has_free_space] = flags;
            let version = version.map(|text| EtcdVersion::parse(text).expect("a version"));
            SeenMember {
                id: MemberId(id),
                name,
                peer_urls,
                client_urls,
                is_learner,
                life,
                data,
                leads,
                version,
                has_wrong_clock,
                has_free_space,
            }
        },
    )
}

/// Returns what a look may see, and far more.
fn sights() -> impl Strategy<Value = Planned> {
    let alarm = prop::option::of(select(&Alarm::ALL[..]));
    let silent = (texts(), select(&State::ALL[..]), prop::option::of(texts()));
    let seen = (vec(members(), 0..6), alarm, any::<bool>(), btree_set(texts(), 0..3));
    let cluster = Just(CLUSTER.id.map(|id| id.0));
    (0..4_000_000_000_i64, cluster, vec(silent, 0..3), btree_set(texts(), 0..3), seen).prop_map(
        |(at, cluster, silent, versions, (mut members, alarm, is_announced, lost))| {
            members.sort_by_key(|member| member.id);
            members.dedup_by_key(|member| member.id);
            let seen = Seen { members, alarm, is_announced, lost, done: Vec::new() };
            Planned { at, file: Some("seen.json".to_owned()), silent, versions, cluster, seen }
        },
    )
}

fn basis() -> Basis {
    let ids = CLUSTER.members.iter().filter_map(|it| Some((it.name.to_string(), it.id?)));
    let recorded = Recorded {
        running: Running::of(&CLUSTER, CERTIFICATES),
        ids: ids.collect(),
        cluster_id: CLUSTER.id,
        token: None,
        name: "cluster.lock".to_owned(),
    };
    Basis { recorded, program: "bouquet".to_owned(), named: None, form: Form::Json }
}

fn plan(planned: &Planned) -> Plan {
    made(&COMPILED, &basis(), (planned, &Wishes::default()))
}

/// Returns the plan as `plan --json` prints it.
fn text(planned: &Planned) -> String {
    json(&view::view(&CLUSTER, "cluster.lock", &plan(planned), Some(planned)))
}

fn read(bytes: &[u8]) -> Result<Planned, Failure> {
    reread(&COMPILED, bytes, ("seen.json", "bouquet"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever was seen has a plan, too, or a reason why not.
    #[test]
    fn what_was_seen_is_read_back_and_gives_the_same_plan(planned in sights()) {
        let text = text(&planned);
        let again = read(text.as_bytes()).map_err(|failure| TestCaseError::fail(failure.to_string()))?;
        prop_assert_eq!(&again, &planned);
        prop_assert_eq!(plan(&again), plan(&planned));
    }

    /// A byte of it is another one, or the rest is missing.
    #[test]
    fn what_was_damaged_is_read_or_refused_in_words(
        planned in sights(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        is_cut in any::<bool>(),
    ) {
        let mut bytes = text(&planned).into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if is_cut {
            bytes.truncate(at);
        }
        match read(&bytes) {
            Ok(planned) => drop(plan(&planned)),
            Err(failure) => {
                let shown = anstream::adapter::strip_str(&failure.to_string()).to_string();
                prop_assert!(!shown.chars().any(|c| c.is_control() && c != '\n'), "{:?}", shown);
                prop_assert!(shown.contains("seen.json"), "{}", shown);
            }
        }
    }
}

#[test]
fn the_age_is_told_and_warned_of_from_five_minutes_on() {
    let planned = Planned {
        at: 1_000_000,
        file: Some("seen.json".to_owned()),
        silent: Vec::new(),
        versions: [].into(),
        cluster: None,
        seen: Seen::default(),
    };
    let said = |after: i64| {
        let said = age(&planned, planned.at + after, "bouquet");
        anstream::adapter::strip_str(&said).to_string()
    };
    assert_eq!(said(0), "seen.json: seen just now\n");
    assert_eq!(said(-10), "seen.json: seen just now\n");
    assert_eq!(said(299), "seen.json: seen 4 minutes ago\n");
    let old = "warning: what members said is old: seen.json was seen 5 minutes ago\n";
    assert!(said(300).starts_with(old), "{}", said(300));
    assert!(said(300).contains("`bouquet plan` asks them again"), "{}", said(300));
    let future =
        "warning: seen.json is from the future, by the clock of this machine: in 3 hours\n";
    assert!(said(-3 * 3600 - 1).starts_with(future), "{}", said(-3 * 3600 - 1));
}
