//! A snapshot of a cluster whose members have different data, by etcd's own check.

use super::{Site, Spec, fails, findings, have_the_same, json, on_each, status};
use std::thread::sleep;
use std::time::Duration;

#[test]
fn a_cluster_with_different_data_is_saved_by_force_alone_and_restored_as_one() {
    on_each(corrupt);
}

fn corrupt(release: &str) {
    let option = if release.starts_with("3.6") || release.starts_with("3.7") {
        "corrupt-check-time = \"2s\""
    } else {
        "experimental-corrupt-check-time = \"2s\""
    };
    let spec = Spec::of(release).option(option);
    let mut site = Site::start(&spec);
    site.types("bouquet etcdctl -- put kept 1; bouquet snapshot before.db; bouquet etcdctl -- put odd before-the-flip; sleep 1");
    site.flips("pink", b"before-the-flip");
    site.types(
        "until bouquet status --json 2>talk >told; grep -q CORRUPT told; do sleep 0.5; done",
    );
    let told = findings(&status(&mut site)).concat();
    let is_apart = told.contains(" against pink") || told.contains("DIVERGED: pink against ");
    assert!(is_apart, "{told}");
    // Whomever etcd names: pink alone has another hash.
    let plan = site.types("bouquet plan --json 2>talk || true");
    let plan: serde_json::Value = serde_json::from_str(&plan).expect("a plan");
    let members = plan["members"].as_array().expect("members");
    let odd = members.iter().filter(|member| member["data"] == "odd");
    assert_eq!(odd.map(|member| &member["name"]).collect::<Vec<_>>(), ["pink"], "{plan:#}");
    for target in ["before.db", "other.db", "-"] {
        fails(&mut site, &format!("bouquet snapshot {target}"), "CORRUPT");
    }
    assert!(!site.path("other.db").exists());
    json(&mut site, "bouquet snapshot forced.db --force");
    let printed = json(&mut site, "bouquet restore forced.db");
    assert!(
        printed["warnings"][0].as_str().is_some_and(|it| it.contains("CORRUPT")),
        "{printed:#}"
    );
    let steps = printed["steps"].as_array().expect("steps");
    let words = site.follow(steps);
    assert_eq!(words, super::alarm::WORDS);
    site.types("bouquet etcdctl -- put own 1");
    have_the_same(&site);
    let told = status(&mut site);
    assert!(!findings(&told).concat().contains("CORRUPT"), "{told:#}");
    // Longer than the check takes.
    sleep(Duration::from_secs(5));
    assert_eq!(site.types("bouquet etcdctl -- alarm list"), "");
}
