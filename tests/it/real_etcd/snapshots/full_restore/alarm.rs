//! A snapshot that was taken when the database was full.

use super::{Site, Spec, have_the_same, json, on_each};

/// The steps of a restore with an alarm.
pub(super) const WORDS: [&str; 7] =
    ["bring", "stop-clients", "stop-all", "restore-all", "disarm", "record", "start-clients"];

/// The alarm comes along, of a member that is no more, and is switched off as it is printed.
#[test]
fn the_alarm_of_a_full_database_is_switched_off_after_the_restore() {
    on_each(nospace);
}

fn nospace(release: &str) {
    let spec = Spec::of(release);
    let mut site = Site::start(&spec.clone().option("quota-backend-bytes = 4194304"));
    site.fill();
    let saved = json(&mut site, "bouquet snapshot full.db --textfile last.prom");
    let warnings = saved["warnings"].as_array().expect("a list");
    assert!(
        matches!(&warnings[..], [one] if one.as_str().is_some_and(|it| it.contains("NOSPACE"))),
        "{saved}"
    );
    assert!(site.path("last.prom").exists(), "it is in no doubt");
    // The help of the restore: a larger quota.
    site.build(&spec.clone().option("quota-backend-bytes = 67108864"));
    site.carry_out();
    let printed = json(&mut site, "bouquet restore full.db");
    assert!(
        printed["warnings"][0].as_str().is_some_and(|it| it.contains("NOSPACE")),
        "{printed:#}"
    );
    let steps = site.follow(printed["steps"].as_array().expect("steps"));
    assert_eq!(steps, WORDS);
    assert_eq!(site.types("bouquet etcdctl -- alarm list"), "");
    site.types("bouquet etcdctl -- put small 1");
    have_the_same(&site);
}

/// Where the quota stays, the alarm is not all: a write may be refused until history was compacted, which from 3.5.10
/// on the restore has done, and each member defragmented.
#[test]
fn a_full_database_is_restored_under_the_same_quota() {
    on_each(the_same_quota);
}

fn the_same_quota(release: &str) {
    let mut site = Site::start(&Spec::of(release).option("quota-backend-bytes = 4194304"));
    site.types(
        "head -c 300000 /dev/urandom | base64 -w 0 | head -c 300000 >large\n\
         while bouquet etcdctl -- put large <large; do :; done 2>refused; grep -q 'space exceeded' refused",
    );
    json(&mut site, "bouquet snapshot full.db");
    let printed = json(&mut site, "bouquet restore full.db");
    assert_eq!(site.follow(printed["steps"].as_array().expect("steps")), WORDS);
    assert_eq!(site.types("bouquet etcdctl -- alarm list"), "");
    have_the_same(&site);
}
