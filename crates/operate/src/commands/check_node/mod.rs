//! `check-node`: the files on a member's machine, beside what is compiled in.

mod places;
mod view;
mod whose;

use super::member::member;
use crate::cli::CheckNodeArgs;
use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::failure::{Failure, shown};
use crate::node::files::{Checked, artifact, certificates, drop_in, other, unread};
use crate::outcome::Outcome;
use crate::show::json;
use crate::unit;
use bouquet_model::Member;
use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::Diagnostic;
use places::{Target, target, usual};
use std::path::{Path, PathBuf};
pub(super) use whose::whose;

pub(super) fn run(
    compiled: &Compiled<'_>,
    args: &CheckNodeArgs,
    program: &str,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let (name, files) = words(compiled, args, environment);
    let member = match name {
        Some(name) => member(compiled.cluster, name)?,
        None => whose(compiled, &files, &format!("{program} check-node"), environment)?,
    };
    let files = if files.is_empty() { usual(compiled, member, environment) } else { files };
    let node = Node { compiled, member, program, environment };
    let checked: Vec<Checked> = files.iter().flat_map(|file| node.check(file)).collect();
    if checked.is_empty() {
        let message = "no file of options was found in its place, and TLS is off";
        let help = format!("name it: `{program} check-node {} FILE`", member.name);
        return Err(Diagnostic::error(message).help(help).into());
    }
    let mut outcome = if args.json {
        Outcome::data(json(&view::view(member, &checked)))
    } else {
        let problems = checked.iter().flat_map(|checked| &checked.problems);
        Outcome { stderr: problems.map(shown).collect(), ..Outcome::data(view::text(&checked)) }
    };
    if !checked.iter().all(|checked| checked.state.is_fine) {
        outcome.exit = Exit::Failed;
    }
    Ok(outcome)
}

/// Judges the files of a member that are in their usual places.
pub(super) fn usual_files(
    compiled: &Compiled<'_>,
    member: &Member,
    program: &str,
    environment: &Environment<'_>,
) -> Vec<Checked> {
    let node = Node { compiled, member, program, environment };
    usual(compiled, member, environment).iter().flat_map(|file| node.check(file)).collect()
}

/// Returns the member that is named and the files. The first word may be a file: it is, where there is
/// no member of that name, and a slash in it or such a file here.
fn words<'a>(
    compiled: &Compiled<'_>,
    args: &'a CheckNodeArgs,
    environment: &Environment<'_>,
) -> (Option<&'a str>, Vec<PathBuf>) {
    let Some(first) = args.member.as_deref() else { return (None, args.files.clone()) };
    let is_there = || (environment.stat)(&environment.current_dir.join(first)).is_ok();
    let is_member = compiled.cluster.member(first).is_some();
    if is_member || first.is_empty() || !first.contains('/') && !is_there() {
        return (Some(first), args.files.clone());
    }
    (None, [PathBuf::from(first)].into_iter().chain(args.files.iter().cloned()).collect())
}

/// A member's machine, as far as this program knows it.
struct Node<'a> {
    compiled: &'a Compiled<'a>,
    member: &'a Member,
    program: &'a str,
    environment: &'a Environment<'a>,
}

impl Node<'_> {
    fn check(&self, file: &Path) -> Vec<Checked> {
        let Self { compiled, member, program, environment } = self;
        match target(file, environment) {
            Err(error) => vec![unread(member, file, &error)],
            Ok(Target::Folder) => certificates(compiled, member, file, environment),
            Ok(Target::OfFolder(folder)) => {
                let all = certificates(compiled, member, &folder, environment);
                // A key is told of beside its certificate, and no file without its folder.
                let is_of_it = |checked: &Checked| {
                    checked.file.file_stem() == file.file_stem() || checked.file == folder
                };
                let mut its: Vec<Checked> = all.into_iter().filter(is_of_it).collect();
                if !its.iter().any(|checked| checked.file.file_name() == file.file_name()) {
                    its.push(other(member, file));
                }
                its
            }
            Ok(Target::Text(text)) => {
                let checked = artifact(compiled.cluster, member, program, file, &text);
                let unit = environment.current_dir.join(file);
                let is_unit = checked.format == Some("systemd");
                let drop_ins = is_unit.then(|| unit::drop_ins(&unit, environment));
                let drop_ins = drop_ins.into_iter().flatten();
                let drop_ins = drop_ins.map(|file| self.check_drop_in(&file, &text));
                [checked].into_iter().chain(drop_ins).collect()
            }
        }
    }

    fn check_drop_in(&self, file: &Path, unit: &str) -> Checked {
        match (self.environment.read)(file) {
            Ok(text) => {
                let name = shell_word(self.member.name.as_str());
                let again = format!("{} install {name}", self.program);
                drop_in(file, &String::from_utf8_lossy(&text), (unit, &again))
            }
            Err(error) => unread(self.member, file, &error),
        }
    }
}
