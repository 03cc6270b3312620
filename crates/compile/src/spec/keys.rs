//! Every table and key that a spec may hold, as data.
//!
//! The decoder looks its keys up here, "did you mean" searches here, and the
//! reference in `docs/` is tested against it.

/// A table of the spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its name in TOML, dotted when it lies in another: `member.etcd`.
    pub name: &'static str,
    /// How it begins: `[cluster]` or `[[member]]`.
    pub header: &'static str,
    /// Whether the spec must have it.
    pub required: bool,
    /// Whether it takes etcd's options, by any name, instead of keys.
    pub options: bool,
    /// What it is, in one line.
    pub doc: &'static str,
    /// Its keys.
    pub keys: &'static [Key],
}

/// A key of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// Whether its section must have it.
    pub required: bool,
    /// What holds without it, in words; empty when it is required or when
    /// there is nothing to say.
    pub default: &'static str,
    /// A value as it could stand in a spec.
    pub example: &'static str,
    /// The option of etcd that it becomes, under its own name, if it does.
    pub option: Option<&'static str>,
    /// What it is, in one line.
    pub doc: &'static str,
}

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A string.
    Text,
    /// `true` or `false`.
    Flag,
    /// A port: 1 to 65535.
    Port,
    /// A list of strings.
    Texts,
}

impl Kind {
    /// The kind in words, with its article.
    pub fn words(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::Flag => "`true` or `false`",
            Self::Port => "a port number",
            Self::Texts => "a list of strings",
        }
    }
}

impl Section {
    /// Whether there may be many: `[[member]]`.
    pub fn is_repeated(&self) -> bool {
        self.header.starts_with("[[")
    }

    /// The key of this name.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

/// The section of this name.
pub fn section(name: &str) -> Option<&'static Section> {
    SECTIONS.iter().copied().find(|section| section.name == name)
}

/// Every section, in the order in which a spec is best written.
pub static SECTIONS: &[&Section] = &[&CLUSTER, &ETCD, &TLS, &MEMBER, &MEMBER_ETCD, &CLIENT];

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
        text("common-name", "\"*.zyxasr.io\"", "the common name of the shared certificate"),
        Key {
            kind: Kind::Texts,
            ..text("extra-sans", "[\"etcd.zyxasr.io\"]", "names and addresses that every member's certificates hold besides those that are derived").or("none")
        },
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
    ],
};

const fn text(name: &'static str, example: &'static str, doc: &'static str) -> Key {
    Key { name, kind: Kind::Text, required: false, default: "", example, option: None, doc }
}

impl Key {
    const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    const fn or(self, default: &'static str) -> Self {
        Self { default, ..self }
    }
}
