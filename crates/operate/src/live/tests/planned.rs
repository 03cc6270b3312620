//! What a plan begins with.

use super::scene::{DAFFODIL, ORANGE, PINK, Scene};
use crate::compiled::Compiled;
use crate::live::planned::{Planned, planned};
use bouquet_etcd::{Error, Reach};
use bouquet_model::plan::next::{Alarm, Data, Life, Space};
use bouquet_model::running::Running;
use bouquet_model::time::DAY;
use bouquet_model::url::Url;

fn of(scene: &Scene) -> Result<Planned, String> {
    let compiled = Compiled { cluster: &scene.cluster, certificates: &scene.certificates };
    planned(&compiled, &Running::default(), &scene.observed, "bouquet")
        .map_err(|failure| failure.to_string())
}

fn seen(scene: &Scene) -> Planned {
    of(scene).unwrap()
}

/// Returns how each member is, in the order of the list.
fn lives(scene: &Scene) -> Vec<Life> {
    seen(scene).seen.members.iter().map(|member| member.life).collect()
}

fn data(scene: &Scene, id: u64) -> Data {
    seen(scene).seen.members.iter().find(|member| member.id.0 == id).expect("it is listed").data
}

#[test]
fn all_are_up_and_one_leads() {
    let planned = seen(&Scene::healthy());
    let leaders = planned.seen.members.iter().filter(|member| member.leads);
    assert_eq!(leaders.map(|member| member.id.0).collect::<Vec<_>>(), [PINK]);
    assert_eq!(lives(&Scene::healthy()), [Life::Up; 3]);
    assert_eq!((planned.seen.alarm, planned.silent.len()), (None, 0));
    assert_eq!(planned.versions, ["3.5.33".to_owned()].into());
}

#[test]
fn one_that_refuses_connections_is_down_and_one_that_says_nothing_is_silent() {
    let down = Scene::healthy().gone("daffodil", Reach::NoListener);
    assert_eq!(lives(&down), [Life::Down, Life::Up, Life::Up]);
    let silent = Scene::healthy().gone("daffodil", Reach::Silent);
    assert_eq!(lives(&silent), [Life::Silent, Life::Up, Life::Up]);
    let [(name, ..)] = seen(&silent).silent.try_into().unwrap();
    assert_eq!(name, "daffodil");
}

#[test]
fn one_without_a_leader_and_one_that_lacks_entries_do_not_keep_up() {
    let mut scene = Scene::healthy();
    scene.status("orange").leader = 0;
    scene.status("daffodil").raft_applied_index = 70_000;
    let members = seen(&scene).seen.members;
    let behind = members.iter().filter(|member| member.life == Life::Behind);
    assert_eq!(behind.map(|member| member.id.0).collect::<Vec<_>>(), [DAFFODIL, ORANGE]);
}

#[test]
fn a_learner_keeps_up_from_90_percent_on() {
    let mut scene = Scene::healthy().with_other("camellia", 7, true);
    scene.every_status(|status| status.raft_applied_index = 100);
    assert_eq!(lives(&scene)[3], Life::Up);
    scene.status("camellia").raft_applied_index = 89;
    assert_eq!(lives(&scene)[3], Life::Behind);
    let mut scene = scene.gone("camellia", Reach::NoListener);
    scene.lists(|members| members[3].client_urls.clear());
    assert_eq!(lives(&scene)[3], Life::New);
}

#[test]
fn alarms_have_a_reason_or_are_left_over() {
    let mut scene = Scene::healthy();
    scene.alarm("NOSPACE", ORANGE);
    // Half of its quota is used.
    assert_eq!(seen(&scene).seen.alarm, Some(Alarm::LeftOver));
    scene.every_status(|status| status.db_size = 2 << 30);
    assert_eq!(seen(&scene).seen.alarm, Some(Alarm::Space(Space::Compacted)));
    assert!(seen(&scene).seen.members.iter().all(|member| member.has_free_space));
    scene.every_status(|status| status.db_size_in_use = 2 << 30);
    assert_eq!(seen(&scene).seen.alarm, Some(Alarm::Space(Space::Full)));
    // The worst comes first.
    scene.alarm("CORRUPT", 0);
    assert_eq!(seen(&scene).seen.alarm, Some(Alarm::Corrupt));
    let mut gone = Scene::healthy();
    gone.alarm("CORRUPT", 4711);
    assert_eq!(seen(&gone).seen.alarm, Some(Alarm::LeftOver));
}

#[test]
fn data_differs_from_that_of_a_quorum_or_nobody_knows_whose_is_right() {
    let mut diverged = Scene::healthy();
    for (name, hash) in [("orange", 1), ("pink", 1), ("daffodil", 2)] {
        diverged.doubt(name, Ok((hash, 1)), true);
    }
    assert_eq!(data(&diverged, DAFFODIL), Data::Odd);
    assert_eq!((data(&diverged, PINK), seen(&diverged).seen.alarm), (Data::Own, None));
    // One against one: nobody knows which is right.
    let mut tied = Scene::healthy();
    tied.doubt("pink", Ok((1, 1)), true);
    tied.doubt("daffodil", Ok((2, 1)), true);
    assert_eq!(seen(&tied).seen.alarm, Some(Alarm::Corrupt));
    // Nor where those who say nothing may be on either side.
    let mut few = diverged.with_other("camellia", 7, false).gone("orange", Reach::Silent);
    few.doubt("camellia", Ok((1, 1)), true);
    assert_eq!(verdict(&few), (Some(Alarm::Corrupt), Vec::new()));
}

/// Returns the alarm, and those whose data is odd.
fn verdict(scene: &Scene) -> (Option<Alarm>, Vec<u64>) {
    let Planned { seen, .. } = seen(scene);
    let odd = seen.members.iter().filter(|member| member.data == Data::Odd);
    (seen.alarm, odd.map(|member| member.id.0).collect())
}

/// Returns a cluster in which etcd says that daffodil's data differs from the leader's, with the hashes of all.
fn corrupt(hashes: [(&str, Result<u32, Error>); 3]) -> Scene {
    let mut scene = Scene::healthy();
    scene.alarm("CORRUPT", DAFFODIL);
    for (name, hash) in hashes {
        scene.doubt(name, hash.map(|hash| (hash, 1)), false);
    }
    scene
}

#[test]
fn an_alarm_names_one_of_two_and_hashes_show_which_is_wrong() {
    // The leader, pink, is the wrong one.
    let leader = corrupt([("daffodil", Ok(1)), ("orange", Ok(1)), ("pink", Ok(2))]);
    assert_eq!(verdict(&leader), (Some(Alarm::Corrupt), vec![PINK]));
    let named = corrupt([("daffodil", Ok(2)), ("orange", Ok(1)), ("pink", Ok(1))]);
    assert_eq!(verdict(&named), (Some(Alarm::Corrupt), vec![DAFFODIL]));
    // One that is gone was the right one.
    let mut gone = corrupt([("daffodil", Ok(1)), ("orange", Ok(2)), ("pink", Ok(1))]);
    gone.every_status(|status| status.errors = vec!["memberID:4711 alarm:CORRUPT ".to_owned()]);
    assert_eq!(verdict(&gone), (Some(Alarm::Corrupt), vec![ORANGE]));
}

#[test]
fn under_an_alarm_without_hashes_nobody_knows_whose_data_is_right() {
    let unknown = (Some(Alarm::Corrupt), Vec::new());
    let mut none = Scene::healthy();
    none.alarm("CORRUPT", DAFFODIL);
    assert_eq!(verdict(&none), unknown);
    let late = || Err(Error::Unknown("no answer within the deadline".to_owned()));
    let late = corrupt([("daffodil", late()), ("orange", late()), ("pink", late())]);
    assert_eq!(verdict(&late), unknown);
    let tie = corrupt([("daffodil", Ok(1)), ("orange", Ok(2)), ("pink", Ok(3))]);
    assert_eq!(verdict(&tie), unknown);
    let mut compacted = corrupt([("daffodil", Ok(1)), ("orange", Ok(1)), ("pink", Ok(1))]);
    compacted.doubt("daffodil", Ok((2, 5)), false);
    assert_eq!(verdict(&compacted), unknown);
    // The other two are alike, and what it has is not known: it may be the right one.
    let down = corrupt([("daffodil", Ok(1)), ("orange", Ok(1)), ("pink", Ok(1))]);
    let down = down.gone("daffodil", Reach::NoListener);
    assert_eq!(verdict(&down), unknown);
    // No learner gives a hash.
    let mut learner = corrupt([("daffodil", Ok(1)), ("orange", Ok(1)), ("pink", Ok(1))]);
    learner.every_status(|status| status.errors.clear());
    let mut learner = learner.with_other("camellia", 7, true);
    learner.member("camellia").doubt = None;
    learner.alarm("CORRUPT", 7);
    assert_eq!(verdict(&learner), unknown);
}

#[test]
fn an_alarm_under_which_all_have_one_hash_is_left_over() {
    let left_over = (Some(Alarm::LeftOver), Vec::new());
    let alike = corrupt([("daffodil", Ok(1)), ("orange", Ok(1)), ("pink", Ok(1))]);
    assert_eq!(verdict(&alike), left_over);
    let mut nobody = alike;
    nobody.every_status(|status| status.errors = vec!["alarm:CORRUPT ".to_owned()]);
    assert_eq!(verdict(&nobody), left_over);
    // What one has more than the others, the hashes at a revision that all have do not show.
    nobody.status("pink").header.as_mut().unwrap().revision += 9;
    for name in ["daffodil", "orange", "pink"] {
        nobody.doubt(name, Ok((1, 1)), true);
    }
    assert_eq!(verdict(&nobody), (Some(Alarm::Corrupt), vec![PINK]));
}

/// A copy of pink's disk runs on daffodil's machine, beside pink or instead of it.
#[test]
fn one_that_answers_where_another_one_is_listed_is_there_twice() {
    let mut scene = Scene::healthy();
    scene.status("daffodil").header.as_mut().unwrap().member_id = PINK;
    assert_eq!(data(&scene, PINK), Data::Twice);
    let scene = scene.gone("pink", Reach::NoListener);
    assert_eq!(data(&scene, PINK), Data::Twice);
}

/// Their addresses are to be exchanged: each answers where the other one is to be.
#[test]
fn those_that_answer_elsewhere_are_up() {
    let mut scene = Scene::healthy();
    let urls = |scene: &mut Scene, name: &str| scene.member(name).target.client_urls.clone();
    let (daffodil, pink) = (urls(&mut scene, "daffodil"), urls(&mut scene, "pink"));
    let ids = [PINK, DAFFODIL];
    for (name, (urls, id)) in
        ["daffodil", "pink"].into_iter().zip([pink, daffodil].into_iter().zip(ids))
    {
        scene.member(name).target.client_urls = urls;
        scene.status(name).header.as_mut().unwrap().member_id = id;
    }
    assert_eq!(lives(&scene), [Life::Up; 3]);
    assert_eq!((data(&scene, PINK), data(&scene, DAFFODIL)), (Data::Own, Data::Own));
}

/// Nobody listens yet where it is to be; where it is listed, its machine says nothing.
#[test]
fn how_a_member_is_follows_from_where_it_is_listed() {
    let mut scene = Scene::healthy().gone("daffodil", Reach::Silent);
    let mut there = scene.member("daffodil").clone();
    let to_be = scene.member("daffodil");
    to_be.target.client_urls = vec![Url::parse("https://10.0.0.9:2379").unwrap()];
    to_be.status = Err(Error::Unreachable(Reach::NoListener));
    there.target.name = "there".to_owned();
    scene.observed.seen.push(there);
    assert_eq!(lives(&scene)[0], Life::Silent);
}

#[test]
fn a_clock_outside_the_dates_of_a_certificate_is_wrong_for_it() {
    let wrong = |scene: &Scene| -> Vec<u64> {
        let members = seen(scene).seen.members.into_iter();
        members.filter(|member| member.has_wrong_clock).map(|member| member.id.0).collect()
    };
    let mut scene = Scene::healthy();
    for (offset, is_wrong) in [(-100, true), (-64, false), (299, false), (301, true)] {
        scene.member("orange").clock = Some(offset * DAY);
        assert_eq!(wrong(&scene), [ORANGE][..usize::from(is_wrong)], "{offset}");
    }
    // What has expired, no clock puts right.
    scene.member("orange").clock = Some(0);
    scene.observed.now += 301 * DAY;
    assert_eq!(wrong(&scene), Vec::<u64>::new());
}

#[test]
fn one_that_tells_this_client_nothing_is_not_called_silent() {
    let scene = Scene::healthy().gone("orange", Reach::Rejected("bad certificate".to_owned()));
    let said = of(&scene).unwrap_err();
    assert!(said.contains("members answer, but tell this client nothing"), "{said}");
    assert!(said.contains("orange: ") && said.contains("plan --offline"), "{said}");
}

#[test]
fn what_is_no_cluster_to_plan_for_is_said() {
    let mut silent = Scene::healthy();
    for name in ["pink", "orange", "daffodil"] {
        silent = silent.gone(name, Reach::Silent);
    }
    let said = of(&silent).unwrap_err();
    assert!(said.contains("no member says who the members are"), "{said}");
    assert!(said.contains("pink: ") && said.contains("`bouquet plan --offline`"), "{said}");
    let last = "where all are down: start them; only if too many of them never come back: `bouquet rescue`";
    assert!(said.contains(last), "{said}");
    let mut foreign = Scene::healthy();
    foreign.status("orange").header.as_mut().unwrap().cluster_id = 0xf00;
    let said = of(&foreign).unwrap_err();
    assert!(said.contains("orange answers as a member of another cluster, f00"), "{said}");
    assert!(said.contains("so are others") && !said.contains("done --restored"), "{said}");
    // As after a restore that was not recorded yet.
    let mut restored = Scene::healthy().gone("pink", Reach::Silent);
    for name in ["orange", "daffodil"] {
        restored.status(name).header.as_mut().unwrap().cluster_id = 0xf00;
    }
    let said = of(&restored).unwrap_err();
    assert!(said.contains("`bouquet done --restored FILE --token TOKEN`, then build"), "{said}");
    let mut apart = Scene::healthy().gone("orange", Reach::Silent);
    apart.member("daffodil").list.as_mut().unwrap().members.pop();
    let said = of(&apart).unwrap_err();
    assert!(said.contains("another list of members than others"), "{said}");
    // Where a quorum has one list, one that was cut off is behind.
    let mut cut_off = Scene::healthy();
    cut_off.member("daffodil").list.as_mut().unwrap().members.pop();
    assert_eq!(lives(&cut_off), [Life::Behind, Life::Up, Life::Up]);
}
