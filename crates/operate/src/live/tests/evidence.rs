//! What speaks against a record.

use super::scene::{DAFFODIL, PINK, Scene};
use crate::live::evidence::Evidence;
use bouquet_etcd::Reach;

fn against(scene: &Scene) -> Vec<String> {
    let Evidence { against, .. } = scene.evidence();
    against
        .iter()
        .flat_map(|(name, all)| all.iter().map(move |it| format!("{name} {it}")))
        .collect()
}

#[test]
fn nothing_speaks_against_what_is_as_compiled() {
    let evidence = Scene::healthy().evidence();
    assert_eq!(evidence.answering.len(), 3);
    assert!(evidence.against.is_empty() && evidence.still_listed.is_empty(), "{evidence:?}");
}

#[test]
fn one_that_does_not_answer_is_evidence_of_nothing() {
    let scene = Scene::healthy().gone("daffodil", Reach::Silent);
    let evidence = scene.evidence();
    assert!(
        evidence.against.is_empty() && !evidence.answering.contains("daffodil"),
        "{evidence:?}"
    );
    let mut scene = Scene::healthy();
    for name in ["daffodil", "pink", "orange"] {
        scene = scene.gone(name, Reach::NoListener);
    }
    assert_eq!(scene.evidence(), Evidence::default());
}

#[test]
fn another_version_speaks_against_it_and_a_patch_only_where_one_is_compiled() {
    let mut scene = Scene::healthy();
    scene.compiled_version("3.6");
    assert_eq!(against(&scene)[0], "daffodil runs etcd 3.5.33, and not 3.6");
    scene.compiled_version("3.5.30");
    assert_eq!(against(&scene).len(), 3);
    scene.compiled_version("3.5");
    assert_eq!(against(&scene), [""; 0]);
}

#[test]
fn other_urls_speak_against_it() {
    let mut scene = Scene::healthy();
    scene.lists(|members| {
        members[1].client_urls = vec!["https://10.0.0.1:2379".to_owned()];
        members[2].peer_urls = vec!["https://10.0.0.1:2380".to_owned()];
    });
    assert_eq!(
        against(&scene),
        [
            "orange has the peer URL https://10.0.0.1:2380, and not https://192.168.65.101:2380",
            "pink has the client URL https://10.0.0.1:2379, and not https://192.168.65.102:2379",
        ]
    );
    // The others know where it is, though it does not answer.
    let scene = scene.gone("orange", Reach::Silent);
    assert_eq!(against(&scene).len(), 2);
}

#[test]
fn no_member_is_one_that_a_quorum_does_not_list() {
    let mut scene = Scene::healthy().gone("daffodil", Reach::NoListener);
    scene.lists(|members| members.retain(|member| member.id != DAFFODIL));
    assert_eq!(against(&scene), ["daffodil is no member: it is in no list of members"]);
    // One that was cut off has a former list.
    let mut scene =
        Scene::healthy().gone("daffodil", Reach::NoListener).gone("pink", Reach::Silent);
    scene.lists(|members| {
        members.retain(|member| member.id != DAFFODIL);
        members.push(bouquet_etcd::messages::cluster::Member { id: 9, ..Default::default() });
    });
    assert_eq!(against(&scene), [""; 0]);
}

#[test]
fn another_cluster_and_another_member_speak_against_it() {
    let mut scene = Scene::healthy();
    scene.status("daffodil").header.as_mut().unwrap().cluster_id = 0xbad;
    assert_eq!(against(&scene), ["daffodil is a member of another cluster, bad"]);
    let mut scene = Scene::healthy();
    scene.status("daffodil").header.as_mut().unwrap().member_id = PINK;
    assert_eq!(against(&scene), ["daffodil does not answer at its URL: another member does"]);
}

#[test]
fn one_that_is_to_be_gone_is_still_listed() {
    let scene = Scene::healthy().with_other("tulip", 7, false);
    let evidence = scene.evidence();
    assert!(evidence.against.is_empty());
    assert_eq!(evidence.still_listed.iter().collect::<Vec<_>>(), ["tulip"]);
}

/// As of a restore, which brings data alone.
#[test]
fn without_a_version_it_is_no_matter_which_etcd_runs() {
    let mut scene = Scene::healthy();
    scene.compiled_version("3.6");
    assert_eq!(scene.evidence_of(None).against.len(), 0);
}
