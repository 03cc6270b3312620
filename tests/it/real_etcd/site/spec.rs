//! The spec of a cluster that a plan is carried out on.

use crate::support::place::Block;
use std::fmt::Write as _;

/// A spec in parts, so that a story changes one of them.
#[derive(Debug, Clone)]
pub(crate) struct Spec {
    pub(crate) release: String,
    pub(crate) token: &'static str,
    /// By name, with the last number of the address.
    pub(crate) members: Vec<(&'static str, u8)>,
    /// Lines of `[cluster]`, `[etcd]`, and of each `[[member]]`.
    pub(crate) cluster: String,
    pub(crate) etcd: String,
    pub(crate) member: &'static str,
    /// Lines of one member's table.
    pub(crate) one: (&'static str, String),
    /// Lines of the `[[client]]` that is called root, and the tables after it.
    pub(crate) root: &'static str,
    pub(crate) tables: String,
}

impl Spec {
    /// Three members, and nothing that has a default.
    pub(crate) fn of(release: &str) -> Self {
        Self {
            release: release.to_owned(),
            token: "plans",
            members: vec![("camellia", 1), ("orange", 2), ("pink", 3)],
            cluster: String::new(),
            etcd: "data-dir = \"/data/etcd\"\n".to_owned(),
            member: "",
            one: ("", String::new()),
            tables: String::new(),
            root: "",
        }
    }

    /// The same with a line more of `[etcd]`.
    pub(crate) fn option(mut self, line: &str) -> Self {
        let _ = writeln!(self.etcd, "{line}");
        self
    }

    /// The same with further tables.
    pub(crate) fn with(mut self, tables: &str) -> Self {
        self.tables += tables;
        self
    }

    /// The same with these members.
    pub(crate) fn members(mut self, members: &[(&'static str, u8)]) -> Self {
        self.members = members.to_vec();
        self
    }

    /// The same with lines of one member's table.
    pub(crate) fn of_one(mut self, name: &'static str, lines: &str) -> Self {
        self.one = (name, lines.to_owned());
        self
    }

    /// The same on another release.
    pub(crate) fn on(mut self, release: &str) -> Self {
        release.clone_into(&mut self.release);
        self
    }

    /// The same with changes that are accepted, as the error prints them.
    pub(crate) fn accepting(mut self, words: &[&str]) -> Self {
        self.cluster = format!("accept = {words:?}\n");
        self
    }

    /// Its text, with the addresses of a block.
    pub(super) fn text(&self, block: &Block) -> String {
        let Self { release, token, members, cluster, etcd, member, one, root, tables } = self;
        let mut spec = format!(
            "[cluster]\ntoken = \"{token}\"\netcd = \"{release}\"\n{cluster}[etcd]\n{etcd}"
        );
        for (name, last) in members {
            let _ =
                write!(spec, "[[member]]\nname = \"{name}\"\nip = \"127.0.0.{last}\"\n{member}");
            if *name == one.0 {
                spec += &one.1;
            }
        }
        let _ = write!(spec, "[[client]]\nname = \"root\"\n{root}{tables}");
        block.relocate(&spec, release)
    }
}
