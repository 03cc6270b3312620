//! `bouquet members`.

use crate::common::{World, flowers};
use bouquet_model::cluster::State;
use bouquet_operate::Exit;

#[test]
fn members_are_a_table() {
    let outcome = World::new().flowers(&["members"]);
    insta::assert_snapshot!("members_are_a_table", outcome.stdout);
    assert_eq!((outcome.stderr.as_str(), outcome.exit), ("", Exit::Done));
}

#[test]
fn members_are_json_too() {
    let outcome = World::new().flowers(&["members", "--json"]);
    let value: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(value.as_array().unwrap().len(), 3);
    insta::assert_snapshot!(
        "members_are_json_too",
        serde_json::to_string_pretty(&value[0]).unwrap()
    );
}

#[test]
fn a_member_that_joins_has_no_id_yet() {
    let mut cluster = flowers::CLUSTER.clone();
    let joining = &mut cluster.members.to_mut()[2];
    (joining.id, joining.state) = (None, State::Existing);
    let text = World::new().ask(&cluster, flowers::CERTIFICATES, &["members"]).stdout;
    insta::assert_snapshot!("a_member_that_joins_has_no_id_yet", text);
    let text = World::new().ask(&cluster, flowers::CERTIFICATES, &["members", "--json"]).stdout;
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(value[2]["id"].is_null());
    assert_eq!(value[2]["initial_cluster_state"], "existing");
}
