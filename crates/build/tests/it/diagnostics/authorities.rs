//! `[ca]` and `[[authority]]`.

use super::support::{finds, silent, spec};
use bouquet_build::diagnostic::Span;
use bouquet_build::prove;

#[test]
fn every_phase_of_a_change_of_ca_is_accepted() {
    for ca in ["", "trust = [1, 2]", "issue = 2\ntrust = [2, 1]", "issue = 2", "peer-issue = 2"] {
        silent(&spec().also(&format!("[ca]\n{ca}")));
    }
}

#[test]
fn ca_that_issues_and_is_not_trusted_is_refused() {
    finds!(spec().also("[ca]\nissue = 2\ntrust = «[1, 3]»"));
}

#[test]
fn first_ca_that_issues_by_default_and_is_not_trusted_is_refused() {
    finds!(spec().also("[ca]\ntrust = «[2]»"));
}

#[test]
fn ca_that_is_trusted_twice_is_refused() {
    finds!(spec().also("[ca]\ntrust = [1, 2, «1»]"));
}

#[test]
fn ca_of_number_zero_is_refused() {
    finds!(spec().also("[ca]\nissue = «0»"));
}

#[test]
fn ca_for_peers_where_there_is_one_certificate_for_both_is_refused() {
    finds!(spec().tls("layout = \"shared\"").also("[ca]\npeer-issue = «2»"));
}

#[test]
fn fingerprint_that_is_none_is_refused() {
    finds!(spec().also("[ca]\nfingerprint = «\"sha1:00\"»"));
}

#[test]
fn network_with_bits_beyond_its_prefix_is_refused() {
    finds!(spec().also(
        "[ca]\nname-constraints = true\npermit = [\"10.0.0.0/8\", «\"10.0.0.1/24\"», «\"a_b c\"», «\"10.0.0.0/33\"»]"
    ));
}

#[test]
fn passphrase_from_two_places_is_refused() {
    finds!(spec().also("[ca]\npassphrase-file = \"p\"\npassphrase-env = «\"P\"»"));
}

#[test]
fn variable_that_is_none_is_refused() {
    finds!(spec().also("[ca]\npassphrase-env = «\"$PASS\"»"));
}

#[test]
fn authority_described_twice_is_refused() {
    let one = "[[authority]]\ncertificate = \"ca.crt\"\nnumber = ";
    finds!(spec().also(&format!("{one}1\n{one}«1»")));
}

#[test]
fn authority_without_a_certificate_is_refused() {
    finds!(spec().also("«[[authority]]»\nnumber = 1\nkey = \"ca.key\""));
}

#[test]
fn authority_that_nobody_trusts_is_worth_a_warning() {
    finds!(spec().also("[[authority]]\nnumber = ‹2›\ncertificate = \"ca.crt\""));
}

#[test]
fn name_constraints_for_an_etcd_that_may_misread_them_are_worth_a_warning() {
    finds!(spec().version("3.4").also("[ca]\nname-constraints = ‹true›"));
}

#[test]
fn kinds_of_name_constraints_are_accepted() {
    for kind in ["\"dns\"", "\"dns+ip\"", "true", "false"] {
        silent(&spec().also(&format!("[ca]\nname-constraints = {kind}")));
    }
    for kind in ["\"dns+ip\"", "true"] {
        silent(&spec().also(&format!(
            "[ca]\nname-constraints = {kind}\npermit = [\"zyxasr.io\", \"10.0.0.0/8\"]"
        )));
    }
}

#[test]
fn kind_of_name_constraints_that_is_none_is_corrected() {
    finds!(spec().also("[ca]\nname-constraints = «\"dns-ip\"»\npermit = [«\"a_b c\"»]"));
}

#[test]
fn name_constraints_of_a_wrong_type_are_refused() {
    finds!(spec().also("[ca]\nname-constraints = «1»"));
}

#[test]
fn what_no_certificate_has_cannot_be_permitted() {
    finds!(spec().also(
        "[ca]\nname-constraints = \"dns+ip\"\npermit = [«\"::ffff:10.0.0.0/104\"», «\"bücher.de\"»]"
    ));
}

#[test]
fn permit_for_every_address_is_no_limit() {
    finds!(
        spec().also("[ca]\nname-constraints = \"dns+ip\"\npermit = [‹\"0.0.0.0/0\"›, ‹\"::/0\"›]")
    );
}

#[test]
fn permit_alone_is_told_the_line_to_write() {
    finds!(spec().also("[ca]\npermit = ‹[\"10.0.0.0/8\"]›"));
}

#[test]
fn permit_without_limits_has_no_effect() {
    finds!(spec().also("[ca]\nname-constraints = false\npermit = ‹[\"10.0.0.0/8\"]›"));
}

#[test]
fn permit_for_an_etcd_that_misreads_limits_has_no_effect() {
    finds!(spec().version("3.4.18").also("[ca]\npermit = ‹[\"10.0.0.0/8\"]›"));
}

#[test]
fn network_where_names_alone_are_limited_has_no_effect() {
    finds!(
        spec().also("[ca]\nname-constraints = \"dns\"\npermit = [\"zyxasr.io\", ‹\"10.0.0.0/8\"›]")
    );
}

#[test]
fn what_is_said_of_cas_is_found_again_in_the_spec() {
    let print = "ab".repeat(32);
    let text = spec()
        .also(&format!(
            "[ca]\nissue = 1\ntrust = [1, 2]\npeer-issue = 3\npeer-trust = [3]\nfingerprint = \"{print}\"\n\
             name-constraints = \"dns\"\npermit = [\"zyxasr.io\"]\npassphrase-env = \"CA_PASSPHRASE\""
        ))
        .also(&format!(
            "[[authority]]\nnumber = 2\ncertificate = \"ca.crt\"\nkey-env = \"CA_KEY\"\n\
             fingerprint = \"sha256:{print}\""
        ))
        .also("[[revoked]]\nname = \"alice\"\ndate = \"2026-11-22\"")
        .text();
    let issuing = prove(text.as_bytes()).0.expect("nothing is wrong with it").issuing;
    let written = |span: Option<Span>| span.map(|span| &text[span.range()]).unwrap_or_default();
    let (ca, source) = (&issuing.spans, &issuing.sources[0].spans);
    let places = [
        (ca.issue, "1"),
        (ca.trust, "[1, 2]"),
        (ca.peer_issue, "3"),
        (ca.peer_trust, "[3]"),
        (ca.trusted(2), "2"),
        (ca.name_constraints, "\"dns\""),
        (ca.permit, "[\"zyxasr.io\"]"),
        (ca.owner("root"), "\"root\""),
        (ca.owner("orange"), "\"orange\""),
        (ca.passphrase, "\"CA_PASSPHRASE\""),
        (Some(source.number), "2"),
        (source.certificate, "\"ca.crt\""),
        (source.key, "\"CA_KEY\""),
        (Some(issuing.revoked[0].span), "\"alice\""),
    ];
    for (span, text) in places {
        assert_eq!(written(span), text);
    }
    assert_eq!(written(ca.fingerprint).trim_matches('"'), print);
    assert!(written(source.fingerprint).starts_with("\"sha256:"));
}
