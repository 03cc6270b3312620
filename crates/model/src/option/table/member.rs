//! Storage, timing and limits of one member.

use crate::option::etcd_option::EtcdOption;
use crate::option::kind::{Kind, Word};
use crate::option::limits::Limits;
use crate::option::row::{
    BOOL, COUNT, DURATION_OR_ZERO, GIB, KIB, MIB, MILLISECOND, NANOSECOND, SECOND, TIB, URLS, any,
    at_least, row,
};
use crate::option::versions::Versions;
use crate::version::Minor::{V3_4, V3_5, V3_6};

const FREELISTS: [Word; 2] = any(["array", "map"]);

/// `DefaultConnReadTimeout` in etcd's `etcdserver/api/rafthttp/util.go`.
const RAFT_TIMEOUT: Kind = Kind::Duration(Limits::from(5 * SECOND));
const RAFT_LIMIT: &str = "etcd raises anything shorter to 5s without a word";

/// An empty database has 20 to 28 KiB, by the release and by how many commits made it: each writes pages
/// before it frees others. etcd maps a tenth more than the quota in one
/// piece (`newBackend` in etcd's `storage/backend.go`); a process has 128 TiB, and since Go 1.26 its
/// heap may begin anywhere in the lower half of them (`mallocinit` in Go's `runtime/malloc.go`).
const QUOTA: Limits = Limits::from(64 * KIB).to(57 * TIB).or(&[-1, 0]);

/// From 3.6 on a member makes its name and addresses known by a request of its own, which is some
/// hundred bytes and held to this limit, too (`publishV3` in etcd's `etcdserver/server.go`). A follower
/// hands a write to its leader as a message, of which members take 512 MiB (`readBytesLimit` in
/// `etcdserver/api/rafthttp/msg_codec.go`).
const REQUEST: Limits = Limits::from(KIB).to(511 * MIB);

/// The releases that read every entry of their log again. All others stop at one of 10 MiB
/// (`maxWALEntrySizeLimit` in their `wal/decoder.go`).
const READS_ITS_LOG: Versions = Versions::since(V3_5).from(V3_5, 5);

pub(super) const ROWS: &[EtcdOption] = &[
    row("listen-client-http-urls", URLS)
        .means(
            "Where to serve clients' HTTP requests, which `listen-client-urls` then no longer does",
        )
        .only(Versions::ALL.from(V3_4, 25).from(V3_5, 8)),
    row("heartbeat-interval", Kind::Int(Limits::from(1).to(10_000)))
        .everywhere()
        .means("Time between a leader's heartbeats")
        .counts("milliseconds")
        .limit("etcd wants `election-timeout` to be at least five of it, and at most 50000")
        .rarely_below(10, "a machine that is busy for some milliseconds loses its leader")
        .default_is("100"),
    row("election-timeout", Kind::Int(Limits::from(5).to(50_000)))
        .everywhere()
        .means("Time without a heartbeat after which a member stands for election")
        .counts("milliseconds")
        .limit("etcd wants it to be at least five times `heartbeat-interval`, and at most 50000")
        .rarely_below(50, "a machine that is busy for that long loses its leader")
        .default_is("1000"),
    row("initial-election-tick-advance", BOOL)
        .means("Whether a starting member shortens its first wait for a leader")
        .default_is("true"),
    row("snapshot-count", at_least(1))
        .means("Committed writes between two snapshots")
        .limit("etcd takes 0 for its default")
        .rarely_below(100, "etcd writes a snapshot to the disk that often")
        .rarely_above(10_000_000, "a member that restarts reads all of them again")
        .defaults_are(["100000", "100000", "10000", "10000"]),
    row("max-snapshots", COUNT)
        .means("Snapshot files to keep; 0 keeps all")
        .default_is("5")
        .deprecated(V3_6),
    row("max-wals", COUNT)
        .means("Files of the write-ahead log to keep; 0 keeps all")
        .default_is("5"),
    // The smallest of all members decides: the alarm NOSPACE of one is everybody's (`applierV3Capped` in
    // etcd's `etcdserver/apply.go`).
    row("quota-backend-bytes", Kind::Size(QUOTA))
        .look_first()
        .means("Database size beyond which etcd turns read-only; 0 is 2 GiB, -1 is no limit")
        .counts("bytes")
        .too_little("the first write would raise the alarm NOSPACE: an empty database has up to 28 KiB")
        .too_much("etcd maps a tenth more in one piece, and there may be no such piece in 128 TiB")
        .rarely_below(16 * MIB, "beyond it etcd refuses every write")
        .rarely_above(8 * GIB, "etcd advises no more: a member that restarts or joins takes the longer the larger it is")
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
    row("backend-batch-interval", DURATION_OR_ZERO)
        .rarely_below(MILLISECOND, "etcd syncs the disk that often")
        .rarely_above(10 * SECOND, "after a crash all of that time is read from the log again")
        .means("Longest time before a batch of writes is committed; 0 is 100ms")
        .default_is("0s"),
    row("backend-batch-limit", COUNT).means("Most writes in a batch; 0 is 10000").default_is("0"),
    row("max-txn-ops", at_least(1))
        .means("Most operations in a transaction")
        .limit("etcd would refuse every transaction")
        .default_is("128"),
    row("max-request-bytes", Kind::Size(REQUEST))
        .means("Largest request a client may send; etcd recommends at most 10 MiB")
        .counts("bytes")
        .too_little("etcd would refuse its own requests, which carry a member's name and addresses")
        .too_much(
            "members take messages of 512 MiB from each other: a larger write to a follower is lost",
        )
        .at_most_before(
            READS_ITS_LOG,
            10 * MIB,
            "a member does not start again once its log has a larger one: wal: max entry size limit exceeded",
        )
        .rarely_below(64 * KIB, "etcd refuses every request that is larger")
        .rarely_above(10 * MIB, "etcd warns of more than 10 MiB when it starts: writes wait for it")
        .default_is("1572864"),
    row("max-concurrent-streams", Kind::Int(Limits::from(1).to(u32::MAX as i64)))
        .means("Most streams that one client may have open")
        .too_little("0 is no limit to gRPC and 250 to HTTP/2, of which one or the other serves")
        .too_much("etcd reads it as 32 bits")
        .rarely_below(10, "each watch is a stream, and further requests of the client wait")
        .only(Versions::ALL.from(V3_4, 20).from(V3_5, 5))
        .default_is("4294967295"),
    // etcd hands the first of these to gRPC where it is 0, and neither of the others where one of them is (`serveClients` in etcd's
    // `embed/etcd.go`), and gRPC then has defaults of its own (`internal/transport/defaults.go`).
    row("grpc-keepalive-min-time", Kind::Duration(Limits::from(NANOSECOND)))
        .means(
            "Shortest time between two pings of a client, which is cut off if it pings more often",
        )
        .limit("with 0 it would be gRPC's own, 5m")
        .rarely_above(30 * SECOND, "clients are cut off that ping every 30s, as Kubernetes does")
        .default_is("5s"),
    row("grpc-keepalive-interval", Kind::Duration(Limits::from(SECOND)))
        .means("Time between two pings of the server")
        .limit("gRPC raises anything shorter to 1s, and takes 0 for its own 2h")
        .default_is("2h"),
    row("grpc-keepalive-timeout", Kind::Duration(Limits::from(NANOSECOND)))
        .limit("with 0, this and `grpc-keepalive-interval` would be gRPC's own, 20s and 2h")
        .rarely_below(SECOND, "clients are cut off that take longer to answer")
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
