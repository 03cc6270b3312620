//! Options that the version of the spec does not have yet, or no longer.

use super::support::{findings, finds, silent, spec};

#[test]
fn version_of_another_etcd_is_refused() {
    finds!(spec().version("2.3").cluster("token = \"t\"\netcd = «\"2.3\"»"));
}

#[test]
fn version_with_its_letter_is_corrected() {
    finds!(spec().cluster("token = \"t\"\netcd = «\"v3.5.30\"»"));
}

#[test]
fn version_that_is_none_is_told_its_form() {
    finds!(spec().cluster("token = \"t\"\netcd = «\"latest\"»"));
}

#[test]
fn option_of_3_5_in_3_4_is_named_by_its_old_name() {
    finds!(spec().version("3.4.45").etcd("«backend-bbolt-freelist-type» = \"map\""));
}

#[test]
fn option_that_came_with_3_5_says_so_in_3_4() {
    finds!(
        spec().version("3.4.45").etcd("«raft-read-timeout» = \"10s\"\n«socket-reuse-port» = true")
    );
}

#[test]
fn option_that_came_with_a_patch_names_it() {
    finds!(spec().version("3.5.7").etcd("«tls-min-version» = \"TLS1.2\""));
}

#[test]
fn option_that_came_with_a_patch_is_not_in_every_3_5() {
    finds!(spec().version("3.5").etcd("«tls-min-version» = \"TLS1.2\""));
}

#[test]
fn option_that_came_with_a_patch_is_accepted_from_then_on() {
    silent(&spec().version("3.5.8").etcd("tls-min-version = \"TLS1.2\""));
}

#[test]
fn option_of_3_6_in_3_5_is_named_by_its_old_name() {
    finds!(
        spec()
            .version("3.5.30")
            .etcd("«corrupt-check-time» = \"1h\"\n«feature-gates» = [\"CompactHashCheck=true\"]")
    );
}

#[test]
fn option_of_3_6_without_an_old_name_says_when_it_came() {
    finds!(spec().version("3.5.30").etcd("«max-learners» = 2\n«log-format» = \"console\""));
}

#[test]
fn experimental_options_in_3_6_are_deprecated_for_their_new_names() {
    finds!(spec().version("3.6.14").etcd(
        "‹experimental-corrupt-check-time› = \"1h\"\n‹experimental-initial-corrupt-check› = true"
    ));
}

#[test]
fn experimental_options_in_3_7_are_gone_for_their_new_names() {
    finds!(spec().version("3.7.1").etcd(
        "«experimental-corrupt-check-time» = \"1h\"\n«experimental-initial-corrupt-check» = true\n\
         «experimental-peer-skip-client-san-verification» = true"
    ));
}

#[test]
fn second_api_is_gone_since_3_6() {
    finds!(spec().version("3.6.14").etcd("«enable-v2» = true"));
}

#[test]
fn logger_of_3_4_is_gone_since_3_5() {
    finds!(
        spec()
            .version("3.5.30")
            .etcd("logger = «\"capnslog\"»\n«debug» = true\n«log-output» = [\"stderr\"]")
    );
}

#[test]
fn option_of_one_member_is_held_to_the_version_too() {
    finds!(
        spec()
            .version("3.4.45")
            .member(0, "name = \"pink\"\nip = \"10.0.0.1\"\netcd = { «max-learners» = 2 }")
    );
}

#[test]
fn several_allowed_names_need_3_5_15() {
    finds!(
        spec()
            .version("3.5.14")
            .etcd("peer-cert-allowed-cn = «[\"pink\", \"orange\", \"camellia\"]»")
    );
}

fn of(version: &str) -> String {
    format!("token = \"tok-1\"\netcd = ‹\"{version}\"›")
}

#[test]
fn release_that_loses_writes_names_a_later_one_and_a_check() {
    finds!(spec().cluster(&of("3.5.2")));
}

#[test]
fn release_that_differs_after_a_killed_defrag_names_a_later_one() {
    finds!(spec().cluster(&of("3.5.5")));
}

#[test]
fn release_that_differs_with_authentication_names_a_later_one() {
    finds!(spec().cluster(&of("3.4.7")));
    silent(&spec().version("3.4.8"));
}

#[test]
fn release_that_panics_at_a_promotion_names_a_later_one() {
    finds!(spec().cluster(&of("3.6.0")));
}

#[test]
fn releases_that_lose_writes_of_one_member_are_told_where_there_is_one() {
    silent(&spec().version("3.4.20"));
    for version in ["3.4.20", "3.5.4"] {
        let one = spec().cluster(&of(version)).members(&["name = ‹\"pink\"›\nip = \"10.0.0.1\""]);
        let said = findings(&one);
        assert!(said.contains("acknowledged writes of a cluster of one member"), "{said}");
    }
}

#[test]
fn releases_that_were_put_right_are_accepted() {
    for version in ["3.5", "3.5.6", "3.5.33", "3.6", "3.6.1", "3.4", "3.4.21"] {
        silent(&spec().version(version));
    }
    silent(&spec().version("3.4.20"));
}

#[test]
fn a_check_at_the_start_is_enough_for_a_release_that_loses_writes() {
    let with = spec().cluster(&of("3.5.2")).etcd("experimental-initial-corrupt-check = true");
    let said = findings(&with);
    assert!(!said.contains("committed writes") && said.contains("`defrag`"), "{said}");
}
