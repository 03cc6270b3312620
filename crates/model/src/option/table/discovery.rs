//! Bootstrapping from a discovery service or DNS instead of a written cluster.
//!
//! All of it is refused: `Config.Validate` takes one source of the initial
//! cluster only (`ErrConflictBootstrapFlags`), and here that is the spec. etcd looks at it at the first start
//! only (`isMemberInitialized` in `StartEtcd` of its `embed/etcd.go`).

use crate::option::etcd_option::EtcdOption;
use crate::option::kind::{Kind, Word};
use crate::option::row::{BOOL, DURATION, TEXT, TEXTS, any, row};
use crate::option::versions::Versions;
use crate::version::Minor::{V3_5, V3_6};

const WRITTEN: &str =
    "the members are written in this file, and etcd wants one source for its initial cluster";

const UNTIL_3_6: Versions = Versions::until(V3_6);
const V3: Versions = Versions::since(V3_6);
const FALLBACKS: [Word; 2] = any(["exit", "proxy"]);

const fn v3(name: &'static str, kind: Kind, path: &'static [&'static str]) -> EtcdOption {
    row(name, kind).at_bootstrap().only(V3).yaml_at(path).refused(WRITTEN)
}

pub(super) const ROWS: &[EtcdOption] = &[
    row("discovery", TEXT)
        .at_bootstrap()
        .means("The URL of a v2 discovery service")
        .only(UNTIL_3_6)
        .refused(WRITTEN),
    row("discovery-fallback", Kind::Enum(&FALLBACKS))
        .at_bootstrap()
        .means("What to do where discovery fails")
        .yaml_in(Versions::until(V3_5))
        .defaults_are(["proxy", "proxy", "exit", "exit"])
        .refused(WRITTEN),
    row("discovery-proxy", TEXT)
        .at_bootstrap()
        .means("An HTTP proxy on the way to a v2 discovery service")
        .only(UNTIL_3_6)
        .refused(WRITTEN),
    row("discovery-srv", TEXT)
        .at_bootstrap()
        .means("The DNS domain whose SRV records name the members")
        .refused(WRITTEN),
    row("discovery-srv-name", TEXT)
        .at_bootstrap()
        .means("A suffix of the service in those SRV records")
        .refused(WRITTEN),
    v3("discovery-token", TEXT, &["discovery-config", "token"])
        .means("The cluster's token at a v3 discovery service"),
    v3("discovery-endpoints", TEXTS, &["discovery-config", "client", "endpoints"])
        .means("The URLs of a v3 discovery service")
        .yaml_sequence(),
    v3("discovery-dial-timeout", DURATION, &["discovery-config", "client", "dial-timeout"])
        .means("Time to connect to it")
        .default_is("2s"),
    v3("discovery-request-timeout", DURATION, &["discovery-config", "client", "request-timeout"])
        .means("Time to wait for its answer")
        .default_is("5s"),
    v3("discovery-keepalive-time", DURATION, &["discovery-config", "client", "keepalive-time"])
        .means("Time between two pings to it")
        .default_is("2s"),
    v3(
        "discovery-keepalive-timeout",
        DURATION,
        &["discovery-config", "client", "keepalive-timeout"],
    )
    .means("Time after an unanswered ping until the connection is closed")
    .default_is("6s"),
    v3(
        "discovery-insecure-transport",
        BOOL,
        &["discovery-config", "client", "secure", "insecure-transport"],
    )
    .means("Whether to do without TLS")
    .default_is("true"),
    v3(
        "discovery-insecure-skip-tls-verify",
        BOOL,
        &["discovery-config", "client", "secure", "insecure-skip-tls-verify"],
    )
    .means("Whether to trust any certificate it shows")
    .default_is("false"),
    v3("discovery-cert", TEXT, &["discovery-config", "client", "secure", "cert"])
        .means("The certificate to show it"),
    v3("discovery-key", TEXT, &["discovery-config", "client", "secure", "key"])
        .means("The key of `discovery-cert`"),
    v3("discovery-cacert", TEXT, &["discovery-config", "client", "secure", "cacert"])
        .means("The authorities that sign its certificate"),
    v3("discovery-user", TEXT, &["discovery-config", "client", "auth", "username"])
        .means("The user to be there"),
    v3("discovery-password", TEXT, &["discovery-config", "client", "auth", "password"])
        .means("That user's password"),
];
