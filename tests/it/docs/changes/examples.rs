//! Edits of a spec, one for each change that is told in a way of its own.

/// An edit of [`super::SPEC`].
pub(super) struct Example {
    /// What it is, in the words of the page.
    pub(super) change: &'static str,
    /// The table in which lines are edited; empty where tables are.
    pub(super) header: &'static str,
    /// Lines, or tables, as they are and as they are to be.
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    /// Which of its changes is meant: as [`super::kind`] has it.
    pub(super) kind: &'static str,
}

const fn example(
    change: &'static str,
    kind: &'static str,
    header: &'static str,
    from: &'static str,
    to: &'static str,
) -> Example {
    Example { change, header, from, to, kind }
}

const ALICE: &str = "[[client]]\nname = \"alice\"\n";
const CAMELLIA: &str = "[[member]]\nname = \"camellia\"\nip = \"10.0.0.4\"\n";
const DAFFODIL: &str = "[[member]]\nname = \"daffodil\"\nip = \"10.0.0.3\"\n";
const PINK_AND_DAFFODIL: &str = "[[member]]\nname = \"pink\"\nip = \"10.0.0.2\"\n\n\
     [[member]]\nname = \"daffodil\"\nip = \"10.0.0.3\"\n";
const EXCHANGED: &str = "[[member]]\nname = \"pink\"\nip = \"10.0.0.3\"\n\n\
     [[member]]\nname = \"daffodil\"\nip = \"10.0.0.2\"\n";
const REVOKED: &str = "[[revoked]]\nserial = \"4f2a\"\ndate = \"2026-11-22\"\n";
const REVOKED_TWICE: &str = "[[revoked]]\nserial = \"4f2a\"\ndate = \"2026-11-22\"\n\
     [[revoked]]\nserial = \"4f2b\"\ndate = \"2026-11-28\"\n";

pub(super) static EXAMPLES: &[Example] = &[
    example("a client comes", "added", "", "", ALICE),
    example(
        "`initial-…` options, as a member that comes changes them",
        "initial-cluster",
        "",
        "",
        CAMELLIA,
    ),
    example(
        "a version loses its patch",
        "version",
        "[cluster]",
        "etcd = \"3.5.33\"",
        "etcd = \"3.5\"",
    ),
    example(
        "a default is written out",
        "heartbeat-interval",
        "[etcd]",
        "",
        "heartbeat-interval = 100",
    ),
    example("a certificate is reissued", "certificate", "[tls]", "", "generation = 2"),
    example("a certificate is revoked", "revocations", "", REVOKED, REVOKED_TWICE),
    example("clients have other endpoints", "endpoints", "", "", CAMELLIA),
    example(
        "a client's files are elsewhere",
        "certs-dir",
        "[[client]]",
        "",
        "certs-dir = \"/etc/alice\"",
    ),
    example(
        "a change of CA, second phase",
        "trust",
        "[ca]",
        "issue = 1\ntrust = [1, 2]",
        "issue = 2\ntrust = [1, 2]",
    ),
    example("a client goes", "removed", "", ALICE, ""),
    example("a client is named otherwise", "common-name", "[[client]]", "", "common-name = false"),
    example("an option", "log-level", "[etcd]", "log-level = \"info\"", "log-level = \"warn\""),
    example(
        "heartbeat or election raised",
        "election-timeout",
        "[etcd]",
        "",
        "election-timeout = 2000",
    ),
    example(
        "heartbeat or election lowered",
        "election-timeout",
        "[etcd]",
        "election-timeout = 2000",
        "",
    ),
    example(
        "other tokens for passwords",
        "auth-token",
        "[etcd]",
        "",
        "auth-token = \"jwt,sign-method=RS256,pub-key=/srv/jwt.pub,priv-key=/srv/jwt.key\"",
    ),
    example(
        "history is kept",
        "auto-compaction-retention",
        "[etcd]",
        "auto-compaction-mode = \"periodic\"\nauto-compaction-retention = \"10h\"",
        "",
    ),
    example("a list of revoked certificates begins", "client-crl-file", "[ca]", "", "crl = true"),
    example("a client port", "listen-client-urls", "[[member]]", "", "client-port = 4001"),
    example(
        "a member's files are elsewhere",
        "certs-dir",
        "[tls]",
        "",
        "certs-dir = \"/srv/certs\"",
    ),
    example("etcd's account", "user", "[systemd]", "", "user = \"kube\""),
    example("a variable", "variable", "[systemd]", "", "environment = [\"GOMAXPROCS=2\"]"),
    example("another patch", "version", "[cluster]", "etcd = \"3.5.30\"", "etcd = \"3.5.33\""),
    example(
        "an option under its later name, with the version that has it",
        "spelling",
        "[cluster] [etcd]",
        "etcd = \"3.5.33\"\nexperimental-corrupt-check-time = \"1h\"",
        "etcd = \"3.6.16\"\ncorrupt-check-time = \"1h\"",
    ),
    example("a member comes", "added", "", "", CAMELLIA),
    example("a member goes", "removed", "", DAFFODIL, ""),
    example(
        "a member is at another address",
        "moved",
        "[[member]]",
        "ip = \"10.0.0.1\"",
        "ip = \"10.0.9.1\"",
    ),
    example("one member for another", "several", "", DAFFODIL, CAMELLIA),
    example(
        "a quota is raised",
        "quota-backend-bytes",
        "[etcd]",
        "",
        "quota-backend-bytes = \"8GiB\"",
    ),
    example(
        "a quota is lowered",
        "quota-backend-bytes",
        "[etcd]",
        "quota-backend-bytes = \"8GiB\"",
        "",
    ),
    example(
        "data of the second API is looked for",
        "v2-deprecation",
        "[etcd]",
        "",
        "v2-deprecation = \"write-only\"",
    ),
    example("a change of CA, first phase", "trust", "[ca]", "trust = [1]", "trust = [1, 2]"),
    example("TLS among members begins", "peer scheme", "[tls]", "enabled = false", ""),
    example(
        "no endpoint of clients stays",
        "endpoints",
        "each [[member]]",
        "",
        "client-port = 4001",
    ),
    example("the next minor", "version", "[cluster]", "etcd = \"3.5.33\"", "etcd = \"3.6.16\""),
    example(
        "the folder of the data",
        "data-dir",
        "[etcd]",
        "data-dir = \"/data/etcd\"",
        "data-dir = \"/srv/etcd\"",
    ),
    example("the folder of the log", "wal-dir", "[etcd]", "", "wal-dir = \"/wal/etcd/wal\""),
    example(
        "the token",
        "initial-cluster-token",
        "[cluster]",
        "token = \"flowers\"",
        "token = \"garden\"",
    ),
    example("writes are not synced", "unsafe-no-fsync", "[etcd]", "", "unsafe-no-fsync = true"),
    example(
        "versions of TLS without one in common",
        "tls-min-version",
        "[etcd]",
        "tls-max-version = \"TLS1.2\"",
        "tls-min-version = \"TLS1.3\"",
    ),
    example("a minor is skipped", "version", "[cluster]", "etcd = \"3.5.33\"", "etcd = \"3.7\""),
    example("a minor back", "version", "[cluster]", "etcd = \"3.6.16\"", "etcd = \"3.5.33\""),
    example(
        "a release that is known to be bad",
        "version",
        "[cluster]",
        "etcd = \"3.5.33\"",
        "etcd = \"3.5.2\"",
    ),
    example(
        "a patch that is too old for the next minor",
        "version",
        "[cluster]",
        "etcd = \"3.5.20\"",
        "etcd = \"3.6.16\"",
    ),
    example(
        "one address under another name",
        "renamed",
        "[[member]]",
        "name = \"orange\"",
        "name = \"tulip\"",
    ),
    example("two members exchange their addresses", "swapped", "", PINK_AND_DAFFODIL, EXCHANGED),
    example("fewer than a quorum stay", "quorum", "", PINK_AND_DAFFODIL, ""),
    example(
        "a change of CA, two phases at once",
        "trust",
        "[ca]",
        "issue = 1\ntrust = [1]",
        "issue = 2\ntrust = [1, 2]",
    ),
    example("TLS for clients begins", "client scheme", "[tls]", "enabled = false", ""),
    example("TLS ends", "peer scheme", "[tls]", "", "enabled = false"),
];
