//! The command line: its words, and what `--help` says of them.
//!
//! Nothing wraps the help pages: what is longer than 80 columns is broken here, by hand.

#![expect(clippy::doc_markdown, reason = "help pages are not Markdown")]

use crate::names::Names;
use crate::show::wrap;
use bouquet_model::Cluster;
use bouquet_model::artifact::{self, FORMATS, Format};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, CommandFactory, Parser, Subcommand, ValueHint};
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// An etcd cluster, compiled from cluster.toml
///
/// Without a command it shows the cluster at a glance.
#[derive(Debug, Parser)]
#[command(disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Verb>,

    /// The folder that `cargo build` wrote [env: BOUQUET_OUT]
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) out: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) overview: OverviewArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the members: name, ID, URLs
    Members(MembersArgs),
    /// Print a member's etcd command, or the same in another form
    ///
    /// The text is, byte for byte, that of the member's file in out/members/.
    Command(CommandArgs),
    /// List the certificates and when they expire
    ///
    /// With --check it is a plugin for Nagios, Icinga and their like: one line with
    /// the state of the certificates, and the exit code of that state.
    #[command(verbatim_doc_comment)]
    Certs(CertsArgs),
    /// Compare the files on a member's node with what is compiled in
    ///
    /// On the node it needs no argument: it looks at the unit with its drop-ins and at
    /// the certificates, keys and their owners, and finds out whose node it is. It
    /// changes nothing. Exit code 0: all is as compiled, 1: something is wrong.
    #[command(verbatim_doc_comment)]
    CheckNode(CheckNodeArgs),
    /// Run etcdctl with this cluster's endpoints and certificates
    ///
    /// Without arguments it prints the environment that etcdctl needs.
    ///
    /// The certificates are those of the client `root`, or else of the first client.
    /// They are looked for in the folder that --out or BOUQUET_OUT names; else in the
    /// out/ of the package that `cargo run` runs; else in an out/ here or above; else
    /// in an out/ above this program; else where the client has them on its machine.
    #[command(verbatim_doc_comment)]
    Etcdctl(EtcdctlArgs),
    /// Take keys from one clone of the package to another
    ///
    /// A clone has cluster.toml and cluster.lock, and no key. Keys travel as a stream
    /// that you encrypt, by age, gpg or sops.
    #[command(verbatim_doc_comment)]
    Secrets(SecretsArgs),
    /// Record in cluster.lock that what is compiled is on the machines
    ///
    /// Say so once it is rolled out: builds then know what a change means for a
    /// cluster that runs. All that differs from the record is shown, and written once
    /// you agree. Nothing else is changed; commit cluster.lock afterwards.
    #[command(verbatim_doc_comment)]
    Done(DoneArgs),
    /// Show what has to be done so that what is compiled runs
    ///
    /// The steps in order, from what cluster.lock records to what is compiled: the
    /// commands to paste, and how many members may fail meanwhile.
    ///
    /// Exit code 0: nothing to do, 1: refused, 2: changes are pending, 3: nothing is
    /// recorded.
    #[command(verbatim_doc_comment)]
    Plan(PlanArgs),
    /// The same as `plan --offline --from REV`
    ///
    /// Without a revision it compares with what cluster.lock records now.
    #[command(verbatim_doc_comment)]
    Diff(DiffArgs),
    /// Print a script that completes this command line in a shell
    Completions(CompletionsArgs),
}

#[derive(Debug, Args)]
pub(crate) struct OverviewArgs {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct MembersArgs {
    /// Print JSON, with the listening URLs too
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CommandArgs {
    /// The member's name
    pub(crate) member: String,

    /// The form
    #[arg(
        short,
        long,
        value_name = "FORM",
        default_value = "command",
        value_parser = forms(),
        hide_possible_values = true
    )]
    pub(crate) output: &'static Format,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct CertsArgs {
    /// Only what this member or client has
    ///
    /// With --dir it says whose machine it is, which must have it all.
    #[arg(value_name = "NAME")]
    pub(crate) owner: Option<String>,

    /// Print one line for a monitor, and exit with its state
    ///
    /// 0 OK, 1 WARNING for what expires soon, differs from the build or is
    /// missing, 2 CRITICAL for what is not valid, 3 UNKNOWN.
    #[arg(long, verbatim_doc_comment)]
    pub(crate) check: bool,

    /// The time that counts as soon, such as 12h, 30d or 2w
    ///
    /// By default it is what cluster.toml has as renew-before.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) within: Option<Duration>,

    /// With --check: what ends within this time is CRITICAL
    ///
    /// By default only what has ended is.
    #[arg(long, value_name = "TIME", value_parser = time, requires = "check")]
    pub(crate) critical: Option<Duration>,

    /// Judge the .crt files in this folder
    ///
    /// They are compared with the build's. It may be given several times.
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Vec<PathBuf>,

    /// Print everything, one certificate a line
    #[arg(long, conflicts_with_all = ["json", "prometheus"])]
    pub(crate) wide: bool,

    /// Print JSON
    #[arg(long, conflicts_with = "prometheus")]
    pub(crate) json: bool,

    /// Print metrics for Prometheus
    ///
    /// They are for the textfile collector of its node_exporter.
    #[arg(long)]
    pub(crate) prometheus: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CheckNodeArgs {
    /// The member whose node it is; without it, the files tell
    #[arg(index = 1, value_name = "MEMBER")]
    pub(crate) member: Option<String>,

    /// A file of options, a certificate, or a folder of certificates
    ///
    /// Without any, those at the places that the guide gives them.
    #[arg(index = 2, value_name = "FILE", value_hint = ValueHint::AnyPath)]
    pub(crate) files: Vec<PathBuf>,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct EtcdctlArgs {
    /// Speak to this member alone
    #[arg(index = 1)]
    pub(crate) member: Option<String>,

    /// Whose certificate to use
    #[arg(long, value_name = "NAME")]
    pub(crate) client: Option<String>,

    /// The arguments of etcdctl; without any, its environment is printed
    #[arg(index = 2, last = true, value_name = "ARGS")]
    pub(crate) arguments: Vec<OsString>,
}

#[derive(Debug, Args)]
#[command(disable_help_subcommand = true)]
pub(crate) struct SecretsArgs {
    #[command(subcommand)]
    pub(crate) command: SecretsVerb,
}

impl SecretsArgs {
    /// Tells whether it writes into an `out/`, which need not be there yet.
    pub(crate) const fn brings_keys(&self) -> bool {
        matches!(self.command, SecretsVerb::Import(_))
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum SecretsVerb {
    /// Write all keys, with their certificates, to stdout as a tar
    ///
    /// They are those of the out/ that --out or BOUQUET_OUT names; else of the package
    /// that `cargo run` runs; else of an out/ here or above; else of one above this
    /// program. What is left out is named on stderr.
    #[command(verbatim_doc_comment)]
    Export,
    /// Put the keys of such a stream into out/
    ///
    /// All of it is verified against cluster.lock before anything is written, and
    /// then written all or nothing. What is here and differs is named, and stays; an
    /// earlier certificate gives way to the current one of cluster.lock.
    #[command(verbatim_doc_comment)]
    Import(ImportArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// The stream, decrypted; stdin by default, and for `-`
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: Option<PathBuf>,

    /// Take the stream's where something else is here
    ///
    /// What is newer here by cluster.lock stays all the same.
    #[arg(long)]
    pub(crate) replace: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DoneArgs {
    /// Only these members or clients; without any, all of them
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,

    /// Ask nothing
    #[arg(long, short)]
    pub(crate) yes: bool,

    /// Go back to the records before
    ///
    /// Without a name: of all that were recorded the last time. It goes one step back:
    /// done twice, it is done once.
    #[arg(long, conflicts_with = "from_lock")]
    pub(crate) undo: bool,

    /// Take cluster.lock for true where its copy in out/ has a later record
    ///
    /// For machines that went back to what an older cluster.lock tells, as after
    /// `git revert`.
    #[arg(long, verbatim_doc_comment)]
    pub(crate) from_lock: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    /// Ask no live cluster
    ///
    /// This release asks none anyway, and says so without this.
    #[arg(long)]
    pub(crate) offline: bool,

    /// Compare with another cluster.lock, or a commit's
    #[arg(long, value_name = "FILE|REV", value_hint = ValueHint::AnyPath)]
    pub(crate) from: Option<String>,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// The commit whose cluster.lock to compare with, or another cluster.lock
    #[arg(value_name = "REV")]
    pub(crate) from: Option<String>,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

/// The command line of a cluster, with its members' names, for a program of some name. The clients'
/// names, of which there may be thousands, are there for completions only.
///
/// Values that are possible stand below, broken into lines, since clap would put them all into one.
pub(crate) fn command(program: &str, cluster: &Cluster, for_completions: bool) -> clap::Command {
    let members = Names(cluster.members.iter().map(|m| m.name.to_string()).collect());
    let clients = cluster.clients.iter().filter(|_| for_completions);
    let clients = Names(clients.map(|client| client.name.to_string()).collect());
    let owners = Names(members.0.iter().chain(&clients.0).cloned().collect());
    let short = members.0.iter().find(|name| name.len() <= SHORT);
    let member = short.map_or("MEMBER", String::as_str).to_owned();
    let examples = |lines: &[(&str, &str)]| {
        let typed = |line: &str| line.replace("{}", program).replace("MEMBER", &member);
        let lines: Vec<_> = lines.iter().map(|(line, what)| (typed(line), *what)).collect();
        format!("Examples:\n{}", columns(&lines))
    };
    let named = format!("Members:\n  {}\n\n", wrap(&members.0, 78).join("\n  "));
    let forms: Vec<_> = FORMATS.iter().map(|form| (form.name.to_owned(), form.about)).collect();
    let forms = format!("Forms:\n{}\n\n", columns(&forms));
    Cli::command()
        .name("bouquet")
        .display_name(program)
        .bin_name(program)
        .version(version(cluster))
        .after_help(AFTER_HELP)
        .mut_subcommand("command", |command| {
            let examples = examples(&[
                ("{} command MEMBER", "its command line"),
                ("{} command MEMBER -o systemd", "its unit"),
            ]);
            command
                .mut_arg("member", |arg| {
                    arg.value_parser(members.clone()).hide_possible_values(true)
                })
                .after_help(named.clone() + &forms + &examples)
        })
        .mut_subcommand("certs", |command| {
            let owners = owners.clone();
            let examples = examples(&[
                ("{} certs --wide", "everything, for grep"),
                ("{} certs --check --within 30d", "for a monitor"),
                ("{} certs MEMBER --check --dir /opt/etcd/certs", "on its node"),
            ]);
            command
                .mut_arg("owner", |arg| arg.value_parser(owners).hide_possible_values(true))
                .after_help(named.clone() + &examples)
        })
        .mut_subcommand("check-node", |command| {
            let examples = examples(&[
                ("{} check-node", "on a node, as root"),
                ("{} check-node MEMBER etcd.conf.yml", "a file of that member's"),
            ]);
            command
                .mut_arg("member", |arg| {
                    arg.value_parser(members.clone()).hide_possible_values(true)
                })
                // What is changed goes to the end, and zsh wants the files there.
                .mut_arg("files", |arg| arg)
                .after_help(named.clone() + &examples)
        })
        .mut_subcommand("etcdctl", |command| {
            let examples = examples(&[
                ("{} etcdctl -- endpoint status -w table", "all members"),
                ("{} etcdctl MEMBER -- endpoint health", "one member"),
                ("eval \"$({} etcdctl)\"", "for this shell"),
            ]);
            command
                .mut_arg("member", |arg| arg.value_parser(members).hide_possible_values(true))
                .override_usage(format!("{program} etcdctl [OPTIONS] [MEMBER] [-- <ARGS>...]"))
                .mut_arg("client", |arg| arg.value_parser(clients).hide_possible_values(true))
                .after_help(named.clone() + &examples)
        })
        .mut_subcommand("done", |command| {
            let examples = examples(&[
                ("{} done", "all of it is rolled out"),
                ("{} done MEMBER", "so far this member alone"),
                ("{} done --undo", "it is not, after all"),
            ]);
            command
                .mut_arg("names", |arg| arg.value_parser(owners).hide_possible_values(true))
                .after_help(named.clone() + &examples)
        })
        .mut_subcommand("plan", |command| {
            command.after_help(examples(&[
                ("{} plan --offline", "from what is recorded"),
                ("{} plan --offline --from HEAD~1", "from the record of a commit"),
                ("{} plan --offline --json", "for programs"),
            ]))
        })
        .mut_subcommand("diff", |command| {
            command.after_help(examples(&[
                ("{} diff", "from what is recorded"),
                ("{} diff main", "from the record of a branch"),
            ]))
        })
        .mut_subcommand("secrets", |command| {
            let examples = examples(&[
                ("{} secrets export | age -R team.keys > cluster.sealed", "seal them"),
                ("age -d -i me.key cluster.sealed | {} secrets import", "open them"),
            ]);
            command
                .mut_subcommand("export", |command| command.after_help(examples.clone()))
                .mut_subcommand("import", |command| command.after_help(examples.clone()))
                .after_help(examples)
        })
}

/// A member's name that is longer than this is no help in an example.
const SHORT: usize = 16;

/// Lines of two columns.
fn columns(lines: &[(String, &str)]) -> String {
    let width = lines.iter().map(|(left, _)| left.len()).max().unwrap_or(0);
    let line = |(left, right): &(String, &str)| format!("  {left:width$}  {right}");
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

const AFTER_HELP: &str = "\
Exit codes: 0 done, 1 failed, 64 wrong usage.
`certs --check`: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.
`check-node`: 0 all is as compiled, 1 something is wrong.
`plan`, `diff`: 0 nothing to do, 1 refused, 2 pending, 3 nothing is recorded.
`etcdctl`: etcdctl's own, 126 it cannot be run, 127 it is not installed.
Colours show on a terminal only, and not where NO_COLOR is set.";

/// One line, so that those of two binaries, or of all machines, stand below each other: whether they are
/// built from the same, of which etcd and from which commit.
fn version(cluster: &Cluster) -> String {
    let Cluster { token, digest, version, revision, .. } = cluster;
    let release = env!("CARGO_PKG_VERSION");
    let git = revision.as_ref().map(|revision| format!(", git {revision}")).unwrap_or_default();
    format!("{release} (cluster {token}, definition {digest}, etcd {version}{git})")
}

fn forms() -> impl TypedValueParser<Value = &'static Format> {
    let value = |form: &&Format| PossibleValue::new(form.name).help(form.file);
    PossibleValuesParser::new(FORMATS.iter().map(value))
        .map(|word| artifact::format(&word).expect("clap accepts the words of a form alone"))
}

/// The lengths of time that cluster.toml takes too.
fn time(text: &str) -> Result<Duration, String> {
    let help = || "write a whole number and `h`, `d`, `w` or `y`, such as `30d`".to_owned();
    bouquet_model::time::length(text).ok_or_else(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
