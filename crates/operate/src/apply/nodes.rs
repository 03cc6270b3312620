//! What goes to a node: the program that runs there, a member's files, and the etcd that was named.

use super::sight::Eye;
use crate::node::{Bundle, read_bundle};
use crate::programs::Release;
use crate::remote::{Machine, Program, Remote};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::plan::Action;
use std::path::Path;
use std::sync::Arc;

/// Returns the program that runs on that node, and the etcd that goes there, where one does.
///
/// # Errors
/// If the node cannot be reached, or there is none for its processor.
pub(super) fn program(
    eye: &Eye<'_>,
    (name, remote): (&str, &Remote<'_>),
    brings: bool,
) -> Result<(Program, Option<Arc<Release>>), Diagnostic> {
    let Machine { processor, .. } = remote.look()?;
    let etcd = if brings { eye.etcds.of(name, &processor)? } else { None };
    let named = (eye.work.node_program.as_deref(), &*eye.compiled.cluster.program);
    let program = Program::find(named, &processor)
        .map_err(|problem| or_by_hand(problem, &eye.work.planning.basis.program))?;
    Ok((program, etcd))
}

/// Adds the way without a program for nodes: to make one may take a network, which may be what is lacking.
fn or_by_hand(problem: Diagnostic, program: &str) -> Diagnostic {
    problem.help(format!(
        "or without it: `{program} plan` prints the same commands, to be done by hand"
    ))
}

/// Tells whether the etcd that `--etcd` names goes to the node with this step. It does not with a restart: before a
/// downgrade is announced the lower version must not start.
pub(super) const fn brings(action: &Action) -> bool {
    matches!(action, Action::Upgrade(..) | Action::Downgrade(..) | Action::Start(_))
}

/// Reads what is brought to a node.
///
/// # Errors
/// If it is not there.
pub(super) fn brought(out: &Path, name: &str) -> Result<Bundle, Diagnostic> {
    read_bundle(&out.join("members").join(name)).map_err(|(path, error)| {
        Diagnostic::error(format!("cannot read `{}`: {error}", path.display()))
            .help("build first, where the keys are")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_a_program_for_nodes_can_be_done_by_hand() {
        let problem = or_by_hand(Diagnostic::error("it needs a C library").help("so"), "flowers");
        let by_hand = "or without it: `flowers plan` prints the same commands, to be done by hand";
        assert_eq!(problem.help, ["so", by_hand]);
    }
}
