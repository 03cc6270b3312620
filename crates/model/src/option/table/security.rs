//! TLS: certificates, client authentication, protocol versions.

use crate::option::etcd_option::EtcdOption;
use crate::option::kind::{Item, Kind, Word};
use crate::option::row::{BOOL, COUNT, PATH, TEXTS, any, list, row};
use crate::option::versions::Versions;
use crate::version::Minor::{V3_4, V3_5, V3_6};

const TLS_VERSIONS: [Word; 2] = any(["TLS1.2", "TLS1.3"]);

/// The releases that let the TLS version be chosen.
const TLS_RANGE: Versions = Versions::ALL.from(V3_4, 25).from(V3_5, 8);

/// Returns the kind of an allowed name: one in the older releases, commas and all; several since 3.5.15.
const fn allowed(item: Item) -> Kind {
    Kind::List { item, many: Versions::since(V3_5).from(V3_5, 15) }
}
/// `allowed-cn` and `allowed-hostname` came into YAML after the flags.
const ALLOWED_YAML: Versions = Versions::since(V3_5).from(V3_5, 14);

const OWN_CLIENT_CERT: &str =
    "the derived certificates serve both directions, so etcd needs no other to dial with";
const AUTO_TLS: &str = "self-signed certificates would take the place of those that `[tls]` issues";

pub(super) const ROWS: &[EtcdOption] = &[
    row("cert-file", PATH)
        .means("The certificate shown to clients")
        .yaml_at(&["client-transport-security", "cert-file"])
        .derived("`certs-dir` under `[tls]`"),
    row("key-file", PATH)
        .means("The key of `cert-file`")
        .yaml_at(&["client-transport-security", "key-file"])
        .derived("`certs-dir` under `[tls]`"),
    row("client-cert-file", PATH)
        .means("The certificate etcd dials its own client port with")
        .only(Versions::since(V3_5))
        .yaml_at(&["client-transport-security", "client-cert-file"])
        .refused(OWN_CLIENT_CERT),
    row("client-key-file", PATH)
        .means("The key of `client-cert-file`")
        .only(Versions::since(V3_5))
        .yaml_at(&["client-transport-security", "client-key-file"])
        .refused(OWN_CLIENT_CERT),
    row("trusted-ca-file", PATH)
        .means("The authorities that sign clients' certificates")
        .yaml_at(&["client-transport-security", "trusted-ca-file"])
        .derived("`certs-dir` under `[tls]`"),
    // Who has no certificate is cut off from that restart on.
    row("client-cert-auth", BOOL)
        .look_first()
        .means("Whether clients must show a certificate")
        .default_is("false")
        .yaml_at(&["client-transport-security", "client-cert-auth"])
        .derived("`client-auth` under `[tls]`"),
    row("peer-cert-file", PATH)
        .means("The certificate shown to other members")
        .yaml_at(&["peer-transport-security", "cert-file"])
        .derived("`certs-dir` under `[tls]`"),
    row("peer-key-file", PATH)
        .means("The key of `peer-cert-file`")
        .yaml_at(&["peer-transport-security", "key-file"])
        .derived("`certs-dir` under `[tls]`"),
    row("peer-client-cert-file", PATH)
        .means("The certificate etcd dials other members with")
        .only(Versions::since(V3_5))
        .yaml_at(&["peer-transport-security", "client-cert-file"])
        .refused(OWN_CLIENT_CERT),
    row("peer-client-key-file", PATH)
        .means("The key of `peer-client-cert-file`")
        .only(Versions::since(V3_5))
        .yaml_at(&["peer-transport-security", "client-key-file"])
        .refused(OWN_CLIENT_CERT),
    row("peer-trusted-ca-file", PATH)
        .means("The authorities that sign members' certificates")
        .yaml_at(&["peer-transport-security", "trusted-ca-file"])
        .derived("`certs-dir` under `[tls]`"),
    row("peer-client-cert-auth", BOOL)
        .look_first()
        .means("Whether other members must show a certificate")
        .default_is("false")
        .yaml_at(&["peer-transport-security", "client-cert-auth"])
        .derived("`enabled` under `[tls]`"),
    row("client-crl-file", PATH)
        .means("The serials of clients' certificates that are revoked")
        .no_yaml(),
    row("peer-crl-file", PATH)
        .means("The serials of members' certificates that are revoked")
        .no_yaml(),
    row("client-cert-allowed-hostname", allowed(Item::CertifiedHost))
        .means("Names of which a client's certificate must carry one")
        .yaml_at(&["client-transport-security", "allowed-hostname"])
        .yaml_in(ALLOWED_YAML)
        .yaml_sequence(),
    row("peer-cert-allowed-cn", allowed(Item::Text))
        .means("Common names of which a member's certificate must carry one")
        .yaml_at(&["peer-transport-security", "allowed-cn"])
        .yaml_in(ALLOWED_YAML)
        .yaml_sequence(),
    row("peer-cert-allowed-hostname", allowed(Item::CertifiedHost))
        .means("Names of which a member's certificate must carry one")
        .yaml_at(&["peer-transport-security", "allowed-hostname"])
        .yaml_in(ALLOWED_YAML)
        .yaml_sequence(),
    row("experimental-peer-skip-client-san-verification", BOOL)
        .means("Whether to let a member in whose certificate does not name its address")
        .only(Versions::until(V3_6))
        .yaml_in(Versions::since(V3_6))
        .default_is("false")
        .deprecated(V3_6)
        .renamed("peer-skip-client-san-verification"),
    row("peer-skip-client-san-verification", BOOL)
        .means("Whether to let a member in whose certificate does not name its address")
        .only(Versions::since(V3_6))
        .yaml_at(&["peer-transport-security", "skip-client-san-verification"])
        .default_is("false"),
    row("cipher-suites", TEXTS)
        .means("The cipher suites of TLS 1.2, by their IANA names; 1.3 has its own")
        .yaml_sequence(),
    row("tls-min-version", Kind::Enum(&TLS_VERSIONS))
        .means("The oldest TLS version to speak")
        .only(TLS_RANGE)
        .default_is("TLS1.2"),
    row("tls-max-version", Kind::Enum(&TLS_VERSIONS))
        .means("The newest TLS version to speak")
        .only(TLS_RANGE),
    row("auto-tls", BOOL)
        .means("Whether to make a self-signed certificate for clients")
        .default_is("false")
        .yaml_at(&["client-transport-security", "auto-tls"])
        .refused(AUTO_TLS),
    row("peer-auto-tls", BOOL)
        .means("Whether to make a self-signed certificate for members")
        .default_is("false")
        .yaml_at(&["peer-transport-security", "auto-tls"])
        .refused(AUTO_TLS),
    row("self-signed-cert-validity", COUNT)
        .means("How long the certificates of `auto-tls` are valid")
        .counts("years")
        .only(Versions::since(V3_5))
        .yaml_in(Versions::since(V3_5).from(V3_5, 1))
        .default_is("1")
        .refused(AUTO_TLS),
    row("cors", list(Item::Origin)).means("Web origins that may call the HTTP API").default_is("*"),
    row("host-whitelist", list(Item::RequestHost))
        .means("Host names that an HTTP request without TLS may be made to")
        .default_is("*"),
];
