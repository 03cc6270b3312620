//! What a plan is made from, besides what is compiled, for each command that makes one.

use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::failure::{Failure, shown};
use crate::names;
use crate::outcome::Outcome;
use crate::package::{SPEC, find as find_package};
use crate::plan::{Basis, Form, recorded, unrecorded};
use crate::typed::typed;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::fingerprint;
use std::collections::BTreeSet;
use std::path::Path;

/// Reads what is compared with.
pub(super) fn basis(
    compiled: &Compiled<'_>,
    (from, form): (Option<&str>, Form),
    named: Option<&Path>,
    program: &str,
    environment: &Environment<'_>,
) -> Result<Basis, Failure> {
    let recorded = recorded(compiled, from, named, environment)?;
    let (program, named) = (typed(program, environment), named.map(Path::to_path_buf));
    Ok(Basis { recorded, program, named, form })
}

/// Returns a warning where `cluster.toml` is another text than the one that the program was built
/// from; else nothing.
pub(super) fn edited(
    word: &str,
    compiled: &Compiled<'_>,
    named: Option<&Path>,
    environment: &Environment<'_>,
) -> String {
    let text = find_package(named, environment)
        .ok()
        .and_then(|package| (environment.read)(&package.folder.join(SPEC)).ok());
    let source = compiled.cluster.source.zip(text);
    let is_edited = source.is_some_and(|(source, text)| source.0 != fingerprint(&text));
    if is_edited { shown(&former_text(word)) } else { String::new() }
}

/// Refuses to do what would be recorded as what another text says.
pub(super) fn is_built(word: &str, edited: &str) -> Result<(), Diagnostic> {
    if edited.is_empty() {
        return Ok(());
    }
    Err(Diagnostic::error("cluster.toml is not what this program was built from")
        .note("nothing was done")
        .help(format!(
            "build first: `cargo run -- {word}`; or take the edit back, and do the same again"
        )))
}

fn former_text(word: &str) -> Diagnostic {
    Diagnostic::warning("cluster.toml is not what this program was built from".to_owned())
        .note("what follows is from the former text")
        .help(format!("build first: `cargo run -- {word}`"))
}

/// Refuses names that are neither recorded nor compiled.
pub(super) fn are_members(
    compiled: &Compiled<'_>,
    basis: &Basis,
    named: &[String],
) -> Result<(), Failure> {
    let recorded = basis.recorded.running.members.keys().map(String::as_str);
    let compiled_ones = compiled.cluster.members.iter().map(|member| member.name.as_str());
    let members: BTreeSet<&str> = recorded.chain(compiled_ones).collect();
    let members: Vec<&str> = members.into_iter().collect();
    match named.iter().find(|name| !members.contains(&name.as_str())) {
        Some(unknown) => Err(names::unknown(unknown, "member", &members)),
        None => Ok(()),
    }
}

/// Says that there is nothing to compare.
pub(super) fn nothing_recorded(compiled: &Compiled<'_>, basis: &Basis, edited: &str) -> Outcome {
    let stderr = edited.to_owned() + &shown(&unrecorded(compiled, basis, &[]));
    Outcome { stderr, exit: Exit::Unknown, ..Outcome::data(String::new()) }
}
