//! A few situations, as they are told in each form.

use super::scene::{DAFFODIL, NOW, ORANGE, PINK, Scene};
use crate::live::beside::ClientEnd;
use crate::live::{json, prometheus, table};
use bouquet_etcd::{Error, Reach};
use bouquet_model::time::DAY;

fn shown(scene: &Scene) -> String {
    shown_in(scene, None)
}

fn shown_in(scene: &Scene, columns: Option<usize>) -> String {
    let text = table::text(&scene.report(), scene.observed.now, ("bouquet", columns));
    anstream::adapter::strip_str(&text).to_string()
}

/// Returns the scene of the design: one member is silent and has an expired certificate, one serves
/// an older one.
fn troubled() -> Scene {
    let mut scene = Scene::healthy();
    let expired = scene.ca.issue("daffodil", 40, (-365, 53));
    let older = scene.ca.issue("orange", 41, (-290, 74));
    let served = scene.member("daffodil").client_certificate.clone();
    let mut scene = scene.gone("daffodil", Reach::Silent);
    scene.member("daffodil").client_certificate = served;
    scene.member("daffodil").peer_certificate = Some(Ok(vec![expired]));
    scene.member("orange").peer_certificate = Some(Ok(vec![older]));
    for name in ["orange", "pink"] {
        scene.member(name).metrics.as_mut().unwrap().peers.insert(DAFFODIL, false);
    }
    scene
}

#[test]
fn a_healthy_cluster() {
    let mut scene = Scene::healthy();
    scene.beside.unrecorded = ["daffodil", "pink", "orange", "root"].map(str::to_owned).to_vec();
    insta::assert_snapshot!(shown(&scene));
}

/// One that is to be removed is recorded as running; what is to be done first is another thing.
#[test]
fn who_is_recorded_and_who_is_compiled_no_more_are_told_apart() {
    let mut scene = Scene::healthy();
    scene.beside.unrecorded = vec!["root".to_owned()];
    scene.beside.leaving = vec!["fern".to_owned()];
    let text = shown(&scene);
    let end = "\nnot recorded as running, and recorded by `bouquet done`:\n  root\n\nrecorded as running, and not in cluster.toml \
               any more: `bouquet plan` has what is left to do:\n  fern\n";
    assert!(text.ends_with(end), "{text}");
    let json: serde_json::Value = serde_json::from_str(&json::text(&scene.report())).unwrap();
    assert_eq!(json["unrecorded"], serde_json::json!(["root", "fern"]));
}

/// The first line is as long as it is: it is the one that counts.
#[test]
fn a_narrow_terminal_gets_fewer_columns() {
    let scene = Scene::healthy();
    for columns in [80, 40] {
        let text = shown_in(&scene, Some(columns));
        let table = text.split("\n\n").nth(1).unwrap();
        let (rows, left_out) = table.split_once('–').unwrap();
        assert!(rows.lines().all(|line| line.chars().count() <= columns), "{columns}: {table}");
        assert!(left_out.starts_with(" too narrow for APPLIED"), "{columns}: {table}");
    }
    assert_eq!(shown_in(&scene, Some(120)), shown(&scene));
}

#[test]
fn one_is_silent_and_one_serves_an_older_certificate() {
    insta::assert_snapshot!(shown(&troubled()));
}

#[test]
fn no_quorum() {
    let mut scene =
        Scene::healthy().gone("daffodil", Reach::NoListener).gone("pink", Reach::Silent);
    let late = Error::Unknown("no answer within the deadline".to_owned());
    scene.member("orange").peer_certificate = Some(Err(late));
    scene.member("orange").metrics.as_mut().unwrap().peers =
        [(PINK, false), (DAFFODIL, false)].into();
    insta::assert_snapshot!(shown(&scene.without_leader()));
}

#[test]
fn full_diverged_and_with_a_learner() {
    let mut scene = Scene::healthy().with_other("tulip", 7, true);
    scene.alarm("NOSPACE", ORANGE);
    scene.status("orange").db_size = 2_040 << 20;
    scene.status("orange").header.as_mut().unwrap().revision = 1100;
    scene.doubt("pink", Ok((1, 5)), true);
    scene.doubt("orange", Ok((2, 5)), true);
    insta::assert_snapshot!(shown(&scene));
}

#[test]
fn without_tls_there_are_no_certificates() {
    let mut scene = Scene::healthy();
    scene.cluster.tls = None;
    for seen in &mut scene.observed.seen {
        (seen.client_certificate, seen.peer_certificate) = (None, None);
    }
    insta::assert_snapshot!(shown(&scene));
}

#[test]
fn for_programs() {
    let mut scene = troubled();
    let (name, not_after) = ("root".to_owned(), NOW + 300 * DAY);
    scene.beside.clients = vec![ClientEnd { name, not_after, is_renewed: false }];
    scene.beside.unrecorded = vec!["orange".to_owned()];
    insta::assert_snapshot!("json", json::text(&scene.report()));
    insta::assert_snapshot!("prometheus", prometheus::text(&scene.report(), scene.observed.now));
}
