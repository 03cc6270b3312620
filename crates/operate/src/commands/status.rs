//! `status`: what runs, beside what is compiled.

use crate::cli::StatusArgs;
use crate::client;
use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::live::{Form, Look};
use crate::outcome::{Outcome, Work};
use std::path::Path;
use std::time::Duration;

/// How often it is looked again.
const PAUSE: Duration = Duration::from_secs(2);

pub(super) fn run(
    compiled: &Compiled<'_>,
    args: &StatusArgs,
    named: Option<&Path>,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let client = client::files(compiled, args.client.as_deref(), named, environment)?;
    let form = match (args.json, args.prometheus) {
        (true, _) => Form::Json,
        (_, true) => Form::Prometheus,
        _ => Form::Table,
    };
    let watch = args.watch.then_some(PAUSE);
    let look = Look { client, deadline: args.deadline, form, watch };
    Ok(Outcome::work(Work::Look(look)))
}
