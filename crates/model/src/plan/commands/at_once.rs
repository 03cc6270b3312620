//! What is done on a member's node where all members are stopped at the same time.

use super::data::{can_be_moved, folders, set_aside};
use super::node::{Node, has_version};
use crate::artifact::shell_word;
use crate::places::ACCOUNT;
use crate::version::Minor;

/// Starts etcd and does not wait until it is ready: none is before a quorum was started.
const START: &str = "systemctl start --no-block etcd";

/// The name of a snapshot that is restored, among a member's files on its node.
const SNAPSHOT: &str = "snapshot.db";

impl Node<'_> {
    /// Stops it.
    pub(in crate::plan) fn stop(&self) -> String {
        if !self.has_unit {
            return format!("# on {}: stop etcd", self.name);
        }
        self.ssh(&["systemctl stop etcd".to_owned()])
    }

    /// Lays its files, and starts it while the others are stopped as well.
    pub(in crate::plan) fn start(&self, certificates: Option<bool>) -> Vec<String> {
        if !self.has_unit {
            return self.by_hand(&[], "", "start");
        }
        let mut lines = certificates.map(|is_new| self.certificates(is_new)).unwrap_or_default();
        lines.extend(self.unit(&[]));
        lines.push(START.to_owned());
        self.with_files(&lines)
    }

    /// Looks whether its data can be moved aside.
    pub(in crate::plan) fn can_be_empty(&self) -> Option<String> {
        let folders = folders(self.name, self.member);
        let lines: Vec<String> = folders.iter().map(|folder| can_be_moved(folder)).collect();
        self.has_unit.then(|| self.ssh(&lines))
    }

    /// Stops it and moves its data aside, so that nothing starts it on that again: beside members that were
    /// restored it would differ from them for good.
    pub(in crate::plan) fn empty(&self) -> String {
        if !self.has_unit {
            return format!("# on {}: stop etcd, and move {} aside", self.name, self.all_data());
        }
        let mut lines = vec!["systemctl stop etcd".to_owned()];
        lines.extend(folders(self.name, self.member).iter().map(|folder| set_aside(folder)));
        self.ssh(&lines)
    }

    /// Starts it with another etcd on what the snapshot `file` of the control host has, if that `condition`
    /// holds there.
    pub(in crate::plan) fn restore(&self, file: &str, condition: &str) -> Vec<String> {
        let on_node = format!("{}/{SNAPSHOT}", self.staged());
        let copy = format!("scp {file} {}", self.to(&on_node));
        let mut all = vec![self.installs(), condition.to_owned()];
        if !self.has_unit {
            let before = format!(
                "restore with `{}`, `chown -R` {} to the account of etcd, ",
                self.restores(&on_node),
                self.all_data()
            );
            let mut by_hand = self.by_hand(&[], &before, "start");
            by_hand.insert(by_hand.len() - 1, copy);
            all.extend(by_hand);
            return all;
        }
        let mut lines = vec![self.leaves_nothing(), has_version(self.member.version)];
        lines.push(self.restores(&on_node));
        let owned =
            |folder: &String| format!("chown -R {ACCOUNT}:{ACCOUNT} {}", shell_word(folder));
        lines.extend(folders(self.name, self.member).iter().map(owned));
        lines.extend(self.unit(&[]));
        lines.push(START.to_owned());
        all.extend(self.takes_files());
        all.extend([copy, self.ssh(&lines)]);
        all
    }

    /// The folders of its data, in words.
    fn all_data(&self) -> String {
        let folders = folders(self.name, self.member);
        let words: Vec<_> = folders.iter().map(|folder| shell_word(folder)).collect();
        words.join(" and ")
    }

    /// The command that writes a member's data from a snapshot: of etcdutl, which 3.4 does not have.
    fn restores(&self, file: &str) -> String {
        let program = if self.member.version.minor() < Minor::V3_5 { "etcdctl" } else { "etcdutl" };
        let mut words = vec![program.to_owned(), "snapshot restore".to_owned(), file.to_owned()];
        let data = self.data();
        let own = [("name", Some(self.name)), ("data-dir", Some(data.as_str()))];
        let options =
            ["wal-dir", "initial-cluster", "initial-cluster-token", "initial-advertise-peer-urls"];
        let options = options.map(|option| (option, self.member.option(option)));
        for (option, value) in own.into_iter().chain(options) {
            words.extend(value.map(|value| format!("--{option}={}", shell_word(value))));
        }
        words.join(" ")
    }
}
