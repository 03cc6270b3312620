//! What a spec says, as written.
//!
//! Texts are still texts here: `10.0.0.300` is a fine [`MemberSpec::ip`]. An
//! absent key is `None`; its default is for the next stage to know, and for
//! [`keys`](super::keys) to document.

use crate::diagnostic::{Span, Spanned};

/// A whole `cluster.toml`.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    /// Whether the value of every known key that was written is here. Where one is not, single
    /// values can still be looked at, but not what they are to each other.
    pub whole: bool,
    /// `[cluster]`
    pub cluster: ClusterSpec,
    /// `[etcd]`: etcd's options for every member.
    pub etcd: OptionsSpec,
    /// `[tls]`
    pub tls: TlsSpec,
    /// Every `[[member]]`, in the order of the file; at least one.
    pub members: Vec<MemberSpec>,
    /// `[ca]`
    pub ca: CaSpec,
    /// Every `[[authority]]`, in the order of the file.
    pub authorities: Vec<AuthoritySpec>,
    /// Every `[[client]]`, in the order of the file.
    pub clients: Vec<ClientSpec>,
    /// Every `[[revoked]]`, in the order of the file.
    pub revoked: Vec<RevokedSpec>,
}

/// `[cluster]`
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterSpec {
    /// The header.
    pub span: Span,
    /// `--initial-cluster-token`
    pub token: Spanned<String>,
    /// The version of etcd that the members run.
    pub etcd: Spanned<String>,
    /// `--initial-cluster-state`
    pub state: Option<Spanned<String>>,
    /// In which formats each member's configuration is written.
    pub formats: Option<Vec<Spanned<String>>>,
}

/// Options of etcd by their own names, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OptionsSpec {
    /// The header, if there is one.
    pub span: Option<Span>,
    /// The options. No name occurs twice, and none has been looked at.
    pub entries: Vec<OptionEntry>,
}

/// One option of etcd.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionEntry {
    /// Its name, as written.
    pub name: Spanned<String>,
    /// Its value, as written.
    pub value: Spanned<RawValue>,
}

/// A value of any type that TOML has.
#[derive(Clone, Debug, PartialEq)]
pub enum RawValue {
    /// `true` or `false`
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a point or an exponent, or `inf`, or `nan`.
    Float(f64),
    /// Text.
    Str(String),
    /// A list.
    List(Vec<Spanned<RawValue>>),
    /// A table; no option of etcd takes one.
    Table,
    /// A date or a time; no option of etcd takes one.
    Date,
}

impl RawValue {
    /// What it is, with its article: `an integer`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Bool(_) => "a boolean",
            Self::Int(_) => "an integer",
            Self::Float(_) => "a float",
            Self::Str(_) => "a string",
            Self::List(_) => "a list",
            Self::Table => "a table",
            Self::Date => "a date",
        }
    }
}

/// `[tls]`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TlsSpec {
    /// The header, if there is one.
    pub span: Option<Span>,
    /// Whether the cluster speaks TLS.
    pub enabled: Option<Spanned<bool>>,
    /// Which certificates a member has.
    pub layout: Option<Spanned<String>>,
    /// Where members find their certificates.
    pub certs_dir: Option<Spanned<String>>,
    /// The kind of every private key.
    pub key: Option<Spanned<String>>,
    /// How long a leaf certificate is valid.
    pub valid_for: Option<Spanned<String>>,
    /// How long the CA's certificate is valid.
    pub ca_valid_for: Option<Spanned<String>>,
    /// How long before its end a certificate is issued anew.
    pub renew_before: Option<Spanned<String>>,
    /// Whether a new certificate gets a new key.
    pub renew: Option<Spanned<String>>,
    /// Raised to have every certificate issued anew.
    pub generation: Option<Spanned<u32>>,
    /// The common name of the shared certificate.
    pub common_name: Option<Spanned<String>>,
    /// Names and addresses for every server and peer certificate.
    pub extra_sans: Vec<Spanned<String>>,
}

/// `[[member]]`
#[derive(Clone, Debug, PartialEq)]
pub struct MemberSpec {
    /// The header.
    pub span: Span,
    /// `--name`
    pub name: Spanned<String>,
    /// The address of its node, as the other members see it.
    pub ip: Spanned<String>,
    /// The node's name.
    pub hostname: Option<Spanned<String>>,
    /// The address to listen on where it is not `ip`.
    pub listen_ip: Option<Spanned<String>>,
    /// Whether its URLs hold the address or the name.
    pub advertise: Option<Spanned<String>>,
    /// `--initial-cluster-state` where it is not the cluster's.
    pub state: Option<Spanned<String>>,
    /// The port for other members; never 0.
    pub peer_port: Option<Spanned<u16>>,
    /// The port for clients; never 0.
    pub client_port: Option<Spanned<u16>>,
    /// Raised to have its certificates issued anew.
    pub generation: Option<Spanned<u32>>,
    /// Names and addresses for this member's certificates.
    pub extra_sans: Vec<Spanned<String>>,
    /// `[member.etcd]`: options that differ from those of the others.
    pub etcd: OptionsSpec,
}

/// `[[client]]`
#[derive(Clone, Debug, PartialEq)]
pub struct ClientSpec {
    /// The header.
    pub span: Span,
    /// The common name of its certificate: etcd's user.
    pub name: Spanned<String>,
    /// Where the client finds its certificate.
    pub certs_dir: Option<Spanned<String>>,
    /// Raised to have its certificate issued anew.
    pub generation: Option<Spanned<u32>>,
}

/// `[ca]`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CaSpec {
    /// The header, if there is one.
    pub span: Option<Span>,
    /// The number of the CA that issues.
    pub issue: Option<Spanned<u32>>,
    /// The CAs that are trusted.
    pub trust: Option<Spanned<Vec<Spanned<u32>>>>,
    /// The number of the CA that issues for peers.
    pub peer_issue: Option<Spanned<u32>>,
    /// The CAs that peers trust.
    pub peer_trust: Option<Spanned<Vec<Spanned<u32>>>>,
    /// Of the CA that issues.
    pub fingerprint: Option<Spanned<String>>,
    /// Whether a new CA is limited to what the spec names.
    pub name_constraints: Option<Spanned<bool>>,
    /// What else a new CA can vouch for.
    pub permit: Vec<Spanned<String>>,
    /// The file of a passphrase.
    pub passphrase_file: Option<Spanned<String>>,
    /// The environment variable of a passphrase.
    pub passphrase_env: Option<Spanned<String>>,
    /// Whether members check a revocation list.
    pub crl: Option<Spanned<bool>>,
}

/// `[[authority]]`
#[derive(Clone, Debug, PartialEq)]
pub struct AuthoritySpec {
    /// The header.
    pub span: Span,
    /// Its number in `[ca]`.
    pub number: Spanned<u32>,
    /// The file of its certificate.
    pub certificate: Option<Spanned<String>>,
    /// The environment variable that names that file.
    pub certificate_env: Option<Spanned<String>>,
    /// The file of its key.
    pub key: Option<Spanned<String>>,
    /// The environment variable that names that file.
    pub key_env: Option<Spanned<String>>,
    /// Of its certificate.
    pub fingerprint: Option<Spanned<String>>,
}

/// `[[revoked]]`
#[derive(Clone, Debug, PartialEq)]
pub struct RevokedSpec {
    /// The header.
    pub span: Span,
    /// Whose certificates.
    pub name: Option<Spanned<String>>,
    /// Of one certificate.
    pub serial: Option<Spanned<String>>,
    /// The day from which on.
    pub date: Spanned<String>,
    /// Why.
    pub reason: Option<Spanned<String>>,
}

impl OptionsSpec {
    /// The option of that name.
    pub fn find(&self, name: &str) -> Option<&OptionEntry> {
        self.entries.iter().find(|entry| entry.name.value == name)
    }
}
