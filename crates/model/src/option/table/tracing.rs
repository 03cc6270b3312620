//! Distributed tracing by OpenTelemetry, under its old and its new name.

use crate::option::etcd_option::EtcdOption;
use crate::option::kind::Kind;
use crate::option::limits::Limits;
use crate::option::row::{BOOL, TEXT, row};
use crate::option::versions::Versions;
use crate::version::Minor::{V3_5, V3_6};

const OLD: Versions = Versions::between(V3_5, V3_6);
const NEW: Versions = Versions::since(V3_6);

/// `validateTracingConfig` in etcd's `embed/config_tracing.go`.
const PER_MILLION: Kind = Kind::Int(Limits::from(0).to(1_000_000));
const RATE_LIMIT: &str = "the rate is per million, and etcd wants 0 to 1000000";

const ENABLE: &str = "Whether to send traces";
const ADDRESS: &str = "The collector, as host and port";
const SERVICE: &str = "The service's name in the traces, the same for all members";
const INSTANCE: &str = "The member's name in the traces, another for every member";
const RATE: &str = "How many of a million requests are traced";

pub(super) const ROWS: &[EtcdOption] = &[
    row("experimental-enable-distributed-tracing", BOOL)
        .means(ENABLE)
        .only(OLD)
        .default_is("false")
        .deprecated(V3_6)
        .renamed("enable-distributed-tracing"),
    row("experimental-distributed-tracing-address", Kind::HostPort)
        .means(ADDRESS)
        .only(OLD)
        .default_is("localhost:4317")
        .deprecated(V3_6)
        .renamed("distributed-tracing-address"),
    row("experimental-distributed-tracing-service-name", TEXT)
        .means(SERVICE)
        .only(OLD)
        .default_is("etcd")
        .deprecated(V3_6)
        .renamed("distributed-tracing-service-name"),
    row("experimental-distributed-tracing-instance-id", TEXT)
        .means(INSTANCE)
        .only(OLD)
        .deprecated(V3_6)
        .renamed("distributed-tracing-instance-id"),
    row("experimental-distributed-tracing-sampling-rate", PER_MILLION)
        .means(RATE)
        .counts("requests per million")
        .limit(RATE_LIMIT)
        .only(OLD.from(V3_5, 11))
        .default_is("0")
        .deprecated(V3_6)
        .renamed("distributed-tracing-sampling-rate"),
    row("enable-distributed-tracing", BOOL).means(ENABLE).only(NEW).default_is("false"),
    row("distributed-tracing-address", Kind::HostPort)
        .means(ADDRESS)
        .only(NEW)
        .default_is("localhost:4317"),
    row("distributed-tracing-service-name", TEXT).means(SERVICE).only(NEW).default_is("etcd"),
    row("distributed-tracing-instance-id", TEXT).means(INSTANCE).only(NEW),
    row("distributed-tracing-sampling-rate", PER_MILLION)
        .means(RATE)
        .counts("requests per million")
        .limit(RATE_LIMIT)
        .only(NEW)
        .default_is("0"),
];
