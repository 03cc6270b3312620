//! A change: whose it is and what it is.

use super::class::Class;
use crate::certificate::Kind;
use crate::release::Fault;
use crate::trust::{Side, Trust};
use crate::url::Scheme;
use crate::version::EtcdVersion;
use std::collections::BTreeMap;

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

/// Says what a change is. Texts are as etcd's flags have them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// An option of a member has another value, or came, or went.
    ///
    /// Of the cluster it is `initial-cluster-token`, which all members have alike.
    Option {
        /// Its name.
        name: String,
        /// What the member was started with; `None` for nothing.
        from: Option<String>,
        /// What it is to be started with; `None` for nothing.
        to: Option<String>,
    },
    /// An option is written in another way, and means the same to etcd: under its later name, or as a
    /// feature gate.
    Spelling {
        /// As the member was started with it: `experimental-corrupt-check-time=1h`.
        from: String,
        /// As it is to be started with it: `corrupt-check-time=1h`.
        to: String,
    },
    /// The member is to run another etcd.
    Version {
        /// What it runs.
        from: EtcdVersion,
        /// What it is to run.
        to: EtcdVersion,
        /// What is known to be wrong with that, in such a cluster as is to run; the worst first.
        faults: Vec<&'static Fault>,
        /// Whether the cluster's version is above it: all members that run are of a later minor.
        has_risen: bool,
    },
    /// A side goes from plain text to TLS, or back, with all options that this takes.
    Scheme {
        /// Which side.
        side: Side,
        /// What it speaks.
        from: Scheme,
        /// What it is to speak.
        to: Scheme,
    },
    /// Other CAs are trusted, or another one issues. Where a member changes both sides in the same way, that
    /// of clients stands for both.
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
    /// The member or client is new.
    Added,
    /// The member or client is gone.
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
    /// More than one member comes, goes or has other peer URLs: of the cluster, besides what each of them
    /// is by itself.
    Several {
        /// Those that come, by name.
        added: Vec<String>,
        /// Those that go, by name.
        removed: Vec<String>,
        /// Those that have other peer URLs, by name.
        moved: Vec<String>,
    },
    /// Fewer than a quorum of the members that run stay as they are.
    Quorum {
        /// How many run.
        running: usize,
        /// How many of them stay: with their name, and with a host and port of their peer URLs.
        stay: usize,
        /// Those that are removed, by name.
        removed: Vec<String>,
        /// The new peer URLs of those that have others, by name.
        moved: BTreeMap<String, Vec<String>>,
    },
    /// The client dials other endpoints.
    Endpoints {
        /// As it has them.
        from: Vec<String>,
        /// As it is to have them.
        to: Vec<String>,
    },
    /// The member's or client's files are in another folder.
    CertsDir {
        /// Where they are.
        from: String,
        /// Where they are to be.
        to: String,
    },
    /// The member's unit says something else besides options.
    Unit {
        /// The key of `[systemd]`, or `environment.` and the name of a variable.
        key: String,
        /// What it says; `None` for what holds where nothing is written.
        from: Option<String>,
        /// What it is to say; `None` for that, too.
        to: Option<String>,
    },
    /// The client's certificate names it in another way: as a common name, or not.
    CommonName {
        /// Whether it is to have one.
        to: bool,
    },
}
