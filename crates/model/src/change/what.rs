//! A change: whose it is, what it is, and the words for both.

use super::class::Class;
use crate::certificate::Kind;
use crate::trust::{Side, Trust};
use crate::url::Scheme;
use crate::version::EtcdVersion;
use core::fmt;

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Whose.
    pub subject: Subject,
    /// What.
    pub what: What,
    /// What it asks of an operator.
    pub class: Class,
}

/// Whose change it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The cluster's.
    Cluster,
    /// The member's of that name: the one it has now, or had, where it is gone.
    Member(String),
    /// The client's of that name.
    Client(String),
}

/// What a change is. Texts are as etcd's flags have them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// An option of a member has another value, or came, or went.
    Option {
        /// Its name.
        name: String,
        /// What the member was started with; `None` for nothing.
        from: Option<String>,
        /// What it is to be started with; `None` for nothing.
        to: Option<String>,
    },
    /// The member is to run another etcd.
    Version {
        /// What it runs.
        from: EtcdVersion,
        /// What it is to run.
        to: EtcdVersion,
    },
    /// A side goes from plain text to TLS, or back.
    Scheme {
        /// Which side.
        side: Side,
        /// What it speaks.
        from: Scheme,
        /// What it is to speak.
        to: Scheme,
    },
    /// Other CAs are trusted, or another one issues.
    Trust {
        /// By whom, and towards whom.
        side: Side,
        /// As it is.
        from: Trust,
        /// As it is to be.
        to: Trust,
    },
    /// There is another certificate of that kind.
    Certificate(Kind),
    /// There is another list of revoked certificates.
    Revocations,
    /// The member is new.
    Added,
    /// The member is gone.
    Removed,
    /// The member's peer URLs have another name.
    Renamed {
        /// Its new name.
        to: String,
    },
    /// The member has other peer URLs: another host or another port.
    Moved {
        /// What the cluster knows it by.
        from: Vec<String>,
        /// What it is to be known by.
        to: Vec<String>,
    },
    /// Two members have exchanged their peer URLs.
    Swapped {
        /// The other one.
        with: String,
    },
    /// Fewer than a quorum of the members that run stay as they are.
    Quorum {
        /// How many run.
        running: usize,
        /// Those that are removed, by name.
        removed: Vec<String>,
        /// Those that have other peer URLs, by name.
        moved: Vec<String>,
    },
    /// The client dials other endpoints.
    Endpoints {
        /// As it has them.
        from: Vec<String>,
        /// As it is to have them.
        to: Vec<String>,
    },
    /// The client's files are in another folder.
    CertsDir {
        /// Where they are.
        from: String,
        /// Where they are to be.
        to: String,
    },
    /// The client's certificate names it in another way: as a common name, or not.
    CommonName {
        /// Whether it is to have one.
        to: bool,
    },
}

impl Change {
    /// Returns the words that accept it in `cluster.toml`, where it is refused: they name the new value.
    pub fn accept(&self) -> Option<String> {
        if self.class != Class::Refused {
            return None;
        }
        let subject = match &self.subject {
            Subject::Cluster => String::new(),
            Subject::Member(name) | Subject::Client(name) => format!("{name}."),
        };
        Some(match &self.what {
            What::Option { name, to, .. } => {
                format!("{subject}{name} = {}", to.as_deref().unwrap_or_default())
            }
            What::Version { to, .. } => format!("etcd = {to}"),
            What::Renamed { to } => format!("rename {} {to}", subject.trim_end_matches('.')),
            What::Swapped { with } => format!("swap {} {with}", subject.trim_end_matches('.')),
            What::Removed => format!("remove {}", subject.trim_end_matches('.')),
            What::Quorum { removed, moved, .. } => {
                let named = |word: &str, names: &[String]| {
                    (!names.is_empty()).then(|| format!("{word} {}", names.join(" ")))
                };
                let both = [named("remove", removed), named("move", moved)];
                both.into_iter().flatten().collect::<Vec<_>>().join(", ")
            }
            What::Trust { side, to, .. } => {
                let key = match side {
                    Side::Clients => "trust",
                    Side::Peers => "peer-trust",
                };
                let numbers: Vec<_> = to.trust.iter().map(ToString::to_string).collect();
                format!("{key} = [{}] issue = {}", numbers.join(", "), to.issue)
            }
            What::Scheme { to, .. } => format!("{subject}scheme = {}", to.as_str()),
            other => format!("{subject}{other}"),
        })
    }
}

/// Without whose it is.
impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or_none = |text: &Option<String>| match text {
            Some(text) => text.clone(),
            None => "nothing".to_owned(),
        };
        match self {
            Self::Option { name, from, to } => {
                write!(f, "{name} {} → {}", or_none(from), or_none(to))
            }
            Self::Version { from, to } => write!(f, "etcd {from} → {to}"),
            Self::Scheme { side: Side::Clients, from, to } => {
                write!(f, "client URLs {} → {}", from.as_str(), to.as_str())
            }
            Self::Scheme { side: Side::Peers, from, to } => {
                write!(f, "peer URLs {} → {}", from.as_str(), to.as_str())
            }
            Self::Trust { side, from, to } => {
                let side = if *side == Side::Clients { "CAs" } else { "CAs of peers" };
                write!(f, "{side} {from} → {to}")
            }
            Self::Certificate(kind) => write!(f, "{kind} certificate"),
            Self::Revocations => f.write_str("list of revoked certificates"),
            Self::Added => f.write_str("added"),
            Self::Removed => f.write_str("removed"),
            Self::Renamed { to } => write!(f, "renamed to {to}"),
            Self::Moved { from, to } => write!(f, "{} → {}", from.join(","), to.join(",")),
            Self::Swapped { with } => write!(f, "has exchanged its address with {with}"),
            Self::Quorum { running, removed, moved } => {
                let stay = running - removed.len() - moved.len();
                write!(f, "{stay} of {running} members that run stay")
            }
            Self::Endpoints { from, to } => {
                write!(f, "endpoints {} → {}", from.join(","), to.join(","))
            }
            Self::CertsDir { from, to } => write!(f, "certs-dir {from} → {to}"),
            Self::CommonName { to: true } => f.write_str("gets a common name"),
            Self::CommonName { to: false } => f.write_str("loses its common name"),
        }
    }
}

/// As in a list: `1, 2 (1 issues)`.
impl fmt::Display for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<_> = self.trust.iter().map(ToString::to_string).collect();
        write!(f, "{} ({} issues)", numbers.join(", "), self.issue)
    }
}
