//! Plans that are carried out: the printed commands are typed, one after another, while a client writes. Here
//! are three of the most different kinds; `full_plans` has all others.

use super::site::{Site, Spec};
use crate::support::releases::releases;
use crate::support::side_by_side::with_each;

/// What a test does with a cluster of three on one release.
type Story = fn(&str);

/// Side by side, because each waits most of the time.
#[test]
fn printed_steps_change_a_cluster_that_runs_and_lose_no_write() {
    let stories: [Story; 3] = [an_option, an_addition, another_address];
    let all: Vec<(String, Story)> = releases()
        .into_iter()
        .flat_map(|release| stories.map(|story| (release.clone(), story)))
        .collect();
    with_each(&all, |(release, story)| story(release));
}

fn an_option(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.write();
    site.build(&spec.clone().option("snapshot-count = 5000"));
    assert_eq!(site.carry_out(), ["look", "restart", "restart", "restart", "record"]);
    for (member, _) in spec.members {
        assert!(site.runs_with(member, "--snapshot-count=5000"), "{member}");
    }
    site.end();
}

fn an_addition(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.write();
    site.build(&spec.members(&[("camellia", 1), ("daffodil", 4), ("orange", 2), ("pink", 3)]));
    assert_eq!(site.carry_out(), ["add", "start", "promote", "clients", "record"]);
    site.end();
}

fn another_address(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec);
    site.write();
    site.build(&spec.members(&[("camellia", 1), ("orange", 2), ("pink", 13)]));
    assert_eq!(site.carry_out(), ["clients", "readdress", "record"]);
    site.end();
}

/// Into a shell that goes on after a command that fails.
#[test]
fn a_plan_that_is_pasted_whole_goes_no_further_than_a_member_that_does_not_come_back() {
    let release = releases().pop().expect("a release");
    let spec = Spec::of(&release);
    let mut site = Site::start(&spec);
    site.write();
    site.build(&spec.clone().option("snapshot-count = 5000"));
    let is_new = |site: &Site, member: &str| site.runs_with(member, "--snapshot-count=5000");

    // camellia is the first.
    site.edit_unit("camellia", "--snapshot-count=", "--no-such-option=");
    assert!(!site.paste(0, 15), "the shell waits for camellia");
    assert!(!site.is_running("camellia"), "it runs with an option that there is not");
    for member in ["orange", "pink"] {
        assert!(!is_new(&site, member), "{member} was restarted while camellia is down");
    }

    // One that is down is begun with, without the look at who leads and the wait for all.
    site.edit_unit("camellia", "--no-such-option=", "--snapshot-count=");
    assert!(site.paste(2, 120), "all of it is done");
    for (member, _) in spec.members {
        assert!(is_new(&site, member), "{member}");
    }
    site.end();
}
