//! Periodic checks, warnings and what etcd calls experimental; feature gates; what is unsafe.

use crate::option::duration::GoDuration;
use crate::option::etcd_option::EtcdOption;
use crate::option::kind::{Item, Kind};
use crate::option::row::{BOOL, COUNT, DURATION, PATH, list, row};
use crate::option::versions::Versions;
use crate::version::Minor::{V3_4, V3_5, V3_6};

const OLD: Versions = Versions::until(V3_6);
const OLD_SINCE_3_5: Versions = Versions::between(V3_5, V3_6);
const NEW: Versions = Versions::since(V3_6);

/// A pause of no time would never end: etcd refuses to start.
const MORE_THAN_NONE: Kind = Kind::Duration { min: GoDuration::from_nanos(1) };

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

const FORCE: &str = "it rescues one member's data when all others are lost: once, by hand, \
    never as a matter of course";
const CONFIG_FILE: &str = "etcd ignores every other option beside it; what is described here \
    can be had as such a file";

pub(super) const ROWS: &[EtcdOption] = &[
    row("experimental-corrupt-check-time", DURATION)
        .means(CORRUPT_CHECK)
        .only(OLD)
        .default_is("0s")
        .deprecated(V3_6)
        .renamed("corrupt-check-time"),
    row("experimental-compact-hash-check-time", MORE_THAN_NONE)
        .means(HASH_CHECK)
        .limit(HASH_LIMIT)
        .only(OLD_SINCE_3_5.from(V3_5, 5))
        .default_is("1m")
        .deprecated(V3_6)
        .renamed("compact-hash-check-time"),
    row("experimental-compaction-batch-limit", COUNT)
        .means(BATCH)
        .counts("revisions")
        .only(OLD)
        .default_is("0")
        .deprecated(V3_6)
        .renamed("compaction-batch-limit"),
    row("experimental-compaction-sleep-interval", DURATION)
        .means(SLEEP)
        .only(OLD_SINCE_3_5.from(V3_5, 16))
        .default_is("0s")
        .deprecated(V3_6)
        .renamed("compaction-sleep-interval"),
    row("experimental-watch-progress-notify-interval", DURATION)
        .means(PROGRESS)
        .only(OLD.from(V3_4, 11))
        .default_is("0s")
        .deprecated(V3_6)
        .renamed("watch-progress-notify-interval"),
    row("experimental-downgrade-check-time", DURATION)
        .means(DOWNGRADE)
        .only(OLD_SINCE_3_5)
        .default_is("5s")
        .deprecated(V3_6)
        .renamed("downgrade-check-time"),
    row("experimental-warning-apply-duration", DURATION)
        .means(APPLY)
        .only(OLD.from(V3_4, 16))
        .default_is("100ms")
        .deprecated(V3_6)
        .renamed("warning-apply-duration"),
    row("experimental-warning-unary-request-duration", DURATION)
        .means(UNARY)
        .only(Versions::between(V3_6, V3_6))
        .deprecated(V3_6)
        .renamed("warning-unary-request-duration"),
    row("experimental-bootstrap-defrag-threshold-megabytes", COUNT)
        .means(DEFRAG)
        .counts("mebibytes")
        .only(OLD_SINCE_3_5)
        .default_is("0")
        .deprecated(V3_6)
        .renamed("bootstrap-defrag-threshold-megabytes"),
    // The YAML key hyphenates `catch-up`, the flag does not (etcd pull request 15033).
    row("experimental-snapshot-catchup-entries", COUNT)
        .means(CATCH_UP)
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
        .means("Whether the leader compares the members' compaction hashes")
        .only(OLD_SINCE_3_5.from(V3_5, 5))
        .default_is("false")
        .deprecated(V3_6)
        .gate("CompactHashCheck"),
    row("experimental-enable-lease-checkpoint", BOOL)
        .means("Whether leases keep their remaining time when the leader changes")
        .only(OLD)
        .default_is("false")
        .deprecated(V3_6)
        .gate("LeaseCheckpoint"),
    row("experimental-enable-lease-checkpoint-persist", BOOL)
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
    row("corrupt-check-time", DURATION).means(CORRUPT_CHECK).only(NEW).default_is("0s"),
    row("compact-hash-check-time", MORE_THAN_NONE)
        .means(HASH_CHECK)
        .limit(HASH_LIMIT)
        .only(NEW)
        .default_is("1m"),
    row("compaction-batch-limit", COUNT).means(BATCH).counts("revisions").only(NEW).default_is("0"),
    row("compaction-sleep-interval", DURATION).means(SLEEP).only(NEW).default_is("0s"),
    row("watch-progress-notify-interval", DURATION).means(PROGRESS).only(NEW).default_is("0s"),
    row("downgrade-check-time", DURATION).means(DOWNGRADE).only(NEW).default_is("5s"),
    row("warning-apply-duration", DURATION).means(APPLY).only(NEW).default_is("100ms"),
    row("warning-unary-request-duration", DURATION).means(UNARY).only(NEW).default_is("300ms"),
    row("bootstrap-defrag-threshold-megabytes", COUNT)
        .means(DEFRAG)
        .counts("mebibytes")
        .only(NEW)
        .default_is("0"),
    row("snapshot-catchup-entries", COUNT)
        .means(CATCH_UP)
        .counts("entries")
        .only(NEW)
        .default_is("5000"),
    row("feature-gates", list(Item::Gate))
        .means("Features to turn on or off: `Gate=true`")
        .only(NEW),
    row("unsafe-no-fsync", BOOL)
        .means("Whether to skip every fsync: fast, but a crash loses data")
        .only(Versions::ALL.from(V3_4, 10))
        .default_is("false"),
    row("force-new-cluster", BOOL)
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
