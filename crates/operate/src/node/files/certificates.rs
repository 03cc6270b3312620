//! A folder of certificates, file by file.

use super::checked::{Checked, State};
use crate::compiled::Compiled;
use crate::deployed::{self, Deployed, Difference, Found, Trouble, belongs};
use crate::environment::Environment;
use bouquet_model::Member;
use bouquet_model::certificate::Certificate;
use bouquet_model::diagnostic::Diagnostic;
use std::path::{Path, PathBuf};

/// Judges the files of a member's folder.
pub(crate) fn certificates(
    compiled: &Compiled<'_>,
    member: &Member,
    folder: &Path,
    environment: &Environment<'_>,
) -> Vec<Checked> {
    let name = member.name.as_str();
    let is_theirs = |c: &Certificate| belongs(compiled.cluster, c, name);
    let folders = [folder.to_owned()];
    let Found { certificates, sound, troubles } =
        deployed::read(compiled, &is_theirs, Some(name), &folders, environment);
    let from = format!("out/members/{name}/certs/");
    let mut all: Vec<Checked> = Vec::new();
    for deployed in &certificates {
        note(&mut all, certificate(compiled, name, deployed, &from));
    }
    for file in sound {
        let is_key = file.extension().is_some_and(|extension| extension == "key");
        let state = if is_key { State::FITS } else { State::READABLE };
        let beside = all.iter().find(|c| is_key && c.file.file_stem() == file.file_stem());
        let owner = beside.and_then(|beside| beside.owner.clone());
        all.push(Checked { owner, ..Checked::new(&file, state) });
    }
    for found in &troubles {
        note(&mut all, trouble(found, &from));
    }
    all.sort_by(|a, b| a.file.cmp(&b.file));
    all
}

/// Adds what was found of a file to what is known of it: the first fault gives the state.
fn note(all: &mut Vec<Checked>, more: Checked) {
    match all.iter_mut().find(|known| known.file == more.file) {
        None => all.push(more),
        Some(known) => {
            if known.state.is_fine {
                known.state = more.state;
            }
            known.problems.extend(more.problems);
        }
    }
}

fn certificate(compiled: &Compiled<'_>, name: &str, found: &Deployed, from: &str) -> Checked {
    let Deployed { file, certificate, difference } = found;
    let Some(difference) = difference else {
        let owner = certificate.owner.as_deref().map(str::to_owned);
        return Checked { owner, ..Checked::new(file, State::AS_COMPILED) };
    };
    // What is foreign to this member may be another's.
    let same = |c: &&Certificate| c.fingerprint == certificate.fingerprint;
    let theirs = compiled.certificates.iter().find(same).and_then(|c| c.owner.as_deref());
    let theirs = theirs.filter(|owner| *owner != name);
    let shown = file.display();
    let help = match difference {
        // What is there may be right, and is not to be overwritten.
        Difference::Newer => "take the program of the newest build to this node".to_owned(),
        _ => format!("copy it again, with its key, from {from}"),
    };
    if let Some(theirs) = theirs {
        let message = format!("{shown} is of `{theirs}`, not of `{name}`");
        let problem = Diagnostic::error(message).help(help);
        let checked = Checked::new(file, State::ANOTHERS).because(problem);
        return Checked { owner: Some(theirs.to_owned()), ..checked };
    }
    let problem = Diagnostic::warning(format!("{shown} {difference}")).help(help);
    let owner = certificate.owner.as_deref().map(str::to_owned);
    let checked = Checked::new(file, State::wrong(difference.as_str())).because(problem);
    Checked { owner, ..checked }
}

fn trouble(found: &Trouble, from: &str) -> Checked {
    let path: &PathBuf = &found.path;
    Checked::new(path, State::wrong(found.as_str())).because(found.problem(from))
}
