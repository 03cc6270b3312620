//! What is done on a member's node where all members are stopped at the same time.

use super::data::folders;
use super::node::{Node, has_version};
use crate::artifact::shell_word;

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

    /// Looks whether its data can be set aside.
    pub(in crate::plan) fn can_be_empty(&self) -> Option<String> {
        self.has_unit.then(|| self.ssh(&[self.can_give_way()]))
    }

    /// Stops it and sets its data aside, so that nothing starts it on that again: beside members that were
    /// restored it would differ from them for good.
    pub(in crate::plan) fn empty(&self) -> String {
        if !self.has_unit {
            return format!("# on {}: stop etcd, and move {} aside", self.name, self.all_data());
        }
        self.ssh(&self.gives_way())
    }

    /// Starts it with another etcd on what the snapshot `file` of the control host has, if that `condition`
    /// holds there. All get the same list of members and the same token.
    pub(in crate::plan) fn restore(
        &self,
        file: &str,
        condition: &str,
        (list, token): (&str, &str),
    ) -> Vec<String> {
        let on_node = format!("{}/{SNAPSHOT}", self.staged());
        let copy = format!("scp {file} {}", self.to(&on_node));
        let mut all = vec![self.installs(), condition.to_owned()];
        if !self.has_unit {
            let data = shell_word(&self.data()).into_owned();
            let log = self.member.option("wal-dir").map(shell_word);
            let before = format!(
                "restore with `{}`, `chown -R` {} to the account of etcd, ",
                self.restore_line(&on_node, (&data, log.as_deref()), list, token),
                self.all_data()
            );
            let mut by_hand = self.by_hand(&[], &before, "start");
            by_hand.insert(by_hand.len() - 1, copy);
            all.extend(by_hand);
            return all;
        }
        let mut lines = vec![self.leaves_nothing(), has_version(self.member)];
        lines.extend(self.writes_data(&on_node, list, token));
        lines.extend(self.unit(&[]));
        lines.push(START.to_owned());
        all.extend(self.takes_files());
        all.extend([copy, self.ssh(&lines)]);
        all
    }

    /// Returns the folders of its data, in words.
    fn all_data(&self) -> String {
        let folders = folders(self.name, self.member);
        let words: Vec<_> = folders.iter().map(|folder| shell_word(folder)).collect();
        words.join(" and ")
    }
}
