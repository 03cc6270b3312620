//! `certs`: every certificate, and how long it lasts.

mod check;
mod prometheus;
mod table;
mod view;

use crate::Compiled;
use crate::cli::CertsArgs;
use crate::deployed::{self, Difference, Trouble};
use crate::expiry::renew_before;
use crate::failure::Failure;
use crate::outside::{Outcome, Outside};
use crate::show::json;
use bouquet_model::certificate::Certificate;
use std::borrow::Cow;
use std::path::PathBuf;
use std::time::Duration;

pub(super) use check::misused;

/// What there is to show and to judge: the certificates of the build, or those that files hold.
struct Listed<'a> {
    all: Vec<Entry<'a>>,
    troubles: Vec<Trouble>,
    now: i64,
    /// What ends within this time ends soon.
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
    outside: &Outside<'_>,
) -> Result<Outcome, Failure> {
    let listed = listed(compiled, args, outside);
    let off = compiled.cluster.tls.is_none().then_some(NO_TLS);
    if let (false, Some(trouble)) = (args.check, listed.troubles.first()) {
        return Err(trouble.failure());
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
    }
    Ok(outcome)
}

const NO_TLS: &str = "TLS is off in cluster.toml: there are no certificates";

fn listed<'a>(compiled: &Compiled<'a>, args: &CertsArgs, outside: &Outside<'_>) -> Listed<'a> {
    let window = args.within.unwrap_or_else(|| renew_before(compiled));
    let now = outside.now;
    if args.dir.is_empty() {
        let entry = |c| Entry { certificate: Cow::Borrowed(c), file: None, difference: None };
        let all = compiled.certificates.iter().map(entry).collect();
        return Listed { all, troubles: Vec::new(), now, window };
    }
    let (found, troubles) = deployed::read(compiled, &args.dir, outside);
    let entry = |found: deployed::Deployed| Entry {
        certificate: Cow::Owned(found.certificate),
        file: Some(found.file),
        difference: found.difference,
    };
    Listed { all: found.into_iter().map(entry).collect(), troubles, now, window }
}
