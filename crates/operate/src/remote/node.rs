//! A node: what can be done there.

use super::call::{Call, call};
use super::ended::{End, Ended, Whom, no_root};
use super::program::Program;
use super::script::{self, Received};
use super::stream::{Stream, tar};
use super::undone::{Known, Undone};
use crate::exit::Exit;
use crate::node::Bundle;
use crate::programs::Release;
use crate::show::bytes;
use crate::trial::Told;
use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::{Diagnostic, visible};
use std::cell::RefCell;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How long the node has for an answer to a look: ssh's own time for a connection, and a login that is slow.
const LOOK: Duration = Duration::from_secs(30);

/// How long an installation may take unless it is said otherwise: it waits a minute for etcd itself, and a slow line takes
/// as long for the program.
const INSTALL: Duration = Duration::from_secs(300);

/// How many bytes a second a slow line takes.
const SLOWEST: u64 = 256 << 10;

/// The node of a member, as the system's `ssh` reaches it.
pub(crate) struct Remote<'a> {
    pub(super) whom: Whom<'a>,
    /// The program that is `ssh`.
    pub(super) ssh: &'a OsStr,
    /// The name of this program, as the node's own help has it.
    pub(super) program: &'a str,
    pub(super) deadline: Duration,
    /// The etcd that goes there, too.
    pub(super) etcd: Option<Arc<Release>>,
    /// What is being done there is waited for where this program is asked to end.
    pub(super) goes_on: bool,
    pub(super) say: &'a dyn Fn(&str),
}

/// Holds what a node said of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Machine {
    /// Its processor, as `uname -m` has it.
    pub(crate) processor: String,
    /// The login is root's; else `sudo -n` is.
    pub(crate) is_root: bool,
}

/// Names what `install` is told besides the member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Flag {
    /// Its data is restored from that file of the node, with that token, as all of a new cluster.
    RestoreSole {
        file: String,
        token: String,
    },
    NoRestart,
    Retire,
    AcceptDowntime,
    SetAside,
    /// It is being added: data of one that was removed gives way.
    Joining,
    TrustNetwork,
    Bootstrap,
    /// The cluster was told of the earlier minor.
    Downgrade,
}

impl Flag {
    fn words(&self) -> Vec<&str> {
        match self {
            Self::RestoreSole { file, token } => {
                vec!["--restore", file, "--token", token, "--sole"]
            }
            Self::NoRestart => vec!["--no-restart"],
            Self::Retire => vec!["--retire"],
            Self::AcceptDowntime => vec!["--accept-downtime"],
            Self::SetAside => vec!["--set-aside"],
            Self::Joining => vec!["--joining"],
            Self::TrustNetwork => vec!["--trust-network"],
            Self::Bootstrap => vec!["--bootstrap"],
            Self::Downgrade => vec!["--downgrade"],
        }
    }
}

/// What a command said on its standard output: that of `install` a line for each thing that it did, and the state at last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) lines: Vec<String>,
}

impl<'a> Remote<'a> {
    /// Returns the node of a member, at that destination. Each line of the node's goes to `say`, behind the member's
    /// name.
    pub(crate) fn new(
        (member, destination): (&'a str, &'a str),
        program: &'a str,
        say: &'a dyn Fn(&str),
    ) -> Self {
        let whom = Whom { member, destination };
        let ssh = OsStr::new("ssh");
        Self { whom, ssh, program, deadline: INSTALL, etcd: None, goes_on: false, say }
    }

    /// Returns the same, where this program waits for what is being done when it is asked to end.
    pub(crate) fn waited_for(self) -> Self {
        Self { goes_on: true, ..self }
    }

    /// Returns the same with that much time for what is done there.
    pub(crate) fn within(self, deadline: Duration) -> Self {
        Self { deadline, ..self }
    }

    /// Returns the same with an etcd that goes along to an installation, and with the time that it takes on a slow
    /// line.
    pub(crate) fn bringing(self, etcd: Option<Arc<Release>>) -> Self {
        let more = etcd.as_ref().map_or(0, |etcd| etcd.size() / SLOWEST);
        Self { deadline: self.deadline + Duration::from_secs(more), etcd, ..self }
    }

    /// Asks which processor the node has, and whether the login may do there what root does.
    ///
    /// # Errors
    /// If it cannot be reached, refuses the login, or the login is neither root's nor may become root.
    pub(crate) fn look(&self) -> Result<Machine, Undone> {
        let deadline = LOOK.min(self.deadline);
        let ended = self.calls(&script::look(), deadline, Stream::default(), &|_| {})?;
        let Some((processor, by)) = script::answer(&ended.lines) else {
            let problem = match ended.fault(self.whom) {
                Some(undone) if !matches!(ended.end, End::Code(0..=254)) => undone.problem,
                _ => self.speechless(&ended),
            };
            return Err(Undone::nothing(problem));
        };
        let machine = Machine { processor: processor.to_owned(), is_root: by == "root" };
        match by {
            "root" | "sudo" => Ok(machine),
            _ => {
                let mut problem = no_root(self.whom);
                let said = ended.complaints.iter().map(|line| visible(line).into_owned());
                problem.notes.extend(said);
                Err(Undone::nothing(problem))
            }
        }
    }

    /// Returns the etcd that is there at the first of these places, and which version it tells; `None` where there is none.
    ///
    /// # Errors
    /// If it cannot be reached, or refuses what root does.
    pub(crate) fn etcd(
        &self,
        places: &[String],
    ) -> Result<Option<(PathBuf, Option<Told>)>, Undone> {
        let deadline = LOOK.min(self.deadline);
        let ended = self.calls(&script::find(places), deadline, Stream::default(), &|_| {})?;
        if let Some(undone) = ended.fault(self.whom) {
            return Err(undone);
        }
        let found = script::found(&ended.lines);
        Ok(found.map(|(file, told)| (PathBuf::from(file), told)))
    }

    /// Runs `install` there, with that program and what was brought for the member; one that is retired takes nothing.
    ///
    /// # Errors
    /// If it was not done, or nobody knows; the error says which.
    pub(crate) fn install(
        &self,
        program: &Program,
        brought: Option<&Bundle>,
        flags: &[Flag],
    ) -> Result<Said, Undone> {
        let mut words = vec!["install", self.whom.member];
        words.extend(brought.map(|_| "-"));
        if let (Some(_), Some(etcd)) = (brought, &self.etcd) {
            words.extend(["--etcd", "-"]);
            let (folder, size) = (etcd.folder.display().to_string(), bytes(etcd.size()));
            (self.say)(&format!(
                "{}: gets the etcd of {}, {size}\n",
                self.whom.member,
                visible(&folder)
            ));
        }
        words.extend(flags.iter().flat_map(Flag::words));
        self.runs(program, brought, &words)
    }

    /// Asks `install` there whether it would do that, which changes nothing.
    ///
    /// # Errors
    /// If it would not: with what it said of that.
    pub(crate) fn would_install(
        &self,
        program: &Program,
        brought: &Bundle,
        flags: &[Flag],
    ) -> Result<(), Undone> {
        let mut words = vec!["install", self.whom.member, "-", "--dry-run"];
        words.extend(flags.iter().flat_map(Flag::words));
        let lines = RefCell::new(Vec::new());
        let keep = |line: &str| lines.borrow_mut().push(line.to_owned());
        let ended = self.sends(program, Some(brought), (&words, None), &keep)?;
        let is_taken = [Exit::Done, Exit::Pending].map(|exit| End::Code(exit.code().into()));
        match ended.fault(self.whom) {
            Some(_) | None if is_taken.contains(&ended.end) => Ok(()),
            Some(Undone { known: Known::Told, .. }) => {
                for line in lines.take() {
                    self.tells(&line);
                }
                let member = self.whom.member;
                let message = format!("{member}: its node cannot take it, and has said why");
                Err(Undone { known: Known::Told, problem: Diagnostic::error(message) })
            }
            fault => fault.map_or(Ok(()), Err),
        }
    }

    /// Runs the program there with these arguments, and with what was brought for the member on its standard input.
    ///
    /// # Errors
    /// If it was not done, or nobody knows; the error says which.
    pub(crate) fn runs(
        &self,
        program: &Program,
        brought: Option<&Bundle>,
        words: &[&str],
    ) -> Result<Said, Undone> {
        let etcd = self.etcd.clone().filter(|_| brought.is_some());
        let ended = self.sends(program, brought, (words, etcd), &|line| self.tells(line))?;
        match ended.fault(self.whom) {
            None => Ok(Said { lines: ended.lines }),
            Some(undone) => Err(undone),
        }
    }

    /// Says a line of the node's.
    fn tells(&self, line: &str) {
        (self.say)(&format!("{}: {}\n", self.whom.member, visible(line)));
    }

    /// Sends the program, an etcd and what was brought, and runs the program with these arguments.
    fn sends(
        &self,
        program: &Program,
        brought: Option<&Bundle>,
        (words, etcd): (&[&str], Option<Arc<Release>>),
        say: &dyn Fn(&str),
    ) -> Result<Ended, Undone> {
        let tar = brought.map(|bundle| tar(self.whom.member, bundle)).transpose();
        let tar = tar.map_err(Undone::nothing)?;
        let stream = Stream { program: Arc::clone(&program.bytes), etcd, tar: tar.map(Arc::new) };
        let received = Received {
            length: program.bytes.len(),
            sum: &program.sum,
            machine: &program.machine,
            name: self.program,
        };
        self.calls(&script::run(received, words), self.deadline, stream, say)
    }

    fn calls(
        &self,
        line: &str,
        deadline: Duration,
        stream: Stream,
        say: &dyn Fn(&str),
    ) -> Result<Ended, Undone> {
        let destination = self.whom.destination;
        let it = Call { ssh: self.ssh, destination, line, deadline, goes_on: self.goes_on };
        call(it, stream, say).map_err(Undone::nothing)
    }

    /// Reports that the login ran something else than it was told.
    fn speechless(&self, ended: &Ended) -> Diagnostic {
        let Whom { member, destination } = self.whom;
        let message = format!("{member}: {} answers something else", visible(destination));
        let mut problem = Diagnostic::error(message);
        let said = ended.lines.iter().chain(&ended.complaints).take(5);
        problem.notes = said.map(|line| visible(line).into_owned()).collect();
        problem.help(format!(
            "the login has to have a shell, and no command of its own: `ssh {} id`",
            shell_word(destination)
        ))
    }
}
