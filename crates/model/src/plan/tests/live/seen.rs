//! What was seen decides, whatever was recorded.

use super::super::cluster::{cluster, commands, flowers, ids, of_version, readdressed, with};
use super::super::timing::plain;
use super::{plan, plan_with, replaced, seen, told};
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
