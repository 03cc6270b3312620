//! What is to be installed, as the command line asks for it.

use crate::node::machine::Unread;
use crate::patience::Patience;
use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::Diagnostic;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What is done about a file that is the node's own and cannot be read.
pub(super) const WHOLE: &str = "see whether its disk is whole: `dmesg | tail`";

/// A tar by standard input.
const STDIN: &str = "-";

/// A member that is to be put on this node.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[derive(Debug, PartialEq, Eq)]
pub struct Install {
    /// Its name, which is compiled.
    pub(crate) member: String,
    /// The folder with the programs of another etcd, or `-`, where they come with the tar.
    pub(crate) etcd: Option<PathBuf>,
    /// The cluster was told of the earlier minor that etcd gets.
    pub(crate) downgrade: bool,
    /// The folder that was brought; without one it is looked for beside the program.
    pub(crate) from: Option<PathBuf>,
    /// Where the program is.
    pub(crate) beside: Option<PathBuf>,
    /// The node's root: `/`, or the folder of an image.
    pub(crate) root: Option<PathBuf>,
    /// Nothing is changed, and all that would be is shown.
    pub(crate) dry_run: bool,
    /// What becomes of etcd.
    pub(crate) aim: Aim,
    /// It founds the cluster although no other member answers.
    pub(crate) bootstrap: bool,
    /// What plain HTTP says of the members is believed.
    pub(crate) trust_network: bool,
    /// The restart may stop writes.
    pub(crate) accept_downtime: bool,
    /// The version of before is put back.
    pub(crate) rollback: bool,
    /// The member was removed: it ends, and its data gives way.
    pub(crate) retire: bool,
    /// The data that is here gives way, under a dated name.
    pub(crate) set_aside: bool,
    /// It is being added to a cluster: data of one that was removed from it gives way.
    pub(crate) joining: bool,
    /// The snapshot that its data is restored from.
    pub(crate) restore: Option<PathBuf>,
    /// The token of that restore, where it was begun on another node.
    pub(crate) token: Option<String>,
    /// It is restored as all of a new cluster.
    pub(crate) sole: bool,
    /// What was done is printed as JSON.
    pub(crate) json: bool,
    /// The name of the program, as it is typed.
    pub(crate) program: String,
    /// It was sent to this node for this call alone.
    pub(crate) is_sent: bool,
}

/// What becomes of etcd.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aim {
    /// It runs with what was installed.
    Runs,
    /// It goes on as it is, up or down: what was installed counts at its next start.
    Kept,
    /// Its files are put into their places, and systemd is told nothing.
    Placed,
}

impl Install {
    /// Tells whether it comes as a tar, by standard input.
    pub(crate) fn is_piped(&self) -> bool {
        self.from.as_deref() == Some(Path::new(STDIN))
    }

    /// Tells whether it is looked at before the others list it, and before an etcd is brought for it.
    pub(crate) fn is_before(&self) -> bool {
        self.joining && self.dry_run
    }

    /// Tells whether the programs of etcd's come with the tar.
    pub(crate) fn brings_etcd(&self) -> bool {
        self.etcd.as_deref() == Some(Path::new(STDIN))
    }

    /// Returns how it is done again, with one option more: what comes by standard input has to be sent once more, from
    /// where it came.
    pub(crate) fn again(&self, option: &str) -> String {
        let line = self.line(option);
        if self.is_piped() {
            // Each of the two shells takes one layer of quotes.
            let (member, line) = (shell_word(&self.member), shell_word(&line));
            let etcd = if self.brings_etcd() { " -C DIR etcd etcdctl etcdutl" } else { "" };
            let of = if self.brings_etcd() { ", and DIR has those programs" } else { "" };
            format!(
                "`tar -c -C out/members {member}{etcd} | ssh root@NODE {line}` on the machine with `out/`, where NODE is this one{of}"
            )
        } else {
            format!("`{line}`")
        }
    }

    /// Returns how what etcd said is explained.
    pub(super) fn explained(&self, unit: &str) -> String {
        let log = format!("journalctl -u {unit} | {} doctor --log -", self.program);
        if self.is_sent {
            format!("on the machine with `out/`, where NODE is this one: `ssh root@NODE {log}`")
        } else {
            format!("`{log}`")
        }
    }

    /// Returns a problem with what has to be done before this program can be typed here, if that helps and it was sent.
    pub(super) fn with_program(&self, problem: Diagnostic) -> Diagnostic {
        let is_typed = |help: &String| help.contains(&format!("{} ", self.program));
        let is_here = |help: &String| {
            is_typed(help) && (help.contains("NODE") || !help.contains("the machine with `out/`"))
        };
        if !self.is_sent || !problem.help.iter().any(is_here) {
            return problem;
        }
        let program = &self.program;
        problem.help(format!(
            "`{program}` is not on this node: it was sent for this call alone. Before it is typed here, on the machine with \
             `out/`: `scp FILE root@NODE:/usr/local/bin/{program}`, where FILE is the program for nodes"
        ))
    }

    /// Returns how it is done again by root.
    pub(super) fn as_root(&self) -> String {
        if self.is_piped() {
            format!("as root: {}", self.again(""))
        } else {
            format!("as root: `sudo {}`", self.line(""))
        }
    }

    /// Returns what is said where something cannot be looked at, which may be there or not.
    pub(super) fn unseen(&self, place: &Path, error: &io::Error, help: &str) -> Diagnostic {
        self.unseen_by(is_root(), (place, error), help)
    }

    /// Returns the same where root, or another user, looked.
    pub(super) fn unseen_by(
        &self,
        is_root: bool,
        (place, error): (&Path, &io::Error),
        help: &str,
    ) -> Diagnostic {
        let shown = place.display().to_string();
        let problem = Diagnostic::error(format!("{shown} cannot be read: {error}"))
            .note("nothing was changed");
        match (error.kind(), is_root) {
            (ErrorKind::PermissionDenied, false) => problem.help(self.as_root()),
            (ErrorKind::PermissionDenied, true) => {
                let word = shell_word(&shown);
                problem
                    .note("root may not look there either, as on NFS with `root_squash`, or by a rule of SELinux")
                    .help(format!("see what keeps root out: `findmnt -T {word}`, `lsattr -d {word}`, `dmesg | tail`"))
            }
            _ => problem.help(help),
        }
    }

    /// Returns the same of what is on a disk of the node.
    pub(super) fn unread(&self, Unread { path, error }: &Unread) -> Diagnostic {
        self.unseen(path, error, WHOLE)
    }

    /// Returns the line by which it is done again on this node, with one option more, as it is to be typed.
    pub(super) fn line(&self, option: &str) -> String {
        let Self { program, member, .. } = self;
        let path = |path: &PathBuf| shell_word(&path.display().to_string()).into_owned();
        let member = shell_word(member).into_owned();
        // Another etcd is put there before a restore, which takes none.
        let is_before = self.restore.is_some() && option.starts_with("--etcd");
        // What is done before a member is added is no part of what is shown.
        let is_placed = self.is_before() && option.ends_with("--no-start");
        let mut words = vec![program.clone(), "install".to_owned(), member];
        words.extend(self.from.as_ref().map(path));
        let flags = [
            ("--retire", self.retire),
            // It goes with few others.
            ("--rollback", self.rollback && option.is_empty()),
            ("--set-aside", self.set_aside),
            ("--joining", self.joining && !is_placed),
            ("--bootstrap", self.bootstrap),
            ("--no-start", (self.aim == Aim::Placed && self.root.is_none()) || is_before),
            ("--no-restart", self.aim == Aim::Kept && option.is_empty()),
            ("--sole", self.sole && !is_before),
            ("--downgrade", self.downgrade),
            ("--accept-downtime", self.accept_downtime),
            ("--trust-network", self.trust_network),
        ];
        let flags = flags.iter().filter(|(flag, is_set)| *is_set && *flag != option);
        words.extend(flags.map(|(flag, _)| (*flag).to_owned()));
        let values = [
            ("--etcd", self.etcd.as_ref().map(path)),
            ("--restore", self.restore.as_ref().filter(|_| !is_before).map(path)),
        ];
        let token = self.token.as_deref().filter(|_| !is_before);
        let values = values.into_iter().chain([
            ("--token", token.map(|token| shell_word(token).into_owned())),
            ("--root", self.root.as_ref().map(path)),
        ]);
        words.extend(values.filter_map(|(flag, value)| Some(format!("{flag} {}", value?))));
        words.extend(Some(option.to_owned()).filter(|option| !option.is_empty()));
        // Nobody is led to do what was to be shown alone.
        words.extend((self.dry_run && !is_placed).then(|| "--dry-run".to_owned()));
        words.join(" ")
    }
}

/// Tells whether the program is run by root.
pub(super) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The ways to a person.
pub(crate) struct Ways<'a> {
    pub(crate) print: &'a dyn Fn(&str),
    pub(crate) say: &'a dyn Fn(&str),
    pub(crate) clock: fn() -> SystemTime,
    pub(crate) patience: Patience,
}
