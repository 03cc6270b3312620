//! Who is a member, and what each does.

use super::scene::{DAFFODIL, ORANGE, PINK, Scene};
use crate::live::members::{State, of_error};
use crate::live::observed::Target;
use crate::live::others::{drop_asked_twice, others};
use bouquet_etcd::{Error, Reach};

#[test]
fn each_reason_not_to_answer_is_a_state() {
    let text = || "why".to_owned();
    for (error, state) in [
        (Error::Unreachable(Reach::NoListener), State::Down),
        (Error::Unreachable(Reach::Silent), State::Silent),
        (Error::Unreachable(Reach::Untrusted(text())), State::Untrusted),
        (Error::Unreachable(Reach::Rejected(text())), State::Rejected),
        (Error::Unreachable(Reach::NoAddress(text())), State::Unreachable),
        (Error::Unreachable(Reach::NoRoute(text())), State::Unreachable),
        (Error::Unreachable(Reach::NotTls), State::Failing),
        (Error::Unreachable(Reach::Other(text())), State::Failing),
        (Error::Unreachable(Reach::Local(text())), State::Unreachable),
        (Error::Unknown("no answer within the deadline".to_owned()), State::Silent),
        (Error::Unknown(text()), State::Failing),
        (Error::NotNow(text()), State::Failing),
        (Error::NoLogin(text()), State::Refusing),
        (Error::NotEtcd(text()), State::Failing),
        (Error::Refused(text()), State::Refusing),
    ] {
        assert_eq!(of_error(&error), state, "{error:?}");
    }
}

#[test]
fn what_ends_in_the_middle_and_what_this_machine_says_is_told_as_that() {
    let mut scene = Scene::healthy();
    scene.member("daffodil").status = Err(Error::Unknown("the connection was closed".to_owned()));
    scene.tells(
        1,
        "daffodil gives no answer at https://192.168.65.103:2379: the connection was closed",
    );
    scene.member("daffodil").status = Err(Error::NotEtcd("HTTP 404".to_owned()));
    scene.tells(1, "daffodil answers, but not as etcd does");
    let files = Reach::Local("Too many open files (os error 24)".to_owned());
    scene.member("daffodil").status = Err(Error::Unreachable(files));
    scene.tells(1, "daffodil cannot be asked from here at https://192.168.65.103:2379: this machine can open no");
    assert!(scene.report().findings[0].help[0].starts_with("look at this machine"));
}

#[test]
fn one_that_is_compiled_and_not_listed_is_missing() {
    let mut scene = Scene::healthy().gone("daffodil", Reach::NoListener);
    scene.lists(|members| members.retain(|member| member.id != DAFFODIL));
    assert_eq!(scene.row("daffodil").state, State::Missing);
    scene.tells(2, "daffodil is compiled, and no member yet");
    assert_eq!(scene.report().votes.unwrap().voters, 2);
}

#[test]
fn one_that_is_listed_without_a_client_url_has_never_run() {
    let mut scene = Scene::healthy().gone("daffodil", Reach::NoListener);
    scene.lists(|members| {
        let daffodil = members.iter_mut().find(|member| member.id == DAFFODIL).unwrap();
        (daffodil.name, daffodil.client_urls) = (String::new(), Vec::new());
    });
    assert_eq!(scene.row("daffodil").state, State::NeverRun);
    scene.tells(1, "daffodil is listed, and has never run");
    scene.beside.program = "./flowers".to_owned();
    let help = scene.report().findings[0].help.concat();
    assert!(help.ends_with("; `./flowers plan` has the steps"), "{help}");
}

#[test]
fn a_voter_that_never_ran_counts_for_the_quorum_also_where_it_is_not_compiled() {
    let added = |is_learner: bool| {
        let mut scene = Scene::healthy();
        let peer_urls = vec!["https://10.9.9.9:2380".to_owned()];
        let entry = bouquet_etcd::messages::cluster::Member {
            id: 7,
            peer_urls,
            is_learner,
            ..Default::default()
        };
        scene.lists(|members| members.push(entry.clone()));
        scene.told()
    };
    let never_run =
        |severity: &str| format!("{severity}: https://10.9.9.9:2380 is listed, and has never run");
    let other = "warning: https://10.9.9.9:2380 is a member, and not compiled".to_owned();
    assert_eq!(added(false), (1, vec![never_run("error"), other.clone()]));
    assert_eq!(added(true), (2, vec![never_run("warning"), other]));
}

/// As an `apply` leaves it that was interrupted before it promoted it.
#[test]
fn one_that_runs_and_has_no_vote_yet_is_told() {
    let mut scene = Scene::healthy();
    scene.lists(|members| {
        members.iter_mut().find(|member| member.id == DAFFODIL).unwrap().is_learner = true;
    });
    scene.status("daffodil").is_learner = true;
    let told = "warning: daffodil is a learner, and has no vote yet".to_owned();
    assert_eq!(scene.told(), (2, vec![told]));
}

#[test]
fn one_of_another_cluster_is_foreign_and_its_list_does_not_count() {
    let mut scene = Scene::healthy();
    let seen = scene.member("daffodil");
    seen.status.as_mut().unwrap().header.as_mut().unwrap().cluster_id = 0xbad;
    let list = seen.list.as_mut().unwrap();
    list.header.as_mut().unwrap().cluster_id = 0xbad;
    list.members.truncate(1);
    assert_eq!(scene.row("daffodil").state, State::Foreign);
    assert_eq!(scene.row("daffodil").applied, None, "it is no word on this cluster");
    scene.tells(1, "daffodil is a member of cluster bad, and this one is cdf818194e3a8c32");
}

/// A node that was made from another one's disk.
#[test]
fn one_that_answers_under_the_id_of_another_is_told() {
    let mut scene = Scene::healthy();
    scene.status("daffodil").header.as_mut().unwrap().member_id = PINK;
    assert_eq!(scene.row("daffodil").state, State::Another);
    let votes = scene.report().votes.unwrap();
    assert_eq!((votes.up, votes.voters), (2, 3));
    scene.tells(1, "at the URL of daffodil, pink answers");
}

#[test]
fn a_list_that_one_has_alone_is_told_and_that_of_most_counts() {
    let mut scene = Scene::healthy();
    scene.member("orange").list.as_mut().unwrap().members.truncate(2);
    let votes = scene.report().votes.unwrap();
    assert_eq!(votes.voters, 3);
    scene.tells(1, "members disagree on who the members are: orange has another list");
}

#[test]
fn of_two_lists_that_as_many_have_the_one_of_the_latest_term_counts() {
    let mut scene = Scene::healthy().gone("daffodil", Reach::Silent);
    scene.member("orange").list.as_mut().unwrap().members.retain(|member| member.id != DAFFODIL);
    scene.status("pink").raft_term = 9;
    assert_eq!(scene.report().votes.unwrap().voters, 3);
    scene.status("orange").raft_term = 10;
    assert_eq!(scene.report().votes.unwrap().voters, 2);
}

#[test]
fn the_order_of_a_list_and_of_its_urls_is_no_difference() {
    let mut scene = Scene::healthy();
    scene.lists(|members| members[0].peer_urls.push("https://10.9.9.9:2380".to_owned()));
    let list = scene.member("orange").list.as_mut().unwrap();
    list.members.reverse();
    list.members[2].peer_urls.reverse();
    let (_, told) = scene.told();
    assert!(!told.iter().any(|told| told.contains("disagree")), "{told:?}");
}

/// It was added at run time: etcd made its ID.
#[test]
fn a_member_is_found_by_its_own_word_then_by_its_url_then_by_its_name() {
    let mut scene = Scene::healthy();
    let daffodil = |scene: &mut Scene| {
        let place =
            scene.cluster.members.iter().position(|it| it.name.as_str() == "daffodil").unwrap();
        scene.cluster.members.to_mut()[place].id = None;
        scene.lists(|members| {
            members.iter_mut().filter(|m| m.id == DAFFODIL).for_each(|m| m.id = 5);
        });
    };
    daffodil(&mut scene);
    scene.status("daffodil").header.as_mut().unwrap().member_id = 5;
    assert_eq!((scene.row("daffodil").id, scene.row("daffodil").state), (Some(5), State::Up));
    let mut scene = scene.gone("daffodil", Reach::NoListener);
    assert_eq!(scene.row("daffodil").id, Some(5), "by its URL");
    scene.lists(|members| members[0].peer_urls = vec!["https://10.9.9.9:2380".to_owned()]);
    assert_eq!(scene.row("daffodil").id, Some(5), "by its name");
    assert_eq!(scene.report().rows.len(), 3);
}

/// It is compiled at an address to which it has yet to move.
#[test]
fn one_that_answers_where_it_is_listed_and_not_where_it_is_compiled_is_up() {
    let mut scene = Scene::healthy();
    let mut there = scene.member("daffodil").clone();
    let old = |url: &str| url.replace("65.103", "65.9");
    scene.lists(|members| {
        members[0].peer_urls = vec![old(&members[0].peer_urls[0])];
        members[0].client_urls = vec![old(&members[0].client_urls[0])];
    });
    there.list = scene.member("pink").list.clone();
    let asked: Vec<Target> = scene.observed.seen.iter().map(|seen| seen.target.clone()).collect();
    let others = others(there.list.as_ref().unwrap(), None, &asked, 3);
    assert_eq!(others.len(), 1, "{others:?}");
    there.target = others[0].clone();
    let mut scene = scene.gone("daffodil", Reach::Silent);
    scene.observed.seen.push(there);
    assert_eq!(scene.row("daffodil").state, State::Up);
    assert_eq!(scene.report().rows.len(), 3);
    let (code, told) = scene.told();
    assert_eq!((code, told.len()), (2, 2), "{told:#?}");
    assert!(told[0].contains("the members know daffodil at https://192.168.65.9:2380"), "{told:?}");
}

/// It was compiled with another client port, and was not started again since.
#[test]
fn one_that_answers_at_another_client_url_alone_is_up() {
    let mut scene = Scene::healthy();
    scene.lists(|members| {
        members[0].name = "rose".to_owned();
        members[0].client_urls = vec!["https://192.168.65.103:2389".to_owned()];
    });
    let mut there = scene.member("daffodil").clone();
    let asked: Vec<Target> = scene.observed.seen.iter().map(|seen| seen.target.clone()).collect();
    let others = others(there.list.as_ref().unwrap(), scene.cluster.id.map(|id| id.0), &asked, 3);
    assert_eq!(others.len(), 1, "{others:?}");
    there.target = others[0].clone();
    let mut scene = scene.gone("daffodil", Reach::NoListener);
    scene.observed.seen.push(there);
    assert_eq!(scene.row("daffodil").state, State::Up);
    let (code, told) = scene.told();
    assert_eq!((code, told.len()), (2, 2), "{told:#?}");
    assert!(told[0].contains("daffodil tells clients https://192.168.65.103:2389"), "{told:?}");
}

#[test]
fn lists_of_another_cluster_and_lists_without_an_end_lead_nowhere() {
    let scene = Scene::healthy();
    let asked: Vec<Target> = scene.observed.seen.iter().map(|seen| seen.target.clone()).collect();
    let mut list = scene.observed.seen[0].list.clone().unwrap();
    let id = list.header.unwrap().cluster_id;
    let entry = list.members[0].clone();
    list.members.extend((0..100).map(|port| {
        let client_urls = vec![format!("https://10.0.0.1:{}", 3000 + port)];
        bouquet_etcd::messages::cluster::Member { client_urls, ..entry.clone() }
    }));
    let first = others(&list, Some(id), &asked, 3);
    assert_eq!(first.len(), 64);
    let asked: Vec<Target> = asked.into_iter().chain(first).collect();
    assert_eq!(others(&list, Some(id), &asked, 3).len(), 0);
    assert_eq!(others(&list, Some(id + 1), &asked[..3], 3).len(), 0);
    assert_eq!(others(&list, None, &asked[..3], 3).len(), 64);
}

#[test]
fn one_that_is_not_compiled_has_a_row_of_its_own() {
    let scene = Scene::healthy().with_other("tulip", 7, true);
    let rows = scene.report().rows;
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["daffodil", "pink", "orange", "tulip"]);
    assert!(!rows[3].is_compiled && rows[3].is_listed && rows[3].state == State::Up);
    assert_eq!(rows[3].role.unwrap().as_str(), "learner");
}

#[test]
fn an_unnamed_entry_goes_by_its_url() {
    let mut scene = Scene::healthy();
    scene.lists(|members| {
        let peer_urls = vec!["https://10.9.9.9:2380".to_owned()];
        let entry =
            bouquet_etcd::messages::cluster::Member { id: 7, peer_urls, ..Default::default() };
        members.push(entry);
    });
    assert_eq!(scene.row("https://10.9.9.9:2380").state, State::NeverRun);
}

#[test]
fn who_is_listed_and_was_asked_is_not_asked_again() {
    let scene = Scene::healthy().with_other("tulip", 7, false);
    let listed = scene.observed.seen[0].list.as_ref().unwrap();
    let targets: Vec<Target> = scene.observed.seen.iter().map(|seen| seen.target.clone()).collect();
    let asked = others(listed, None, &targets[..3], 3);
    assert_eq!(asked.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["tulip"]);
    // Listed under another URL than it is compiled with, it answered at both.
    let mut seen = scene.observed.seen.clone();
    seen[3].status.as_mut().unwrap().header.as_mut().unwrap().member_id = ORANGE;
    assert_eq!(drop_asked_twice(seen.clone(), 3).len(), 3);
    // One of those that are compiled, on a copy of another one's disk, stays.
    let mut copied = seen[..3].to_vec();
    copied[1].status = copied[0].status.clone();
    assert_eq!(drop_asked_twice(copied, 3).len(), 3);
    // Two lists have one that is not compiled at two URLs.
    let twice = [&scene.observed.seen[..], &scene.observed.seen[3..]].concat();
    assert_eq!(drop_asked_twice(twice, 3).len(), 4);
    seen[3].status = Err(Error::Unreachable(Reach::Silent));
    assert_eq!(drop_asked_twice(seen, 3).len(), 4);
}
