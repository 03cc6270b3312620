//! The member whose node it is, where none is named.

use super::places::{Target, manifests, target};
use crate::commands::member::{member, member_names};
use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::names;
use crate::node::files::{Sign, of_artifact, of_certificates};
use crate::unit;
use bouquet_model::Member;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use std::path::{Path, PathBuf};

/// Finds the member by the files that were named, or else by the units that are there and, where none
/// tells, by the certificates. `typed` is the command that asks, to which a name may be added.
pub(in crate::commands) fn whose<'a>(
    compiled: &Compiled<'a>,
    files: &[PathBuf],
    typed: &str,
    environment: &Environment<'_>,
) -> Result<&'a Member, Failure> {
    let signs = if files.is_empty() {
        let units = units(compiled);
        let of_units = units.iter().flat_map(|file| signs(compiled, file, environment)).collect();
        let certs = compiled.cluster.tls.as_ref().map(|tls| Path::new(tls.certs_dir.as_str()));
        match (of_units, certs) {
            (signs, Some(certs)) if Vec::is_empty(&signs) => {
                of_certificates(compiled, certs, environment)
            }
            (signs, _) => signs,
        }
    } else {
        files.iter().flat_map(|file| signs(compiled, file, environment)).collect()
    };
    let members = names::list(&member_names(compiled.cluster), "member");
    let Some(first) = signs.first() else {
        let message = "no file that can be read tells whose node this is";
        let help = format!("name the member, `{typed} MEMBER`: {members}");
        return Err(Diagnostic::error(message).help(help).help("root can read all of them").into());
    };
    if let Some(other) = signs.iter().find(|sign| sign.member != first.member) {
        let mut problem = Diagnostic::error("the files here are of several members");
        problem.notes = [first, other].map(said).to_vec();
        let help = format!("name the member, `{typed} MEMBER`: {members}");
        return Err(problem.help(help).into());
    }
    member(compiled.cluster, &first.member).map_err(|Failure { mut problem, .. }| {
        problem.notes.push(said(first));
        Failure::from(problem)
    })
}

fn said(sign: &Sign) -> String {
    format!("{} is of {}", sign.file.display(), quoted(&sign.member))
}

fn units(compiled: &Compiled<'_>) -> Vec<PathBuf> {
    let mut all = unit::places(None);
    all.extend(manifests(compiled.cluster));
    for member in compiled.cluster.members.iter() {
        all.extend(unit::places(Some(member.name.as_str())).into_iter().skip(1));
    }
    all
}

/// Returns what a file, or the certificates in a folder, say.
fn signs(compiled: &Compiled<'_>, file: &Path, environment: &Environment<'_>) -> Vec<Sign> {
    match target(file, environment) {
        Ok(Target::Folder) => of_certificates(compiled, file, environment),
        Ok(Target::OfFolder(folder)) => of_certificates(compiled, &folder, environment),
        Ok(Target::Text(text)) => of_artifact(compiled.cluster, file, &text).into_iter().collect(),
        Err(_) => Vec::new(),
    }
}
