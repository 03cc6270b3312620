//! The edge: what is not done by this program: on nodes that it has no way to, and by people.

use super::end::End;
use super::hook;
use super::sight::Eye;
use crate::failure::Failure;
use crate::patience::Patience;
use crate::steps::{INDENT, remark};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::plan::{Action, Step};

/// How people are spoken to.
pub(super) struct Talk<'a> {
    /// Says something.
    pub(super) say: &'a dyn Fn(&str),
    /// Asks a question, and returns whether the answer is yes; `None` where nobody is there to answer.
    pub(super) ask: &'a dyn Fn(&str) -> Option<bool>,
    /// Shows at a terminal what is waited for, between what is said.
    pub(super) patience: Patience,
}

/// Has a person do a step. `is_seen` tells that members show when it was done: then nobody is asked, but of what a crash
/// looks like. `is_waited_for` tells that a program which does it is waited for where this one is asked to end.
///
/// # Errors
/// If the program that does such things fails.
pub(super) fn by_hand(
    eye: &Eye<'_>,
    (number, step): (usize, &Step),
    (is_seen, is_waited_for): (bool, bool),
    talk: &Talk<'_>,
) -> Result<End, Failure> {
    if let Some(program) = &eye.work.hook {
        hook::run(program, (number, step), is_waited_for)?;
        return Ok(End::Said);
    }
    (talk.say)(&shown(eye, step));
    let waits = || {
        (talk.say)("waits until members show that it was done\n");
        Ok(End::Begun)
    };
    if is_seen && !is_like_a_crash(&step.action) {
        return waits();
    }
    match (talk.ask)(question(&step.action)) {
        Some(false) => Ok(End::Refused(None)),
        Some(true) if !is_seen => Ok(End::Said),
        Some(true) => waits(),
        None if is_seen => waits(),
        None => {
            Err(Diagnostic::error(format!("nobody is there to do step {number}: {}", step.action))
                .note("standard input is no terminal, and no member shows whether that was done")
                .help("run it at a terminal; or name a program for these steps: `--hook PROGRAM`")
                .into())
        }
    }
}

/// Tells whether members show of this step only a later start of etcd, which a crash shows as well: then the operator
/// says that it was done.
const fn is_like_a_crash(action: &Action) -> bool {
    matches!(action, Action::Restart(_) | Action::Readdress(_))
}

const fn question(action: &Action) -> &'static str {
    match action {
        Action::Look(_) => "is all as it has to be? [y/N] ",
        _ => "was it done? [y/N] ",
    }
}

/// Returns what is to be typed.
fn shown(eye: &Eye<'_>, step: &Step) -> String {
    let lines = step.commands.iter().flat_map(|command| command.lines());
    let lines: String = lines.flat_map(|line| [INDENT, line, "\n"]).collect();
    let is_of_etcd = matches!(step.action, Action::Upgrade(..) | Action::Downgrade(..));
    let member = step.action.member().and_then(|name| eye.compiled.cluster.member(name));
    let by_ssh = is_of_etcd && eye.etcds.is_empty() && member.is_some_and(|it| it.ssh.is_some());
    let by_ssh = by_ssh.then(|| {
        format!(
            "`{} apply --etcd DIR` does this by ssh: DIR is the folder of that release, as unpacked",
            eye.work.planning.basis.program
        )
    });
    let notes = step.notes.iter().chain(&by_ssh);
    let notes: String = notes.map(|note| remark("note: ", note)).collect();
    format!("by hand, in the package's folder:\n{lines}{notes}")
}
