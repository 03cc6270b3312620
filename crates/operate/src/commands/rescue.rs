//! `rescue`: the way back from a lost quorum.

use super::basis::{are_members, basis, edited, is_built};
use super::done::recording;
use super::member::member;
use crate::cli::RescueArgs;
use crate::client;
use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::node::rescue::Survey;
use crate::outcome::{Outcome, Work};
use crate::plan::{Basis, Form};
use crate::rescue::Rescue;
use bouquet_model::Member;
use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::Diagnostic;
use std::path::Path;

pub(super) fn run(
    compiled: &Compiled<'_>,
    args: &RescueArgs,
    named: Option<&Path>,
    program: &str,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    if let Some(name) = &args.member {
        return Ok(Outcome::work(Work::Survey(Survey {
            member: member(compiled.cluster, name)?.name.to_string(),
            stop: args.stop,
            save: args.save,
            moved: args.moved,
            json: args.json,
            program: shell_word(program).into_owned(),
        })));
    }
    let basis = basis(compiled, (None, Form::Table), named, program, environment)?;
    let edited = edited("rescue", compiled, named, environment);
    if basis.recorded.running.members.is_empty() {
        return Err(Failure { exit: Exit::Unknown, ..unrecorded(&basis).into() });
    }
    is_built("rescue", &edited)?;
    let compiled_id = compiled.cluster.id;
    if let Some((compiled, recorded)) = compiled_id.zip(basis.recorded.cluster_id)
        && compiled != recorded
    {
        return Err(Diagnostic::error(format!(
            "this program was built for the cluster {compiled}, and cluster.lock has {recorded}"
        ))
        .note("it was restored since then; nothing was done")
        .help("build first: `cargo run -- rescue`")
        .into());
    }
    let members = &compiled.cluster.members;
    let shares = |member: &&Member| members.iter().filter(|it| it.shares_node(member)).count() > 1;
    if let Some(member) = members.iter().find(shares) {
        return Err(Diagnostic::error(format!(
            "several members are on the machine {}",
            member.node()
        ))
        .note("they share its commands, and nothing was done")
        .help("save one's data, and restore it by hand: \"Lost quorum\" in docs/on-fire.md")
        .into());
    }
    are_members(compiled, &basis, &args.lost)?;
    are_members(compiled, &basis, args.from.as_slice())?;
    Ok(Outcome::work(Work::Rescue(Box::new(Rescue {
        client: client::speaker(compiled, args.client.as_deref(), named, environment)?,
        deadline: args.deadline,
        recording: recording(compiled, named, program, environment)?,
        basis,
        lost: args.lost.iter().cloned().collect(),
        from: args.from.clone(),
        moved: args.moved,
        yes: args.yes,
        node_program: args.node_program.clone(),
    }))))
}

/// Reports that no member is recorded as running: it is not known who the members were, nor which IDs their data has to
/// have.
fn unrecorded(basis: &Basis) -> Diagnostic {
    let (name, program) = (&basis.recorded.name, &basis.program);
    Diagnostic::error(format!("{name} records no member as running: whose data may go on is not known"))
        .note("nothing was done")
        .help(format!(
            "where the members ran as cluster.toml has them now: record that, `{program} done --offline`, build, and do the same again"
        ))
        .help("else save what is left by hand: \"Lost quorum\" in docs/on-fire.md")
}
