//! A minor that is skipped, and one that is gone back to.

use super::{Forced, Side, THREE, refused};

/// From a release to another on one member: what that member says, and whether the cluster writes on.
const ROWS: [(&str, &str, &str, bool); 6] = [
    (
        "3.4.23",
        "3.6.16",
        "cannot create migration plan: version \\\"3.5.0\\\" is not supported",
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
                "stop a; forget a; run a {to} \"$AFTER\"
                 within 20 says a '{says}'
                 {then}"
            ),
        );
    }
}
