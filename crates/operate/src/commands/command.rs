//! `command`: a member's options in one of their forms.

use super::member::member;
use crate::cli::CommandArgs;
use crate::failure::Failure;
use crate::outcome::Outcome;
use bouquet_model::Cluster;
use bouquet_model::artifact::{FORMATS, Format};
use bouquet_model::diagnostic::Diagnostic;

pub(super) fn run(cluster: &Cluster, args: &CommandArgs) -> Result<Outcome, Failure> {
    let member = member(cluster, &args.member)?;
    let format = args.output;
    if let Some(lacks) = format.lacks_release(cluster) {
        return Err(lacks.into());
    }
    let gaps = format.gaps(cluster, member);
    if gaps.is_empty() {
        return Ok(Outcome::data((format.render)(cluster, member)));
    }
    let names: Vec<_> = gaps.iter().map(|gap| format!("`{}`", gap.name())).collect();
    Err(Diagnostic::error(format!(
        "{} of etcd {} has no key for {}",
        format.file,
        cluster.version,
        names.join(", ")
    ))
    .help(format!("take another form: {}", others(format)))
    .into())
}

/// Returns the other forms that are usual, as they are typed.
fn others(format: &Format) -> String {
    let others = FORMATS.iter().filter(|other| other.by_default && other.name != format.name);
    let typed: Vec<_> = others.map(|other| format!("`-o {}`", other.name)).collect();
    match typed.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}
