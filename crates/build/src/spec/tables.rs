//! Every table of `cluster.toml` with its keys, each declared once.
//!
//! Texts are still texts here: `10.0.0.300` is a fine [`MemberSpec::ip`]. An absent key is `None`;
//! what holds then is for the next stage to know, and stands here for the reader.

use super::keys::{Section, Table, table};
use super::value::{FlagOrPort, FlagOrText, OptionsSpec, Spanned};
use crate::issuing::Limits;
use bouquet_model::addresses::Advertise;
use bouquet_model::artifact::FORMATS;
use bouquet_model::cluster::{KeyKind, Layout, Renew, State};
use bouquet_model::program::PROGRAMS;
use bouquet_model::revocation::RevocationReason;
use std::num::{NonZeroU16, NonZeroU32};

/// A whole `cluster.toml`.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    /// Set where the value of every known key that was written is here. Where one is not, single
    /// values can still be looked at, but not their relations.
    pub whole: bool,
    /// `[cluster]`
    pub cluster: ClusterSpec,
    /// `[etcd]`: etcd's options for every member.
    pub etcd: OptionsSpec,
    /// `[systemd]`
    pub systemd: SystemdSpec,
    /// `[tls]`
    pub tls: TlsSpec,
    /// `[ca]`
    pub ca: CaSpec,
    /// Every `[[authority]]`, in the order of the file.
    pub authorities: Vec<AuthoritySpec>,
    /// Every `[[member]]`, in the order of the file; at least one.
    pub members: Vec<MemberSpec>,
    /// Every `[[client]]`, in the order of the file.
    pub clients: Vec<ClientSpec>,
    /// Every `[[revoked]]`, in the order of the file.
    pub revoked: Vec<RevokedSpec>,
}

/// Every section, in the order in which a spec is best written.
pub static SECTIONS: &[&Section] = &[
    ClusterSpec::SECTION,
    &ETCD,
    SystemdSpec::SECTION,
    TlsSpec::SECTION,
    CaSpec::SECTION,
    AuthoritySpec::SECTION,
    MemberSpec::SECTION,
    &MEMBER_ETCD,
    ClientSpec::SECTION,
    RevokedSpec::SECTION,
];

/// Returns the section of this name, if it lies in no other.
pub(super) fn section(name: &str) -> Option<&'static Section> {
    let outer = |section: &&Section| section.name == name && !name.contains('.');
    SECTIONS.iter().copied().find(outer)
}

/// Returns the words of an enumeration.
fn words<T: Copy>(all: &[T], word: fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|value| word(*value)).collect()
}

/// `[etcd]`
pub(super) static ETCD: Section = Section {
    name: "etcd",
    header: "[etcd]",
    required: false,
    options: true,
    doc: "Any option of etcd, by its own name, for every member.",
    keys: &[],
};

/// `[member.etcd]`
static MEMBER_ETCD: Section = Section {
    name: "member.etcd",
    header: "[member.etcd]",
    required: false,
    options: true,
    doc: "Options of etcd that this member has otherwise than all.",
    keys: &[],
};

table! {
    /// The cluster as a whole.
    "[cluster]" required => ClusterSpec {
        /// Tells this cluster from every other, so that their members never mix.
        token: Spanned<String> = r#""etcd-cluster-1""#, becomes "initial-cluster-token";
        /// The version of etcd that the members run, `3.5` or exactly `3.5.30`; options are checked
        /// against it.
        etcd: Spanned<String> = r#""3.5""#;
        /// `existing` for a cluster that ran before it was described; else it follows from what is recorded.
        state: Option<Spanned<String>> = r#""existing""#, or "as recorded",
            becomes "initial-cluster-state",
            one of words(State::ALL, State::as_str);
        /// Which formats of each member's configuration are written: `command`, `env`, `yaml`,
        /// `systemd`, `static-pod`, `quadlet`, `compose`, `cloud-init`.
        formats: Option<Spanned<Vec<Spanned<String>>>> = r#"["command", "systemd"]"#,
            or "the first four",
            one of FORMATS.iter().map(|format| format.name).collect();
        /// Changes that a build refuses, and that are to be made all the same, in the words of its error.
        accept: Option<Spanned<Vec<Spanned<String>>>> = r#"["orange.data-dir = /srv/etcd"]"#,
            or "none";
    }
}

table! {
    /// What the unit of every member says besides etcd's options.
    "[systemd]" => SystemdSpec {
        /// The program that is started.
        binary: Option<Spanned<String>> = r#""/opt/etcd/bin/etcd""#,
            or "`etcd`, wherever systemd finds it";
        /// The account that etcd runs under, which owns its data and its keys.
        user: Option<Spanned<String>> = r#""etcd""#, or "`etcd`";
        /// Its group.
        group: Option<Spanned<String>> = r#""etcd""#, or "`user`";
        /// Variables that etcd gets, each as `NAME=VALUE`; none that is an option of its own.
        environment: Option<Spanned<Vec<Spanned<String>>>> = r#"["GOMAXPROCS=2"]"#, or "none";
    }
}

table! {
    /// Certificates, and how members use them.
    "[tls]" => TlsSpec {
        /// Whether members and clients speak TLS; `false` must be written out.
        enabled: Option<Spanned<bool>> = "true", or "`true`";
        /// Whether clients have to show a certificate; `false` must be written out.
        client_auth: Option<Spanned<bool>> = "true", or "`true`", becomes "client-cert-auth";
        /// `separate`: each member has a server and a peer certificate; `combined`: one for both;
        /// `shared`: one for all members.
        layout: Option<Spanned<String>> = r#""separate""#, or "`separate`",
            one of words(Layout::ALL, Layout::as_str);
        /// Where members find `ca.crt` and their certificates and keys.
        certs_dir: Option<Spanned<String>> = r#""/opt/etcd/certs""#, or "`/opt/etcd/certs`";
        /// The name that `--trusted-ca-file` has for the file of CAs in `certs-dir`.
        trusted_ca_file: Option<Spanned<String>> = r#""ca.pem""#, or "`ca.crt`";
        /// The name that `--cert-file` has for the certificate; `{name}` stands for the member's.
        cert_file: Option<Spanned<String>> = r#""member-{name}.pem""#, or "`server.crt`";
        /// The same of `--key-file`.
        key_file: Option<Spanned<String>> = r#""member-{name}-key.pem""#, or "`server.key`";
        /// The same of `--peer-trusted-ca-file`, where members trust other CAs among each other.
        peer_trusted_ca_file: Option<Spanned<String>> = r#""peer-ca.pem""#, or "`peer-ca.crt`";
        /// The same of `--peer-cert-file`, where that is another certificate.
        peer_cert_file: Option<Spanned<String>> = r#""peer-{name}.pem""#, or "`peer.crt`";
        /// The same of `--peer-key-file`.
        peer_key_file: Option<Spanned<String>> = r#""peer-{name}-key.pem""#, or "`peer.key`";
        /// The kind of every private key: `ecdsa-p256`, `ecdsa-p384` or `ed25519`.
        key: Option<Spanned<String>> = r#""ecdsa-p256""#, or "`ecdsa-p256`",
            one of words(KeyKind::ALL, KeyKind::as_str);
        /// How long the certificates of members and clients are valid.
        valid_for: Option<Spanned<String>> = r#""365d""#, or "`365d`";
        /// How long the certificate of the CA is valid.
        ca_valid_for: Option<Spanned<String>> = r#""3650d""#, or "`3650d`";
        /// How long before its end a certificate is reissued.
        renew_before: Option<Spanned<String>> = r#""120d""#, or "a third of `valid-for`";
        /// Whether a reissued certificate gets a new key: `new-key` or `keep-key`.
        renew: Option<Spanned<String>> = r#""new-key""#, or "`new-key`",
            one of words(Renew::ALL, Renew::as_str);
        /// Raise it to have every certificate reissued, with a new key.
        generation: Option<Spanned<NonZeroU32>> = "2", or "1";
        /// The common name of the shared certificate.
        common_name: Option<Spanned<String>> = r#""*.zyxasr.io""#;
        /// Names and addresses that every member's certificates hold besides those that are
        /// derived.
        extra_sans: Option<Spanned<Vec<Spanned<String>>>> = r#"["etcd.zyxasr.io"]"#, or "none";
    }
}

table! {
    /// Which CAs issue and are trusted, and what new ones may do.
    "[ca]" => CaSpec {
        /// The number of the CA that issues.
        issue: Option<Spanned<NonZeroU32>> = "1", or "1";
        /// The numbers of the CAs that members and clients trust.
        trust: Option<Spanned<Vec<Spanned<NonZeroU32>>>> = "[1, 2]", or "the one that issues";
        /// The number of the CA that issues the certificates which members show each other.
        peer_issue: Option<Spanned<NonZeroU32>> = "3", or "`issue`";
        /// The numbers of the CAs that members trust among each other.
        peer_trust: Option<Spanned<Vec<Spanned<NonZeroU32>>>> = "[3]",
            or "`peer-issue` where that is written, else `trust`";
        /// Of the CA that issues; a build with any other fails.
        fingerprint: Option<Spanned<String>> = r#""sha256:3b0c…""#, or "none";
        /// What a new CA is limited to: with `dns` to certain domains, with `dns+ip`, or `true`, to
        /// certain networks too.
        name_constraints: Option<Spanned<FlagOrText>> = r#""dns""#, or "`false`",
            one of Limits::WORDS.map(|(word, _)| word).to_vec();
        /// The domains and networks that it can vouch for then.
        permit: Option<Spanned<Vec<Spanned<String>>>> = r#"["zyxasr.io"]"#,
            or "those of the members";
        /// A file whose first line encrypts the CA's key in `out/pki`.
        passphrase_file: Option<Spanned<String>> = r#""/root/ca.passphrase""#, or "none";
        /// An environment variable that holds that passphrase.
        passphrase_env: Option<Spanned<String>> = r#""ETCD_CA_PASSPHRASE""#, or "none";
        /// Whether members check a list of revoked certificates; it may be empty.
        crl: Option<Spanned<bool>> = "true", or "whether there is a `[[revoked]]`";
    }
}

table! {
    /// A CA that the build does not make itself.
    "[[authority]]" => AuthoritySpec {
        /// Its number in `[ca]`.
        number: Spanned<NonZeroU32> = "2";
        /// The file of its certificate, above those of the CAs over it.
        certificate: Option<Spanned<String>> = r#""corp/etcd-ca.crt""#;
        /// An environment variable that holds the path of that file.
        certificate_env: Option<Spanned<String>> = r#""ETCD_CA_CERT""#;
        /// The file of its private key.
        key: Option<Spanned<String>> = r#""corp/etcd-ca.key""#,
            or "none: the build writes requests, to be signed elsewhere";
        /// An environment variable that holds the path of that file.
        key_env: Option<Spanned<String>> = r#""ETCD_CA_KEY""#;
        /// Of its certificate; a build with any other fails.
        fingerprint: Option<Spanned<String>> = r#""sha256:3b0c…""#, or "none";
    }
}

table! {
    /// One member of the cluster.
    "[[member]]" required => MemberSpec {
        /// The member's name.
        name: Spanned<String> = r#""pink""#, becomes "name";
        /// The address of its node, as the other members see it.
        ip: Option<Spanned<String>> = r#""192.168.65.101""#, unless "advertise" = "hostname";
        /// The name of its node.
        hostname: Option<Spanned<String>> = r#""pink.zyxasr.io""#, or "none";
        /// Where `ssh` reaches its node from the machine with `out/`: `USER@HOST`, `HOST`, or a name of `ssh_config`.
        ssh: Option<Spanned<String>> = r#""admin@192.168.65.101""#, or "none";
        /// The address to listen on where it is not `ip`, behind NAT for example.
        listen_ip: Option<Spanned<String>> = r#""0.0.0.0""#, or "`ip`, else `0.0.0.0`";
        /// The address at which clients reach it, where they are on another network than the members.
        client_ip: Option<Spanned<String>> = r#""10.1.2.101""#, or "`ip`";
        /// The name by which clients reach it, where that is another one.
        client_hostname: Option<Spanned<String>> = r#""pink.clients.zyxasr.io""#, or "`hostname`";
        /// Whether it listens to clients on the loopback of its node, too, or on which port there.
        loopback: Option<Spanned<FlagOrPort>> = "false", or "`true`: at `client-port`";
        /// Whether its URLs hold its `ip` or its `hostname`.
        advertise: Option<Spanned<String>> = r#""ip""#, or "`ip`",
            one of words(Advertise::ALL, Advertise::as_str);
        /// The port on which other members reach it.
        peer_port: Option<Spanned<NonZeroU16>> = "2380", or "2380";
        /// The port on which clients reach it.
        client_port: Option<Spanned<NonZeroU16>> = "2379", or "2379";
        /// `new` or `existing`, where it is not the cluster's.
        state: Option<Spanned<String>> = r#""existing""#,
            or "the cluster's", becomes "initial-cluster-state",
            one of words(State::ALL, State::as_str);
        /// Raise it to have its certificates reissued, with a new key.
        generation: Option<Spanned<NonZeroU32>> = "2", or "1";
        /// Names and addresses that its certificates hold besides those that are derived.
        extra_sans: Option<Spanned<Vec<Spanned<String>>>> = r#"["10.1.2.3"]"#, or "none";
    } with etcd: OptionsSpec
}

table! {
    /// A client that gets a certificate.
    "[[client]]" => ClientSpec {
        /// The common name of its certificate, which is etcd's user when authentication is on.
        name: Spanned<String> = r#""root""#;
        /// The program that the client is: it gets that program's configuration, and a certificate as it wants it.
        r#for: Option<Spanned<String>> = r#""patroni""#, or "none in particular",
            one of PROGRAMS.iter().map(|program| program.name).collect();
        /// Whether its certificate has a common name; etcd's JSON gateway takes none when
        /// authentication is on.
        common_name: Option<Spanned<bool>> = "false",
            or "`true`; `false` for `patroni` and `apisix`";
        /// Where the client finds its certificate and key.
        certs_dir: Option<Spanned<String>> = r#""/etc/kubernetes/pki/etcd""#,
            or "as `for` has it, else the client's name below the members' `certs-dir`";
        /// Raise it to have its certificate reissued, with a new key.
        generation: Option<Spanned<NonZeroU32>> = "2", or "1";
    }
}

table! {
    /// Certificates that members refuse.
    "[[revoked]]" => RevokedSpec {
        /// The member or client whose earlier certificates are revoked.
        name: Option<Spanned<String>> = r#""alice""#;
        /// The serial number of one certificate, in hexadecimal.
        serial: Option<Spanned<String>> = r#""4f2a…""#;
        /// The day from which on it is revoked.
        date: Spanned<String> = r#""2026-11-22""#;
        /// Why: `unspecified`, `key-compromise`, `ca-compromise`, `affiliation-changed`,
        /// `superseded`, `cessation-of-operation` or `privilege-withdrawn`.
        reason: Option<Spanned<String>> = r#""key-compromise""#, or "`unspecified`",
            one of words(RevocationReason::ALL, RevocationReason::as_str);
    }
}
