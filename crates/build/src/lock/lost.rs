//! A lock that is gone together with its copy, of a cluster that runs.

use crate::check::Proven;
use crate::diagnostic::Diagnostic;
use crate::pki::Typed;
use bouquet_lock::git;
use bouquet_model::cluster::{Cluster, State};

/// Refuses to take a cluster for a new one which the last build had as one that runs. Its IDs and who has run
/// were in the lock alone; with `new`, the members of an emptied cluster found another one.
///
/// Nothing, where that build had nobody as running, or the spec itself says that its members join.
pub(crate) fn founds_again(
    proven: &Proven,
    last: &Cluster,
    typed: Typed<'_>,
) -> Option<Diagnostic> {
    let Proven { cluster, places, .. } = proven;
    let ran = |member: &&bouquet_model::cluster::Member| {
        let last = last.member(member.name.as_str());
        member.state == State::New && last.is_some_and(|last| last.state == State::Existing)
    };
    let member = cluster.members.iter().find(ran).filter(|_| last.token == cluster.token)?;
    let name = typed.lock.file_name().unwrap_or_default().display();
    Some(
        Diagnostic::error(format!(
            "`{name}` is gone, and so is its copy: what runs, and under which IDs, is unknown"
        ))
        .at(places.cluster, format!("the last build had `{}` as a member that runs", member.name))
        .note(
            "this build would take it for a new cluster: `initial-cluster-state=new`, and IDs that need not be \
             those of the members",
        )
        .help(format!("if it is in git, take it from there: `{}`", git("checkout", typed.lock)))
        .help(
            "if it is nowhere: write `state = \"existing\"` under [cluster], and build; once the machines have \
             what cluster.toml says, `cargo run -- done` records it; take `state` out then",
        ),
    )
}
