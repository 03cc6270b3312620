//! `install`: a member is put on its node.

use super::member::member;
use crate::caller::SENT;
use crate::cli::InstallArgs;
use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::node::install::{Aim, Install};
use crate::outcome::{Outcome, Work};
use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::Diagnostic;

pub(super) fn run(
    compiled: &Compiled<'_>,
    args: &InstallArgs,
    program: &str,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    // One that is retired may not be compiled any more.
    let name = if args.retire {
        args.member.clone()
    } else {
        member(compiled.cluster, &args.member)?.name.to_string()
    };
    let absolute = |path: &std::path::PathBuf| environment.current_dir.join(path);
    let beside = environment.executable.as_ref().and_then(|program| program.parent());
    let piped = |path: &std::path::PathBuf| {
        if path.as_os_str() == "-" { path.clone() } else { absolute(path) }
    };
    let from = args.from.as_ref().map(piped);
    let etcd = args.etcd.as_ref().map(piped);
    if etcd.as_ref().is_some_and(|it| it.as_os_str() == "-" && from.as_ref() != Some(it)) {
        return Err(Diagnostic::error("`--etcd -` takes the programs from the tar of the member")
            .help(format!("give it: `{program} install {name} - --etcd -`; or name their folder"))
            .into());
    }
    Ok(Outcome::work(Work::Install(Install {
        member: name,
        from,
        etcd,
        downgrade: args.downgrade,
        beside: beside.map(std::path::Path::to_owned),
        root: args.root.as_ref().map(absolute),
        dry_run: args.dry_run,
        aim: match args {
            InstallArgs { no_restart: true, .. } => Aim::Kept,
            InstallArgs { no_start: false, root: None, .. } => Aim::Runs,
            _ => Aim::Placed,
        },
        bootstrap: args.bootstrap,
        trust_network: args.trust_network,
        accept_downtime: args.accept_downtime,
        rollback: args.rollback,
        retire: args.retire,
        set_aside: args.set_aside,
        joining: args.joining,
        restore: args.restore.as_ref().map(absolute),
        token: args.token.clone(),
        sole: args.sole,
        json: args.json,
        program: shell_word(program).into_owned(),
        is_sent: (environment.variable)(SENT).is_some(),
    })))
}
