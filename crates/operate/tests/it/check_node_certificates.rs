//! `bouquet check-node`: the certificates and keys on a machine.

use crate::common::checked::{state, wrong};
use crate::common::node::{DIR, Node, issue, list};
use bouquet_operate::Exit;

#[test]
fn certificates_and_keys_have_a_state_each() {
    let old = issue("orange", -100, 365, false);
    let other = issue("orange", 0, 365, false).key;
    let node =
        Node::installed().with_pair("server", &old).with("peer.key", other).without("ca.crt");
    let node = node.with_status(&format!("{DIR}/server.key"), 998, 997, 0o644);
    let outcome = wrong(&node);
    for (file, expected) in [
        ("server.crt", "older"),
        ("server.key", "too open"),
        ("peer.crt", "as compiled"),
        ("peer.key", "does not fit"),
        ("ca.crt", "missing"),
    ] {
        assert_eq!(state(&outcome, &format!("{DIR}/{file}")), expected, "{file}");
    }
    insta::assert_snapshot!(outcome.stderr);
}

#[test]
fn what_is_newer_than_the_program_is_not_to_be_overwritten() {
    let outcome = wrong(&Node::installed().with_pair("server", &issue("orange", 1, 365, false)));
    assert_eq!(state(&outcome, &format!("{DIR}/server.crt")), "newer");
    let help = "help: take the program of the newest build to this node\n";
    assert!(outcome.stderr.ends_with(help), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("copy"), "{}", outcome.stderr);
}

#[test]
fn a_certificate_of_another_member_says_whose_it_is() {
    let mut node = Node::installed();
    let theirs = issue("pink", 0, 365, false);
    let known = node.certificates.iter_mut().find(|c| c.owner.as_deref() == Some("pink")).unwrap();
    known.fingerprint = theirs.fingerprint;
    let outcome = wrong(&node.with_pair("server", &theirs));
    assert_eq!(state(&outcome, &format!("{DIR}/server.crt")), "another member's");
    let said = format!("error: {DIR}/server.crt is of `pink`, not of `orange`\n");
    assert!(outcome.stderr.contains(&said), "{}", outcome.stderr);
}

#[test]
fn a_list_of_revoked_certificates_can_be_read_or_not() {
    let file = format!("{DIR}/revoked.crl");
    let with = |content: Vec<u8>| {
        let mut node = Node::orange();
        node.cluster.tls.as_mut().unwrap().crl = true;
        node.with("revoked.crl", content).ask(&["check-node", "orange"])
    };
    assert_eq!(state(&with(list()), &file), "readable");
    assert_eq!(state(&with(b"junk".to_vec()), &file), "damaged");
}

#[test]
fn a_key_without_a_certificate_is_none_of_a_members() {
    let file = format!("{DIR}/other.key");
    let node = Node::installed().with("other.key", issue("orange", 0, 1, false).key);
    let outcome = node.ask(&["check-node", "orange", &file]);
    assert_eq!((state(&outcome, &file), outcome.exit), ("not ours", Exit::Failed));
}
