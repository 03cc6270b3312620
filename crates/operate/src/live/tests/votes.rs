//! Whether there is a quorum, what one more failure does, and the exit code.

use super::scene::{DAFFODIL, Scene};
use crate::live::beside::InLock;
use crate::live::report::Writes;
use crate::live::table;
use crate::login::AS_ROOT;
use bouquet_etcd::{Error, Reach};
use bouquet_model::Member;

/// Returns the first line of the table.
fn head(scene: &Scene) -> String {
    let report = scene.report();
    let text = table::text(&report, scene.observed.now, ("bouquet", None));
    anstream::adapter::strip_str(text.lines().next().unwrap()).to_string()
}

#[test]
fn all_that_is_as_compiled_is_0_also_where_nothing_is_recorded() {
    let mut scene = Scene::healthy();
    assert_eq!(scene.told(), (0, Vec::new()));
    assert!(head(&scene).ends_with("3 of 3 answer, quorum 2, tolerates 1"), "{}", head(&scene));
    scene.beside.unrecorded = vec!["pink".to_owned()];
    assert_eq!(scene.told(), (0, Vec::new()));
}

#[test]
fn one_of_three_that_is_down_leaves_no_room_for_another() {
    let scene = Scene::healthy().gone("daffodil", Reach::NoListener);
    scene.tells(1, "error: daffodil is down: nobody listens at https://192.168.65.103:2379");
    assert!(head(&scene).ends_with("2 of 3 answer, quorum 2: ONE MORE FAILURE STOPS WRITES"));
}

#[test]
fn under_an_alarm_that_refuses_writes_nothing_is_said_of_one_more_failure() {
    for alarm in ["CORRUPT", "NOSPACE"] {
        let mut scene = Scene::healthy();
        scene.alarm(alarm, DAFFODIL);
        let words = format!("3 of 3 answer, quorum 2: {alarm}: writes stop");
        assert!(head(&scene).ends_with(&words), "{}", head(&scene));
        let scene = scene.gone("orange", Reach::NoListener);
        let words = format!("2 of 3 answer, quorum 2: {alarm}: writes stop");
        assert!(head(&scene).ends_with(&words), "{}", head(&scene));
    }
    let mut both = Scene::healthy();
    both.alarm("NOSPACE", DAFFODIL);
    both.alarm("CORRUPT", DAFFODIL);
    assert!(head(&both).ends_with(": CORRUPT: writes stop"), "{}", head(&both));
}

/// As on the first day: systemd knows of nothing there.
#[test]
fn one_that_is_down_and_was_never_recorded_may_not_be_installed_yet() {
    let mut scene = Scene::healthy().gone("daffodil", Reach::NoListener);
    let told = |scene: &Scene| scene.report().findings[0].help.join(" ");
    assert!(!told(&scene).contains("install"));
    scene.beside.lock = Some(InLock::default());
    let help = "if nothing is installed on its node yet: `bouquet install daffodil`, there ";
    assert!(told(&scene).starts_with(help), "{}", told(&scene));
    scene.beside.lock = Some(InLock { members: ["daffodil".to_owned()].into(), id: None });
    assert!(!told(&scene).contains("install"));
    // It left, or is to come, or was given up by `rescue`: its node may have former data.
    scene.beside.lock = Some(InLock { members: ["pink".to_owned()].into(), id: None });
    let help = "cluster.lock has others as running, and not it: `bouquet plan`";
    assert!(told(&scene).starts_with(help), "{}", told(&scene));
}

/// Each has a unit of its own there, and the program has a name of its own.
#[test]
fn of_members_that_share_a_machine_the_units_are_named() {
    let mut scene = Scene::healthy().gone("daffodil", Reach::NoListener);
    scene.beside.program = "flowers".to_owned();
    scene.beside.lock = Some(InLock::default());
    let ip = scene.cluster.member("pink").expect("pink").ip;
    let members = scene.cluster.members.iter().map(|it| Member { ip, ..it.clone() });
    scene.cluster.members = members.collect::<Vec<_>>().into();
    let help = scene.report().findings[0].help.join("\n");
    assert_eq!(
        help,
        "if nothing is installed on its node yet: `flowers install daffodil`, there\n\
         on its node: `systemctl status etcd-daffodil`, and `journalctl -u etcd-daffodil` for the reason"
    );
    scene.beside.program = "cargo run --".to_owned();
    assert!(scene.report().findings[0].help[0].ends_with("`bouquet install daffodil`, there"));
}

#[test]
fn a_member_without_a_leader_says_that_there_is_no_quorum() {
    let scene = Scene::healthy().gone("daffodil", Reach::NoListener).gone("pink", Reach::Silent);
    let scene = scene.without_leader();
    let (code, told) = scene.told();
    assert_eq!(code, 3);
    assert!(
        told.contains(
            &"error: no quorum: 1 of 3 voters answer, and it takes 2: writes stop".to_owned()
        ),
        "{told:?}"
    );
    assert!(
        head(&scene).ends_with("1 of 3 answer, quorum 2: NO QUORUM: writes stop"),
        "{}",
        head(&scene)
    );
}

/// From a machine that reaches one of three.
#[test]
fn a_member_that_knows_a_leader_has_a_quorum_that_is_not_seen_from_here() {
    let scene = Scene::healthy().gone("daffodil", Reach::Silent).gone("pink", Reach::Silent);
    let (code, told) = scene.told();
    assert_eq!(code, 3);
    assert!(!told.iter().any(|told| told.contains("no quorum")), "{told:?}");
    assert!(told[0].contains("too little is seen to tell whether there is a quorum"), "{told:?}");
    assert!(head(&scene).ends_with("1 of 3 answer, quorum 2: TOO FEW ARE SEEN TO TELL"));
}

#[test]
fn all_answer_and_nobody_leads() {
    let scene = Scene::healthy().without_leader();
    let (code, told) = scene.told();
    assert_eq!(code, 3);
    assert!(told[0].starts_with("error: no leader: 3 of 3 voters answer"), "{told:?}");
    assert!(head(&scene).ends_with("3 of 3 answer, quorum 2: NO LEADER: writes stop"));
}

/// As after its machine has lost an address: the head counts it out, and says why.
#[test]
fn one_that_answers_and_knows_no_leader_is_told() {
    let mut scene = Scene::healthy();
    scene.member("pink").status.as_mut().expect("it is up").leader = 0;
    assert!(head(&scene).ends_with("3 of 3 answer, quorum 2: ONE MORE FAILURE STOPS WRITES"));
    scene.tells(1, "pink answers, and knows no leader, while others do");
}

#[test]
fn nobody_answers_and_nothing_is_claimed() {
    let mut scene = Scene::healthy();
    for name in ["pink", "orange", "daffodil"] {
        scene = scene.gone(name, Reach::NoListener);
    }
    let (code, told) = scene.told();
    assert_eq!((code, told.len()), (3, 4), "{told:?}");
    assert!(told[0].contains("no member says who the members are"), "{told:?}");
    assert!(head(&scene).ends_with("0 of 3 answer"), "{}", head(&scene));
}

#[test]
fn a_learner_has_no_vote() {
    let mut scene = Scene::healthy().with_other("tulip", 7, true);
    scene.lists(|members| {
        members.iter_mut().filter(|m| m.id == DAFFODIL).for_each(|m| m.is_learner = true);
    });
    scene.status("daffodil").is_learner = true;
    let votes = scene.report().votes.unwrap();
    assert_eq!((votes.voters, votes.up, votes.quorum, votes.writes()), (2, 2, 2, Writes::Taken));
    assert_eq!(scene.row("daffodil").role.unwrap().as_str(), "learner");
}

/// As on 3.5.28 and 3.6.9, with authentication on and a client without rights.
#[test]
fn who_may_ask_nothing_is_told_so_and_by_whom_to_ask() {
    let mut scene = Scene::healthy();
    for seen in &mut scene.observed.seen {
        let refusal = Error::Refused("auth: permission denied".to_owned());
        seen.status = Err(refusal);
    }
    let report = scene.report();
    assert_eq!(report.exit.code(), 3);
    assert_eq!(report.rows[0].state.as_str(), "refuses");
    assert!(report.findings[0].message.starts_with("too little is seen"), "{:?}", report.findings);
    assert_eq!(report.findings.len(), 2);
    assert_eq!(
        report.findings[1].message,
        "daffodil, pink, orange refuse to tell this client anything: auth: permission denied"
    );
    assert_eq!(report.findings[1].help, [AS_ROOT]);
    assert!(report.unasked.is_empty(), "{:?}", report.unasked);
    // Nor who the members are.
    for seen in &mut scene.observed.seen {
        seen.list = Err(Error::Refused("auth: permission denied".to_owned()));
    }
    let report = scene.report();
    assert_eq!((report.exit.code(), report.findings.len()), (3, 2));
    assert!(!format!("{:?}", report.findings).contains("systemctl"), "{:?}", report.findings);
}

/// The others are up and have a quorum: how this one does is not known.
#[test]
fn one_that_refuses_is_not_as_compiled() {
    let mut scene = Scene::healthy();
    scene.member("pink").status = Err(Error::Refused("auth: permission denied".to_owned()));
    scene.tells(1, "error: pink refuses to tell this client anything: auth: permission denied");
    assert!(head(&scene).ends_with("2 of 3 answer, quorum 2: ONE MORE FAILURE STOPS WRITES"));
}

#[test]
fn what_this_client_may_not_ask_is_told_at_the_foot_alone() {
    let mut scene = Scene::healthy();
    for seen in &mut scene.observed.seen {
        seen.metrics = Err(Error::Refused("HTTP 403 Forbidden".to_owned()));
    }
    let report = scene.report();
    assert_eq!((report.exit.code(), report.findings.len()), (0, 0));
    assert_eq!(
        report.unasked,
        ["mesh, clock and, before 3.6, quota of daffodil, pink, orange: HTTP 403 Forbidden"]
    );
}

/// It answers nothing but its status.
#[test]
fn what_no_learner_tells_is_not_missed() {
    let mut scene = Scene::healthy().with_other("tulip", 7, true);
    let refusal = Error::Refused("etcdserver: rpc not supported for learner".to_owned());
    let tulip = scene.member("tulip");
    tulip.list = Err(refusal);
    assert!(scene.report().unasked.is_empty());
    scene.tells(2, "tulip is a member, and not compiled");
}

#[test]
fn what_is_wrong_comes_before_what_is_other_than_compiled() {
    let mut scene = Scene::healthy().with_other("tulip", 7, false);
    assert_eq!(scene.told(), (2, vec!["warning: tulip is a member, and not compiled".to_owned()]));
    scene.member("orange").clock = Some(-40);
    let (code, told) = scene.told();
    assert_eq!(code, 1);
    assert_eq!(
        told,
        [
            "warning: the clock of orange is 40 s behind that of this machine",
            "warning: tulip is a member, and not compiled",
        ]
    );
}
