//! `doctor`: what is wrong on a node, and what etcd says in a log.

use super::check_node::{usual_files, whose};
use super::member::member;
use crate::cli::DoctorArgs;
use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::node::doctor::{Doctor, Explain, Judged};
use crate::node::files::Checked;
use crate::outcome::{Outcome, Work};
use bouquet_model::artifact::shell_word;
use std::io;
use std::path::Path;

pub(super) fn run(
    compiled: &Compiled<'_>,
    args: &DoctorArgs,
    program: &str,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let named = args.member.as_deref();
    let named = named.map(|name| member(compiled.cluster, name)).transpose()?;
    let program = shell_word(program).into_owned();
    if let Some(file) = &args.log {
        let is_stdin = file == Path::new("-");
        return Ok(Outcome::work(Work::Explain(Explain {
            file: (!is_stdin).then(|| environment.current_dir.join(file)),
            member: named.map(|member| member.name.to_string()),
            json: args.json,
            program,
        })));
    }
    let member = match named {
        Some(member) => member,
        None => whose(compiled, &[], &format!("{program} doctor"), environment)
            .map_err(|failure| Failure { exit: Exit::Unknown, ..failure })?,
    };
    let certs = compiled.cluster.tls.as_ref().map(|tls| Path::new(tls.certs_dir.as_str()));
    let all = usual_files(compiled, member, &program, environment);
    let is_of_tls = |checked: &Checked| certs.is_some_and(|certs| checked.file.starts_with(certs));
    let (certificates, options): (Vec<Checked>, Vec<Checked>) =
        all.into_iter().partition(is_of_tls);
    let is_closed = certs.is_some_and(|certs| {
        let entered = (environment.list)(certs);
        entered.is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied)
    });
    let certificates = if is_closed {
        Err("they are for etcd and root alone: do this as root".to_owned())
    } else {
        Ok(judged(certificates))
    };
    Ok(Outcome::work(Work::Doctor(Doctor {
        member: member.name.to_string(),
        options: judged(options),
        certificates,
        json: args.json,
        program,
    })))
}

fn judged(checked: Vec<Checked>) -> Judged {
    let count = checked.len();
    Judged { count, problems: checked.into_iter().flat_map(|checked| checked.problems).collect() }
}
