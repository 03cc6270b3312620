//! The sections of a spec and their keys.

use super::{Key, Kind, Section, text};

/// Every section, in the order in which a spec is best written.
pub static SECTIONS: &[&Section] =
    &[&CLUSTER, &ETCD, &TLS, &CA, &AUTHORITY, &MEMBER, &MEMBER_ETCD, &CLIENT, &REVOKED];

/// `[cluster]`
pub static CLUSTER: Section = Section {
    name: "cluster",
    header: "[cluster]",
    required: true,
    options: false,
    doc: "the cluster as a whole",
    keys: &[
        Key {
            option: Some("initial-cluster-token"),
            ..text("token", "\"etcd-cluster-1\"", "tells this cluster from every other, so that their members never mix").required()
        },
        text("etcd", "\"3.5\"", "the version of etcd that the members run, `3.5` or exactly `3.5.30`; options are checked against it").required(),
        Key {
            option: Some("initial-cluster-state"),
            ..text("state", "\"new\"", "`new`, or `existing` when the cluster already runs").or("`new`")
        },
        Key {
            kind: Kind::Texts,
            ..text("formats", "[\"command\", \"systemd\"]", "which formats of each member's configuration are written: `command`, `env`, `yaml`, `systemd`").or("all of them")
        },
    ],
};

/// `[etcd]`
pub static ETCD: Section = Section {
    name: "etcd",
    header: "[etcd]",
    required: false,
    options: true,
    doc: "any option of etcd, by its own name, for every member",
    keys: &[],
};

/// `[tls]`
pub static TLS: Section = Section {
    name: "tls",
    header: "[tls]",
    required: false,
    options: false,
    doc: "certificates, and how members use them",
    keys: &[
        Key {
            kind: Kind::Flag,
            ..text("enabled", "true", "whether members and clients speak TLS; `false` must be written out").or("`true`")
        },
        text("layout", "\"separate\"", "`separate`: each member has a server and a peer certificate; `combined`: one for both; `shared`: one for all members").or("`separate`"),
        text("certs-dir", "\"/opt/etcd/certs\"", "where members find `ca.crt` and their certificates and keys").or("`/opt/etcd/certs`"),
        text("key", "\"ecdsa-p256\"", "the kind of every private key: `ecdsa-p256`, `ecdsa-p384` or `ed25519`").or("`ecdsa-p256`"),
        text("valid-for", "\"365d\"", "how long the certificates of members and clients are valid").or("`365d`"),
        text("ca-valid-for", "\"3650d\"", "how long the certificate of the CA is valid").or("`3650d`"),
        text("renew-before", "\"120d\"", "how long before its end a certificate is issued anew").or("a third of `valid-for`"),
        text("renew", "\"new-key\"", "whether a certificate that is issued anew gets a new key: `new-key` or `keep-key`").or("`new-key`"),
        Key {
            kind: Kind::Number,
            ..text("generation", "2", "raise it to have every certificate issued anew, with a new key").or("1")
        },
        text("common-name", "\"*.zyxasr.io\"", "the common name of the shared certificate"),
        Key {
            kind: Kind::Texts,
            ..text("extra-sans", "[\"etcd.zyxasr.io\"]", "names and addresses that every member's certificates hold besides those that are derived").or("none")
        },
    ],
};

/// `[ca]`
pub static CA: Section = Section {
    name: "ca",
    header: "[ca]",
    required: false,
    options: false,
    doc: "which CAs issue and are trusted, and what new ones may do",
    keys: &[
        Key {
            kind: Kind::Number,
            ..text("issue", "1", "the number of the CA that issues").or("1")
        },
        Key {
            kind: Kind::Numbers,
            ..text("trust", "[1, 2]", "the numbers of the CAs that members and clients trust")
                .or("the one that issues")
        },
        Key {
            kind: Kind::Number,
            ..text(
                "peer-issue",
                "3",
                "the number of the CA that issues the certificates which members show each other",
            )
            .or("`issue`")
        },
        Key {
            kind: Kind::Numbers,
            ..text(
                "peer-trust",
                "[3]",
                "the numbers of the CAs that members trust among each other",
            )
            .or("`peer-issue` where that is written, else `trust`")
        },
        text(
            "fingerprint",
            "\"sha256:3b0c…\"",
            "of the CA that issues; a build with any other fails",
        )
        .or("none"),
        Key {
            kind: Kind::Flag,
            ..text(
                "name-constraints",
                "true",
                "whether a new CA can vouch for the names and addresses of this file alone",
            )
            .or("`true`; `false` for etcd that may be older than 3.4.19")
        },
        Key {
            kind: Kind::Texts,
            ..text(
                "permit",
                "[\"192.168.65.0/24\", \"zyxasr.io\"]",
                "networks and domains that a new CA can vouch for besides",
            )
            .or("none")
        },
        text(
            "passphrase-file",
            "\"/root/ca.passphrase\"",
            "a file whose first line encrypts the CA's key in `out/pki`",
        )
        .or("none"),
        text(
            "passphrase-env",
            "\"ETCD_CA_PASSPHRASE\"",
            "an environment variable that holds that passphrase",
        )
        .or("none"),
        Key {
            kind: Kind::Flag,
            ..text(
                "crl",
                "true",
                "whether members check a list of revoked certificates; it may be empty",
            )
            .or("whether there is a `[[revoked]]`")
        },
    ],
};

/// `[[authority]]`
pub static AUTHORITY: Section = Section {
    name: "authority",
    header: "[[authority]]",
    required: false,
    options: false,
    doc: "a CA that the build does not make itself",
    keys: &[
        Key { kind: Kind::Number, ..text("number", "2", "its number in `[ca]`").required() },
        text(
            "certificate",
            "\"corp/etcd-ca.crt\"",
            "the file of its certificate, above those of the CAs over it",
        ),
        text(
            "certificate-env",
            "\"ETCD_CA_CERT\"",
            "an environment variable that holds the path of that file",
        ),
        text("key", "\"corp/etcd-ca.key\"", "the file of its private key")
            .or("none: the build writes requests, to be signed elsewhere"),
        text(
            "key-env",
            "\"ETCD_CA_KEY\"",
            "an environment variable that holds the path of that file",
        ),
        text("fingerprint", "\"sha256:3b0c…\"", "of its certificate; a build with any other fails")
            .or("none"),
    ],
};

/// `[[member]]`
pub static MEMBER: Section = Section {
    name: "member",
    header: "[[member]]",
    required: true,
    options: false,
    doc: "one member of the cluster",
    keys: &[
        Key { option: Some("name"), ..text("name", "\"pink\"", "the member's name").required() },
        text("ip", "\"192.168.65.101\"", "the address of its node, as the other members see it")
            .required(),
        text("hostname", "\"pink.zyxasr.io\"", "the name of its node").or("none"),
        text(
            "listen-ip",
            "\"0.0.0.0\"",
            "the address to listen on where it is not `ip`, behind NAT for example",
        )
        .or("`ip`"),
        text("advertise", "\"ip\"", "whether its URLs hold its `ip` or its `hostname`").or("`ip`"),
        Key {
            kind: Kind::Port,
            ..text("peer-port", "2380", "the port on which other members reach it").or("2380")
        },
        Key {
            kind: Kind::Port,
            ..text("client-port", "2379", "the port on which clients reach it").or("2379")
        },
        Key {
            option: Some("initial-cluster-state"),
            ..text("state", "\"existing\"", "`new` or `existing`, where it is not the cluster's")
                .or("the cluster's")
        },
        Key {
            kind: Kind::Number,
            ..text(
                "generation",
                "2",
                "raise it to have its certificates issued anew, with a new key",
            )
            .or("1")
        },
        Key {
            kind: Kind::Texts,
            ..text(
                "extra-sans",
                "[\"10.1.2.3\"]",
                "names and addresses that its certificates hold besides those that are derived",
            )
            .or("none")
        },
    ],
};

/// `[member.etcd]`
pub static MEMBER_ETCD: Section = Section {
    name: "member.etcd",
    header: "[member.etcd]",
    required: false,
    options: true,
    doc: "options of etcd that this member has otherwise than all",
    keys: &[],
};

/// `[[client]]`
pub static CLIENT: Section = Section {
    name: "client",
    header: "[[client]]",
    required: false,
    options: false,
    doc: "a client that gets a certificate",
    keys: &[
        text(
            "name",
            "\"root\"",
            "the common name of its certificate, which is etcd's user when authentication is on",
        )
        .required(),
        text(
            "certs-dir",
            "\"/etc/kubernetes/pki/etcd\"",
            "where the client finds its certificate and key",
        )
        .or("the client's name below the members' `certs-dir`"),
        Key {
            kind: Kind::Number,
            ..text(
                "generation",
                "2",
                "raise it to have its certificate issued anew, with a new key",
            )
            .or("1")
        },
    ],
};

/// `[[revoked]]`
pub static REVOKED: Section = Section {
    name: "revoked",
    header: "[[revoked]]",
    required: false,
    options: false,
    doc: "certificates that members refuse",
    keys: &[
        text("name", "\"alice\"", "the member or client whose earlier certificates are revoked"),
        text("serial", "\"4f2a…\"", "the serial number of one certificate, in hexadecimal"),
        text("date", "\"2026-11-22\"", "the day from which on it is revoked").required(),
        text("reason", "\"key-compromise\"", "why: `unspecified`, `key-compromise`, `ca-compromise`, `affiliation-changed`, `superseded`, `cessation-of-operation` or `privilege-withdrawn`").or("`unspecified`"),
    ],
};
