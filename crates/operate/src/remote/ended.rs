//! How a call of `ssh` ended, and what that says of the node.

use super::script::{NO_EXECUTION, NO_PLACE, NO_ROOM, NO_ROOT, NOT_WHOLE, OTHER_MACHINE};
use super::undone::{Known, Undone};
use crate::exit::Exit;
use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::{Diagnostic, visible};
use std::time::Duration;

/// `ssh` itself failed, with a code that nothing else has by convention (ssh(1)).
const SSH: i32 = 255;

/// The command line is not one that the program takes.
const MISUSED: i32 = 64;

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// With that code.
    Code(i32),
    /// By a signal.
    Signal(i32),
    /// It was ended here, as it took longer than that.
    Late(Duration),
}

/// A call that has ended.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) end: End,
    /// All that was to be sent was taken.
    pub(super) is_sent: bool,
    /// The lines of standard output.
    pub(super) lines: Vec<String>,
    /// The last lines of standard error, `ssh`'s own or the node's.
    pub(super) complaints: Vec<String>,
}

/// Whom a call went to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whom<'a> {
    pub(super) member: &'a str,
    pub(super) destination: &'a str,
}

impl Ended {
    /// Tells why it failed, if it did.
    pub(super) fn fault(&self, whom: Whom<'_>) -> Option<Undone> {
        match self.end {
            End::Code(0) => None,
            End::Code(SSH) => Some(self.broken(whom)),
            End::Code(code) => Some(coded(code, whom)),
            End::Signal(signal) => {
                let message = format!("{}: ssh was ended by signal {signal}", whom.member);
                Some(self.unfinished(Diagnostic::error(message)))
            }
            End::Late(deadline) => {
                let member = whom.member;
                let message =
                    format!("{member}: no end within {} s, and ssh was ended", deadline.as_secs());
                let try_it = shell_word(whom.destination).into_owned();
                Some(
                    self.unfinished(
                        Diagnostic::error(message)
                            .help(format!("see whether the node answers: `ssh {try_it} uptime`")),
                    ),
                )
            }
        }
    }

    /// Reports that `ssh` itself failed, before the login or later.
    fn broken(&self, whom: Whom<'_>) -> Undone {
        let Whom { member, destination } = whom;
        let said = |words: &str| self.complaints.iter().any(|line| line.contains(words));
        let typed = shell_word(destination);
        let by_hand = format!("`ssh {typed} true`");
        let problem = |what: &str| {
            let mut problem = Diagnostic::error(format!("{member}: {what}"));
            problem.notes = self.complaints.iter().map(|line| visible(line).into_owned()).collect();
            problem
        };
        let before_login = if said("REMOTE HOST IDENTIFICATION HAS CHANGED") {
            problem(&format!("{} shows another host key than the known one", visible(destination)))
                .help("where the machine was not set up again, another machine may be in between: find out before anything else")
                .help(format!("where it was: `ssh-keygen -R HOST` as ssh says it above, then {by_hand}, and compare the fingerprint with the node's"))
        } else if said("Host key verification failed") || said("host key is known for") {
            problem(&format!("the host key of {} is not known", visible(destination)))
                .help(format!("once by hand: {by_hand}, and compare the fingerprint with the node's own: `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`"))
        } else if said("Permission denied (") || said("Too many authentication failures") {
            problem(&format!("{} refused the login", visible(destination)))
                .help(format!("try {by_hand}; where it asks for a passphrase, `ssh-add` before; nobody is asked for a password here: `ssh-copy-id {typed}`"))
        } else if said("Could not resolve hostname") {
            problem(&format!("no address is known for {}", visible(destination)))
                .help("write an address, or a name that this machine knows, as `ssh` of the member in cluster.toml; or a `Host` of that name into `ssh_config`")
        } else if said("connect to host") || said("Connection timed out during banner exchange") {
            problem(&format!("{} cannot be reached", visible(destination)))
                .help("see whether the node is up, and its port for ssh is open to this machine")
        } else {
            return self.unfinished(problem("ssh failed").help(format!("try {by_hand}")));
        };
        Undone::nothing(before_login)
    }

    /// Says whether something may have been done on the node: without its end, what was sent is refused there; where
    /// all was sent, all may have been done.
    fn unfinished(&self, problem: Diagnostic) -> Undone {
        if self.is_sent {
            let problem = problem
                .note("what was to be done on the node may be done, or go on there")
                .help("do the same again: it does what is left, and nothing twice");
            Undone { known: Known::Unknown, problem }
        } else {
            Undone::nothing(problem.note("nothing was done on the node"))
        }
    }
}

/// Tells what a code of the node means, its own or `install`'s.
fn coded(code: i32, whom: Whom<'_>) -> Undone {
    let Whom { member, destination } = whom;
    let problem = |what: &str| Diagnostic::error(format!("{member}: {what}"));
    let nothing = |what: &str, help: String| {
        Undone::nothing(problem(what).note("nothing was done on the node").help(help))
    };
    match code {
        NO_ROOT => Undone::nothing(no_root(whom)),
        NO_PLACE => nothing(
            "the node has no folder for the program",
            "see what keeps root from writing there: `df -h /run /tmp /var/tmp /root`".to_owned(),
        ),
        NO_EXECUTION => nothing(
            "the program does not run on the node",
            "a folder of `/run`, `/tmp`, `/var/tmp` and `/root` has to allow that: `findmnt -T /root` shows `noexec` where it does not".to_owned(),
        ),
        OTHER_MACHINE => nothing(
            "the node has another processor than it had a moment ago",
            format!("see whether {} is one machine", visible(destination)),
        ),
        NO_ROOM => nothing(
            "the program cannot be written on the node",
            "make room there: `df -h /run /tmp`".to_owned(),
        ),
        NOT_WHOLE => nothing(
            "the program did not arrive whole",
            "do the same again; where it happens again, see the network between: `ping -s 1400`".to_owned(),
        ),
        MISUSED => nothing(
            "the program does not take what it was told",
            "it is of another release: build it again, from the same sources as this one".to_owned(),
        ),
        126 | 127 => nothing(
            "the node's shell cannot run what it was told",
            format!("see that there is a shell: `ssh {} sh -c id`", shell_word(destination)),
        ),
        // One that a connection which broke has left there goes on to its end.
        code if code == i32::from(Exit::Busy.code()) => Undone {
            known: Known::Busy,
            problem: problem("another installation runs on the node")
                .note("nothing was done on the node")
                .help("do the same again once it has ended: it does what is left, and nothing twice"),
        },
        code if code > 128 => Undone {
            known: Known::Unknown,
            problem: problem(&format!("the command was ended on the node, by signal {}", code - 128))
                .help("do the same again: it does what is left, and nothing twice"),
        },
        _ => Undone {
            known: Known::Told,
            problem: problem("it was not done on the node, which has said why"),
        },
    }
}

/// Says that nobody is root there by this login.
pub(super) fn no_root(Whom { member, destination }: Whom<'_>) -> Diagnostic {
    let login = visible(destination);
    Diagnostic::error(format!("{member}: {login} is not root on the node, and may not become root"))
        .note("nothing was done on the node; `sudo -n` runs programs as root where that takes no password")
        .help("where the login is to have that right, a file in /etc/sudoers.d of the node: `LOGIN ALL=(root) NOPASSWD: ALL`")
        .help("or let `ssh` of the member in cluster.toml be a login of root's")
}
