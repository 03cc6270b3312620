//! Options that etcd takes and never looks at, because of another.

use crate::check::relations::gates::is_on;
use crate::check::relations::subject::{Placed, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics};

/// Options that have no effect without something else: what that is, whether it is there, and how it is had.
struct Idle {
    options: &'static [&'static str],
    without: &'static str,
    is_there: fn(Placed<'_>) -> bool,
    help: &'static str,
}

const TRACING: [&str; 2] =
    ["enable-distributed-tracing", "experimental-enable-distributed-tracing"];

const ALL: &[Idle] = &[
    Idle {
        options: &[
            "distributed-tracing-address",
            "distributed-tracing-instance-id",
            "distributed-tracing-sampling-rate",
            "distributed-tracing-service-name",
            "experimental-distributed-tracing-address",
            "experimental-distributed-tracing-instance-id",
            "experimental-distributed-tracing-sampling-rate",
            "experimental-distributed-tracing-service-name",
        ],
        without: "distributed tracing",
        is_there: |placed| TRACING.iter().any(|name| placed.flag(name) == Some(true)),
        help: "turn it on, by `enable-distributed-tracing` or what it was called before, or remove this",
    },
    Idle {
        options: &["compact-hash-check-time", "experimental-compact-hash-check-time"],
        without: "`CompactHashCheck`",
        is_there: |placed| is_on(placed, "CompactHashCheck"),
        help: "turn it on, by its gate or by `experimental-compact-hash-check-enabled`, or remove this",
    },
    // `setupLogging` in 3.4's `embed/config_logging.go`.
    Idle {
        options: &["log-package-levels"],
        without: "the logger `capnslog`",
        is_there: |placed| placed.text("logger").as_deref() != Some("zap"),
        help: "remove it: `zap` has one level for all, `log-level`",
    },
    // `newTokenProviderJWT` in etcd's `auth/jwt.go`: its tokens have a time of their own.
    Idle {
        options: &["auth-token-ttl"],
        without: "`simple` tokens",
        is_there: |placed| placed.text("auth-token").is_none_or(|text| !text.starts_with("jwt")),
        help: "write `ttl=…` in `auth-token`, or remove this",
    },
];

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    for idle in ALL {
        for option in idle.options {
            for placed in subject.writers(option) {
                if !(idle.is_there)(placed) {
                    found.push(
                        Diagnostic::warning(format!("`{option}` without {}", idle.without))
                            .at(subject.option_span(placed, option), "etcd would not look at it")
                            .help(idle.help),
                    );
                }
            }
        }
    }
}
