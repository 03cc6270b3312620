//! What is advised where something is other than compiled, by what `cluster.lock` has of it.

use super::scene::{DAFFODIL, Scene};
use crate::live::beside::InLock;
use crate::package::BUILD_AGAIN;
use bouquet_etcd::Reach;

/// Returns a lock that has these members as running.
fn lock(members: &[&str]) -> InLock {
    InLock { id: None, members: members.iter().map(ToString::to_string).collect() }
}

const PLAN: &str = "`bouquet plan` has the steps";

/// Returns the help of the only finding.
fn help(scene: &Scene) -> String {
    let report = scene.report();
    assert_eq!((report.exit.code(), report.findings.len()), (2, 1), "{:?}", report.findings);
    report.findings[0].help.join("; ")
}

#[test]
fn a_plan_has_the_steps_whatever_is_recorded() {
    let peers = |scene: &mut Scene| {
        scene.lists(|members| members[0].peer_urls = vec!["https://10.0.0.1:2380".to_owned()]);
    };
    let clients = |scene: &mut Scene| {
        scene.lists(|members| members[0].client_urls = vec!["https://10.0.0.1:2379".to_owned()]);
    };
    let version = |scene: &mut Scene| {
        scene.compiled_version("3.5.33");
        scene.status("daffodil").version = "3.5.30".to_owned();
    };
    let changes: [&dyn Fn(&mut Scene); 3] = [&peers, &clients, &version];
    for change in changes {
        let mut scene = Scene::healthy();
        change(&mut scene);
        assert!(help(&scene).starts_with(PLAN), "{}", help(&scene));
        scene.beside.lock = Some(lock(&["daffodil"]));
        assert!(help(&scene).starts_with(PLAN), "{}", help(&scene));
    }
}

#[test]
fn one_that_is_recorded_and_no_member_was_never_added_or_removed_by_hand() {
    let mut scene = Scene::healthy().gone("daffodil", Reach::NoListener);
    scene.lists(|members| members.retain(|member| member.id != DAFFODIL));
    assert_eq!(help(&scene), format!("{PLAN} that add it"));
    scene.beside.lock = Some(lock(&["daffodil"]));
    assert_eq!(help(&scene), format!("{PLAN} that add it"));
    let notes = scene.report().findings[0].notes.join("; ");
    assert!(notes.contains("it was removed by hand, or never added"), "{notes}");
}

#[test]
fn one_that_is_not_compiled_is_removed_where_it_is_recorded_and_looked_into_where_it_is_not() {
    let mut scene = Scene::healthy().with_other("tulip", 7, true);
    let help = |scene: &Scene| scene.report().findings[0].help.join("; ");
    let removes = format!("{PLAN} that remove it; or describe it in cluster.toml");
    assert_eq!(help(&scene), removes);
    scene.beside.lock = Some(lock(&["tulip"]));
    assert_eq!(help(&scene), removes);
    scene.beside.lock = Some(lock(&[]));
    let looked_into = help(&scene);
    assert!(looked_into.contains("describe it in cluster.toml"), "{looked_into}");
    assert!(looked_into.contains("`bouquet etcdctl -- member remove 7`"), "{looked_into}");
}

#[test]
fn after_a_restore_all_are_foreign_and_a_plan_has_nothing_to_say() {
    let mut scene = Scene::healthy();
    for seen in &mut scene.observed.seen {
        seen.status.as_mut().unwrap().header.as_mut().unwrap().cluster_id = 0xbad;
        seen.list.as_mut().unwrap().header.as_mut().unwrap().cluster_id = 0xbad;
    }
    let found = |scene: &Scene| {
        let findings = scene.report().findings;
        let mut foreign = findings.into_iter().filter(|it| it.message.contains("of cluster bad"));
        let one = foreign.next().unwrap();
        assert!(foreign.next().is_none() && !one.help.join(" ").contains("plan"), "{one:?}");
        one
    };
    let one = found(&scene);
    assert!(one.message.starts_with("daffodil, pink, orange are members of cluster bad, and"));
    assert!(
        one.help[0].contains("`bouquet done --restored FILE --token TOKEN`, then build"),
        "{one:?}"
    );
    scene.beside.lock = Some(InLock { id: Some(0xbad), ..InLock::default() });
    assert_eq!(found(&scene).help, [BUILD_AGAIN]);
    // One alone was not restored.
    let mut scene = Scene::healthy();
    scene.status("pink").header.as_mut().unwrap().cluster_id = 0xbad;
    assert!(found(&scene).help[0].starts_with("do not remove anything yet"), "{:?}", found(&scene));
}

/// No member tells its options.
#[test]
fn members_that_are_recorded_with_other_options_are_not_as_compiled() {
    let mut scene = Scene::healthy();
    scene.beside.otherwise = vec!["daffodil".to_owned(), "pink".to_owned()];
    scene.tells(2, "warning: daffodil, pink are recorded with other options than compiled");
    let help = scene.report().findings[0].help.join("; ");
    assert_eq!(help, "`bouquet plan` has the steps; once they are done: `bouquet done`");
}

#[test]
fn members_that_another_tool_has_set_up_lack_what_was_built() {
    let mut scene = Scene::healthy();
    scene.beside.adopted = vec!["daffodil".to_owned(), "pink".to_owned()];
    scene.tells(2, "warning: daffodil, pink have none of the files that were built");
    let help = scene.report().findings[0].help.join("; ");
    assert!(help.starts_with(PLAN) && help.contains("`bouquet install NAME`"), "{help}");
}
