//! What is advised where something is other than compiled, by what `cluster.lock` has of it.

use super::scene::{DAFFODIL, Scene};
use crate::live::beside::{Before, InLock};
use bouquet_etcd::Reach;

/// A lock that has these members, and what it had before.
fn lock(members: &[(&str, Before)]) -> InLock {
    let members = members.iter().map(|(name, before)| ((*name).to_owned(), *before)).collect();
    InLock { id: None, members }
}

const PLAN: &str = "`bouquet plan` has the steps";
const UNDO: &str = "cluster.lock records it so, and it is not: `bouquet done --undo daffodil`, then `bouquet plan`";

/// The help of the only finding, without a lock at hand, where the lock differs, where it has had another record
/// before, and where it has its first one.
fn helps(mut scene: Scene) -> [String; 4] {
    let help = |scene: &Scene| {
        let report = scene.report();
        assert_eq!((report.exit.code(), report.findings.len()), (2, 1), "{:?}", report.findings);
        report.findings[0].help.join("; ")
    };
    let without = help(&scene);
    scene.beside.lock = Some(lock(&[("daffodil", Before::Other)]));
    scene.beside.unrecorded = vec!["daffodil".to_owned()];
    let differs = help(&scene);
    scene.beside.unrecorded.clear();
    let again = help(&scene);
    scene.beside.lock = Some(lock(&[("daffodil", Before::Nothing)]));
    [without, differs, again, help(&scene)]
}

#[test]
fn a_plan_is_named_only_where_it_has_steps() {
    let mut scene = Scene::healthy();
    scene.lists(|members| members[0].peer_urls = vec!["https://10.0.0.1:2380".to_owned()]);
    let [without, differs, again, first] = helps(scene);
    assert!(without.starts_with(PLAN) && differs.starts_with(PLAN), "{without} {differs}");
    assert_eq!(again, UNDO);
    assert!(first.starts_with("once it listens there: `bouquet etcdctl -- member update 8e9e05c52164694d --peer-urls=https://192.168.65.103:2380`"), "{first}");

    let mut scene = Scene::healthy();
    scene.lists(|members| members[0].client_urls = vec!["https://10.0.0.1:2379".to_owned()]);
    let [without, differs, again, first] = helps(scene);
    assert!(without.starts_with(PLAN) && differs.starts_with(PLAN), "{without} {differs}");
    assert_eq!(again, UNDO);
    assert!(first.contains("on its node `bouquet check-node daffodil`"), "{first}");
    // Its certificates alone were recorded since.
    let mut scene = Scene::healthy();
    scene.lists(|members| members[0].client_urls = vec!["https://10.0.0.1:2379".to_owned()]);
    scene.beside.lock = Some(lock(&[("daffodil", Before::Same)]));
    assert_eq!(scene.report().findings[0].help.join("; "), first);

    let mut scene = Scene::healthy();
    scene.compiled_version("3.5.33");
    scene.status("daffodil").version = "3.5.30".to_owned();
    let [without, differs, again, first] = helps(scene);
    assert_eq!((without.as_str(), differs.as_str(), again.as_str()), (PLAN, PLAN, UNDO));
    assert!(first.contains("install etcd 3.5.33 on daffodil"), "{first}");
}

#[test]
fn one_that_is_recorded_and_no_member_was_never_added_or_removed_by_hand() {
    let mut scene = Scene::healthy().gone("daffodil", Reach::NoListener);
    scene.lists(|members| members.retain(|member| member.id != DAFFODIL));
    let [without, differs, again, first] = helps(scene);
    assert!(without.starts_with(PLAN) && differs.starts_with(PLAN), "{without} {differs}");
    assert_eq!(
        again,
        "take it out of cluster.toml, build, `bouquet done daffodil`; then add it as a new one"
    );
    assert_eq!(first, UNDO);
}

#[test]
fn one_that_is_not_compiled_is_taken_back_or_described() {
    let mut scene = Scene::healthy().with_other("tulip", 7, true);
    let help = |scene: &Scene| scene.report().findings[0].help.join("; ");
    assert_eq!(help(&scene), format!("{PLAN} that remove it; or describe it in cluster.toml"));
    scene.beside.lock = Some(lock(&[("tulip", Before::Other)]));
    assert_eq!(help(&scene), UNDO.replace("daffodil", "tulip"), "recorded as gone");
    scene.beside.lock = Some(lock(&[]));
    assert!(help(&scene).contains("describe it in cluster.toml, or where it is to go: `bouquet etcdctl -- member remove 7`"), "{}", help(&scene));
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
    assert!(found(&scene).help[0].starts_with("build again"), "{:?}", found(&scene));
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
