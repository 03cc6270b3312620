//! `new`: a package of one's own, which has nothing to do with the cluster of this program.

use crate::cli::{CratesArgs, ETCD, NewArgs};
use crate::environment::Environment;
use crate::exit::Exit;
use crate::failure::shown;
use crate::new::{self, Asked, Crates, New, Place};
use crate::outcome::{Outcome, Work};
use crate::typed::typed;
use bouquet_model::artifact::shell_word;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::version::EtcdVersion;

/// Prepares a new package; reports all mistakes at once.
pub(super) fn run(args: &NewArgs, program: &str, environment: &Environment<'_>) -> Outcome {
    let mut misused = Vec::new();
    let mut refused = Vec::new();
    let place = Place::of(&args.folder, environment);
    let place = place.map_err(|problem| refused.push(problem)).ok();
    let asked = asked(args, place.as_ref(), &mut misused);
    let crates = match named(args, environment) {
        Some(named) => named.map_err(|problem| misused.push(problem)).ok(),
        None => new::find(environment).or_else(|| {
            refused.push(new::unknown_source(&line(args, &typed(program, environment))));
            None
        }),
    };
    let made = asked.zip(crates).zip(place).and_then(|((asked, crates), place)| {
        let files = new::files(&asked, &crates, &place);
        let files = files.map_err(|problem| refused.push(problem)).ok()?;
        let told = new::told(&asked, &crates, &place, &args.folder);
        Some(New { folder: place.folder, files, told })
    });
    match made {
        Some(work) if misused.is_empty() && refused.is_empty() => Outcome::work(Work::New(work)),
        _ => {
            let exit = if misused.is_empty() { Exit::Failed } else { Exit::Misused };
            let stderr = misused.iter().chain(&refused).map(shown).collect();
            Outcome { stderr, exit, ..Outcome::data(String::new()) }
        }
    }
}

/// Proves what is asked for. Names that are not given are made of the folder's.
fn asked(args: &NewArgs, place: Option<&Place>, found: &mut Vec<Diagnostic>) -> Option<Asked> {
    let folder = place.map(Place::name).unwrap_or_default();
    let members = new::members(&args.members, found);
    let clients = new::clients(&args.clients, found);
    let etcd = EtcdVersion::parse(&args.etcd).map_err(|error| {
        found.push(Diagnostic::error(error.to_string()).help(error.help()));
    });
    let name = match &args.name {
        Some(name) => new::proven(name).map_err(|problem| found.push(problem)).ok(),
        None => Some(new::package_name(&folder)),
    };
    let package = name.clone().unwrap_or_default();
    let token = new::token(args.token.as_deref(), &folder, &package);
    let token = token.map_err(|problem| found.push(problem)).ok();
    Some(Asked { name: name?, token: token?, etcd: etcd.ok()?, members, clients })
}

/// Returns the place of the crates, where the command line names one.
fn named(args: &NewArgs, environment: &Environment<'_>) -> Option<Result<Crates, Diagnostic>> {
    let CratesArgs { path, git, rev, tag, branch, version } = &args.crates;
    let at = [("rev", rev), ("tag", tag), ("branch", branch)];
    let at = at.into_iter().find_map(|(key, value)| Some((key, value.clone()?)));
    let path = path.as_ref().map(|folder| new::checkout(folder, environment));
    path.or_else(|| git.as_ref().map(|url| new::repository(url, at)))
        .or_else(|| version.as_ref().map(|version| new::release(version)))
}

/// Returns what was typed, without a place of the crates.
fn line(args: &NewArgs, program: &str) -> String {
    let NewArgs { folder, members, clients, etcd, token, name, crates: _ } = args;
    let members = members.iter().map(|value| ("--member", value));
    let clients = clients.iter().map(|value| ("--client", value));
    let etcd = Some(etcd).filter(|etcd| *etcd != ETCD);
    let single = [("--etcd", etcd), ("--token", token.as_ref()), ("--name", name.as_ref())];
    let single = single.into_iter().filter_map(|(option, value)| Some((option, value?)));
    let options = members.chain(clients).chain(single);
    let options = options.map(|(option, value)| format!(" {option} {}", shell_word(value)));
    let folder = folder.display().to_string();
    format!("{program} new {}{}", shell_word(&folder), options.collect::<String>())
}
