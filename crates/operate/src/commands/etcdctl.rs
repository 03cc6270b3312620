//! `etcdctl`: etcd's own client, told where the cluster is and who asks.

use super::member::member;
use crate::cli::EtcdctlArgs;
use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::outcome::{Outcome, Program};
use crate::{names, out};
use bouquet_model::artifact::{etcdctl_variables, shell_word};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::{Client, Cluster, Member};
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::PathBuf;

/// The client whose certificate is used where none is named, if there is one of that name.
const ROOT: &str = "root";

/// Variables of the caller that would contradict: another way to find endpoints, another API,
/// another trust. `ETCDCTL_API` goes rather than being set: 3 is the only API from etcd 3.6 on and
/// the default before, and 3.6 complains of the variable.
const CONTRADICTING: &[&str] = &[
    "ETCDCTL_API",
    "ETCDCTL_DISCOVERY_SRV",
    "ETCDCTL_DISCOVERY_SRV_NAME",
    "ETCDCTL_INSECURE_DISCOVERY",
    "ETCDCTL_INSECURE_SKIP_TLS_VERIFY",
    "ETCDCTL_INSECURE_TRANSPORT",
];

/// The variables that this cluster sets, each where TLS is on, and the flags of the same meaning.
const OURS: &[(&str, &str)] = &[
    ("ETCDCTL_ENDPOINTS", "--endpoints"),
    ("ETCDCTL_CACERT", "--cacert"),
    ("ETCDCTL_CERT", "--cert"),
    ("ETCDCTL_KEY", "--key"),
];

const INSTALL: &str = "install it: package `etcd-client` of Debian and Ubuntu, `etcd` of Fedora, \
                       Arch and Homebrew, or `etcdctl` of etcd's release archive";

pub(super) fn run(
    compiled: &Compiled<'_>,
    args: &EtcdctlArgs,
    program: &str,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let cluster = compiled.cluster;
    let member = args.member.as_deref().map(|name| {
        let hint =
            || format!("what etcdctl is to do follows `--`: `{program} etcdctl -- {name} …`");
        member(cluster, name)
            .map_err(|Failure { problem, exit }| Failure { problem: problem.help(hint()), exit })
    });
    let member = member.transpose()?;
    let client = client(cluster, args.client.as_deref())?;
    let folder = match client {
        Some(client) if cluster.tls.is_some() => folder(compiled, client, args, environment)?,
        _ => String::new(),
    };
    let set = variables(cluster, member, &folder);
    let unset: Vec<_> = CONTRADICTING.iter().copied().chain(absent(&set)).collect();
    if args.arguments.is_empty() {
        return Ok(Outcome::data(exports(&set, &unset)));
    }
    // etcdctl dies where a flag stands in its environment too.
    let given = |name: &str| OURS.iter().any(|(n, flag)| *n == name && has(&args.arguments, flag));
    let (given, set): (Vec<_>, Vec<_>) = set.into_iter().partition(|(name, _)| given(name));
    let unset = unset.into_iter().chain(given.into_iter().map(|(name, _)| name)).collect();
    let arguments = args.arguments.clone();
    let exec = Program { name: "etcdctl", arguments, unset, set, install: INSTALL };
    Ok(Outcome { exec: Some(exec), ..Outcome::data(String::new()) })
}

/// The client that speaks: the one named, else `root`, else the first. `None` where none is needed.
fn client<'a>(cluster: &'a Cluster, name: Option<&str>) -> Result<Option<&'a Client>, Failure> {
    let names = || cluster.clients.iter().map(|c| c.name.as_str()).collect::<Vec<_>>();
    if let Some(name) = name {
        let missing = || names::unknown(name, "client", &names());
        return cluster.client(name).map(Some).ok_or_else(missing);
    }
    let client = cluster.client(ROOT).or_else(|| cluster.clients.first());
    if client.is_none() && cluster.tls.is_some() {
        let add = "add `[[client]]` with `name = \"root\"` to it and run `cargo build`";
        let message = "cluster.toml describes no client, so none has a certificate";
        return Err(Diagnostic::error(message).help(add).into());
    }
    Ok(client)
}

fn folder(
    compiled: &Compiled<'_>,
    client: &Client,
    args: &EtcdctlArgs,
    environment: &Environment<'_>,
) -> Result<String, Failure> {
    let named = args.out.out.as_deref();
    let found = out::client_folder(compiled, client, named, environment);
    let folder = found.map_err(|looked| {
        let what = format!("the certificates of client `{}` are not to be found", client.name);
        let mut problem = Diagnostic::error(what);
        problem.notes.extend(looked.iter().map(ToString::to_string));
        problem.notes.extend(members_own(compiled.cluster, environment).map(|file| {
            format!(
                "{file} is a member's: whoever uses it speaks as that member, so it is left alone"
            )
        }));
        problem.help(format!(
            "name the folder that `cargo build` wrote with `--out`, or copy its clients/{} to {}",
            client.name, client.certs_dir
        ))
    })?;
    let not_text = |path| {
        let path = PathBuf::from(path);
        Diagnostic::error(format!("{} cannot be passed on: it is not UTF-8", path.display()))
    };
    Ok(folder.into_os_string().into_string().map_err(not_text)?)
}

/// On a node: the certificate that is there and does not serve.
fn members_own(cluster: &Cluster, environment: &Environment<'_>) -> Option<String> {
    let file = cluster.tls.as_ref()?.certs_dir.join("server.crt").to_string();
    (environment.read)(file.as_ref()).is_ok().then_some(file)
}

fn variables(
    cluster: &Cluster,
    member: Option<&Member>,
    folder: &str,
) -> Vec<(&'static str, String)> {
    let of_all = || cluster.endpoints();
    let endpoints = member.map_or_else(of_all, |m| m.advertise_client_urls.iter().collect());
    etcdctl_variables(cluster, &endpoints, folder)
}

/// Returns those of our variables that this cluster does not set, so that the caller's must go.
fn absent(set: &[(&'static str, String)]) -> Vec<&'static str> {
    let names = OURS.iter().map(|(name, _)| *name);
    names.filter(|name| set.iter().all(|(other, _)| other != name)).collect()
}

/// Returns `true` where a flag is among etcdctl's arguments.
fn has(arguments: &[OsString], flag: &str) -> bool {
    let flags = arguments.iter().map_while(|argument| (argument != "--").then_some(argument));
    let mut texts = flags.filter_map(|argument| argument.to_str());
    texts.any(|text| {
        text.strip_prefix(flag).is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
    })
}

/// Lines for `eval` in a POSIX shell.
fn exports(set: &[(&str, String)], unset: &[&str]) -> String {
    let mut text = format!("unset {}\n", unset.join(" "));
    for (name, value) in set {
        let _ = writeln!(text, "export {name}={}", shell_word(value));
    }
    text
}
