//! Options that all members must have alike.

use crate::check::relations::subject::{Placed, Subject};
use crate::diagnostic::{Diagnostic, Diagnostics};
use bouquet_model::option::quota;

/// An option, what a member has of it, and what comes of members that have it differently.
struct Alike {
    option: &'static str,
    shown: fn(Placed<'_>) -> String,
    note: &'static str,
}

const ALL: &[Alike] = &[
    // etcd's documentation: these are to be the same on all members.
    Alike {
        option: "heartbeat-interval",
        shown: |placed| number(placed, "heartbeat-interval", 100),
        note: "members that wait differently long elect leaders for ever",
    },
    Alike {
        option: "election-timeout",
        shown: |placed| number(placed, "election-timeout", 1000),
        note: "members that wait differently long elect leaders for ever",
    },
    // `applyConfChange` in etcd's `etcdserver/server.go` has each member ask
    // `ValidateConfigurationChange` by itself.
    Alike {
        option: "max-learners",
        shown: |placed| number(placed, "max-learners", 1),
        note: "each member judges a new learner by itself: some would take it in, and others not",
    },
    // `applierV3Capped` in etcd's `etcdserver/apply.go`: the alarm NOSPACE of one is everybody's.
    Alike {
        option: "quota-backend-bytes",
        shown: |placed| match quota(placed.int("quota-backend-bytes")) {
            i64::MAX => "no limit".to_owned(),
            bytes => bytes.to_string(),
        },
        note: "the smallest decides for all: when it is reached, the whole cluster takes no more writes",
    },
    // `NewTokenProvider` in etcd's `auth/store.go`: anyone who asks another member shows it the token.
    Alike {
        option: "auth-token",
        shown: |placed| tokens(&placed.text("auth-token").unwrap_or_default()),
        note: "a token that one member makes is none to another",
    },
];

pub(super) fn check(subject: &Subject<'_>, found: &mut Diagnostics) {
    for Alike { option, shown, note } in ALL {
        let mut members = subject.members();
        let Some(first) = members.next() else { return };
        let Some(other) = members.find(|member| shown(*member) != shown(first)) else { continue };
        found.push(
            Diagnostic::error(format!(
                "`{option}` differs between members: {} on `{}`, {} on `{}`",
                shown(first),
                first.member.name,
                shown(other),
                other.member.name
            ))
            .at(subject.option_span(other, option), "")
            .also(subject.option_span(first, option), "")
            .note(*note)
            .help(format!("write `{option}` once, under [etcd]")),
        );
    }
}

fn number(placed: Placed<'_>, option: &str, default: i64) -> String {
    placed.int(option).unwrap_or(default).to_string()
}

/// Returns the kind of tokens and the method that signs them; some members may have the public key alone.
fn tokens(written: &str) -> String {
    let mut parts = written.split(',');
    let kind = parts.next().filter(|kind| !kind.is_empty()).unwrap_or("simple");
    let method = parts.find_map(|part| part.strip_prefix("sign-method="));
    method.map_or_else(|| kind.to_owned(), |method| format!("{kind} by {method}"))
}
