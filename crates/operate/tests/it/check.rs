//! `bouquet certs --check`: a plugin of a monitor.

use crate::common::flowers::{CERTIFICATES, CLUSTER, ISSUED};
use crate::common::{DAY, NOW, World, plain_cluster};
use bouquet_model::certificate::Certificate;
use bouquet_operate::{Exit, Outcome};

#[test]
fn check_speaks_by_its_exit_code() {
    let check =
        |now, within| World::at(now).flowers(&["certs", "--check", "--within", within]).exit;
    // The first to end, kube-apiserver's, does so 200 days after issue.
    let left = |days: i64| ISSUED + (200 - days) * DAY;
    assert_eq!(check(left(31), "30d"), Exit::Done);
    assert_eq!(check(left(30), "30d"), Exit::Done);
    assert_eq!(check(left(30) + 1, "30d"), Exit::Warning);
    assert_eq!(check(left(15), "2w"), Exit::Done);
    assert_eq!(check(left(1), "12h"), Exit::Done);
    assert_eq!(check(left(1), "25h"), Exit::Warning);
    assert_eq!(check(left(0), "1h"), Exit::Warning);
    assert_eq!(check(left(0) + 1, "1h"), Exit::Critical);
    assert_eq!(check(ISSUED - DAY, "30d"), Exit::Critical);
    let codes = [Exit::Done, Exit::Warning, Exit::Critical, Exit::Unknown].map(Exit::code);
    assert_eq!(codes, [0, 1, 2, 3], "what monitors take for OK, WARNING, CRITICAL, UNKNOWN");
}

#[test]
fn the_window_is_by_default_the_one_of_the_build() {
    let check = |now| World::at(now).flowers(&["certs", "--check"]).exit;
    assert_eq!(check(ISSUED + (200 - 121) * DAY), Exit::Done);
    assert_eq!(check(ISSUED + (200 - 121) * DAY + 1), Exit::Warning);
}

fn first_line(outcome: &Outcome) -> &str {
    outcome.stdout.lines().next().unwrap()
}

/// Days after the issue, with a window of 30 days.
fn on_day(day: i64) -> Outcome {
    World::at(ISSUED + day * DAY).flowers(&["certs", "--check", "--within", "30d"])
}

#[test]
fn the_first_line_is_that_of_a_plugin() {
    let all = [1, 180, 201, 360, 380].map(|day| first_line(&on_day(day)).to_owned());
    insta::assert_snapshot!("the_first_line_is_that_of_a_plugin", all.join("\n"));
    let clock = World::at(0).flowers(&["certs", "--check"]);
    insta::assert_snapshot!("a_slow_clock_is_critical", first_line(&clock));
}

#[test]
fn the_table_follows_and_stderr_is_empty() {
    let outcome = on_day(180);
    let table = World::at(ISSUED + 180 * DAY).flowers(&["certs", "--within", "30d"]).stdout;
    assert_eq!(outcome.stdout.split_once('\n').unwrap().1, table);
    assert_eq!(outcome.stderr, "", "some monitors take it for a part of stdout");
}

#[test]
fn a_bar_stands_before_performance_data_only() {
    let odd = Certificate {
        common_name: "a|b".into(),
        owner: Some("c|d".into()),
        ..CERTIFICATES[1].clone()
    };
    let outcome = World::new().ask(&CLUSTER, &[odd], &["certs", "--check"]);
    assert_eq!(outcome.stdout.matches('|').count(), 1, "{}", outcome.stdout);
}

#[test]
fn what_is_critical_can_be_chosen() {
    let check = |day: i64, critical| {
        let line = ["certs", "--check", "--within", "30d", "--critical", critical];
        World::at(ISSUED + (200 - day) * DAY).flowers(&line)
    };
    assert_eq!(check(8, "7d").exit, Exit::Warning);
    assert_eq!(check(7, "7d").exit, Exit::Warning);
    assert_eq!(check(6, "7d").exit, Exit::Critical);
    assert!(first_line(&check(6, "7d")).ends_with(" | days_left=6;30:;7:"));
    assert!(first_line(&check(6, "12h")).ends_with(" | days_left=6;30:;0.50:"));
    let alone = World::new().flowers(&["certs", "--critical", "7d"]);
    assert_eq!(alone.exit, Exit::Misused);
}

#[test]
fn nothing_to_judge_is_unknown() {
    let outcome = World::new().ask(&plain_cluster(), &[], &["certs", "--check"]);
    let line = "CERTS UNKNOWN - TLS is off in cluster.toml: there are no certificates\n";
    assert_eq!((outcome.stdout.as_str(), outcome.exit), (line, Exit::Unknown));
}

#[test]
fn a_wrong_command_line_is_unknown_to_a_monitor() {
    for line in [
        &["certs", "--check", "--within", "30"][..],
        &["certs", "--check", "--witin", "30d"],
        &["certs", "--check", "--wide", "--json"],
    ] {
        let outcome = World::new().flowers(line);
        assert!(outcome.stdout.starts_with("CERTS UNKNOWN - "), "{line:?} {}", outcome.stdout);
        assert_eq!((outcome.stdout.lines().count(), outcome.exit), (1, Exit::Unknown), "{line:?}");
        assert!(outcome.stderr.contains("--help"), "{line:?} {}", outcome.stderr);
    }
    let help = World::new().flowers(&["certs", "--check", "--help"]);
    assert_eq!(help.exit, Exit::Done);
}

#[test]
fn other_forms_keep_the_exit_code_and_have_no_line() {
    let at = World::at(NOW + 190 * DAY);
    for form in ["--json", "--prometheus"] {
        let outcome = at.flowers(&["certs", "--check", form]);
        assert_eq!(outcome.stdout, at.flowers(&["certs", form]).stdout);
        assert_eq!(outcome.exit, Exit::Warning);
    }
}
