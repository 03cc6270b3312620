//! What is known besides what members tell: by `cluster.lock`, where it is at hand.

use super::observed::Target;
use std::collections::BTreeSet;

/// Holds what is known besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Beside {
    /// The name of the program, as it is typed.
    pub(crate) program: String,
    /// The certificates that clients have, as far as that is known.
    pub(crate) clients: Vec<ClientEnd>,
    /// The names of members and clients that `done` would record.
    pub(crate) unrecorded: Vec<String>,
    /// Those of members and clients that are recorded, and compiled no more.
    pub(crate) leaving: Vec<String>,
    /// Members whose options are recorded otherwise than they are compiled.
    pub(crate) otherwise: Vec<String>,
    /// Members that are recorded as another tool has set them up.
    pub(crate) adopted: Vec<String>,
    /// The CAs of `cluster.lock`, in DER.
    pub(crate) cas: Vec<Vec<u8>>,
    /// What `cluster.lock` says of the members, where it is at hand.
    pub(crate) lock: Option<InLock>,
    /// Where members are recorded as running, other than where they are compiled: they are asked there too.
    pub(crate) elsewhere: Vec<Target>,
}

impl Beside {
    /// Knows nothing but the name of the program, without which a help has no command to type.
    pub(crate) fn new(program: &str) -> Self {
        Self {
            program: program.to_owned(),
            clients: Vec::new(),
            unrecorded: Vec::new(),
            leaving: Vec::new(),
            otherwise: Vec::new(),
            adopted: Vec::new(),
            cas: Vec::new(),
            lock: None,
            elsewhere: Vec::new(),
        }
    }

    /// Tells whether `cluster.lock` has a member as running; nothing where it is not at hand.
    pub(crate) fn records(&self, name: &str) -> Option<bool> {
        self.lock.as_ref().map(|lock| lock.members.contains(name))
    }

    /// Tells whether `cluster.lock` has any member as running.
    pub(crate) fn records_any(&self) -> bool {
        self.lock.as_ref().is_some_and(|lock| !lock.members.is_empty())
    }
}

/// Holds what `cluster.lock` says of the members.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct InLock {
    /// The cluster's ID, where it is known.
    pub(crate) id: Option<u64>,
    /// Members that it has as running.
    pub(crate) members: BTreeSet<String>,
}

/// A client's certificate, which no member shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClientEnd {
    pub(crate) name: String,
    /// In seconds since 1970.
    pub(crate) not_after: i64,
    /// A later one was issued, and is not recorded as installed.
    pub(crate) is_renewed: bool,
}
