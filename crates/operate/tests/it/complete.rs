//! `bouquet certs NAME --dir`: whether a machine has all that is its own.

use crate::common::World;
use crate::common::node::{DIR, Node, issue, list};
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::cluster::{Client, Layout, Tls};
use bouquet_model::name::ClientName;
use bouquet_operate::{Exit, Outcome};

fn check(node: &Node, name: &str) -> Outcome {
    node.ask(&["certs", name, "--check", "--within", "30d", "--dir", DIR])
}

/// What the check of orange says first of a file that is missing.
fn lacks(node: &Node, state: &str, file: &str, exit: Exit) {
    let outcome = check(node, "orange");
    let first = format!("CERTS {state} - {DIR}/{file} is missing");
    let line = outcome.stdout.lines().next().unwrap();
    let rest = line.strip_prefix(&first).unwrap_or_else(|| panic!("{line}"));
    assert!(rest.is_empty() || rest.starts_with(" | ") || rest.starts_with(" (and "), "{line}");
    assert_eq!((outcome.exit, outcome.stderr.as_str()), (exit, ""));
}

fn tls(node: &mut Node) -> &mut Tls {
    node.cluster.tls.as_mut().unwrap()
}

#[test]
fn a_member_lacks_nothing_that_its_build_has_for_it() {
    let outcome = check(&Node::orange(), "orange");
    assert!(outcome.stdout.starts_with("CERTS OK - 3 certificates"), "{}", outcome.stdout);
    for file in ["ca.crt", "server.crt", "peer.crt"] {
        lacks(&Node::orange().without(file), "WARNING", file, Exit::Warning);
    }
    // Who asks for nobody's files in particular may have any of them there.
    Node::orange().without("peer.crt").says("CERTS OK - 2 certificates", Exit::Done);
}

#[test]
fn a_certificate_lacks_its_key() {
    for key in ["server.key", "peer.key"] {
        lacks(&Node::orange().without(key), "WARNING", key, Exit::Warning);
    }
    // One remark for a pair that is not there.
    let node = Node::orange().without("peer.crt").without("peer.key");
    assert!(!check(&node, "orange").stdout.contains("peer.key"));
}

#[test]
fn cas_for_peers_alone_are_a_members_only() {
    let node = || Node::orange().with_peer_trust();
    assert_eq!(check(&node(), "orange").exit, Exit::Done);
    lacks(&node().without("peer-ca.crt"), "WARNING", "peer-ca.crt", Exit::Warning);
    assert!(!check(&node().without("peer-ca.crt"), "root").stdout.contains("peer-ca.crt"));
}

#[test]
fn a_list_that_is_missing_is_critical() {
    let mut node = Node::orange();
    tls(&mut node).crl = true;
    // etcd opens it at every handshake.
    lacks(&node, "CRITICAL", "revoked.crl", Exit::Critical);
    assert!(!check(&node, "root").stdout.contains("revoked.crl"), "clients have none");
    assert_eq!(check(&node.with("revoked.crl", list()), "orange").exit, Exit::Done);
}

#[test]
fn one_certificate_for_both_sides_is_one_file() {
    for (layout, owner) in [(Layout::Combined, Some("orange")), (Layout::Shared, None)] {
        let mut node = Node::orange().without("peer.crt").without("peer.key");
        tls(&mut node).layout = layout;
        node.certificates.retain(|c| {
            c.kind == Kind::Ca || c.kind == Kind::Server && c.owner.as_deref() == Some("orange")
        });
        let server = node.certificates.iter_mut().find(|c| c.kind == Kind::Server).unwrap();
        (server.kind, server.owner) = (Kind::ServerAndPeer, owner.map(Into::into));
        assert_eq!(check(&node, "orange").exit, Exit::Done);
        lacks(&node.without("server.crt"), "WARNING", "server.crt", Exit::Warning);
    }
}

/// A client's folder, on a machine of orange's cluster.
fn client(name: &'static str) -> Node {
    let mut node = Node::orange();
    let ca = node.file("ca.crt");
    node.world = World::new();
    let issued = issue(name, 0, 365, false);
    let clients = node.cluster.clients.to_mut();
    clients[1] = Client { name: ClientName::from_static(name), ..clients[1].clone() };
    let known = node.certificates.iter_mut().rev().find(|c| c.kind == Kind::Client).unwrap();
    let (owner, common_name) = (Some(name.into()), name.into());
    *known = Certificate { owner, common_name, fingerprint: issued.fingerprint, ..known.clone() };
    node.with("ca.crt", ca).with_pair("client", &issued)
}

#[test]
fn a_client_has_three_files() {
    let node = || client("root");
    assert_eq!(check(&node(), "root").exit, Exit::Done);
    for file in ["ca.crt", "client.crt", "client.key"] {
        let said = check(&node().without(file), "root").stdout;
        assert!(said.starts_with(&format!("CERTS WARNING - {DIR}/{file} is missing")), "{said}");
    }
}

#[test]
fn a_member_and_a_client_of_one_name_are_told_apart_by_their_files() {
    let node = client("orange");
    assert_eq!(check(&node, "orange").exit, Exit::Done);
    let mut member = Node::orange();
    (member.cluster, member.certificates) = (node.cluster, node.certificates);
    let said = check(&member, "orange").stdout;
    assert!(!said.contains("missing"), "{said}");
    lacks(&member.without("peer.crt"), "WARNING", "peer.crt", Exit::Warning);
}

#[test]
fn all_that_is_missing_is_listed() {
    let empty = World::new().with_file(&format!("{DIR}/notes"), b"");
    let said = empty.flowers(&["certs", "orange", "--check", "--dir", DIR]);
    let missing = ["ca.crt", "server.crt", "peer.crt"].map(|f| format!("{DIR}/{f} is missing\n"));
    let first = format!("CERTS WARNING - {DIR}/ca.crt is missing (and 3 more)\n");
    let all = format!("{first}{DIR} holds no .crt file\n{}", missing.concat());
    assert_eq!((said.stdout, said.exit), (all, Exit::Warning));
}

#[test]
fn what_is_worse_than_a_missing_file_comes_first() {
    let node = Node::orange().without("peer.crt").with("server.crt", "junk");
    let said = check(&node, "orange");
    assert!(said.stdout.starts_with("CERTS CRITICAL - /opt/etcd/certs/server.crt holds no"));
    assert!(said.stdout.ends_with("/opt/etcd/certs/peer.crt is missing\n"), "{}", said.stdout);
    // A folder that cannot be listed may have everything.
    let said = node.ask(&["certs", "orange", "--check", "--dir", "/nowhere"]);
    assert!(said.stdout.starts_with("CERTS UNKNOWN - /nowhere cannot be read"));
    assert!(!said.stdout.contains("missing"), "{}", said.stdout);
}

#[test]
fn without_check_it_is_a_warning_on_stderr() {
    let node = Node::orange().without("peer.crt");
    let said = node.ask(&["certs", "orange", "--dir", DIR]);
    let warning = "warning: /opt/etcd/certs/peer.crt is missing\nhelp: copy it again from out/\n";
    assert_eq!(said.stderr, warning);
    assert!(said.stdout.contains("/opt/etcd/certs/server.crt\n"), "{}", said.stdout);
    assert_eq!(said.exit, Exit::Done);
}
