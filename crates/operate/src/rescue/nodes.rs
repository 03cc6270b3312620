//! The edge: the nodes, by the system's own ssh.

use super::word::{Told, Word};
use super::work::Rescue;
use crate::at_once::asked_at_once;
use crate::compiled::Compiled;
use crate::node::Bundle;
use crate::node::rescue::{Remains, copy_place};
use crate::patience::Patience;
use crate::remote::{Flag, Program, Remote};
use crate::typed::on_node;
use bouquet_model::diagnostic::Diagnostic;
use std::cell::Cell;
use std::time::Duration;

/// How long a node may take: databases have some gigabytes, and are read to their ends.
const NODE: Duration = Duration::from_secs(3600);

/// The way to the nodes.
pub(super) struct Nodes<'a> {
    pub(super) compiled: &'a Compiled<'a>,
    pub(super) work: &'a Rescue,
    pub(super) say: &'a dyn Fn(&str),
    pub(super) patience: Patience,
}

/// Why a node has not said what it has left.
enum Unheard {
    Nothing(Diagnostic),
    /// It was reached, and the program for it does not run there.
    Unfit(Diagnostic),
}

impl From<Diagnostic> for Unheard {
    fn from(why: Diagnostic) -> Self {
        Self::Nothing(why)
    }
}

impl From<Unheard> for Diagnostic {
    fn from(unheard: Unheard) -> Self {
        match unheard {
            Unheard::Nothing(why) | Unheard::Unfit(why) => why,
        }
    }
}

/// What every thread that asks a node has of that.
#[derive(Clone, Copy)]
struct Reach<'a> {
    compiled: &'a Compiled<'a>,
    work: &'a Rescue,
}

impl<'a> Nodes<'a> {
    /// Returns what each recorded member's node says, with these options of `rescue MEMBER`; nobody asks after one that
    /// is lost. All are asked at once: each may read its database for long.
    pub(super) fn told(&self, options: &[&str]) -> Vec<Told> {
        let names = self.work.basis.recorded.running.members.keys();
        let names: Vec<&str> = names.map(String::as_str).collect();
        let reach = self.reach();
        let ask = |name: &str, say: &dyn Fn(&str)| {
            let word = if reach.work.lost.contains(name) {
                Word::Lost
            } else {
                match reach.asks((name, options), say) {
                    Ok(remains) => Word::Node(Box::new(remains)),
                    Err(Unheard::Nothing(why)) => Word::Nothing(Box::new(why)),
                    Err(Unheard::Unfit(why)) => Word::Unfit(Box::new(why)),
                }
            };
            Told { name: name.to_owned(), word }
        };
        asked_at_once(&names, ask, |name| self.shown(name))
    }

    /// Returns what one node says.
    ///
    /// # Errors
    /// If it is not reached, or does not do it.
    pub(super) fn of(&self, name: &str, options: &[&str]) -> Result<Remains, Diagnostic> {
        Ok(self.reach().asks((name, options), &self.shown(name))?)
    }

    fn reach(&self) -> Reach<'_> {
        Reach { compiled: self.compiled, work: self.work }
    }

    /// Returns what says the lines of a node.
    fn shown<'s>(&'s self, name: &str) -> impl Fn(&str) + use<'s, 'a> {
        self.patience.between(format!("asking what {name} has left"), self.say)
    }

    /// Restores that member as all of a new cluster.
    ///
    /// # Errors
    /// If that was not done.
    pub(super) fn restores(
        &self,
        name: &str,
        bundle: &Bundle,
        (file, token): (&str, &str),
    ) -> Result<(), Diagnostic> {
        let say = self.patience.between(format!("restoring {name}"), self.say);
        let reach = self.reach();
        let (remote, program) = reach.node(name, &say)?;
        let flag = Flag::RestoreSole { file: file.to_owned(), token: token.to_owned() };
        remote.install(&program, Some(bundle), &[flag]).map(drop).map_err(Diagnostic::from)
    }
}

impl Reach<'_> {
    fn asks(
        &self,
        (name, options): (&str, &[&str]),
        say: &dyn Fn(&str),
    ) -> Result<Remains, Unheard> {
        // What is for this program is not shown.
        let is_answer = Cell::new(false);
        let say = |line: &str| {
            is_answer.set(is_answer.get() || line.trim_end().ends_with(": {"));
            if !is_answer.get() {
                say(line);
            }
        };
        let (remote, program) = self.node(name, &say)?;
        let mut words = vec!["rescue", name, "--json"];
        words.extend(options);
        words.extend(self.work.moved.then_some("--moved"));
        let said = remote.runs(&program, None, &words).map_err(Diagnostic::from)?;
        // A login may print more.
        let lines = said.lines.iter().skip_while(|line| *line != "{");
        let text = lines.map(String::as_str).collect::<Vec<_>>().join("\n");
        let unclear = |why: &str| {
            Diagnostic::error(format!("{name}: its node does not say what it has left: {why}"))
        };
        let remains: Remains =
            serde_json::from_str(&text).map_err(|error| unclear(&error.to_string()))?;
        let place = copy_place(name).display().to_string();
        let is_its = remains.copy.as_ref().is_none_or(|copy| copy.file == place);
        if remains.member != name || !is_its {
            return Err(unclear("it speaks of another member").into());
        }
        Ok(remains)
    }

    fn node<'b>(
        &'b self,
        name: &'b str,
        say: &'b dyn Fn(&str),
    ) -> Result<(Remote<'b>, Program), Unheard> {
        let destination = self.destination(name)?;
        let (cluster, basis) = (self.compiled.cluster, &self.work.basis);
        let remote = Remote::new((name, destination), on_node(&basis.program, cluster), say);
        let remote = remote.within(NODE);
        let machine = remote.look().map_err(Diagnostic::from)?;
        let program = Program::find(
            (self.work.node_program.as_deref(), &cluster.program),
            &machine.processor,
        )
        .map_err(Unheard::Unfit)?;
        Ok((remote, program))
    }

    fn destination(&self, name: &str) -> Result<&str, Diagnostic> {
        let member = self.compiled.cluster.member(name).ok_or_else(|| {
            let message =
                format!("{name}: cluster.lock records it, and cluster.toml has it no more");
            Diagnostic::error(message).help(format!(
                "take that edit back, and build: the data of {name} may be what is to go on"
            ))
        })?;
        member.ssh.as_deref().ok_or_else(|| {
            Diagnostic::error(format!("{name}: cluster.toml does not say how ssh reaches its node"))
                .help("write it, `ssh = \"root@192.168.65.101\"` under `[[member]]`, and build")
        })
    }
}
