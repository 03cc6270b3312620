//! `[ca]` and `[[authority]]`.

use super::support::{finds, silent, spec};

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
        "[ca]\npermit = [\"10.0.0.0/8\", «\"10.0.0.1/24\"», «\"a_b c\"», «\"10.0.0.0/33\"»]"
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
