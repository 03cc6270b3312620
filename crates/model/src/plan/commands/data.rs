//! Where a member's data is, and how it is taken to other folders.

use crate::artifact::shell_word;
use crate::places::WORKING_FOLDER;
use crate::running::RunningMember;

/// The way of a member's data to other folders, and to another account: a `data-dir` or `wal-dir` that is changed leads to an
/// empty one otherwise, and what is another account's cannot be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::plan) struct MovedData {
    /// The folders, in the order in which they are moved.
    folders: Vec<Moved>,
    /// The account that makes new folders its own.
    owns: String,
    given: Option<Given>,
}

/// Names what is given to another account, once it is where it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Given {
    /// As `chown` takes them.
    from: String,
    to: String,
    /// The command that makes the new account.
    makes: String,
    /// The folders, as words of a shell.
    folders: String,
}

impl Given {
    fn of(was: &RunningMember, is: &RunningMember) -> Option<Self> {
        let (from, to) = (was.account(), is.account());
        if from == to {
            return None;
        }
        let data = is.option("data-dir").unwrap_or(WORKING_FOLDER);
        // etcd makes its log in the folder above.
        let log = is.option("wal-dir").and_then(|log| Some(log.rsplit_once('/')?.0));
        let log = log.filter(|log| *log != data && below(log, data).is_none());
        let certificates = is.certs_dir().filter(|folder| was.certs_dir() == Some(*folder));
        let folders = [Some(data), log, certificates].into_iter().flatten();
        let folders = folders.map(shell_word).collect::<Vec<_>>().join(" ");
        Some(Self { from: from.owner(), to: to.owner(), makes: to.made(), folders })
    }

    /// Returns the command that gives folders to an owner. Those of certificates are links where `install` put
    /// them.
    fn command(&self, owner: &str) -> String {
        format!("chown -RH {owner} {}", self.folders)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Moved {
    /// Where it is while etcd runs.
    is: String,
    /// Where it is when those before it were moved.
    from: String,
    /// Where it is to be.
    to: String,
}

impl MovedData {
    /// Compares what a member of these names was with what it is to be.
    pub(in crate::plan) fn of(
        name: (&str, &str),
        before: &RunningMember,
        after: &RunningMember,
    ) -> Self {
        let (from, to) = (before.data_dir(name.0), after.data_dir(name.1));
        let log_is = before.log_dir(&from);
        // What is in the data folder goes with it.
        let log_from = match below(&log_is, &from) {
            Some(rest) => format!("{to}/{rest}"),
            None => log_is.clone(),
        };
        let data = Moved { is: from.to_string(), from: from.into_owned(), to: to.to_string() };
        let log = Moved { is: log_is, from: log_from, to: after.log_dir(&to) };
        let given = Given::of(before, after);
        let folders = [data, log].into_iter().filter(|it| it.from != it.to).collect();
        Self { folders, owns: after.account().owns(), given }
    }

    pub(in crate::plan) const fn is_empty(&self) -> bool {
        self.folders.is_empty() && self.given.is_none()
    }

    /// Tells whether it is led to other folders.
    pub(in crate::plan) const fn is_elsewhere(&self) -> bool {
        !self.folders.is_empty()
    }

    /// Returns a folder that would have to be moved into itself, or to a place that it is in, with that.
    pub(in crate::plan) fn nested(&self) -> Option<(&str, &str)> {
        let is_nested = |it: &&Moved| below(&it.to, &it.from).or(below(&it.from, &it.to)).is_some();
        self.folders.iter().find(is_nested).map(|it| (it.from.as_str(), it.to.as_str()))
    }

    /// Returns the lines that look whether it can be moved, while etcd still runs: a mount point cannot be
    /// renamed, and what is there already would be written over or refused.
    pub(super) fn looks(&self) -> Vec<String> {
        let look = |it: &Moved| {
            let is_there = format!("[ -e {} ]", shell_word(&it.to));
            let why = "nothing was changed: the new folder is there already";
            [can_be_moved(&it.is), refuse(&is_there, why)]
        };
        let makes = self.given.iter().map(|given| given.makes.clone());
        makes.chain(self.folders.iter().flat_map(look)).collect()
    }

    /// Returns the lines that move it, while etcd is stopped; where that fails, they say that etcd is stopped.
    pub(super) fn moves(&self) -> Vec<String> {
        let moved = |it: &Moved| {
            let above = it.to.rsplit_once('/').map(|(above, _)| above);
            // The root of all folders is there.
            let make = above.filter(|above| !above.is_empty()).map(|above| {
                format!("[ -d {0} ] || install -d -m 0700 {1} {0} &&", shell_word(above), self.owns)
            });
            let go = format!(
                "mv -T {} {} || {{ echo \"etcd is stopped: put its data back where it was, and start etcd\" >&2; exit 1; }}",
                shell_word(&it.from),
                shell_word(&it.to)
            );
            make.into_iter().chain([go])
        };
        let gives = self.given.iter().map(|given| given.command(&given.to));
        self.folders.iter().flat_map(moved).chain(gives).collect()
    }

    /// Returns the commands that move it, in words.
    pub(super) fn forth(&self) -> String {
        let forth = |it: &Moved| format!("`mv -T {} {}`", shell_word(&it.from), shell_word(&it.to));
        let gives = self.given.iter().map(|it| format!("`{}`", it.command(&it.to)));
        self.folders.iter().map(forth).chain(gives).collect::<Vec<_>>().join(", ")
    }

    /// Returns the commands that take it back, in words.
    pub(in crate::plan) fn back(&self) -> String {
        let back = |it: &Moved| format!("`mv -T {} {}`", shell_word(&it.to), shell_word(&it.from));
        let gives = self.given.iter().map(|it| format!("`{}`", it.command(&it.from)));
        gives.chain(self.folders.iter().rev().map(back)).collect::<Vec<_>>().join(", ")
    }
}

/// Returns the folders of a member's data: that of `data-dir`, and that of `wal-dir` where it is another one.
pub(super) fn folders(name: &str, member: &RunningMember) -> Vec<String> {
    let wal = member.option("wal-dir").map(str::to_owned);
    std::iter::once(member.data_dir(name).into_owned()).chain(wal).collect()
}

/// Returns the line that looks whether a folder can be moved, while etcd still runs.
fn can_be_moved(folder: &str) -> String {
    let why = "nothing was changed: a mount point cannot be moved";
    refuse(&format!("mountpoint -q {}", shell_word(folder)), why)
}

/// Returns the rest of a path that is below a folder.
pub(super) fn below<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    path.strip_prefix(folder)?.strip_prefix('/').filter(|rest| !rest.is_empty())
}

/// Tells whether the unit runs etcd: while there is no quorum it is only `activating`.
pub(super) const RUNS: &str =
    "systemctl is-active etcd | grep -qx -e active -e activating -e reloading";

/// Says why it goes no further where that is true.
pub(super) fn refuse(condition: &str, why: &str) -> String {
    format!("! {condition} || {{ echo \"{why}\" >&2; exit 1; }}")
}
