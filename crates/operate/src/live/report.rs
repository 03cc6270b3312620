//! A cluster as it is, in the form in which it is told.

use super::beside::ClientEnd;
use super::members::State;
use crate::exit::Exit;
use crate::expiry::Validity;
use bouquet_model::diagnostic::Diagnostic;
use std::time::Duration;

/// A cluster, as it is.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) token: String,
    /// Its ID: as compiled, or as its members say it.
    pub(crate) id: Option<u64>,
    /// How many of those that are asked are up.
    pub(crate) up: usize,
    pub(crate) asked: usize,
    /// `None` where nobody told who the members are.
    pub(crate) votes: Option<Votes>,
    pub(crate) rows: Vec<Row>,
    /// What is wrong, what is other than compiled, and what is not known: the worst first.
    pub(crate) findings: Vec<Diagnostic>,
    /// Those of them that say that members have different data, or may have.
    pub(crate) doubts: Vec<Diagnostic>,
    /// Whether the alarm NOSPACE is on.
    pub(crate) is_full: bool,
    /// Whether the alarm CORRUPT is on.
    pub(crate) is_corrupt: bool,
    /// What could not be asked, and why: once for all members that it is alike for.
    pub(crate) unasked: Vec<String>,
    /// When the certificates of clients end, by the client's name.
    pub(crate) clients: Vec<ClientEnd>,
    /// The names that `done` would record.
    pub(crate) unrecorded: Vec<String>,
    /// The names that are recorded, and compiled no more.
    pub(crate) leaving: Vec<String>,
    pub(crate) exit: Exit,
}

/// Counts those that have a vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Votes {
    /// The members with a vote.
    pub(crate) voters: usize,
    /// Those of them that answer.
    pub(crate) answering: usize,
    /// Those of them that answer and know a leader.
    pub(crate) up: usize,
    /// How many it takes to write.
    pub(crate) quorum: usize,
    /// Whether anyone who answers knows a leader, with a vote or without.
    pub(crate) is_led: bool,
}

/// Says whether the cluster takes writes, as far as can be seen from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writes {
    /// A quorum answers, and knows a leader.
    Taken,
    /// Nobody who answers knows a leader, and a quorum does not answer.
    NoQuorum,
    /// A quorum answers, and nobody knows a leader.
    NoLeader,
    /// Some who answer know a leader, so that there is a quorum that cannot be seen from here, or there was one
    /// until just now; or nobody said anything of it.
    Unknown,
}

impl Votes {
    /// Returns whether the cluster takes writes.
    pub(crate) const fn writes(self) -> Writes {
        if self.up >= self.quorum {
            Writes::Taken
        } else if self.is_led || self.answering == 0 {
            Writes::Unknown
        } else if self.answering >= self.quorum {
            Writes::NoLeader
        } else {
            Writes::NoQuorum
        }
    }
}

/// One member.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) id: Option<u64>,
    pub(crate) is_compiled: bool,
    pub(crate) is_listed: bool,
    pub(crate) state: State,
    /// Why it does not answer, in words.
    pub(crate) reason: Option<String>,
    /// How long it took to answer, the handshake included; `None` where it did not.
    pub(crate) took: Option<Duration>,
    pub(crate) role: Option<Role>,
    pub(crate) version: Option<String>,
    pub(crate) applied: Option<u64>,
    pub(crate) revision: Option<i64>,
    pub(crate) db_size: Option<u64>,
    pub(crate) quota: Option<u64>,
    pub(crate) client_certificate: Option<Served>,
    pub(crate) peer_certificate: Option<Served>,
    /// Whether it has a connection to each of its peers, by name; nothing where that is not known.
    pub(crate) mesh: Vec<(String, bool)>,
    pub(crate) clock: Option<i64>,
}

/// Says what a member is to the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Leader,
    Voter,
    Learner,
}

impl Role {
    /// Returns the word for it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Leader => "leader",
            Self::Voter => "voter",
            Self::Learner => "learner",
        }
    }
}

/// A certificate as a port shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Served {
    pub(crate) serial: String,
    pub(crate) not_after: i64,
    pub(crate) validity: Validity,
    /// It is another than the compiled one.
    pub(crate) differs: Option<Differs>,
}

/// Says how a served certificate differs from the compiled one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Differs {
    /// It began before: the compiled one is not installed yet.
    Older,
    /// It began later: this program is out of date.
    Newer,
    /// It is of no CA that is compiled.
    Foreign,
}

impl Differs {
    /// Returns the word for it in JSON.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Older => "older",
            Self::Newer => "newer",
            Self::Foreign => "foreign",
        }
    }
}

/// Says how much a finding counts for the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gravity {
    /// Something is wrong.
    Wrong,
    /// All is well, and other than compiled.
    Other,
    /// For information.
    Fact,
}
