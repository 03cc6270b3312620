//! From one version of etcd to another.

use super::{Change, Class, accepts, at, changes, running, version};

fn to(from: &str, to: &str) -> Change {
    let [before, after] = [from, to].map(|text| {
        running([("a", 1), ("b", 2), ("c", 3)].map(|(name, port)| {
            let mut member = at(port);
            member.version = version(text);
            (name, member)
        }))
    });
    let mut all = changes(&before, &after);
    assert_eq!(all.len(), 3, "{from} {to}");
    all.remove(0)
}

#[test]
fn patches_are_a_restart() {
    for (from, then) in [("3.5.33", "3.5.30"), ("3.5", "3.5.33"), ("3.4.8", "3.4.45")] {
        assert_eq!(to(from, then).class, Class::Restart, "{from} {then}");
    }
    assert_eq!(to("3.5.33", "3.5").class, Class::Free, "any patch may run");
}

#[test]
fn the_next_minor_is_looked_at_first() {
    for (from, then, looks) in [
        ("3.4.27", "3.5", &["member/snap/*.snap", "authentication is not enabled"][..]),
        ("3.5", "3.6", &["3.5.26 or later", "Removing zombie member", "check v2store"]),
        ("3.5.33", "3.6.16", &["Removing zombie member", "check v2store"]),
        ("3.6.16", "3.7", &["check v2store"]),
    ] {
        let change = to(from, then);
        assert_eq!(change.class, Class::AskEtcd, "{from} {then}");
        for look in looks {
            assert!(change.way().contains(look), "{from} {then}: {}", change.way());
        }
        assert!(change.way().contains("snapshot"));
    }
}

#[test]
fn a_patch_that_is_known_to_be_too_old_is_refused() {
    for (from, then, first) in [
        ("3.5.25", "3.6", "`etcd = \"3.5.26\"` or later first"),
        ("3.6.10", "3.7.3", "`etcd = \"3.6.11\"` or later first"),
    ] {
        let change = to(from, then);
        assert_eq!(change.class, Class::Refused, "{from} {then}");
        assert!(change.way().contains(first), "{}", change.way());
    }
}

#[test]
fn a_minor_that_is_skipped_is_refused() {
    for (from, then, next) in
        [("3.4", "3.6", "3.5"), ("3.5.33", "3.7.3", "3.6"), ("3.4.27", "3.7", "3.5")]
    {
        let change = to(from, then);
        assert_eq!(change.class, Class::Refused, "{from} {then}");
        assert_eq!(change.accept(), Some(format!("etcd = {then}")));
        assert!(change.way().contains(&format!("`etcd = \"{next}\"` first")));
    }
}

#[test]
fn the_way_back_is_refused_and_told() {
    for (from, then, way, says) in [
        ("3.6.16", "3.5.33", "downgrade", "invalid downgrade"),
        ("3.7", "3.6", "snapshot", "is not supported"),
        ("3.5", "3.4.45", "snapshot", "cluster cannot be downgraded"),
        ("3.7", "3.5.33", "snapshot", "invalid downgrade"),
    ] {
        let change = to(from, then);
        assert_eq!(change.class, Class::Refused, "{from} {then}");
        assert!(
            change.way().contains(way) && change.way().contains(&format!("`etcd = \"{from}\"`"))
        );
        assert!(change.consequence().contains(says), "{}", change.consequence());
    }
}

/// The cluster's version is that of its oldest member (etcd's upgrade guides).
#[test]
fn an_upgrade_that_is_not_done_can_be_taken_back() {
    let with = |versions: [&str; 3]| {
        running(["a", "b", "c"].into_iter().zip(versions).zip(1..).map(|((name, text), port)| {
            let mut member = at(port);
            member.version = version(text);
            (name, member)
        }))
    };
    let all = changes(&with(["3.6.16", "3.5.33", "3.5.33"]), &with(["3.5.33"; 3]));
    assert_eq!(all.iter().map(|change| change.class).collect::<Vec<_>>(), [Class::AskEtcd]);
    let all = changes(&with(["3.6.16"; 3]), &with(["3.5.33"; 3]));
    assert_eq!(accepts(&all), ["etcd = 3.5.33"; 3]);
}

#[test]
fn a_release_that_is_known_to_be_bad_is_refused_as_the_new_one() {
    for (from, then, why) in [
        ("3.5.33", "3.5.2", "13766"),
        ("3.4.27", "3.5.1", "13766"),
        ("3.4.27", "3.5.5", "3.5.6"),
        ("3.5.33", "3.6.0", "3.6.1"),
        ("3.4.27", "3.4.7", "11651"),
        ("3.5.0", "3.5.1", "13766"),
    ] {
        let change = to(from, then);
        assert_eq!(change.class, Class::Refused, "{from} {then}");
        assert!(change.consequence().contains(why), "{from} {then}: {}", change.consequence());
        assert!(change.way().starts_with("install 3."), "{}", change.way());
    }
    // What loses writes of a single member concerns no cluster of three, and what runs already is none.
    assert_eq!(to("3.4.27", "3.4.20").class, Class::Restart);
    assert_eq!(to("3.5.1", "3.5.33").class, Class::Restart);
}

/// A cluster of three has nothing to fear from what concerns one member alone.
#[test]
fn a_bad_release_is_told_by_what_concerns_the_cluster_whatever_the_steps() {
    let said = to("3.5.33", "3.5.2").consequence();
    assert!(!said.contains("14370"), "{said}");
    // `accept` takes the release along.
    for (from, then) in [("3.6.16", "3.5.2"), ("3.7.3", "3.5.2")] {
        let change = to(from, then);
        let said = change.consequence();
        assert!(said.contains("13766") && said.contains("invalid downgrade"), "{said}");
        assert!(change.way().contains("3.5.6 or later"), "{}", change.way());
    }
    let skips = to("3.4.45", "3.6.0").consequence();
    assert!(skips.contains("3.6.1") && skips.contains("one minor version at a time"), "{skips}");
}

/// The cluster's version has not risen, and nothing has to be led back.
#[test]
fn an_upgrade_to_be_taken_back_to_a_bad_release_has_nothing_to_lead_back() {
    let with = |versions: [&str; 3]| {
        running(["a", "b", "c"].into_iter().zip(versions).zip(1..).map(|((name, text), port)| {
            let mut member = at(port);
            member.version = version(text);
            (name, member)
        }))
    };
    let all = changes(&with(["3.6.16", "3.6.16", "3.5.2"]), &with(["3.5.2"; 3]));
    assert_eq!(accepts(&all), ["etcd = 3.5.2"; 2]);
    let change = &all[0];
    assert!(change.consequence().contains("13766"), "{}", change.consequence());
    assert!(change.consequence().contains("has not risen"), "{}", change.consequence());
    assert!(!change.procedure().contains("downgrade"), "{}", change.procedure());
    assert!(!change.way().contains("downgrade"), "{}", change.way());
}
