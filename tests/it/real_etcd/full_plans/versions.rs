//! Other releases of etcd.

use super::{Site, Spec, forced};
use crate::support::side_by_side::with_each;

#[test]
fn another_release_is_installed_where_the_plan_says_so() {
    let all: [fn(); 10] = [
        a_patch,
        a_release_that_is_known_to_be_bad,
        from_a_patch_that_is_too_old,
        back_from_3_5,
        from_3_4_to_3_5,
        from_3_5_to_3_6,
        from_3_6_to_3_7,
        with_a_later_name,
        back_from_3_6,
        skipping_one,
    ];
    with_each(&all, |story| story());
}

fn installed(before: &Spec, after: &Spec, steps: &[&str]) -> Site {
    let site = super::becomes(before, after, steps);
    runs(&site, &after.release);
    site
}

/// Every member runs that release.
fn runs(site: &Site, release: &str) {
    let (_, said) = site.client_says("root", &["endpoint", "status"]);
    let of = said.lines().filter(|line| line.contains(&format!(", {release}, "))).count();
    assert_eq!(of, 3, "{said}");
}

const ROLLED: [&str; 5] = ["look", "upgrade", "upgrade", "upgrade", "record"];
const UPGRADED: [&str; 7] = ["look", "snapshot", "look", "upgrade", "upgrade", "upgrade", "record"];

fn a_patch() {
    let spec = Spec::of("3.5.1");
    let steps = [&["snapshot"], &ROLLED[..]].concat();
    installed(&spec, &spec.clone().on("3.5.33"), &steps);
}

fn a_release_that_is_known_to_be_bad() {
    let spec = Spec::of("3.5.33");
    let steps = [&["snapshot"], &ROLLED[..]].concat();
    let site = Site::start(&spec);
    runs(&forced(site, &spec.on("3.5.1"), &["etcd = 3.5.1"], &steps), "3.5.1");
}

/// It has removed no member, so that none comes back.
fn from_a_patch_that_is_too_old() {
    let spec = Spec::of("3.5.1");
    let site = Site::start(&spec);
    runs(&forced(site, &spec.on("3.6.16"), &["etcd = 3.6.16"], &UPGRADED), "3.6.16");
}

/// 3.5 drops members where 3.4 has no snapshot file, and the plan has people look for one.
fn from_3_4_to_3_5() {
    let spec = Spec::of("3.4.23").option("snapshot-count = 10");
    let site = installed(&spec, &spec.clone().on("3.5.33"), &UPGRADED);
    assert!(!site.typed().contains("Removing zombie member"));
    for (member, _) in &spec.members {
        let shown = format!("\n/data/etcd/{member}/member/snap/0000");
        assert!(site.typed().contains(&shown), "{member}: {}", site.typed());
    }
    assert!(site.typed().contains("authentication is not enabled"), "{}", site.typed());
}

fn from_3_5_to_3_6() {
    let spec = Spec::of("3.5.33");
    installed(&spec, &spec.clone().on("3.6.16"), &UPGRADED);
}

fn from_3_6_to_3_7() {
    let spec = Spec::of("3.6.16");
    installed(&spec, &spec.clone().on("3.7.3"), &UPGRADED);
}

/// An option under its later name, with the version that has it.
fn with_a_later_name() {
    let spec = Spec::of("3.5.33");
    let before = spec.clone().option("experimental-corrupt-check-time = \"1h\"");
    let after = spec.on("3.6.16").option("corrupt-check-time = \"1h\"");
    let site = installed(&before, &after, &UPGRADED);
    assert!(site.runs_with("pink", "--corrupt-check-time=1h0m0s"));
}

fn back_from_3_6() {
    let spec = Spec::of("3.6.16");
    let back = spec.clone().on("3.5.33");
    let back_by_one = ["downgrade"; 3];
    let steps = [&["snapshot", "announce", "look"][..], &back_by_one, &["record"]].concat();
    let mut site = Site::start(&spec);
    // Members of the first seconds are of no version yet.
    site.types(
        "until [ \"$(bouquet etcdctl -- endpoint status -w json | grep -o 'storageVersion\":\"3.6' | wc -l)\" \
         = 3 ]; do sleep 1; done\n",
    );
    let site = forced(site, &back, &["etcd = 3.5.33"], &steps);
    runs(&site, "3.5.33");
}

fn skipping_one() {
    restored("3.7.3");
}

/// With a log in a folder of its own, and an etcd that has no etcdutl.
fn back_from_3_5() {
    restored("3.4.23");
}

/// What was written after the snapshot is lost, and what was written before is there.
fn restored(release: &str) {
    let spec = Spec::of("3.5.33").option("wal-dir = \"/wal/etcd\"");
    let mut site = Site::start(&spec);
    site.types("bouquet etcdctl -- put before upgrade\n");
    let other = spec.on(release);
    let accept = format!("etcd = {release}");
    assert!(site.refuses(&other).contains(&format!("\"{accept}\"")));
    site.build(&other.accepting(&[&accept]));
    assert_eq!(site.carry_out(), ["restore", "record"]);
    runs(&site, release);
    site.has_its_members();
    let said = site.types("bouquet etcdctl -- get before --print-value-only\n");
    assert!(said.contains("upgrade"), "{said}");
}
