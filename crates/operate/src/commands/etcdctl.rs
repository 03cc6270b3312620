//! `etcdctl`: etcd's own client, told where the cluster is and who asks.

use super::member::member;
use crate::caller::{ACCOUNT, CONTRADICTING, ENDPOINTS, OURS, absent};
use crate::cli::EtcdctlArgs;
use crate::client;
use crate::compiled::Compiled;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::outcome::{Outcome, Program, Work};
use bouquet_model::artifact::{PROXY_VARIABLES, etcdctl_variables, shell_word};
use bouquet_model::{Cluster, Member};
use clap::error::ErrorKind;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::Path;

/// Settings of the caller that say how, not whom, to ask; and their flags, which every etcdctl of 3.4
/// and later has.
const HABITS: &[(&str, &str)] = &[
    ("ETCDCTL_COMMAND_TIMEOUT", "--command-timeout"),
    ("ETCDCTL_DEBUG", "--debug"),
    ("ETCDCTL_DIAL_TIMEOUT", "--dial-timeout"),
    ("ETCDCTL_HEX", "--hex"),
    ("ETCDCTL_KEEPALIVE_TIME", "--keepalive-time"),
    ("ETCDCTL_KEEPALIVE_TIMEOUT", "--keepalive-timeout"),
    ("ETCDCTL_WRITE_OUT", "--write-out"),
];

const INSTALL: &str = "install it: package `etcd-client` of Debian and Ubuntu, `etcd` of Fedora, \
                       Arch and Homebrew, or `etcdctl` of etcd's release archive";

pub(super) fn run(
    compiled: &Compiled<'_>,
    args: &EtcdctlArgs,
    out: Option<&Path>,
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
    let client = client::find(cluster, args.client.as_deref())?;
    let folder = match client {
        Some(client) if cluster.tls.is_some() => {
            client::folder(compiled, client, out, environment)?
        }
        _ => String::new(),
    };
    let set = variables(cluster, member, &folder);
    if args.arguments.is_empty() {
        return Ok(Outcome::data(exports(&set)));
    }
    let exec = etcdctl(&set, &args.arguments, environment);
    Ok(Outcome::work(Work::Program(exec)))
}

/// Returns the call of etcdctl, with flags for all that is said of the cluster.
///
/// No variable has the name of a flag that is given. `move-leader` before 3.4.21 and 3.5.5, and
/// `endpoint health` of 3.6.0, read the environment twice, and take what they found there first for a
/// flag that contradicts it (`etcdctl/ctlv3/command/global.go`, `SetPflagsFromEnv`).
fn etcdctl(
    set: &[(&'static str, String)],
    words: &[OsString],
    environment: &Environment<'_>,
) -> Program {
    let flag = |name: &str| OURS.iter().find(|(ours, _)| *ours == name).map(|(_, flag)| *flag);
    let ours = set.iter().filter_map(|(name, value)| Some((flag(name)?, value.into())));
    let ours = ours.filter(|(flag, _)| *flag != ENDPOINTS || !has(words, ENDPOINTS));
    let habits = HABITS.iter().filter_map(|(name, flag)| {
        let value = (environment.variable)(name).filter(|value| !value.is_empty())?;
        Some((*flag, value))
    });
    let flags = ours.chain(habits).map(|(flag, value): (&str, OsString)| {
        let mut word = OsString::from(format!("{flag}="));
        word.push(value);
        word
    });
    let arguments = flags.chain(words.iter().cloned()).collect();
    // The account stays in the environment, since everybody on a machine can read the arguments of a process; where a
    // flag says who asks, the variables say nothing.
    let says_who = ACCOUNT.iter().any(|(_, flag)| has(words, flag));
    let account = ACCOUNT.iter().filter(|_| says_who);
    let with_flags = OURS.iter().chain(HABITS).chain(account).map(|(name, _)| *name);
    let unset = CONTRADICTING.iter().chain(&PROXY_VARIABLES).copied().chain(with_flags).collect();
    Program { name: "etcdctl", arguments, unset, install: INSTALL }
}

/// Returns the command line with `--` in front of what etcdctl is to do, where that is all it lacks.
pub(super) fn with_dashes(
    error: &clap::Error,
    program: &str,
    arguments: &[OsString],
    cluster: &Cluster,
) -> Option<String> {
    let words: Option<Vec<&str>> = arguments.iter().skip(1).map(|word| word.to_str()).collect();
    let words = words.filter(|_| error.kind() == ErrorKind::UnknownArgument)?;
    let at = words.iter().position(|word| *word == "etcdctl")?;
    let mut theirs = at + 1;
    while let Some(word) = words.get(theirs) {
        theirs += match *word {
            "--client" | "--out" => 2,
            word if word.starts_with("--client=") || word.starts_with("--out=") => 1,
            name if cluster.member(name).is_some() => 1,
            _ => break,
        };
    }
    let (ours, theirs) = words.split_at_checked(theirs)?;
    let quote = |words: &[&str]| words.iter().map(|w| shell_word(w)).collect::<Vec<_>>().join(" ");
    let lacks = !theirs.is_empty() && !words.contains(&"--");
    lacks.then(|| format!("{program} {} -- {}", quote(ours), quote(theirs)))
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

/// Returns `true` where a flag is among etcdctl's arguments.
fn has(arguments: &[OsString], flag: &str) -> bool {
    let flags = arguments.iter().map_while(|argument| (argument != "--").then_some(argument));
    let mut texts = flags.filter_map(|argument| argument.to_str());
    texts.any(|text| {
        text.strip_prefix(flag).is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
    })
}

/// Writes lines for `eval` in a POSIX shell.
fn exports(set: &[(&'static str, String)]) -> String {
    let unset = CONTRADICTING.iter().copied().chain(absent(set));
    let mut text = format!("unset {}\n", unset.collect::<Vec<_>>().join(" "));
    let _ = writeln!(text, "unset {}", PROXY_VARIABLES.join(" "));
    for (name, value) in set {
        let _ = writeln!(text, "export {name}={}", shell_word(value));
    }
    text
}
