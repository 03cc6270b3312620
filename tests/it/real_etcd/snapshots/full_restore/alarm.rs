//! A snapshot that was taken when the database was full.

use super::{Site, Spec, have_the_same, json, on_each, restore};

/// The alarm comes along, of a member that is no more, and is switched off as it is printed.
#[test]
fn the_alarm_of_a_full_database_is_switched_off_after_the_restore() {
    on_each(nospace);
}

fn nospace(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec.clone().option("quota-backend-bytes = 4194304"));
    site.fill();
    json(&mut site, "bouquet snapshot full.db");
    // The help of the restore: a larger quota.
    site.build(&spec.clone().option("quota-backend-bytes = 67108864"));
    site.carry_out();
    let printed = json(&mut site, "bouquet restore full.db");
    assert!(
        printed["warnings"][0].as_str().is_some_and(|it| it.contains("NOSPACE")),
        "{printed:#}"
    );
    let steps = site.follow(printed["steps"].as_array().expect("steps"));
    assert_eq!(steps, ["bring", "stop-all", "restore-all", "disarm", "record"]);
    assert_eq!(site.types("bouquet etcdctl -- alarm list"), "");
    site.types("bouquet etcdctl -- put small 1");
    have_the_same(&site);
}

/// The same quota again: there is no space either once the alarm is off.
#[test]
fn a_full_database_is_restored_under_the_same_quota() {
    on_each(the_same_quota);
}

fn the_same_quota(release: &str) {
    let mut site = Site::start(&Spec::of(release).option("quota-backend-bytes = 4194304"));
    site.fill();
    json(&mut site, "bouquet snapshot full.db");
    restore(&mut site, "full.db");
    assert_eq!(site.types("bouquet etcdctl -- alarm list"), "");
    site.types("bouquet etcdctl -- put small 1");
}
