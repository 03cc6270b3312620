//! `bouquet check-node`: whose node it is.

use crate::common::checked::{form, state, unit, wrong};
use crate::common::node::{DIR, Node, UNIT};
use bouquet_operate::Exit;
use serde_json::Value;

#[test]
fn without_a_unit_the_certificates_tell_whose_node_it_is() {
    let outcome = Node::orange().ask(&["check-node"]);
    assert_eq!(
        (state(&outcome, &format!("{DIR}/server.crt")), outcome.exit),
        ("as compiled", Exit::Done)
    );
    let json = Node::orange().ask(&["check-node", "--json"]).stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["member"], "orange");
}

#[test]
fn where_nothing_tells_whose_node_it_is_it_asks() {
    let node = Node { world: crate::common::World::new(), ..Node::orange() };
    let outcome = node.ask(&["check-node"]);
    assert_eq!((outcome.stdout.as_str(), outcome.exit), ("", Exit::Failed));
    insta::assert_snapshot!(outcome.stderr);
}

#[test]
fn where_two_members_files_are_it_asks() {
    let mut node = Node::installed();
    let theirs = form(&node, "pink", "systemd");
    let place = "/etc/systemd/system/etcd-pink.service";
    node.world = node.world.with_file(place, theirs.as_bytes());
    let outcome = node.ask(&["check-node"]);
    assert_eq!(outcome.exit, Exit::Failed);
    insta::assert_snapshot!(outcome.stderr);
    // Members that share a machine have a unit each.
    let outcome = node.ask(&["check-node", "pink"]);
    assert_eq!(state(&outcome, place), "as compiled");
}

#[test]
fn a_unit_of_a_member_that_this_cluster_has_not_is_told() {
    let node = Node::installed();
    let theirs = unit(&node).replace("etcd member orange: ", "etcd member oragne: ");
    let outcome = wrong(&node.with_unit(&theirs));
    assert!(outcome.stderr.starts_with("error: `oragne` is not a member"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains(&format!("note: {UNIT} is of `oragne`\n")));
}

#[test]
fn an_unknown_member_is_answered_as_by_other_commands() {
    let outcome = Node::installed().ask(&["check-node", "oragne"]);
    assert_eq!(outcome.exit, Exit::Misused);
    assert!(outcome.stderr.contains("did you mean `orange`?"), "{}", outcome.stderr);
}
