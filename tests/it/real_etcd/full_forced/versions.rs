//! A minor that is skipped, one that is gone back to, and one that is taken back half-way.

use super::{Forced, Side, THREE, refused};
use bouquet_model::change::{Class, changes};
use bouquet_model::running::Running;

/// From a release to another on one member: what that member says, and whether the cluster writes on.
const ROWS: [(&str, &str, &str, bool); 6] = [
    (
        "3.4.23",
        "3.6.16",
        // For want of a term or of a plan, by the moment at which it was stopped.
        "failed to update storage version",
        false,
    ),
    ("3.4.23", "3.7.3", "panic: execute job failed", true),
    ("3.5.33", "3.7.3", "panic: execute job failed", true),
    ("3.5.33", "3.4.23", "cluster cannot be downgraded", true),
    ("3.6.16", "3.5.33", "invalid downgrade; server version is lower than determined", true),
    ("3.7.3", "3.6.16", "version \\\"3.7.0\\\" is not supported", true),
];

#[test]
fn a_minor_that_is_skipped_or_gone_back_to_is_refused_by_etcd_too() {
    for (from, to, says, writes) in ROWS {
        let forced = Forced::new();
        let rest = format!("[etcd]\ndata-dir = 'FOLDER/data'\n{THREE}");
        let before = forced.build(&Side { release: from, rest: &rest }, "forced");
        let after = forced.build(&Side { release: to, rest: &rest }, "forced");
        assert!(!refused(&before, &after).is_empty(), "{from} to {to} is refused");
        let then = if writes {
            "answers || refuse the others serve"
        } else {
            "if answers; then refuse they serve; fi"
        };
        forced.script(
            &[from, to],
            &before,
            &after,
            &format!(
                // Every four seconds etcd looks which version all have in common, and notes it in its data
                // (`monitorVersionInterval` in its `etcdserver/server.go`).
                "sleep 9
                 stop a; forget a; run a {to} \"$AFTER\"
                 within 20 says a '{says}'
                 {then}"
            ),
        );
    }
}

/// The cluster's version is that of its oldest member, and rises with the last one that is upgraded.
#[test]
fn an_upgrade_of_one_member_can_be_taken_back_as_long_as_another_was_not_upgraded() {
    for (from, to) in [("3.4.23", "3.5.33"), ("3.5.33", "3.6.16"), ("3.6.16", "3.7.3")] {
        let forced = Forced::new();
        // The snapshot files that 3.5 wants of 3.4.
        let rest = format!("[etcd]\ndata-dir = 'FOLDER/data'\nsnapshot-count = 100\n{THREE}");
        let before = forced.build(&Side { release: from, rest: &rest }, "forced");
        let after = forced.build(&Side { release: to, rest: &rest }, "forced");
        let [old, new] = [&before, &after].map(|output| Running::of(&output.cluster, &[]));
        let mut half = old.clone();
        half.members.insert("a".into(), new.members["a"].clone());
        let back: Vec<_> = changes(&half, &old).iter().map(|change| change.class).collect();
        assert_eq!(back, [Class::AskEtcd], "{from} {to}");
        let back: Vec<_> = changes(&new, &old).iter().map(|change| change.class).collect();
        assert_eq!(back, [Class::Refused; 3], "{from} {to}");
        forced.script(
            &[from, to],
            &before,
            &after,
            &format!(
                "for i in $(seq 120); do ask put \"key-$i\" old >/dev/null; done
                 stop a; run a {to} \"$AFTER\"; healthy
                 for i in $(seq 120); do ask put \"key-$i\" new >/dev/null; done
                 stop a; forget a; run a {from} \"$BEFORE\"; healthy
                 stop b; sleep 1
                 [ \"$(ask get --prefix key- --print-value-only | grep -c new)\" = 120 ] || refuse writes are lost
                 answers || refuse a does not count
                 run b {from} \"$BEFORE\"; healthy
                 [ \"$(ask member list | wc -l)\" = 3 ] || refuse members are lost"
            ),
        );
    }
}
