//! `certs`: every certificate, and how long it lasts.

mod check;
mod listed;
mod prometheus;
mod table;
mod view;

use crate::cli::CertsArgs;
use crate::compiled::Compiled;
use crate::deployed::Trouble;
use crate::environment::Environment;
use crate::failure::{Failure, shown};
use crate::names;
use crate::outcome::Outcome;
use crate::show::json;
use bouquet_model::cluster::Cluster;
use listed::listed;

pub(super) use check::misused;

pub(super) fn run(
    compiled: &Compiled<'_>,
    args: &CertsArgs,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    if let Some(owner) = &args.owner
        && !is_known(compiled.cluster, owner)
    {
        return unknown(compiled.cluster, owner, args.check);
    }
    let listed = listed(compiled, args, environment);
    let off = compiled.cluster.tls.is_none().then_some(NO_TLS);
    let mut troubles = listed.troubles.iter();
    if let (false, Some(trouble)) = (args.check, troubles.find(|trouble| trouble.hides())) {
        return Err(trouble.problem(OUT).into());
    }
    let stdout = if args.json {
        json(&listed.all.iter().map(|entry| view::view(entry, &listed)).collect::<Vec<_>>())
    } else if args.prometheus {
        prometheus::metrics(&compiled.cluster.token, &listed.all)
    } else if listed.all.is_empty() {
        String::new()
    } else if args.wide {
        table::wide(&listed)
    } else {
        table::narrow(&listed)
    };
    let mut outcome = Outcome::data(stdout);
    if args.check {
        let report = check::report(&listed, args.critical.unwrap_or_default(), off);
        outcome.exit = report.exit;
        if !args.json && !args.prometheus {
            outcome.stdout = report.around(&outcome.stdout);
        }
    } else if let Some(off) = off {
        outcome.stderr = format!("{off}\n");
    } else {
        let problem = |trouble: &Trouble| shown(&trouble.problem(OUT));
        outcome.stderr = listed.troubles.iter().map(problem).collect();
    }
    Ok(outcome)
}

fn is_known(cluster: &Cluster, name: &str) -> bool {
    cluster.member(name).is_some() || cluster.clients.iter().any(|c| c.name.as_str() == name)
}

/// Reports a name that is not there. A monitor takes 3 for UNKNOWN, and does not know the exit code
/// of a wrong name.
fn unknown(cluster: &Cluster, name: &str, is_plugin: bool) -> Result<Outcome, Failure> {
    let members = cluster.members.iter().map(|member| member.name.as_str());
    let names: Vec<_> =
        members.chain(cluster.clients.iter().map(|client| client.name.as_str())).collect();
    let failure = names::unknown(name, "name", &names);
    if is_plugin {
        Ok(misused(&failure.problem.message, failure.to_string()))
    } else {
        Err(failure)
    }
}

/// Where a build has what machines should have.
const OUT: &str = "out/";

const NO_TLS: &str = "TLS is off in cluster.toml: there are no certificates";
