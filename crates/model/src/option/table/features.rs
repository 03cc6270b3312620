//! Periodic checks, warnings and what etcd calls experimental; feature gates; what is unsafe.

use crate::option::etcd_option::EtcdOption;
use crate::option::kind::{Item, Kind};
use crate::option::limits::Limits;
use crate::option::row::{
    BOOL, COUNT_OR_ZERO, DURATION, DURATION_OR_ZERO, MILLISECOND, MINUTE, NANOSECOND, PATH, SECOND,
    list, row,
};
use crate::option::versions::Versions;
use crate::version::Minor::{V3_4, V3_5, V3_6};

const OLD: Versions = Versions::until(V3_6);
const OLD_SINCE_3_5: Versions = Versions::between(V3_5, V3_6);
const NEW: Versions = Versions::since(V3_6);

/// A time of more than none: etcd refuses to start with a pause that would never end.
const MORE_THAN_NONE: Kind = Kind::Duration(Limits::from(NANOSECOND));

/// 0 is etcd's default, and anything shorter is raised (`minWatchProgressInterval` in etcd's
/// `etcdserver/api/v3rpc/watch.go`).
const PROGRESS_TIME: Kind = Kind::Duration(Limits::from(100 * MILLISECOND).or(&[0]));
const PROGRESS_LIMIT: &str = "etcd raises anything shorter to 100ms";

/// The mebibytes become bytes in 64 bits: what overflows is a threshold of nearly nothing
/// (`maybeDefragBackend` in etcd's `etcdserver/bootstrap.go`).
const MEBIBYTES: Kind = Kind::Int(Limits::from(0).to((1 << 44) - 1));
const MEBIBYTES_LIMIT: &str =
    "etcd counts the bytes in 64 bits, and would defragment at every start";

/// 0 is etcd's default (`start` in etcd's `etcdserver/server.go`). From the YAML file of 3.6 it comes
/// through a float of 64 bits (`configFromFile` in `embed/config.go`).
const CATCH_UP_ENTRIES: Kind = Kind::Int(Limits::from(1).to(1 << 53));
const CATCH_UP_LIMIT: &str = "etcd takes 0 for its default of 5000";

const CORRUPT_CHECK: &str = "Time between two comparisons of the members' data; 0 compares never";
const HASH_CHECK: &str = "Time between two comparisons of the members' compaction hashes";
const HASH_LIMIT: &str = "etcd wants more than 0";
const BATCH: &str = "Most revisions that a step of compaction deletes; 0 is 1000";
const SLEEP: &str = "Pause between two steps of compaction; 0 is 10ms";
const PROGRESS: &str = "Time between two progress notices to watchers; 0 is 10m";
const DOWNGRADE: &str = "Time between two looks at whether a downgrade is asked for";
const APPLY: &str = "Time to apply a request beyond which etcd warns";
const UNARY: &str = "Time to answer a request beyond which etcd warns";
const DEFRAG: &str = "Space a defragmentation at start must win to be done; 0 does none";
const CATCH_UP: &str = "Entries kept for a slow follower to catch up with";

const CORRUPT_OFTEN: &str = "every member reads its whole database each time";
const HASH_OFTEN: &str = "the leader asks every member each time";
const BATCH_SMALL: &str = "a compaction pauses after every step, and takes very long";
const SLEEP_LONG: &str =
    "a compaction takes this long for every step, and the next one waits for it";
const DOWNGRADE_OFTEN: &str = "the leader looks at every member's version each time";
const LOG_MUCH: &str = "nearly every request becomes a line of the log";
const MEBIBYTES_MANY: &str = "it counts mebibytes, and no database of etcd has that many";
const CATCH_UP_MANY: &str = "etcd keeps them in memory";

const FORCE: &str = "it rescues one member's data when all others are lost: once, by hand, \
    never as a matter of course";
const CONFIG_FILE: &str = "etcd ignores every other option beside it; what is described here \
    can be had as such a file";

pub(super) const ROWS: &[EtcdOption] = &[
    // The leader alone does it (`monitorKVHash` and `monitorCompactHash` in etcd's `etcdserver/server.go`,
    // `isPrimary` in its `lease/lessor.go`).
    row("experimental-corrupt-check-time", DURATION_OR_ZERO)
        .everywhere()
        .means(CORRUPT_CHECK)
        .rarely_below(MINUTE, CORRUPT_OFTEN)
        .only(OLD)
        .default_is("0s")
        .deprecated(V3_6)
        .renamed("corrupt-check-time"),
    row("experimental-compact-hash-check-time", MORE_THAN_NONE)
        .everywhere()
        .means(HASH_CHECK)
        .rarely_below(SECOND, HASH_OFTEN)
        .limit(HASH_LIMIT)
        .only(OLD_SINCE_3_5.from(V3_5, 5))
        .default_is("1m")
        .deprecated(V3_6)
        .renamed("compact-hash-check-time"),
    row("experimental-compaction-batch-limit", COUNT_OR_ZERO)
        .means(BATCH)
        .rarely_below(10, BATCH_SMALL)
        .counts("revisions")
        .only(OLD)
        .default_is("0")
        .deprecated(V3_6)
        .renamed("compaction-batch-limit"),
    row("experimental-compaction-sleep-interval", DURATION_OR_ZERO)
        .means(SLEEP)
        .rarely_above(10 * SECOND, SLEEP_LONG)
        .only(OLD_SINCE_3_5.from(V3_5, 16))
        .default_is("0s")
        .deprecated(V3_6)
        .renamed("compaction-sleep-interval"),
    row("experimental-watch-progress-notify-interval", PROGRESS_TIME)
        .means(PROGRESS)
        .limit(PROGRESS_LIMIT)
        .only(OLD.from(V3_4, 11))
        .default_is("0s")
        .deprecated(V3_6)
        .renamed("watch-progress-notify-interval"),
    row("experimental-downgrade-check-time", DURATION_OR_ZERO)
        .means(DOWNGRADE)
        .rarely_below(SECOND, DOWNGRADE_OFTEN)
        .only(OLD_SINCE_3_5)
        .default_is("5s")
        .deprecated(V3_6)
        .renamed("downgrade-check-time"),
    row("experimental-warning-apply-duration", DURATION)
        .means(APPLY)
        .rarely_below(MILLISECOND, LOG_MUCH)
        .only(OLD.from(V3_4, 16))
        .default_is("100ms")
        .deprecated(V3_6)
        .renamed("warning-apply-duration"),
    row("experimental-warning-unary-request-duration", DURATION)
        .means(UNARY)
        .rarely_below(MILLISECOND, LOG_MUCH)
        .only(Versions::between(V3_6, V3_6))
        .deprecated(V3_6)
        .renamed("warning-unary-request-duration"),
    row("experimental-bootstrap-defrag-threshold-megabytes", MEBIBYTES)
        .means(DEFRAG)
        .limit(MEBIBYTES_LIMIT)
        .rarely_above(1 << 20, MEBIBYTES_MANY)
        .counts("mebibytes")
        .only(OLD_SINCE_3_5)
        .default_is("0")
        .deprecated(V3_6)
        .renamed("bootstrap-defrag-threshold-megabytes"),
    // The YAML key hyphenates `catch-up`, the flag does not (etcd pull request 15033).
    row("experimental-snapshot-catchup-entries", CATCH_UP_ENTRIES)
        .means(CATCH_UP)
        .too_little(CATCH_UP_LIMIT)
        .rarely_above(1_000_000, CATCH_UP_MANY)
        .counts("entries")
        .only(OLD_SINCE_3_5.from(V3_5, 14))
        .yaml_at(&["experimental-snapshot-catch-up-entries"])
        .default_is("5000")
        .deprecated(V3_6)
        .renamed("snapshot-catchup-entries"),
    row("experimental-initial-corrupt-check", BOOL)
        .means("Whether to compare the data with other members before serving")
        .only(OLD)
        .default_is("false")
        .deprecated(V3_6)
        .gate("InitialCorruptCheck"),
    row("experimental-compact-hash-check-enabled", BOOL)
        .everywhere()
        .means("Whether the leader compares the members' compaction hashes")
        .only(OLD_SINCE_3_5.from(V3_5, 5))
        .default_is("false")
        .deprecated(V3_6)
        .gate("CompactHashCheck"),
    row("experimental-enable-lease-checkpoint", BOOL)
        .everywhere()
        .means("Whether leases keep their remaining time when the leader changes")
        .only(OLD)
        .default_is("false")
        .deprecated(V3_6)
        .gate("LeaseCheckpoint"),
    row("experimental-enable-lease-checkpoint-persist", BOOL)
        .everywhere()
        .means("Whether that time is stored, too; needs `experimental-enable-lease-checkpoint`")
        .only(OLD.from(V3_4, 20).from(V3_5, 2))
        .default_is("false")
        .deprecated(V3_6)
        .gate("LeaseCheckpointPersist"),
    row("experimental-stop-grpc-service-on-defrag", BOOL)
        .means("Whether to send clients elsewhere during a defragmentation")
        .only(OLD_SINCE_3_5.from(V3_5, 14))
        .default_is("false")
        .deprecated(V3_6)
        .gate("StopGRPCServiceOnDefrag"),
    row("experimental-txn-mode-write-with-shared-buffer", BOOL)
        .means("Whether a write transaction's own reads share its buffer")
        .only(OLD_SINCE_3_5)
        .default_is("true")
        .deprecated(V3_6)
        .gate("TxnModeWriteWithSharedBuffer"),
    row("corrupt-check-time", DURATION_OR_ZERO)
        .everywhere()
        .means(CORRUPT_CHECK)
        .rarely_below(MINUTE, CORRUPT_OFTEN)
        .only(NEW)
        .default_is("0s"),
    row("compact-hash-check-time", MORE_THAN_NONE)
        .everywhere()
        .means(HASH_CHECK)
        .rarely_below(SECOND, HASH_OFTEN)
        .limit(HASH_LIMIT)
        .only(NEW)
        .default_is("1m"),
    row("compaction-batch-limit", COUNT_OR_ZERO)
        .means(BATCH)
        .rarely_below(10, BATCH_SMALL)
        .counts("revisions")
        .only(NEW)
        .default_is("0"),
    row("compaction-sleep-interval", DURATION_OR_ZERO)
        .means(SLEEP)
        .rarely_above(10 * SECOND, SLEEP_LONG)
        .only(NEW)
        .default_is("0s"),
    row("watch-progress-notify-interval", PROGRESS_TIME)
        .means(PROGRESS)
        .limit(PROGRESS_LIMIT)
        .only(NEW)
        .default_is("0s"),
    row("downgrade-check-time", DURATION_OR_ZERO)
        .means(DOWNGRADE)
        .rarely_below(SECOND, DOWNGRADE_OFTEN)
        .only(NEW)
        .default_is("5s"),
    row("warning-apply-duration", DURATION)
        .means(APPLY)
        .rarely_below(MILLISECOND, LOG_MUCH)
        .only(NEW)
        .default_is("100ms"),
    row("warning-unary-request-duration", DURATION)
        .means(UNARY)
        .rarely_below(MILLISECOND, LOG_MUCH)
        .only(NEW)
        .default_is("300ms"),
    row("bootstrap-defrag-threshold-megabytes", MEBIBYTES)
        .means(DEFRAG)
        .limit(MEBIBYTES_LIMIT)
        .rarely_above(1 << 20, MEBIBYTES_MANY)
        .counts("mebibytes")
        .only(NEW)
        .default_is("0"),
    row("snapshot-catchup-entries", CATCH_UP_ENTRIES)
        .means(CATCH_UP)
        .too_little(CATCH_UP_LIMIT)
        .rarely_above(1_000_000, CATCH_UP_MANY)
        .counts("entries")
        .only(NEW)
        .default_is("5000"),
    row("feature-gates", list(Item::Gate))
        .everywhere()
        .means("Features to turn on or off: `Gate=true`")
        .only(NEW),
    row("unsafe-no-fsync", BOOL)
        .can_lose_data()
        .means("Whether to skip every fsync: fast, but a crash loses data")
        .only(Versions::ALL.from(V3_4, 10))
        .default_is("false"),
    row("force-new-cluster", BOOL)
        .can_lose_data()
        .means("Whether to throw all other members out and go on alone")
        .default_is("false")
        .refused(FORCE),
    row("config-file", PATH)
        .means("A YAML file that takes the place of all other options")
        .no_yaml()
        .refused(CONFIG_FILE),
    row("version", BOOL)
        .means("Print etcd's version and exit")
        .no_yaml()
        .default_is("false")
        .refused("etcd would print its version and exit"),
];
