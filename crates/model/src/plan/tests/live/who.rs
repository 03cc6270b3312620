//! Who is who: members that were seen, and those that are recorded or compiled.

use super::super::cluster::{cluster, commands, flowers, readdressed, settle, with};
use super::{plan, plan_by, replaced, seen, told};
use crate::cluster::MemberId;
use crate::plan::next::Life;
use crate::plan::{Seen, Wishes};
use insta::assert_snapshot;

#[test]
fn a_learner_that_nobody_wants_any_more_goes() {
    let mut seen = seen(&flowers());
    seen.gains(&replaced(), "camellia", Life::New, true);
    assert_snapshot!(told(&plan(&flowers(), &flowers(), &seen)), @"remove beef: 3 2 1");
}

/// A checkout that is older than what runs.
#[test]
fn a_voter_that_nobody_knows_ends_the_plan() {
    let mut seen = seen(&flowers());
    seen.gains(&replaced(), "camellia", Life::Up, false);
    let plan = plan(&flowers(), &flowers(), &seen);
    assert_snapshot!(told(&plan), @"no further: camellia (beef at https://192.168.65.100:2380) is a member, and neither compiled nor recorded in cluster.lock: another definition may be newer than this one");
    assert!(plan.withheld[0].way.contains("etcdctl -- member remove beef"));
}

/// A colleague has replaced it elsewhere, and this checkout is older than that.
#[test]
fn a_voter_with_another_id_and_another_place_is_not_the_one_that_was_recorded() {
    let after = readdressed(flowers(), "daffodil", 109);
    let mut elsewhere = seen(&flowers());
    elsewhere.loses("daffodil");
    elsewhere.gains(&after, "daffodil", Life::Up, false);
    let older = plan(&flowers(), &flowers(), &elsewhere);
    assert_snapshot!(told(&older), @"no further: daffodil is beef at https://192.168.65.109:2380, and cluster.lock has it as a0 at https://192.168.65.103:2380: another definition may be newer than this one");
    assert_snapshot!(older.withheld[0].way, @"fetch what others have changed, or write in cluster.toml where it is; then build, and plan again");
    // Whether the machine of the former one says anything is no matter.
    let lost = Seen { lost: ["daffodil".to_owned()].into(), ..elsewhere.clone() };
    assert_eq!(plan(&flowers(), &flowers(), &lost), older);
    // What others have changed was fetched.
    assert_snapshot!(told(&plan(&flowers(), &after, &elsewhere)), @r"
    client root: 3 2 1
    record it: 3 2 1
    ");
    // Where no ID is recorded, its name is all that there is.
    let both = (&flowers(), &flowers());
    let unrecorded = plan_by(&[].into(), both, &elsewhere, &Wishes::default());
    assert_snapshot!(told(&unrecorded), @r"
    re-address daffodil: 3 2 0
    record it: 3 2 1
    ");
    // One that is half in has nothing that anybody needs.
    elsewhere.of("daffodil").is_learner = true;
    assert_snapshot!(told(&plan(&flowers(), &flowers(), &elsewhere)), @r"
    remove beef: 2 2 0
    add daffodil as learner: 2 2 0
    install and start daffodil: 2 2 0
    promote daffodil: 3 2 1
    record it: 3 2 1
    ");
}

/// At the address of the former one.
#[test]
fn a_voter_with_another_id_and_another_name_is_not_the_one_that_was_recorded() {
    let mut other = seen(&flowers());
    other.of("orange").id = MemberId(0xbeef);
    assert_snapshot!(told(&plan(&flowers(), &flowers(), &other)), @"record it: 3 2 1");
    other.of("orange").name = "tulip".to_owned();
    assert_snapshot!(told(&plan(&flowers(), &flowers(), &other)), @"no further: tulip (beef at https://192.168.65.101:2380) is a member, and neither compiled nor recorded in cluster.lock: another definition may be newer than this one");
    // Which is the name that it is to have.
    let mut after = cluster(&[("daffodil", 103), ("tulip", 101), ("pink", 102)], &["root"]);
    settle(&mut after);
    assert_snapshot!(told(&plan(&flowers(), &after, &other)), @r"
    restart tulip: 3 2 0
    record it: 3 2 1
    ");
}

#[test]
fn a_silent_member_at_another_address_is_a_replacement() {
    let mut dead = seen(&flowers());
    dead.of("daffodil").life = Life::Silent;
    let moved = readdressed(flowers(), "daffodil", 104);
    assert_snapshot!(told(&plan(&flowers(), &moved, &dead)), @"no further: daffodil does not answer");
}

/// Added by hand beside the member whose name it got: by its own ID it goes, and nobody else.
#[test]
fn a_learner_with_the_name_of_a_voter_goes_by_its_own_id() {
    let mut seen = seen(&flowers());
    let mut other = seen.of("daffodil").clone();
    (other.id, other.is_learner) = (MemberId(0xbeef), true);
    other.peer_urls = vec!["https://192.168.65.109:2380".to_owned()];
    seen.members.push(other);
    let plan = plan(&flowers(), &flowers(), &seen);
    assert_snapshot!(told(&plan), @"remove beef: 3 2 1");
    assert!(commands(&plan.steps).contains("member remove beef"));
}

/// Its ID is that of the new member, which has just joined.
#[test]
fn commands_have_the_ids_that_were_seen() {
    let after = with(flowers(), "snapshot-count", "7");
    let mut seen = seen(&flowers());
    seen.of("daffodil").id = MemberId(0xbeef);
    let typed = commands(&plan(&flowers(), &after, &seen).steps);
    assert!(typed.contains("move-leader beef"), "{typed}");
}

#[test]
fn one_that_was_renamed_and_replaced_joins_by_its_new_name() {
    let mut after = cluster(&[("daffodil", 103), ("tulip", 101), ("pink", 102)], &["root"]);
    settle(&mut after);
    let mut halfway = seen(&flowers());
    halfway.loses("orange");
    halfway.gains(&after, "tulip", Life::New, true);
    assert_snapshot!(told(&plan(&flowers(), &after, &halfway)), @r"
    install and start tulip: 2 2 0
    promote tulip: 3 2 1
    record it: 3 2 1
    ");
}

/// Two exchange their addresses: one goes, the other one moves, and the first comes back as a new member.
#[test]
fn addresses_that_are_exchanged_are_planned_from_anywhere() {
    let mut swapped = cluster(&[("daffodil", 103), ("orange", 102), ("pink", 101)], &["root"]);
    // What each has besides its address comes with that.
    let pink = swapped.members.get_mut("pink").unwrap();
    pink.options.insert("heartbeat-interval".to_owned(), "200".to_owned());
    let swapped = swapped;
    let whole = plan(&flowers(), &swapped, &seen(&flowers()));
    assert_snapshot!(told(&whole), @r"
    snapshot of daffodil: 3 2 1
    let daffodil lead: 3 2 1
    remove pink: 2 2 0
    no further: while orange is restarted, nothing can be written
    ");
    let mut removed = seen(&flowers());
    removed.loses("pink");
    removed.of("daffodil").leads = true;
    assert_snapshot!(told(&plan(&flowers(), &swapped, &removed)), @"no further: while orange is restarted, nothing can be written");
    // The other one has moved.
    let there = seen(&swapped).of("orange").clone();
    let orange = removed.of("orange");
    (orange.peer_urls, orange.client_urls) = (there.peer_urls, there.client_urls);
    assert_snapshot!(told(&plan(&flowers(), &swapped, &removed)), @r"
    add pink as learner: 2 2 0
    install and start pink: 2 2 0
    promote pink: 3 2 1
    record it: 3 2 1
    ");
    removed.gains(&swapped, "pink", Life::New, true);
    assert_snapshot!(told(&plan(&flowers(), &swapped, &removed)), @r"
    install and start pink: 2 2 0
    promote pink: 3 2 1
    record it: 3 2 1
    ");
    removed.members.pop();
    removed.gains(&swapped, "pink", Life::Up, false);
    assert_snapshot!(told(&plan(&flowers(), &swapped, &removed)), @"record it: 3 2 1");
}
