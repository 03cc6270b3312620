//! `bouquet certs`, and what every command says of certificates that end.

use crate::common::flowers::{CERTIFICATES, CLUSTER, ISSUED};
use crate::common::{DAY, NOW, World, plain_cluster};
use bouquet_model::certificate::Certificate;
use bouquet_model::cluster::San;
use bouquet_operate::{Exit, Outcome};

#[test]
fn certificates_are_a_table_of_80_columns() {
    let outcome = World::new().flowers(&["certs"]);
    insta::assert_snapshot!("certificates_are_a_table_of_80_columns", outcome.stdout);
    assert!(outcome.stdout.lines().all(|line| line.chars().count() <= 80));
    assert_eq!((outcome.stderr.as_str(), outcome.exit), ("", Exit::Done));
}

#[test]
fn a_table_fits_into_80_columns_however_long_names_are() {
    for length in [1, 20, 31, 34, 35, 40, 48, 49, 64] {
        let mut certificates = CERTIFICATES.to_vec();
        certificates[1].common_name = "n".repeat(length).into();
        for now in [NOW, ISSUED - DAY, ISSUED + 400 * DAY] {
            let world = World { now, ..World::new() };
            let text = world.ask(&CLUSTER, &certificates, &["certs"]).stdout;
            let long = text.lines().find(|line| line.chars().count() > 80);
            assert_eq!(long, None, "{length}");
            assert!(text.contains(&"n".repeat(length)));
            assert!(text.contains("202"), "a date: {text}");
        }
    }
    let mut certificates = CERTIFICATES[..2].to_vec();
    certificates[1].common_name = "n".repeat(64).into();
    let text = World::new().ask(&CLUSTER, &certificates, &["certs"]).stdout;
    insta::assert_snapshot!("the_end_goes_below_a_name_that_leaves_no_room", text);
}

#[test]
fn a_long_list_of_names_is_cut_short_in_the_table_only() {
    let mut shared = CERTIFICATES[1].clone();
    let name = |n| San::Dns(format!("node-{n}.zyxasr.io").into());
    shared.sans = (0..40).map(name).collect();
    let certificates = [shared];
    let ask = |line: &[&str]| World::new().ask(&CLUSTER, &certificates, line).stdout;
    insta::assert_snapshot!("a_long_list_of_names_is_cut_short", ask(&["certs"]));
    for whole in [["certs", "--wide"], ["certs", "--json"]] {
        assert!(ask(&whole).contains("node-39.zyxasr.io"), "{whole:?}");
    }
}

#[test]
fn wide_is_one_whole_line_per_certificate() {
    let text = World::new().flowers(&["certs", "--wide"]).stdout;
    assert_eq!(text.lines().count(), 1 + CERTIFICATES.len());
    let (head, first) = (text.lines().next().unwrap(), text.lines().nth(1).unwrap());
    insta::assert_snapshot!("wide_is_one_whole_line", format!("{head}\n{first}"));
}

#[test]
fn those_of_one_member_or_client_are_its_own_and_the_cas() {
    for (name, count) in [("orange", 3), ("root", 2)] {
        let text = World::new().flowers(&["certs", name, "--wide"]).stdout;
        assert_eq!(text.lines().count(), 1 + count, "{text}");
        assert!(text.contains(name) && !text.contains("pink"), "{text}");
    }
    let wrong = World::new().flowers(&["certs", "tulip"]);
    assert_eq!(wrong.exit, Exit::Misused);
    assert!(wrong.stderr.contains("`tulip` is not a name of this cluster"), "{}", wrong.stderr);
}

#[test]
fn a_shared_certificate_is_every_members() {
    let mut shared = CERTIFICATES[1].clone();
    shared.owner = None;
    let certificates = [CERTIFICATES[0].clone(), shared, CERTIFICATES[8].clone()];
    let count = |name| {
        let text = World::new().ask(&CLUSTER, &certificates, &["certs", name, "--wide"]).stdout;
        text.lines().count() - 1
    };
    assert_eq!((count("orange"), count("root")), (2, 2));
}

#[test]
fn certificates_are_json_too() {
    let text = World::new().flowers(&["certs", "--json"]).stdout;
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value.as_array().unwrap().len(), CERTIFICATES.len());
    insta::assert_snapshot!(
        "certificates_are_json_too",
        serde_json::to_string_pretty(&value[1]).unwrap()
    );
    assert!(value[0]["owner"].is_null());
}

#[test]
fn without_check_the_exit_code_is_0() {
    assert_eq!(World::at(ISSUED + 4_000 * DAY).flowers(&["certs"]).exit, Exit::Done);
}

#[test]
fn a_length_of_time_has_a_unit() {
    let outcome = World::new().flowers(&["certs", "--within", "30"]);
    assert!(outcome.stderr.contains("`h`, `d`, `w` or `y`"), "{}", outcome.stderr);
    assert_eq!(outcome.exit, Exit::Misused);
}

#[test]
fn a_cluster_without_tls_has_none() {
    let ask = |line: &[&str]| World::new().ask(&plain_cluster(), &[], line);
    let outcome = ask(&["certs"]);
    assert_eq!((outcome.stdout.as_str(), outcome.exit), ("", Exit::Done));
    assert!(outcome.stderr.contains("TLS is off"), "{}", outcome.stderr);
    assert_eq!(ask(&["certs", "--json"]).stdout, "[]\n");
}

#[test]
fn what_ends_is_announced_in_one_line() {
    let said = |now| World::at(now).flowers(&["members"]).stderr;
    assert_eq!(said(NOW), "");
    let day = |days: i64| ISSUED + days * DAY;
    let all = [100, 201, 260, 366, 3_600, 3_651].map(|days| said(day(days))).concat();
    insta::assert_snapshot!("what_ends_is_announced_in_one_line", all);
    assert_eq!(all.lines().count(), 6);
}

#[test]
fn the_remedy_for_what_ends_has_cargo_build_even_where_no_file_changed() {
    let said = World::at(ISSUED + 100 * DAY).flowers(&["members"]).stderr;
    let remedy = ": run `touch cluster.toml && cargo build`, then copy the new files to";
    assert!(said.contains(remedy), "{said}");
}

#[test]
fn a_slow_clock_is_announced() {
    insta::assert_snapshot!("a_slow_clock_is_announced", World::at(0).flowers(&["members"]).stderr);
}

#[test]
fn every_command_announces_it_to_people() {
    let at_end = World { now: ISSUED + 364 * DAY, ..World::built() };
    let said = |line: &[&str]| at_end.flowers(line).stderr.contains("warning: ");
    let lines: &[&[&str]] = &[
        &[],
        &["--json"],
        &["members"],
        &["command", "orange"],
        &["command", "tulip"],
        &["certs"],
        &["etcdctl"],
        &["etcdctl", "--", "version"],
    ];
    for line in lines {
        assert!(said(line), "{line:?}");
    }
    assert!(!said(&["completions", "bash"]));
    assert!(!said(&["--help"]));
    // A monitor is told in its own words.
    assert!(!said(&["certs", "--check"]));
    assert!(!said(&["certs", "--prometheus"]));
}

#[test]
fn what_ends_leaves_the_data_as_it_is() {
    let at = |now| -> Outcome { World::at(now).flowers(&["command", "orange"]) };
    assert_eq!(at(NOW).stdout, at(ISSUED + 364 * DAY).stdout);
    assert_eq!(at(NOW).exit, at(ISSUED + 364 * DAY).exit);
}

#[test]
fn a_shared_certificate_has_no_owner() {
    let shared = Certificate { owner: None, ..CERTIFICATES[1].clone() };
    let at = ISSUED + 300 * DAY;
    let outcome = World::at(at).ask(&CLUSTER, &[shared], &["certs"]);
    insta::assert_snapshot!("a_shared_certificate_has_no_owner", outcome.stderr + &outcome.stdout);
}

#[test]
fn a_ca_that_limits_addresses_is_told_with_whom_it_shuts_out() {
    let mut certificates = CERTIFICATES.to_vec();
    certificates[0].limits_addresses = true;
    for line in [&["certs"][..], &[]] {
        let text = World::built().ask(&CLUSTER, &certificates, line).stdout;
        let hint = text.lines().find(|line| line.contains("limits addresses")).unwrap();
        assert!(hint.ends_with(": refused by gRPC in C++, Python, Ruby, PHP"), "{hint}");
        assert!(hint.chars().count() <= 80, "{hint}");
        assert!(!World::built().flowers(line).stdout.contains("limits addresses"));
    }
}

#[test]
fn a_client_without_a_common_name_is_shown_by_its_organization() {
    let mut certificates = CERTIFICATES.to_vec();
    certificates[8].common_name = "O=root".into();
    let text = World::new().ask(&CLUSTER, &certificates, &["certs", "root"]).stdout;
    assert!(text.contains("client  O=root "), "{text}");
    let json = World::new().ask(&CLUSTER, &certificates, &["certs", "root", "--json"]).stdout;
    assert!(json.contains(r#""owner": "root""#) && json.contains(r#""common_name": "O=root""#));
}
