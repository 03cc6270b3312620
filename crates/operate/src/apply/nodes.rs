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
    Ok((Program::find(named, &processor)?, etcd))
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
