//! What etcd says, explained.

use super::{COMPLAINTS, Words, explain, json, text};
use crate::live::tests::scene::flowers::CLUSTER;

fn told(lines: &[&str]) -> String {
    let words = Words::of(&CLUSTER, CLUSTER.member("orange"), "flowers");
    let explained = explain(lines.iter(), &words);
    anstream::adapter::strip_str(&text(&explained, &words)).to_string()
}

#[test]
fn a_line_is_explained_in_terms_of_the_cluster() {
    let line = r#"{"level":"warn","ts":"2026-11-28T21:00:00Z","msg":"rejected connection on peer endpoint","remote-addr":"192.168.65.102:40212","error":"tls: \"192.168.65.102\" does not match any of DNSNames [\"x\"]"}"#;
    assert_eq!(
        told(&["x", line, line, "{\"msg\":\"ready\"}"]),
        "warning: line 2 and 1 more: tls: \"192.168.65.102\" does not match any of DNSNames [\"x\"]\n\
         note: a member's connections come from an address that its certificate does not have, by NAT or a second interface\n\
         note: 192.168.65.102 is `pink`\n\
         help: add it to `extra-sans` of that member\n\
         4 lines, 1 known complaint\n"
    );
    let member = &CLUSTER.members[0];
    let id = member.id.expect("an ID").0;
    let told = told(&[&format!("member {id:x} has already been bootstrapped")]);
    assert!(told.contains(&format!("note: {id:x} is `{}`\n", member.name)), "{told}");
}

#[test]
fn of_a_line_the_complaint_counts_that_has_most_of_it() {
    for (line, why) in [
        ("tocommit(9) is out of range [lastIndex(0)]. Was the raft log", "a member lost its data"),
        ("tocommit(130) is out of range [lastIndex(29)]", "a member's data was rolled back"),
        ("same compact revision then hashes must match", "members have different data"),
        ("tls: client didn't provide a certificate", "a client without certificate: a monitor"),
        ("x509: certificate is valid for 192.168.65.101, not 127.0.1.1", "`/etc/hosts` gives"),
        (
            "x509: certificate is valid for 192.168.65.101, not 192.168.65.102",
            "another node's `certs/`",
        ),
        (
            "rejected connection on client endpoint, error: EOF",
            "the other side showed no certificate",
        ),
    ] {
        let told = told(&[line]);
        assert!(told.contains(&format!("note: {why}")), "{told}");
        assert!(told.ends_with("1 line, 1 known complaint\n"), "{told}");
    }
}

#[test]
fn an_address_is_named_as_a_whole_alone() {
    for line in [
        "192.168.65.1012: i/o timeout",
        "1192.168.65.101 i/o timeout",
        "192.168.65.101.5 i/o timeout",
    ] {
        assert!(!told(&[line]).contains("orange"), "{}", told(&[line]));
    }
    assert!(
        told(&["dial tcp 192.168.65.101:2380: i/o timeout"]).contains("192.168.65.101 is `orange`")
    );
}

#[test]
fn what_is_harmless_is_no_complaint_and_what_is_unknown_is_not_told() {
    let text = told(&["failed to detect default host", "all is well"]);
    assert!(text.starts_with("– line 1: failed to detect default host: "), "{text}");
    assert!(text.ends_with("2 lines, and none of them is a known complaint\n"), "{text}");
}

#[test]
fn every_complaint_is_found_in_a_line_that_says_it() {
    let words = Words::of(&CLUSTER, CLUSTER.member("orange"), "flowers");
    for complaint in COMPLAINTS {
        let says = words.filled(complaint.says);
        let is_said =
            !complaint.says.starts_with("nothing") && !complaint.says.starts_with("the unit is");
        let spans: Vec<&str> = says.split('`').skip(1).step_by(2).filter(|_| is_said).collect();
        assert_eq!(spans.is_empty(), !is_said, "no words of etcd's: {says}");
        for span in spans {
            let line = format!("x {} y", span.replace('…', "7"));
            let explained = explain([&line].into_iter(), &words);
            let found = explained.known.first().map(|known| known.complaint.says);
            assert_eq!(found, Some(complaint.says), "{line}");
        }
        for text in [complaint.says, complaint.why, complaint.remedy] {
            assert!(!words.filled(text).contains('{'), "{text}");
            assert_eq!(text.matches('`').count() % 2, 0, "{text}");
        }
    }
}

#[test]
fn programs_are_told_the_same() {
    let words = Words::of(&CLUSTER, None, "flowers");
    let explained =
        explain(["x", "open /opt/etcd/certs/peer.key: permission denied"].into_iter(), &words);
    let value: serde_json::Value = serde_json::from_str(&json(&explained, &words)).expect("JSON");
    assert_eq!((&value["lines"], &value["known"][0]["line"]), (&2.into(), &2.into()));
    assert_eq!(value["known"][0]["do"], "`chown -R etcd:etcd /opt/etcd/certs`");
}
