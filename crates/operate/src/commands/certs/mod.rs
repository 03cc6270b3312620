//! `certs`: every certificate, and how long it lasts.

mod check;
mod prometheus;
mod table;
mod view;

use crate::Compiled;
use crate::cli::CertsArgs;
use crate::deployed::{self, Difference, Trouble};
use crate::environment::Environment;
use crate::expiry::renew_before;
use crate::failure::Failure;
use crate::names;
use crate::outcome::Outcome;
use crate::show::{WARN, json, paint};
use bouquet_model::certificate::{Certificate, Kind};
use bouquet_model::cluster::Cluster;
use std::borrow::Cow;
use std::path::PathBuf;
use std::time::Duration;

pub(super) use check::misused;

/// All that is shown and judged: the certificates of the build, or those that files hold.
struct Listed<'a> {
    all: Vec<Entry<'a>>,
    troubles: Vec<Trouble>,
    now: i64,
    /// A certificate that ends within this time ends soon.
    window: Duration,
}

struct Entry<'a> {
    certificate: Cow<'a, Certificate>,
    /// Where it was read; `None` for one of the build.
    file: Option<PathBuf>,
    difference: Option<Difference>,
}

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
    if let (false, Some(trouble)) = (args.check, troubles.find(|trouble| !trouble.is_missing())) {
        return Err(trouble.problem().into());
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
        let warning = |missing: &Trouble| format!("{} {missing}\n", paint(WARN, "warning:"));
        outcome.stderr = listed.troubles.iter().map(warning).collect();
    }
    Ok(outcome)
}

fn is_known(cluster: &Cluster, name: &str) -> bool {
    cluster.member(name).is_some() || cluster.clients.iter().any(|c| c.name.as_str() == name)
}

/// Returns `true` where that member or client has a certificate: its own, a CA's, or the one that
/// all members share.
fn belongs(cluster: &Cluster, certificate: &Certificate, name: &str) -> bool {
    match (&certificate.owner, certificate.kind) {
        (Some(owner), _) => owner == name,
        (None, Kind::Ca) => true,
        (None, _) => cluster.member(name).is_some(),
    }
}

/// A monitor takes the exit code of a wrong name, 2, for CRITICAL.
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

const NO_TLS: &str = "TLS is off in cluster.toml: there are no certificates";

fn listed<'a>(
    compiled: &Compiled<'a>,
    args: &CertsArgs,
    environment: &Environment<'_>,
) -> Listed<'a> {
    let window = args.within.unwrap_or_else(|| renew_before(compiled));
    let now = environment.now;
    let is_theirs = |c: &Certificate| match args.owner.as_deref() {
        Some(owner) => belongs(compiled.cluster, c, owner),
        None => true,
    };
    if args.dir.is_empty() {
        let entry = |c| Entry { certificate: Cow::Borrowed(c), file: None, difference: None };
        let all = compiled.certificates.iter().filter(|c| is_theirs(c)).map(entry).collect();
        return Listed { all, troubles: Vec::new(), now, window };
    }
    let (found, troubles) =
        deployed::read(compiled, &is_theirs, args.owner.as_deref(), &args.dir, environment);
    let entry = |found: deployed::Deployed| Entry {
        certificate: Cow::Owned(found.certificate),
        file: Some(found.file),
        difference: found.difference,
    };
    Listed { all: found.into_iter().map(entry).collect(), troubles, now, window }
}
