//! What was seen decides, whatever was recorded.

use super::super::cluster::{
    cluster, commands, flowers, ids, of_version, readdressed, settle, with,
};
use super::super::timing::plain;
use super::{plan, plan_by, plan_with, replaced, seen, told};
use crate::cluster::MemberId;
use crate::plan::next::{Alarm, Data, Life, Space};
use crate::plan::{Seen, Wishes};
use crate::running::Running;
use crate::version::EtcdVersion;
use insta::assert_snapshot;

#[test]
fn nothing_is_to_be_done_where_all_is_as_compiled() {
    let plan = plan(&flowers(), &flowers(), &seen(&flowers()));
    assert_eq!((plan.steps.as_slice(), plan.withheld.as_slice()), ([].as_slice(), [].as_slice()));
    assert_eq!(plan.leader.as_deref(), Some("pink"));
}

#[test]
fn a_member_takes_the_place_of_another_one() {
    let plan = plan(&flowers(), &replaced(), &seen(&flowers()));
    assert_snapshot!(told(&plan), @r"
    snapshot of orange: 3 2 1
    add camellia as learner: 3 2 1
    install and start camellia: 3 2 1
    promote camellia: 4 3 1
    client root: camellia in, daffodil out: 4 3 1
    remove daffodil: 3 2 1
    stop daffodil for good: 3 2 1
    record it: 3 2 1
    ");
}

#[test]
fn the_leader_hands_over_before_it_goes() {
    let mut seen = seen(&flowers());
    seen.of("pink").leads = false;
    seen.of("daffodil").leads = true;
    let plan = plan(&flowers(), &replaced(), &seen);
    assert_snapshot!(told(&plan), @r"
    snapshot of orange: 3 2 1
    add camellia as learner: 3 2 1
    install and start camellia: 3 2 1
    promote camellia: 4 3 1
    client root: camellia in, daffodil out: 4 3 1
    let camellia lead: 4 3 1
    remove daffodil: 3 2 1
    stop daffodil for good: 3 2 1
    record it: 3 2 1
    ");
    let lead = plan.steps.iter().find(|step| step.action.to_string().contains("lead")).unwrap();
    assert_snapshot!(lead.commands.join("\n"), @r#"
    id=$(bouquet etcdctl camellia -- member list | grep -F ', https://192.168.65.100:2380, ' | cut -d, -f1) &&
    bouquet etcdctl -- move-leader "$id" --endpoints=https://192.168.65.103:2379
    "#);
}

/// No matter who did it, and how far: what is done has no steps.
#[test]
fn what_was_begun_is_ended() {
    let (before, after) = (flowers(), replaced());
    let mut halfway = seen(&before);
    halfway.gains(&after, "camellia", Life::New, true);
    assert_snapshot!(told(&plan(&before, &after, &halfway)), @r"
    install and start camellia: 3 2 1
    promote camellia: 4 3 1
    snapshot of orange: 4 3 1
    client root: camellia in, daffodil out: 4 3 1
    remove daffodil: 3 2 1
    stop daffodil for good: 3 2 1
    record it: 3 2 1
    ");
    let typed = commands(&plan(&before, &after, &halfway).steps);
    assert!(!typed.contains("--endpoints=''"), "{typed}");
    let mut started = seen(&before);
    started.gains(&after, "camellia", Life::Up, true);
    assert_snapshot!(told(&plan(&before, &after, &started)), @r"
    promote camellia: 4 3 1
    snapshot of orange: 4 3 1
    client root: camellia in, daffodil out: 4 3 1
    remove daffodil: 3 2 1
    stop daffodil for good: 3 2 1
    record it: 3 2 1
    ");
    let mut promoted = seen(&before);
    promoted.gains(&after, "camellia", Life::Up, false);
    assert_snapshot!(told(&plan(&before, &after, &promoted)), @r"
    snapshot of orange: 4 3 1
    client root: camellia in, daffodil out: 4 3 1
    remove daffodil: 3 2 1
    stop daffodil for good: 3 2 1
    record it: 3 2 1
    ");
    promoted.loses("daffodil");
    assert_snapshot!(told(&plan(&before, &after, &promoted)), @r"
    stop daffodil for good: 3 2 1
    client root: camellia in, daffodil out: 3 2 1
    record it: 3 2 1
    ");
}

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
fn one_that_was_removed_by_hand_comes_back() {
    let mut seen = seen(&flowers());
    seen.loses("daffodil");
    assert_snapshot!(told(&plan(&flowers(), &flowers(), &seen)), @r"
    add daffodil as learner: 2 2 0
    install and start daffodil: 2 2 0
    promote daffodil: 3 2 1
    record it: 3 2 1
    ");
}

#[test]
fn one_that_is_down_is_started_and_one_that_is_silent_is_for_a_person() {
    let mut down = seen(&flowers());
    down.of("daffodil").life = Life::Down;
    assert_snapshot!(told(&plan(&flowers(), &flowers(), &down)), @"start daffodil again: 3 2 0");
    down.of("daffodil").life = Life::Silent;
    assert_snapshot!(told(&plan(&flowers(), &flowers(), &down)), @"no further: daffodil does not answer");
    down.of("orange").life = Life::Silent;
    assert_snapshot!(told(&plan(&flowers(), &flowers(), &down)), @"no further: too few members are up for anything to be changed");
}

#[test]
fn a_dead_member_is_replaced_at_its_place_or_another_one() {
    let mut dead = seen(&flowers());
    dead.of("daffodil").life = Life::Silent;
    let wishes = Wishes { replaced: ["daffodil".to_owned()].into(), ..Wishes::default() };
    assert_snapshot!(told(&plan_with(&flowers(), &flowers(), &dead, &wishes)), @r"
    snapshot of orange: 3 2 0
    remove daffodil: 2 2 0
    add daffodil as learner: 2 2 0
    install and start daffodil: 2 2 0
    promote daffodil: 3 2 1
    record it: 3 2 1
    ");
    let moved = readdressed(flowers(), "daffodil", 104);
    assert_snapshot!(told(&plan_with(&flowers(), &moved, &dead, &wishes)), @r"
    snapshot of orange: 3 2 0
    remove daffodil: 2 2 0
    add daffodil as learner: 2 2 0
    install and start daffodil: 2 2 0
    promote daffodil: 3 2 1
    client root: 3 2 1
    record it: 3 2 1
    ");
    // The same words again, once its place has been taken.
    let mut taken = seen(&flowers());
    taken.of("daffodil").id = MemberId(0xbeef);
    let taken = plan_with(&flowers(), &flowers(), &taken, &wishes);
    assert_snapshot!(told(&taken), @"record it: 3 2 1");
    assert!(commands(&taken.steps).contains("bouquet done --replaced daffodil"));
}

#[test]
fn a_silent_member_at_another_address_is_a_replacement() {
    let mut dead = seen(&flowers());
    dead.of("daffodil").life = Life::Silent;
    let moved = readdressed(flowers(), "daffodil", 104);
    assert_snapshot!(told(&plan(&flowers(), &moved, &dead)), @"no further: daffodil does not answer");
}

#[test]
fn restarts_begin_with_those_that_follow() {
    let after = with(flowers(), "snapshot-count", "7");
    let mut seen = seen(&flowers());
    seen.of("pink").leads = false;
    seen.of("daffodil").leads = true;
    assert_snapshot!(told(&plan(&flowers(), &after, &seen)), @r"
    restart orange: 3 2 0
    restart pink: 3 2 0
    let orange lead: 3 2 1
    restart daffodil: 3 2 0
    record it: 3 2 1
    ");
}

#[test]
fn two_members_are_restarted_where_that_is_accepted() {
    let two = cluster(&[("orange", 101), ("pink", 102)], &["root"]);
    let after = with(two.clone(), "snapshot-count", "7");
    assert_snapshot!(told(&plan(&two, &after, &seen(&two))), @"no further: while orange is restarted, nothing can be written");
    let wishes = Wishes { accepts_downtime: true, ..Wishes::default() };
    assert_snapshot!(told(&plan_with(&two, &after, &seen(&two), &wishes)), @r"
    restart orange: 2 2 stops
    let orange lead: 2 2 0
    restart pink: 2 2 stops
    record it: 2 2 0
    ");
}

#[test]
fn an_upgrade_goes_on_with_those_that_have_the_former_etcd() {
    let after = of_version(flowers(), "3.6.16");
    let mut seen = seen(&flowers());
    seen.of("orange").version = EtcdVersion::parse("3.6.16").ok();
    assert_snapshot!(told(&plan(&flowers(), &after, &seen)), @r"
    see whether all may be upgraded: 3 2 1
    snapshot of daffodil: 3 2 1
    files to orange: 3 2 1
    upgrade daffodil to 3.6.16: 3 2 0
    let daffodil lead: 3 2 1
    upgrade pink to 3.6.16: 3 2 0
    record it: 3 2 1
    ");
    let former = seen.of("daffodil").version.replace(EtcdVersion::parse("3.6.16").unwrap());
    seen.of("orange").version = former;
    let again = told(&plan(&flowers(), &after, &seen));
    assert!(again.contains("snapshot of orange: 3 2 1\n"), "{again}");
}

#[test]
fn alarms_come_first() {
    let mut full = seen(&flowers());
    full.alarm = Some(Alarm::Space(Space::Full));
    assert_snapshot!(told(&plan(&flowers(), &replaced(), &full)), @r"
    compact the history: 3 2 1
    defragment daffodil: 3 2 0
    defragment orange: 3 2 0
    let orange lead: 3 2 1
    defragment pink: 3 2 0
    disarm alarms, then one write: 3 2 1
    snapshot of orange: 3 2 1
    add camellia as learner: 3 2 1
    install and start camellia: 3 2 1
    promote camellia: 4 3 1
    client root: camellia in, daffodil out: 4 3 1
    remove daffodil: 3 2 1
    stop daffodil for good: 3 2 1
    record it: 3 2 1
    ");
    let raised = with(flowers(), "quota-backend-bytes", "8589934592");
    assert_snapshot!(told(&plan(&flowers(), &raised, &full)), @r"
    restart daffodil: 3 2 0
    restart orange: 3 2 0
    let daffodil lead: 3 2 1
    restart pink: 3 2 0
    disarm alarms, then one write: 3 2 1
    record it: 3 2 1
    ");
    full.alarm = Some(Alarm::LeftOver);
    assert_snapshot!(told(&plan(&flowers(), &flowers(), &full)), @"disarm alarms, then one write: 3 2 1");
    full.alarm = Some(Alarm::Corrupt);
    assert_snapshot!(told(&plan(&flowers(), &flowers(), &full)), @"no further: members have different data, and nothing shows whose is right");
    full.of("orange").data = Data::Odd;
    assert_snapshot!(told(&plan(&flowers(), &flowers(), &full)), @"no further: orange has other data than most, or older data than it had");
    let wishes = Wishes { replaced: ["orange".to_owned()].into(), ..Wishes::default() };
    assert_snapshot!(told(&plan_with(&flowers(), &flowers(), &full, &wishes)), @r"
    snapshot of daffodil: 3 2 0
    remove orange: 2 2 0
    disarm alarms, then one write: 2 2 0
    add orange as learner: 2 2 0
    install and start orange: 2 2 0
    promote orange: 3 2 1
    record it: 3 2 1
    ");
}

#[test]
fn a_move_that_was_done_has_no_step() {
    let moved = readdressed(flowers(), "orange", 110);
    assert_snapshot!(told(&plan(&flowers(), &moved, &seen(&flowers()))), @r"
    client root: 3 2 1
    re-address orange: 3 2 0
    record it: 3 2 1
    ");
    let mut done = seen(&moved);
    done.members.iter_mut().zip(ids(&flowers()).values()).for_each(|(m, id)| m.id = *id);
    assert_snapshot!(told(&plan(&flowers(), &moved, &done)), @r"
    client root: 3 2 1
    record it: 3 2 1
    ");
}

/// `done` was run before it was done.
#[test]
fn what_was_recorded_too_early_has_steps() {
    let newer = of_version(flowers(), "3.5.34");
    let plan_of = |running: &Running, seen: &Seen| told(&plan(running, running, seen));
    assert_snapshot!(plan_of(&newer, &seen(&flowers())), @r"
    snapshot of daffodil: 3 2 1
    upgrade daffodil to 3.5.34: 3 2 0
    upgrade orange to 3.5.34: 3 2 0
    let daffodil lead: 3 2 1
    upgrade pink to 3.5.34: 3 2 0
    record it: 3 2 1
    ");
    let moved = readdressed(flowers(), "orange", 110);
    let mut before = seen(&flowers());
    assert_snapshot!(plan_of(&moved, &before), @r"
    re-address orange: 3 2 0
    record it: 3 2 1
    ");
    // The list was told, and it was not restarted.
    let listed = seen(&moved).of("orange").peer_urls.clone();
    before.of("orange").peer_urls = listed;
    assert_snapshot!(plan_of(&moved, &before), @r"
    restart orange: 3 2 0
    record it: 3 2 1
    ");
    assert_snapshot!(told(&plan(&flowers(), &moved, &before)), @r"
    client root: 3 2 1
    re-address orange: 3 2 0
    record it: 3 2 1
    ");
}

/// etcd is told once of the minor that it goes back to.
#[test]
fn a_way_back_that_has_begun_goes_on() {
    let (newer, older) = (of_version(flowers(), "3.6.16"), of_version(flowers(), "3.5.33"));
    let mut halfway = seen(&newer);
    halfway.of("orange").version = EtcdVersion::parse("3.5.33").ok();
    assert_snapshot!(told(&plan(&newer, &older, &halfway)), @r"
    snapshot of daffodil: 3 2 1
    files to orange: 3 2 1
    downgrade daffodil to 3.5.33: 3 2 0
    let daffodil lead: 3 2 1
    downgrade pink to 3.5.33: 3 2 0
    record it: 3 2 1
    ");
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

#[test]
fn a_learner_that_has_run_is_started_again_with_its_data() {
    let (before, after) = (flowers(), replaced());
    let mut crashed = seen(&before);
    crashed.gains(&after, "camellia", Life::Down, true);
    let plan = plan(&before, &after, &crashed);
    assert_snapshot!(told(&plan), @r"
    start camellia again: 3 2 1
    promote camellia: 4 3 1
    snapshot of orange: 4 3 1
    client root: camellia in, daffodil out: 4 3 1
    remove daffodil: 3 2 1
    stop daffodil for good: 3 2 1
    record it: 3 2 1
    ");
    let started = plan.steps[0].commands.join("\n");
    assert_snapshot!(started, @r"
    ssh -n root@192.168.65.100 systemctl start --no-block etcd &&
    until bouquet etcdctl camellia -- endpoint status; do sleep 2; done
    ");
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

/// Peers that speak TLS already get no plain round any more.
#[test]
fn peers_that_speak_tls_already_are_restarted_once_at_most() {
    let before = plain(flowers());
    let mut halfway = seen(&before);
    let https = seen(&flowers()).of("daffodil").peer_urls.clone();
    halfway.of("daffodil").peer_urls = https;
    let plan = plan(&before, &flowers(), &halfway);
    assert_snapshot!(told(&plan), @r"
    files to daffodil: 3 2 1
    files to orange: 3 2 1
    files to pink: 3 2 1
    restart orange: 3 2 0
    let daffodil lead: 3 2 1
    restart pink: 3 2 0
    client root: 3 2 1
    re-address orange: 3 2 0
    re-address pink: 3 2 0
    let orange lead: 3 2 1
    re-address daffodil: 3 2 0
    record it: 3 2 1
    ");
}

#[test]
fn what_runs_and_is_neither_recorded_nor_compiled_ends_the_plan() {
    let older = of_version(flowers(), "3.4.23");
    let mut seen = seen(&older);
    seen.of("orange").version = EtcdVersion::parse("3.5.33").ok();
    let plan = plan(&older, &older, &seen);
    assert_snapshot!(told(&plan), @"no further: orange runs etcd 3.5.33, recorded is 3.4.23, and compiled is 3.4.23: no step leads from one to the other");
    assert_snapshot!(plan.withheld[0].way, @r#"write `etcd = "3.5"` in cluster.toml, build, and plan again"#);
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
