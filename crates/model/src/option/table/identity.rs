//! The member's name, and the places where it is found.

use crate::option::etcd_option::EtcdOption;
use crate::option::kind::{Kind, Word};
use crate::option::row::{PATH, TEXT, URLS, any, row};

const STATES: [Word; 2] = any(["new", "existing"]);

pub(super) const ROWS: &[EtcdOption] = &[
    row("name", TEXT)
        .means("The member's name, a key of `initial-cluster`")
        .default_is("default")
        .derived("the member's `name`"),
    row("data-dir", PATH)
        .names_data()
        .means("Where the member keeps its data; by default `NAME.etcd` wherever etcd is started"),
    row("wal-dir", PATH)
        .names_data()
        .means("Where the member keeps its write-ahead log, if not in `data-dir`"),
    row("initial-advertise-peer-urls", URLS)
        .means("The member's peer URLs, as the other members dial them")
        .default_is("http://localhost:2380")
        .at_bootstrap()
        .derived("the member's address and `peer-port`"),
    row("listen-peer-urls", URLS)
        .means("Where the member listens for other members")
        .default_is("http://localhost:2380")
        .derived("the member's `listen-ip` and `peer-port`"),
    row("listen-client-urls", URLS)
        .means("Where the member listens for clients")
        .default_is("http://localhost:2379")
        .derived("the member's `listen-ip` or `client-ip`, `client-port` and `loopback`"),
    row("advertise-client-urls", URLS)
        .means("The member's client URLs, as it tells them to clients and members")
        .default_is("http://localhost:2379")
        .derived(
            "the member's `client-ip` or `client-hostname`, else its address, and `client-port`",
        ),
    row("initial-cluster-token", TEXT)
        .means("A word that keeps clusters apart; every ID depends on it")
        .default_is("etcd-cluster")
        .at_bootstrap()
        .derived("`token` under `[cluster]`"),
    row("initial-cluster", TEXT)
        .means("Every member's name and peer URLs")
        .default_is("default=http://localhost:2380")
        .at_bootstrap()
        .derived("all members' names and addresses"),
    row("initial-cluster-state", Kind::Enum(&STATES))
        .means("Whether the member starts a `new` cluster or joins an `existing` one")
        .default_is("new")
        .at_bootstrap()
        .derived("`state` of the cluster or the member"),
];
