//! What comes of another value of an option, and how it is done: where there is more to say than of any.

use super::class::Class;
use crate::effective::{ELECTION, HEARTBEAT, QUOTA, quota, timeout};
use core::cmp::Ordering;

/// Which way a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Any.
    Any,
    /// A number gets larger, a switch is turned on, or something comes that was not there.
    Up,
    /// A number gets smaller, a switch is turned off, or something goes.
    Down,
    /// Something is there afterwards, whether it comes or becomes another.
    There,
    /// Any, where the change is of that class.
    Of(Class),
}

/// Holds what is to be said of an option that goes a way.
struct Words {
    options: &'static [&'static str],
    way: Way,
    consequence: &'static str,
    how: Option<&'static str>,
}

const TLS_FIRST: &str =
    "give every machine its certificate first, then restart one member at a time";
const FILE_FIRST: &str = "copy `certs/` to the node before its restart";
const TELL: &str = "tell those who dial it, then restart one member at a time";

/// With sources: sections of this project's list of facts that were tried, or etcd's own files.
const ALL: &[Words] = &[
    Words {
        options: &["data-dir"],
        way: Way::Any,
        consequence: "the member starts on a folder without its data: `member … has already been \
                      bootstrapped`, or the panic `tocommit(…) is out of range [lastIndex(0)]`; all of \
                      them at once begin an empty cluster, which looks healthy (seen on 3.4.23 and 3.6.16)",
        how: Some(
            "write the former folder again\naccept it, and move the data with `mv`, one member at a time, while \
             it is stopped",
        ),
    },
    Words {
        options: &["wal-dir"],
        way: Way::Any,
        consequence: "the member starts without its log: `member … has already been bootstrapped`; all of \
                      them at once take no writes, or come up around what their databases had (seen on 3.4.23 \
                      and 3.6.16)",
        how: Some(
            "write the former folder again\naccept it, and move the log with `mv`, one member at a time, while \
             it is stopped",
        ),
    },
    Words {
        options: &["initial-cluster-token"],
        way: Way::Any,
        consequence: "all IDs of a cluster follow from its first token: members that run keep theirs, and \
                      one that starts with the other token on an empty folder is of another cluster: `request \
                      cluster ID mismatch` (seen on 3.4.23 and 3.6.16)",
        how: Some(
            "write the former token again: it is nothing but a name, and never has to change",
        ),
    },
    Words {
        options: &["unsafe-no-fsync"],
        way: Way::Up,
        consequence: "etcd answers before a write is on the disk: a crash of the machines loses writes that \
                      were acknowledged, and nothing tells",
        how: Some("leave it out; a faster disk for `wal-dir` helps as well"),
    },
    Words {
        options: &["quota-backend-bytes"],
        way: Way::Down,
        consequence: "a database that is larger than its quota makes the cluster read-only at the next \
                      write, on every member: `mvcc: database space exceeded` and the alarm NOSPACE, which \
                      stays until it is disarmed (seen on 3.4.23 and 3.6.16)",
        how: Some(
            "look first: every member's db, times 1.2, has to be below the new quota (`etcdctl endpoint \
             status -w table`), or else compact and `defrag` one member at a time before",
        ),
    },
    Words {
        options: &["quota-backend-bytes"],
        way: Way::Up,
        consequence: "the smallest quota of all members decides; where the alarm NOSPACE is on, writes stay \
                      refused with the larger one too, until it is disarmed (seen on 3.4.23 and 3.6.16)",
        how: Some(
            "restart all members, one at a time; then `etcdctl alarm disarm`, and one write that succeeds",
        ),
    },
    Words {
        options: &["election-timeout", "heartbeat-interval"],
        way: Way::Up,
        consequence: "a leader that sends its heartbeats more rarely than others wait for them is deposed \
                      within seconds (seen on 3.4.23 and 3.6.16)",
        how: Some(
            "`election-timeout` on all members first, then `heartbeat-interval`; one member at a time, the \
             leader last",
        ),
    },
    Words {
        options: &["election-timeout", "heartbeat-interval"],
        way: Way::Down,
        consequence: "a member that waits for a shorter time than others send heartbeats stands for \
                      election again and again",
        how: Some(
            "`heartbeat-interval` on all members first, then `election-timeout`; one member at a time, the \
             leader last",
        ),
    },
    Words {
        options: &["auth-token"],
        way: Way::Any,
        consequence: "tokens of the former kind end with the restart of the member that made them, and one \
                      that a member makes is none to another of the other kind: `invalid auth token`; \
                      clients that use a password log in again, those with certificates notice nothing",
        how: None,
    },
    Words {
        options: &["auto-compaction-retention"],
        way: Way::Down,
        consequence: "etcd then keeps all history, and its database grows until a client compacts it: an \
                      API server does so every five minutes, and takes the role root where authentication \
                      is on, from 3.5 on (`permission denied`; etcd issue 8458)",
        how: Some("leave it as it is, unless a client is known to compact"),
    },
    Words {
        options: &["client-cert-auth", "peer-client-cert-auth"],
        way: Way::Up,
        consequence: "who has no certificate is cut off from each member's restart on: `tls: client didn't \
                      provide a certificate`",
        how: Some(TLS_FIRST),
    },
    Words {
        options: &["client-cert-auth"],
        way: Way::Down,
        consequence: "a certificate is no user of etcd's any more: where its authentication is on, who \
                      logs in by certificate gets `user name is empty` from each member's restart on, and \
                      so does this program without a password",
        how: Some(
            "see that authentication is off: `etcdctl user list` answers a client without any role; \
             where it is on, give each client a user with a password, and this program one with the \
             role root: `ETCDCTL_USER` and `ETCDCTL_PASSWORD`",
        ),
    },
    Words {
        options: &[
            "peer-cert-allowed-cn",
            "peer-cert-allowed-hostname",
            "client-cert-allowed-hostname",
        ],
        way: Way::There,
        consequence: "who shows a certificate without such a name is cut off from each member's restart on",
        how: Some(TLS_FIRST),
    },
    Words {
        options: &["tls-min-version", "tls-max-version", "cipher-suites"],
        way: Way::Of(Class::Refused),
        consequence: "members that were restarted and those that were not speak with each other until all \
                      were; without a version of TLS, or a cipher suite of 1.2, in common they refuse each other: `tls: client offered \
                      only unsupported versions` (seen on 3.5.33 and 3.6.16)",
        how: Some(
            "in two steps: allow both, roll that out to every member, record it; then allow the new one alone",
        ),
    },
    Words {
        options: &["client-crl-file", "peer-crl-file"],
        way: Way::Up,
        consequence: "a member refuses everyone where the file is missing or no list; until its restart, who \
                      is revoked gets in",
        how: Some(FILE_FIRST),
    },
    Words {
        options: &["client-crl-file", "peer-crl-file"],
        way: Way::Down,
        consequence: "from each member's restart on, who is revoked gets in again",
        how: None,
    },
    Words {
        options: &["v2-deprecation"],
        way: Way::Of(Class::AskEtcd),
        consequence: "a member with data of the second API does not start: `detected disallowed custom \
                      content in v2store for stage --v2-deprecation=…`, exit 1",
        how: Some(
            "look first, on each node: `etcdutl check v2store --data-dir DATA-DIR`, beside the running etcd, \
             has to end with 0",
        ),
    },
    Words {
        options: &["enable-v2", "experimental-enable-v2v3"],
        way: Way::Down,
        consequence: "clients of the second API are answered with 404 from each member's restart on; its \
                      data stays",
        how: None,
    },
    Words {
        options: &["listen-client-http-urls"],
        way: Way::Up,
        consequence: "the client port then serves gRPC alone: the JSON gateway, `/metrics` and `/health` move; \
                      before 3.5.32 and 3.6.13 it ignores the list of revoked certificates as well \
                      (GHSA-3wh4-j44w-pg92)",
        how: Some(TELL),
    },
    Words {
        options: &["enable-grpc-gateway"],
        way: Way::Down,
        consequence: "clients that speak JSON, such as Patroni and APISIX, are answered with 404",
        how: None,
    },
    Words {
        options: &["listen-client-urls", "listen-peer-urls", "listen-metrics-urls"],
        way: Way::Any,
        consequence: "from its restart on the member answers there alone; it does not start where the node \
                      has no such address (`bind: cannot assign requested address`), or another program \
                      the port (`address already in use`)",
        how: Some(TELL),
    },
    Words {
        options: &["advertise-client-urls"],
        way: Way::Any,
        consequence: "other members and clients that ask for endpoints are told the new ones after the \
                      restart; those with a list of their own keep dialling the former ones",
        how: Some(
            "give clients a list with former and new endpoints, restart one member at a time, then take the \
             former ones out",
        ),
    },
    Words {
        options: &["strict-reconfig-check"],
        way: Way::Down,
        consequence: "etcd then takes a change of members that loses the quorum",
        how: None,
    },
    Words {
        options: &["max-learners"],
        way: Way::Any,
        consequence: "each member judges a new learner by itself: some would take it in, and others not",
        how: Some("add no learner before all members were restarted"),
    },
    Words {
        options: &["log-outputs", "log-output"],
        way: Way::Any,
        consequence: "from its restart on the member's log is elsewhere; it does not start where it cannot \
                      open the file: `open sink …: permission denied`",
        how: None,
    },
    Words {
        options: &["memory-mlock", "experimental-memory-mlock"],
        way: Way::Up,
        consequence: "the member does not start where its account may not lock as much memory",
        how: None,
    },
];

/// Returns what comes of another value of this option, where there is more to say than of any.
pub(super) fn consequence(
    name: &str,
    from: Option<&str>,
    to: Option<&str>,
    class: Class,
) -> Option<&'static str> {
    of(name, from, to, class).map(|words| words.consequence)
}

/// Returns how it is done, likewise.
pub(super) fn how(
    name: &str,
    from: Option<&str>,
    to: Option<&str>,
    class: Class,
) -> Option<&'static str> {
    of(name, from, to, class).and_then(|words| words.how)
}

fn of(name: &str, from: Option<&str>, to: Option<&str>, class: Class) -> Option<&'static Words> {
    let goes = goes(name, from, to);
    let is_way = |way: Way| match way {
        Way::Any => true,
        Way::There => goes != Way::Down,
        Way::Of(one) => class == one,
        Way::Up | Way::Down => way == goes,
    };
    let is_it = |words: &&Words| words.options.contains(&name) && is_way(words.way);
    ALL.iter().find(is_it)
}

fn goes(name: &str, from: Option<&str>, to: Option<&str>) -> Way {
    let ordering = match name {
        QUOTA => quota(to).cmp(&quota(from)),
        HEARTBEAT | ELECTION => timeout(name, to).cmp(&timeout(name, from)),
        // What is on where nothing is written: else it would be no change to write that it is off.
        _ if (from, to) == (None, Some("false")) => Ordering::Less,
        _ if (from, to) == (Some("false"), None) => Ordering::Greater,
        // From one value to another that is there, it goes nowhere.
        _ => is_on(to).cmp(&is_on(from)),
    };
    match ordering {
        Ordering::Less => Way::Down,
        Ordering::Equal => Way::Any,
        Ordering::Greater => Way::Up,
    }
}

/// Tells whether something is there, and does not say that it is none.
fn is_on(value: Option<&str>) -> bool {
    !matches!(value, None | Some("" | "false" | "0" | "0s"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::option::find;

    #[test]
    fn what_is_on_by_default_is_told_when_it_is_switched_off() {
        for (name, words) in [
            ("enable-grpc-gateway", "404"),
            ("strict-reconfig-check", "quorum"),
            ("enable-v2", "404"),
        ] {
            let off = consequence(name, None, Some("false"), Class::Restart);
            assert_eq!(
                off,
                consequence(name, Some("true"), Some("false"), Class::Restart),
                "{name}"
            );
            assert!(off.is_some_and(|off| off.contains(words)), "{name}: {off:?}");
            let on = consequence(name, Some("false"), None, Class::Restart);
            assert_eq!(
                on,
                consequence(name, Some("false"), Some("true"), Class::Restart),
                "{name}"
            );
        }
    }

    #[test]
    fn each_option_that_is_spoken_of_exists() {
        for name in ALL.iter().flat_map(|words| words.options) {
            assert!(find(name).is_some(), "{name}");
        }
    }

    #[test]
    fn ways_are_told_apart() {
        for (name, from, to, way) in [
            ("quota-backend-bytes", None, Some("8589934592"), Way::Up),
            ("quota-backend-bytes", Some("8589934592"), Some("0"), Way::Down),
            ("quota-backend-bytes", Some("8589934592"), Some("-1"), Way::Up),
            ("quota-backend-bytes", Some("x"), None, Way::Any),
            ("heartbeat-interval", None, Some("99"), Way::Down),
            ("election-timeout", Some("1000"), Some("2000"), Way::Up),
            ("unsafe-no-fsync", None, Some("true"), Way::Up),
            ("unsafe-no-fsync", Some("true"), Some("false"), Way::Down),
            ("auto-compaction-retention", Some("10h"), Some("0"), Way::Down),
            ("auto-compaction-retention", Some("10h"), Some("1h"), Way::Any),
        ] {
            assert_eq!(goes(name, from, to), way, "{name} {from:?} {to:?}");
        }
    }
}
