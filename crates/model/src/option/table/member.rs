//! Storage, timing and limits of one member.

use crate::option::duration::GoDuration;
use crate::option::etcd_option::EtcdOption;
use crate::option::kind::{Kind, Word};
use crate::option::row::{BOOL, COUNT, DURATION, URLS, any, at_least, row};
use crate::option::versions::Versions;
use crate::version::Minor::{V3_4, V3_5, V3_6};

const FREELISTS: [Word; 2] = any(["array", "map"]);

/// `DefaultConnReadTimeout` in etcd's `etcdserver/api/rafthttp/util.go`.
const RAFT_TIMEOUT: Kind = Kind::Duration { min: GoDuration::from_secs(5) };
const RAFT_LIMIT: &str = "etcd raises anything shorter to 5s without a word";

pub(super) const ROWS: &[EtcdOption] = &[
    row("listen-client-http-urls", URLS)
        .means(
            "Where to serve clients' HTTP requests, which `listen-client-urls` then no longer does",
        )
        .only(Versions::ALL.from(V3_4, 25).from(V3_5, 8)),
    row("heartbeat-interval", Kind::Int { min: 1, max: 10_000 })
        .means("Time between a leader's heartbeats")
        .counts("milliseconds")
        .limit("etcd wants `election-timeout` to be at least five of it, and at most 50000")
        .default_is("100"),
    row("election-timeout", Kind::Int { min: 5, max: 50_000 })
        .means("Time without a heartbeat after which a member stands for election")
        .counts("milliseconds")
        .limit("etcd wants it to be at least five times `heartbeat-interval`, and at most 50000")
        .default_is("1000"),
    row("initial-election-tick-advance", BOOL)
        .means("Whether a starting member shortens its first wait for a leader")
        .default_is("true"),
    row("snapshot-count", COUNT)
        .means("Committed writes between two snapshots")
        .defaults_are(["100000", "100000", "10000", "10000"]),
    row("max-snapshots", COUNT)
        .means("Snapshot files to keep; 0 keeps all")
        .default_is("5")
        .deprecated(V3_6),
    row("max-wals", COUNT)
        .means("Files of the write-ahead log to keep; 0 keeps all")
        .default_is("5"),
    row("quota-backend-bytes", Kind::Size { min: -1 })
        .means("Database size beyond which etcd turns read-only; 0 is 2 GiB, -1 is no limit")
        .counts("bytes")
        .default_is("0"),
    row("backend-bbolt-freelist-type", Kind::Enum(&FREELISTS))
        .means("How the database keeps track of its free pages")
        .only(Versions::since(V3_5))
        .default_is("map"),
    row("experimental-backend-bbolt-freelist-type", Kind::Enum(&FREELISTS))
        .means("How the database keeps track of its free pages")
        .only(Versions::until(V3_4))
        .default_is("array")
        .renamed("backend-bbolt-freelist-type"),
    row("backend-batch-interval", DURATION)
        .means("Longest time before a batch of writes is committed; 0 is 100ms")
        .default_is("0s"),
    row("backend-batch-limit", COUNT).means("Most writes in a batch; 0 is 10000").default_is("0"),
    row("max-txn-ops", at_least(1))
        .means("Most operations in a transaction")
        .limit("etcd would refuse every transaction")
        .default_is("128"),
    row("max-request-bytes", Kind::Size { min: 1 })
        .means("Largest request a client may send; etcd recommends at most 10 MiB")
        .counts("bytes")
        .limit("etcd would refuse every request")
        .default_is("1572864"),
    row("max-concurrent-streams", Kind::Int { min: 0, max: 0xffff_ffff })
        .means("Most streams that one client may have open")
        .limit("etcd reads it as 32 bits")
        .only(Versions::ALL.from(V3_4, 20).from(V3_5, 5))
        .default_is("4294967295"),
    row("grpc-keepalive-min-time", DURATION)
        .means("Shortest time between two pings of a client")
        .default_is("5s"),
    row("grpc-keepalive-interval", DURATION)
        .means("Time between two pings of the server; 0 sends none")
        .default_is("2h"),
    row("grpc-keepalive-timeout", DURATION)
        .means("Time after an unanswered ping until the connection is closed")
        .default_is("20s"),
    row("socket-reuse-port", BOOL)
        .means("Whether listeners set SO_REUSEPORT")
        .only(Versions::since(V3_5))
        .yaml_at(&["socket-options", "reuse-port"])
        .yaml_in(Versions::since(V3_5).from(V3_5, 10))
        .default_is("false"),
    row("socket-reuse-address", BOOL)
        .means("Whether listeners set SO_REUSEADDR")
        .only(Versions::since(V3_5))
        .yaml_at(&["socket-options", "reuse-address"])
        .yaml_in(Versions::since(V3_5).from(V3_5, 10))
        .default_is("false"),
    row("raft-read-timeout", RAFT_TIMEOUT)
        .means("Time without data from a member after which its connection is closed")
        .limit(RAFT_LIMIT)
        .only(Versions::since(V3_5))
        .no_yaml()
        .default_is("5s"),
    row("raft-write-timeout", RAFT_TIMEOUT)
        .means("Time a member may take to accept data before its connection is closed")
        .limit(RAFT_LIMIT)
        .only(Versions::since(V3_5))
        .no_yaml()
        .default_is("5s"),
    row("enable-grpc-gateway", BOOL)
        .means("Whether to serve the JSON form of the API")
        .default_is("true"),
    row("experimental-memory-mlock", BOOL)
        .means("Whether to keep the database in memory, out of swap")
        .only(Versions::between(V3_5, V3_6))
        .default_is("false")
        .deprecated(V3_6)
        .renamed("memory-mlock"),
    row("memory-mlock", BOOL)
        .means("Whether to keep the database in memory, out of swap")
        .only(Versions::since(V3_6))
        .default_is("false"),
];
