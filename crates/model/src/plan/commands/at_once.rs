//! What is done on a member's node where all members are stopped at the same time.

use super::data::{MovedData, can_be_moved, data_dir, folders, set_aside};
use super::node::{ETCD, Node, has_version, with_data};
use crate::artifact::shell_word;
use crate::version::Minor;

/// Starts etcd and does not wait until it is ready.
const START: &str = "systemctl start --no-block etcd";

/// The name of a snapshot that is restored, among a member's files on its node.
const SNAPSHOT: &str = "snapshot.db";

impl Node<'_> {
    /// Looks whether its data can be moved, where it is to be and there is a unit.
    pub(in crate::plan) fn can_move(&self, data: &MovedData) -> Option<String> {
        let lines = data.looks();
        (self.has_unit && !lines.is_empty()).then(|| self.ssh(&lines))
    }

    /// Looks whether its data can be moved aside.
    pub(in crate::plan) fn can_be_empty(&self) -> Option<String> {
        let folders = folders(self.name, self.member);
        let lines: Vec<String> = folders.iter().map(|folder| can_be_moved(folder)).collect();
        self.has_unit.then(|| self.ssh(&lines))
    }

    /// Stops it.
    pub(in crate::plan) fn stop(&self) -> String {
        if !self.has_unit {
            return format!("# on {}: stop etcd", self.name);
        }
        self.ssh(&["systemctl stop etcd".to_owned()])
    }

    /// Stops it and moves its data aside, so that nothing starts it on that again: beside members that were
    /// restored it would differ from them for good.
    pub(in crate::plan) fn empty(&self) -> String {
        if !self.has_unit {
            return format!("# on {}: stop etcd, and move its data aside", self.name);
        }
        let mut lines = vec!["systemctl stop etcd".to_owned()];
        lines.extend(folders(self.name, self.member).iter().map(|folder| set_aside(folder)));
        self.ssh(&lines)
    }

    /// Lays the file that it starts from, and starts it while the others are stopped as well: it is ready
    /// when a quorum is. `installs` is for a person who installs another etcd first.
    pub(in crate::plan) fn start(&self, data: &MovedData, installs: bool) -> Vec<String> {
        let mut all = if installs { vec![self.installs()] } else { Vec::new() };
        if !self.has_unit {
            all.extend(self.by_hand(&with_data("start", data)));
            return all;
        }
        let mut lines = Vec::new();
        if installs {
            lines.push(has_version(self.member.version));
        }
        lines.extend(data.moves(ETCD));
        lines.extend(self.unit(&[]));
        lines.push(START.to_owned());
        all.extend(self.with_files(&lines));
        all
    }

    /// Starts it with another etcd on what the snapshot `file` of the control host has, if that `condition`
    /// holds there.
    pub(in crate::plan) fn restore(&self, file: &str, condition: &str) -> Vec<String> {
        let installs = self.installs();
        if !self.has_unit {
            let Self { name, member, .. } = self;
            let mut all = vec![installs];
            all.extend(self.by_hand("restore the snapshot with"));
            all.push(format!("# on {name}: start etcd {}", member.version));
            return all;
        }
        let target = self.staged();
        let mut lines =
            vec![format!("trap \"rm -r {target}\" EXIT"), has_version(self.member.version)];
        lines.push(self.restores(&format!("{target}/{SNAPSHOT}")));
        let folders = folders(self.name, self.member);
        lines.extend(
            folders.iter().map(|folder| format!("chown -R {ETCD}:{ETCD} {}", shell_word(folder))),
        );
        lines.extend(self.unit(&[]));
        lines.push(START.to_owned());
        let [room, copy] = self.takes_files();
        vec![
            installs,
            condition.to_owned(),
            room,
            copy,
            format!("scp {file} {}", self.to(&format!("{target}/{SNAPSHOT}"))),
            self.ssh(&lines),
        ]
    }

    /// The command that writes a member's data from a snapshot: of etcdutl, which 3.4 does not have.
    fn restores(&self, file: &str) -> String {
        let program = if self.member.version.minor() < Minor::V3_5 { "etcdctl" } else { "etcdutl" };
        let mut words = vec![program.to_owned(), "snapshot restore".to_owned(), file.to_owned()];
        let data = data_dir(self.name, self.member);
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
