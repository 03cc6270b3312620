//! `bouquet certs --dir`: the files of a machine, compared with the build.

use crate::common::World;
use crate::common::flowers::{CERTIFICATES, CLUSTER};
use crate::common::node::{DIR, Node, issue};
use bouquet_operate::Exit;

#[test]
fn files_of_the_build_are_fine() {
    let node = Node::orange();
    node.says("CERTS OK - 3 certificates, the first expires 2027-07-31", Exit::Done);
    let table = node.ask(&["certs", "--dir", DIR]).stdout;
    assert!(!table.contains("daffodil") && table.contains("/opt/etcd/certs/peer.crt\n"), "{table}");
    let wide = node.ask(&["certs", "--wide", "--dir", DIR]).stdout;
    assert_eq!(wide.lines().count(), 4);
    assert!(wide.lines().all(|line| line.ends_with("FILE") || line.contains(".crt")), "{wide}");
}

#[test]
fn what_was_not_rolled_out_is_a_warning() {
    let node = Node::orange().with_pair("server", &issue("orange", -100, 365, false));
    let text = "CERTS WARNING - /opt/etcd/certs/server.crt differs from the build: not rolled out?";
    node.says(text, Exit::Warning);
    let json = node.ask(&["certs", "--json", "--dir", DIR]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let fields = ["file", "kind", "owner", "difference"].map(|field| json[2][field].clone());
    assert_eq!(fields, ["/opt/etcd/certs/server.crt", "server", "orange", "older"]);
    assert!(json[1]["difference"].is_null());
}

#[test]
fn a_certificate_with_a_common_name_is_an_older_one_of_a_client_that_has_none_now() {
    let mut certificates = CERTIFICATES.to_vec();
    let root = certificates.iter_mut().find(|c| &*c.common_name == "root").unwrap();
    root.common_name = "O=root".into();
    let there = issue("root", -100, 365, false).pem;
    let world = World::new().with_file("/etc/pg/client.crt", there.as_bytes());
    let line = ["certs", "root", "--json", "--dir", "/etc/pg"];
    let json = world.ask(&CLUSTER, &certificates, &line).stdout;
    assert!(json.contains(r#""difference": "older""#), "{json}");
}

#[test]
fn what_is_newer_than_the_build_says_so() {
    let node = Node::orange().with_pair("peer", &issue("orange", 1, 365, false));
    node.says("peer.crt is newer than the build of this program", Exit::Warning);
}

#[test]
fn another_machines_files_are_noticed() {
    let node = Node::orange().with_pair("server", &issue("tulip", 0, 365, false));
    node.says("server.crt is not of this build", Exit::Warning);
    // By another name it may be anybody's.
    let node = Node::orange().with("registry.crt", issue("registry", 0, 365, false).pem);
    node.says("CERTS OK - 4 certificates", Exit::Done);
}

#[test]
fn files_of_another_member_are_noticed_where_it_is_said_whose_machine_it_is() {
    let node = Node::orange();
    let check = |name: &str| node.ask(&["certs", name, "--check", "--dir", DIR]);
    assert_eq!(check("orange").exit, Exit::Done);
    let outcome = check("pink");
    assert!(
        outcome.stdout.contains("is not of this build: is it another machine's"),
        "{outcome:?}"
    );
    assert_eq!(outcome.exit, Exit::Warning);

    let wrong = check("oragne");
    assert_eq!(wrong.exit, Exit::Unknown);
    assert!(wrong.stdout.starts_with("CERTS UNKNOWN - `oragne` is not a name"), "{wrong:?}");
    assert!(wrong.stderr.contains("did you mean `orange`?"), "{wrong:?}");
}

#[test]
fn what_belongs_into_another_place_says_which() {
    let node = Node::orange();
    let swapped = node.renamed("server", "old").renamed("peer", "server").renamed("old", "peer");
    let said = swapped.ask(&["certs", "--dir", DIR]).stdout;
    for (file, place) in [("server.crt", "peer.crt"), ("peer.crt", "server.crt")] {
        let line = format!("{DIR}/{file} is the build's, but belongs into `{place}`\n");
        assert!(said.contains(&line), "{said}");
    }
    swapped.says("CERTS WARNING - ", Exit::Warning);
    let json = swapped.ask(&["certs", "--json", "--dir", DIR]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    // By the certificates, not by the files.
    let fields = ["file", "kind", "owner", "difference"].map(|field| json[2][field].clone());
    assert_eq!(fields, ["/opt/etcd/certs/server.crt", "peer", "orange", "misplaced"]);

    for (file, other) in [("ca.crt", "server.crt"), ("server.crt", "ca.crt")] {
        let node = Node::orange();
        let content = node.file(other);
        let text = format!("{DIR}/{file} is the build's, but belongs into `{other}`\n");
        let said = node.with(file, content).ask(&["certs", "--dir", DIR]).stdout;
        assert!(said.contains(&text), "{said}");
    }
}

#[test]
fn a_file_of_cas_for_the_other_side_says_which_it_is() {
    let node = || Node::orange().with_peer_trust();
    node().says("CERTS OK - 4 certificates", Exit::Done);
    for (file, other) in [("ca.crt", "peer-ca.crt"), ("peer-ca.crt", "ca.crt")] {
        let node = node();
        let content = node.file(other);
        let text = format!("{file} is the build's, but belongs into `{other}`");
        node.with(file, content).says(&text, Exit::Warning);
    }
}

#[test]
fn half_a_file_of_cas_is_in_its_place_and_not_complete() {
    let mut node = Node::orange().with_peer_trust();
    let tls = node.cluster.tls.as_mut().unwrap();
    tls.peers.trust = vec![1, 2].into();
    let common = node.file("ca.crt");
    node.with("peer-ca.crt", common).says("peer-ca.crt differs from the build", Exit::Warning);
}

#[test]
fn what_has_expired_is_critical_wherever_it_is_from() {
    for (file, name) in [("server", "orange"), ("registry", "registry")] {
        let node = Node::orange().with_pair(file, &issue(name, -366, 365, false));
        node.says(&format!("CERTS CRITICAL - {DIR}/{file}.crt expired 2026-07-29"), Exit::Critical);
    }
}

#[test]
fn another_ca_is_noticed_and_one_more_is_not() {
    let other = issue("etcd-cluster-1", -100, 365, true);
    let node = Node::orange();
    let ours = node.world.files[&std::path::PathBuf::from("/opt/etcd/certs/ca.crt")].clone();
    let both = [other.pem.as_bytes(), &ours].concat();
    Node::orange().with("ca.crt", other.pem).says("ca.crt differs from the build", Exit::Warning);
    node.with("ca.crt", both).says("CERTS OK - 3 certificates", Exit::Done);
}

#[test]
fn a_file_that_holds_no_certificate_is_critical() {
    let cut = &issue("orange", 0, 365, false).pem[..200];
    let empty = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n";
    for content in ["", "junk", cut, empty] {
        let node = Node::orange().with("server.crt", content);
        node.says("CERTS CRITICAL - /opt/etcd/certs/server.crt holds no certif", Exit::Critical);
        let outcome = node.ask(&["certs", "--dir", DIR]);
        assert_eq!((outcome.stdout.as_str(), outcome.exit), ("", Exit::Failed));
        assert!(outcome.stderr.contains("\nhelp: "), "{}", outcome.stderr);
    }
}

#[test]
fn a_folder_that_is_not_there_or_empty_is_unknown() {
    let node = Node::orange();
    let ask = |dir| node.ask(&["certs", "--check", "--dir", dir]);
    for dir in ["/nowhere", "/opt/etcd"] {
        let outcome = ask(dir);
        assert!(
            outcome.stdout.starts_with(&format!("CERTS UNKNOWN - {dir} ")),
            "{}",
            outcome.stdout
        );
        assert_eq!(outcome.exit, Exit::Unknown);
    }
    let keys = World::new().with_file("/keys/server.key", b"secret");
    let outcome = keys.flowers(&["certs", "--check", "--dir", "/keys"]);
    assert_eq!(outcome.stdout, "CERTS UNKNOWN - /keys holds no .crt file\n");
}

#[test]
fn the_worst_of_several_folders_counts() {
    let old = issue("root", -366, 365, false);
    let mut node = Node::orange();
    node.world = node.world.with_file("/root/etcd/certs/client.crt", old.pem.as_bytes());
    let line = ["certs", "--check", "--dir", DIR, "--dir", "/nowhere", "--dir", "/root/etcd/certs"];
    let outcome = node.ask(&line);
    let first =
        "CERTS CRITICAL - /root/etcd/certs/client.crt expired 2026-07-29 (2 days ago) (and 1 more)";
    assert!(outcome.stdout.starts_with(first), "{}", outcome.stdout);
    assert!(outcome.stdout.ends_with("\n/nowhere cannot be read: entity not found\n"));
    assert_eq!(outcome.exit, Exit::Critical);
}

#[test]
fn a_name_in_a_file_cannot_command_a_terminal_or_a_monitor() {
    let node = Node::orange().with_pair("server", &issue("a|b\u{1b}[31m\n", -1, 365, false));
    for line in [&["certs", "--dir", DIR][..], &["certs", "--check", "--dir", DIR]] {
        let printed = node.ask(line).stdout;
        assert!(printed.contains("a\u{fffd}b\u{fffd}[31m\u{fffd}"), "{printed}");
    }
}

#[test]
fn metrics_name_the_file_and_whether_it_differs() {
    let node = Node::orange().with_pair("server", &issue("orange", -100, 365, false));
    let text = node.ask(&["certs", "--prometheus", "--dir", DIR]).stdout;
    let differs = |file: &str| {
        let mut lines =
            text.lines().filter(|line| line.starts_with("bouquet_certificate_differs{"));
        let line = lines.find(|line| line.contains(&format!("file=\"{DIR}/{file}\""))).unwrap();
        line.rsplit_once(' ').unwrap().1.to_owned()
    };
    assert_eq!([differs("ca.crt"), differs("peer.crt"), differs("server.crt")], ["0", "0", "1"]);
}
