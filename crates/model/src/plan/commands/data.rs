//! Where a member's data is, and how it is taken to other folders.

use crate::artifact::shell_word;
use crate::places::WORKING_FOLDER;
use crate::running::RunningMember;

/// The way of a member's data to other folders: a `data-dir` or `wal-dir` that is changed leads to an empty
/// one otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::plan) struct MovedData {
    /// From where to where, in that order.
    folders: Vec<(String, String)>,
}

impl MovedData {
    /// Compares what a member of these names was with what it is to be.
    pub(in crate::plan) fn of(
        name: (&str, &str),
        before: &RunningMember,
        after: &RunningMember,
    ) -> Self {
        let (from, to) = (data_dir(name.0, before), data_dir(name.1, after));
        let wal = |member: &RunningMember| match member.option("wal-dir") {
            Some(folder) => folder.to_owned(),
            // That of the data folder after it was moved.
            None => format!("{to}/member/wal"),
        };
        let folders = [(from.clone(), to.clone()), (wal(before), wal(after))];
        Self { folders: folders.into_iter().filter(|(from, to)| from != to).collect() }
    }

    pub(in crate::plan) const fn is_empty(&self) -> bool {
        self.folders.is_empty()
    }

    /// Returns the lines that look whether it can be moved, while etcd still runs: a mount point cannot be
    /// renamed, and what is there already would be written over or refused.
    pub(super) fn looks(&self) -> Vec<String> {
        let look = |(from, to): &(String, String)| {
            let (from, to) = (shell_word(from), shell_word(to));
            [
                refuse(
                    &format!("mountpoint -q {from}"),
                    "nothing was changed: a mount point cannot be moved",
                ),
                refuse(
                    &format!("[ -e {to} ]"),
                    "nothing was changed: the new folder is there already",
                ),
            ]
        };
        self.folders.iter().flat_map(look).collect()
    }

    /// Returns the lines that move it, while etcd is stopped, for the account `owner`; where that fails,
    /// they say that etcd is stopped.
    pub(super) fn moves(&self, owner: &str) -> Vec<String> {
        let moved = |(from, to): &(String, String)| {
            let above = to.rsplit_once('/').map_or("/", |(above, _)| above);
            [
                format!(
                    "[ -d {0} ] || install -d -m 0700 -o {owner} -g {owner} {0} &&",
                    shell_word(above)
                ),
                format!(
                    "mv -T {} {} || {{ echo \"etcd is stopped: put its data back where it was, and start etcd\" >&2; exit 1; }}",
                    shell_word(from),
                    shell_word(to)
                ),
            ]
        };
        self.folders.iter().flat_map(moved).collect()
    }

    /// Returns the commands that take it back, in words.
    pub(in crate::plan) fn back(&self) -> String {
        let back = |(from, to): &(String, String)| {
            format!("`mv -T {} {}`", shell_word(to), shell_word(from))
        };
        self.folders.iter().rev().map(back).collect::<Vec<_>>().join(", ")
    }
}

/// Returns the folders of a member's data: that of `data-dir`, and that of `wal-dir` where it is another one.
pub(super) fn folders(name: &str, member: &RunningMember) -> Vec<String> {
    let wal = member.option("wal-dir").map(str::to_owned);
    std::iter::once(data_dir(name, member)).chain(wal).collect()
}

/// Returns the line that looks whether a folder can be moved, while etcd still runs.
pub(super) fn can_be_moved(folder: &str) -> String {
    let why = "nothing was changed: a mount point cannot be moved";
    refuse(&format!("mountpoint -q {}", shell_word(folder)), why)
}

/// Returns the line that moves a folder aside, where it is there; nothing is deleted.
pub(super) fn set_aside(folder: &str) -> String {
    let folder = shell_word(folder);
    format!("[ ! -e {folder} ] || mv -T {folder} {folder}.$(date +%Y%m%dT%H%M%S)")
}

/// Says why it goes no further where that is true.
fn refuse(condition: &str, why: &str) -> String {
    format!("! {condition} || {{ echo \"{why}\" >&2; exit 1; }}")
}

/// Where the unit has etcd keep its data.
pub(super) fn data_dir(name: &str, member: &RunningMember) -> String {
    match member.option("data-dir") {
        Some(folder) => folder.to_owned(),
        None => format!("{WORKING_FOLDER}/{name}.etcd"),
    }
}
