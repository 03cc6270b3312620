//! A thing that was looked at, and what is wrong with it.

use crate::compiled::Compiled;
use crate::node::machine::facts::{Facts, Seen};
use bouquet_model::diagnostic::{Diagnostic, Severity};
use bouquet_model::{Cluster, Member};

/// A node: what is compiled for it, and what it is.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a> {
    pub(crate) compiled: &'a Compiled<'a>,
    pub(crate) member: &'a Member,
    pub(crate) facts: &'a Facts,
    /// The files of options there, held to those that are compiled.
    pub(crate) options: &'a Judged,
    /// The certificates and keys there.
    pub(crate) certificates: &'a Seen<Judged>,
    /// The name of its unit.
    pub(crate) unit: &'a str,
    /// The name of the program, as it is typed.
    pub(crate) program: &'a str,
    /// How the member is installed, with one option more: its line between backquotes, as it is typed.
    pub(crate) install: &'a dyn Fn(&str) -> String,
}

impl Node<'_> {
    pub(crate) fn cluster(&self) -> &Cluster {
        self.compiled.cluster
    }

    pub(crate) fn name(&self) -> &str {
        self.member.name.as_str()
    }
}

/// Files that were held to those that are compiled.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Judged {
    /// How many there are.
    pub(crate) count: usize,
    pub(crate) problems: Vec<Diagnostic>,
}

/// What etcd is about to be started with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StartsWith {
    /// What lies in its folders.
    ItsData,
    /// The same, once it was given to the account that etcd is to run under.
    GivenData,
    /// Nothing: what lies there is set aside.
    Nothing,
    /// What a snapshot has.
    Snapshot,
    /// What lies in other folders than those that were looked at: those of the version that is gone back to.
    Elsewhere,
}

/// A thing that was looked at.
#[derive(Debug)]
pub(crate) struct Check {
    /// In one word.
    pub(crate) name: &'static str,
    /// What it is, in a few words; or why it could not be seen.
    pub(crate) seen: Seen<String>,
    pub(crate) findings: Vec<Diagnostic>,
}

/// How a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Ok,
    Warning,
    Error,
    /// It could not be looked at.
    Unseen,
}

impl State {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Unseen => "unseen",
        }
    }
}

impl Check {
    pub(crate) fn new(name: &'static str, seen: impl Into<String>) -> Self {
        Self { name, seen: Ok(seen.into()), findings: Vec::new() }
    }

    pub(crate) fn unseen(name: &'static str, why: impl Into<String>) -> Self {
        Self { name, seen: Err(why.into()), findings: Vec::new() }
    }

    /// Returns the same with what is wrong.
    pub(crate) fn with(mut self, findings: impl IntoIterator<Item = Diagnostic>) -> Self {
        self.findings.extend(findings);
        self
    }

    pub(crate) fn state(&self) -> State {
        match self.findings.iter().map(|finding| finding.severity).min() {
            Some(Severity::Error) => State::Error,
            Some(Severity::Warning) => State::Warning,
            None if self.seen.is_err() => State::Unseen,
            None => State::Ok,
        }
    }
}
