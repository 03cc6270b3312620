//! The whole command line of one cluster, with its help pages.

use super::verbs::Cli;
use crate::names::Names;
use crate::show::wrap;
use bouquet_model::Cluster;
use bouquet_model::artifact::FORMATS;
use clap::CommandFactory;

/// The command line of a cluster, with its members' names, for a program of some name. The clients'
/// names, of which there may be thousands, are there for completions only.
///
/// Values that are possible stand below, broken into lines, since clap would put them all into one.
pub(crate) fn command(program: &str, cluster: &Cluster, for_completions: bool) -> clap::Command {
    let known = Known::of(cluster, for_completions);
    let members = &known.members.0;
    let short = members.iter().find(|name| name.len() <= SHORT);
    let member = short.map_or("MEMBER", String::as_str).to_owned();
    let examples = |lines: &[(&str, &str)]| {
        let typed = |line: &str| line.replace("{}", program).replace("MEMBER", &member);
        let lines: Vec<_> = lines.iter().map(|(line, what)| (typed(line), *what)).collect();
        format!("Examples:\n{}", columns(&lines))
    };
    let named = format!("Members:\n  {}\n\n", wrap(members, 78).join("\n  "));
    let forms: Vec<_> = FORMATS.iter().map(|form| (form.name.to_owned(), form.about)).collect();
    let forms = format!("Forms:\n{}\n\n", columns(&forms));
    on_clusters(Cli::command(), &examples)
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
            command.after_help(named.clone() + &forms + &examples)
        })
        .mut_subcommand("ansible", |command| {
            command.after_help(examples(&[("{} ansible --list", "as Ansible asks")]))
        })
        .mut_subcommand("certs", |command| {
            let examples = examples(&[
                ("{} certs --wide", "everything, for grep"),
                ("{} certs --check --within 30d", "for a monitor"),
                ("{} certs MEMBER --check --dir /opt/etcd/certs", "on its node"),
            ]);
            command.after_help(named.clone() + &examples)
        })
        .mut_subcommand("check-node", |command| {
            let examples = examples(&[
                ("{} check-node", "on a node, as root"),
                ("{} check-node MEMBER etcd.conf.yml", "a file of that member's"),
            ]);
            command.after_help(named.clone() + &examples)
        })
        .mut_subcommand("doctor", |command| {
            let examples = examples(&[
                ("{} doctor", "on a node, as root"),
                ("{} doctor MEMBER", "before anything is installed"),
                ("journalctl -u etcd | {} doctor --log -", "what etcd says"),
            ]);
            command.after_help(named.clone() + &examples)
        })
        .mut_subcommand("install", |command| {
            let examples = examples(&[
                ("{} install MEMBER --bootstrap", "the first founder"),
                ("{} install MEMBER", "every other one; later, what is new"),
                ("{} install MEMBER --dry-run", "what that would do"),
            ]);
            command.after_help(named.clone() + &examples)
        })
        .mut_subcommand("etcdctl", |command| {
            let examples = examples(&[
                ("{} etcdctl -- endpoint status -w table", "all members"),
                ("{} etcdctl MEMBER -- endpoint health", "one member"),
                ("eval \"$({} etcdctl)\"", "for this shell"),
            ]);
            command
                .override_usage(format!("{program} etcdctl [OPTIONS] [MEMBER] [-- <ARGS>...]"))
                .after_help(named.clone() + &examples)
        })
        .mut_subcommand("try", |command| trial(command, program, examples))
        .mut_subcommand("done", |command| {
            let examples = examples(&[
                ("{} done", "all of it is rolled out"),
                ("{} done MEMBER", "so far this member alone"),
                ("{} done --adopted", "it runs as another tool has set it up"),
                ("{} done --undo", "it is not, after all"),
            ]);
            command.after_help(named.clone() + &examples)
        })
        .mut_subcommand("new", |command| command.after_help(examples(&NEW)))
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
        .mut_subcommands(|command| command.mut_args(|arg| known.taken_by(arg)))
}

/// The names that a command line may have.
struct Known {
    members: Names,
    clients: Names,
    /// Both.
    owners: Names,
}

impl Known {
    fn of(cluster: &Cluster, for_completions: bool) -> Self {
        let members = Names(cluster.members.iter().map(|m| m.name.to_string()).collect());
        let clients = cluster.clients.iter().filter(|_| for_completions);
        let clients = Names(clients.map(|client| client.name.to_string()).collect());
        let owners = Names(members.0.iter().chain(&clients.0).cloned().collect());
        Self { members, clients, owners }
    }

    /// Has an argument know the names that it takes, if it takes some: the page shows them elsewhere.
    fn taken_by(&self, arg: clap::Arg) -> clap::Arg {
        let stands_for =
            arg.get_value_names().and_then(<[_]>::first).map(clap::builder::Str::as_str);
        let names = match (arg.get_id().as_str(), stands_for) {
            ("client", _) => &self.clients,
            ("owner" | "names", _) => &self.owners,
            ("replaced", _) | (_, Some("MEMBER")) => &self.members,
            _ => return arg,
        };
        arg.value_parser(names.clone()).hide_possible_values(true)
    }
}

/// Makes what stands below a page of command lines, and of what each does.
type Examples<'a> = dyn Fn(&[(&str, &str)]) -> String + 'a;

/// The pages of commands on what runs.
fn on_clusters(command: clap::Command, examples: &Examples<'_>) -> clap::Command {
    command
        .mut_subcommand("status", |command| {
            command.after_help(examples(&[
                ("{} status", "once"),
                ("{} status --watch", "every two seconds"),
                ("{} status --json --deadline 5s", "for programs"),
                ("{} status --textfile bouquet.prom", "for a timer"),
            ]))
        })
        .mut_subcommand("snapshot", |command| {
            command.after_help(examples(&[
                ("{} snapshot before.db", "to a file"),
                ("{} snapshot /var/backups/etcd --keep 14", "for a timer"),
                ("{} snapshot - | age -R team.keys > data.sealed", "sealed"),
            ]))
        })
        .mut_subcommand("restore", |command| {
            command.after_help(examples(&[
                ("{} restore before.db", "the steps for all members"),
                ("{} restore before.db MEMBER", "for the node of one"),
                ("{} restore before.db --drill", "test if it would work"),
            ]))
        })
        .mut_subcommand("rescue", |command| {
            command.after_help(examples(&[
                ("{} rescue --lost MEMBER", "its disk is gone"),
                ("{} rescue MEMBER", "on a node: show its data"),
            ]))
        })
        .mut_subcommand("plan", |command| {
            command.after_help(examples(&[
                ("{} plan", "from what runs"),
                ("{} plan --replace MEMBER", "its machine is lost"),
                ("{} plan --offline", "from what is recorded"),
                ("{} plan --offline --from HEAD~1", "from the record of a commit"),
            ]))
        })
        .mut_subcommand("apply", |command| {
            command.after_help(examples(&[
                ("{} apply", "shows the plan, asks, and does it"),
                ("{} apply --only MEMBER", "that member first"),
                ("{} apply --replace MEMBER", "its machine is lost"),
            ]))
        })
        .mut_subcommand("adopt", |command| {
            command.after_help(examples(&[
                ("{} adopt etcd.env --etcd 3.5.33", "one member's"),
                ("{} adopt a/etcd.yaml b/etcd.yaml -o adopted.toml", "two members'"),
                ("{} adopt --etcd 3.5.33 -- etcd --name=MEMBER …", "a command line"),
            ]))
        })
        .mut_subcommand("diff", |command| {
            command.after_help(examples(&[
                ("{} diff", "from what is recorded"),
                ("{} diff main", "from the record of a branch"),
            ]))
        })
}

fn trial(
    command: clap::Command,
    program: &str,
    examples: impl Fn(&[(&str, &str)]) -> String,
) -> clap::Command {
    command.override_usage(format!("{program} try [OPTIONS] [-- <COMMAND>...]")).after_help(
        examples(&[
            ("{} try", "until Ctrl-C"),
            ("{} try -- etcdctl endpoint health", "one command"),
            ("{} try -- cargo test", "tests that need an etcd"),
        ]),
    )
}

const NEW: [(&str, &str); 2] = [
    ("{} new ../flowers", "three members as an example"),
    ("{} new ../flowers --member rose=10.0.0.1", "one member"),
];

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
`install --dry-run`: 0 nothing to do, 1 refused, 2 something would be done.
`doctor`: 0 all is well, 1 something is wrong, 3 not all could be checked.
`status`: 0 as compiled, 1 something is wrong, 2 not as compiled, 3 unknown.
`plan`, `diff`: 0 nothing to do, 1 refused, 2 pending, 3 nothing to compare.
`apply`: 0 what is compiled runs, 1 failed, 2 steps are left, 3 as `plan`.
`adopt`: 0 everything is expressed, 1 something is not, or cannot be read.
`etcdctl`: etcdctl's own, 126 it cannot be run, 127 it is not installed.
`try`: the command's own, 126 and 127 as above; 1 the cluster did not start.
Colours show only on a terminal, and not if NO_COLOR is set.";

/// One line, so that those of two binaries, or of all machines, stand below each other: whether they are
/// built from the same, of which etcd and from which commit.
fn version(cluster: &Cluster) -> String {
    let Cluster { token, digest, version, revision, .. } = cluster;
    let release = env!("CARGO_PKG_VERSION");
    let git = revision.as_ref().map(|revision| format!(", git {revision}")).unwrap_or_default();
    format!("{release} (cluster {token}, definition {digest}, etcd {version}{git})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
