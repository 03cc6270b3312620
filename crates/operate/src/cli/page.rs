//! The whole command line of one cluster, with its help pages.

use super::verbs::typed;
use crate::names::Names;
use crate::show::wrap;
use bouquet_model::Cluster;
use bouquet_model::artifact::FORMATS;
use std::ffi::OsString;
use std::fmt::Write as _;

/// Returns the command line of a cluster, with its members' names, for a program of some name.
///
/// Of commands that are not among `words` nothing is there but their names: most runs are of one command, and show no
/// page. Clients' names, of which there may be thousands, are there for completions only.
pub(crate) fn command(program: &str, cluster: &Cluster, words: Words<'_>) -> clap::Command {
    let known = Known::of(cluster, words.are_completed());
    let mut command = typed(|word| words.have(word))
        .name(Cluster::PROGRAM)
        .display_name(program)
        .bin_name(program)
        .version(version(cluster))
        .after_help(AFTER_HELP);
    for page in PAGES.iter().filter(|page| words.have(page.command)) {
        command = command.mut_subcommand(page.command, |command| page.on(command, program, &known));
    }
    let names = command.get_subcommands().map(|command| command.get_name().to_owned());
    let names: Vec<_> = names.filter(|name| words.have(name)).collect();
    for name in names {
        command =
            command.mut_subcommand(name, |command| command.mut_args(|arg| known.taken_by(arg)));
    }
    command
}

/// What was typed behind the program's name.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a>(pub(crate) &'a [OsString]);

impl Words<'_> {
    /// Tells whether a command may be meant. Manual pages and completions are of all commands.
    fn have(self, command: &str) -> bool {
        self.0.iter().any(|word| word == command || word == "man" || word == "completions")
    }

    fn are_completed(self) -> bool {
        self.0.first().is_some_and(|word| word == "completions")
    }
}

/// What stands below the options on the page of a command.
struct Page {
    command: &'static str,
    head: Head,
    /// Command lines, and what each does: `{}` is the program, `MEMBER` one of its members.
    examples: &'static [(&'static str, &'static str)],
}

/// What is listed before the examples: possible values, broken into lines, since clap would put them all into one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Head {
    Nothing,
    Members,
    MembersAndForms,
}

const PAGES: &[Page] = &[
    Page {
        command: "command",
        head: Head::MembersAndForms,
        examples: &[
            ("{} command MEMBER", "its command line"),
            ("{} command MEMBER -o systemd", "its unit"),
        ],
    },
    Page {
        command: "certs",
        head: Head::Members,
        examples: &[
            ("{} certs --wide", "everything, for grep"),
            ("{} certs --check --within 30d", "for a monitor"),
            ("{} certs MEMBER --check --dir /opt/etcd/certs", "on its node"),
        ],
    },
    Page {
        command: "check-node",
        head: Head::Members,
        examples: &[
            ("{} check-node", "on a node, as root"),
            ("{} check-node MEMBER etcd.conf.yml", "a file of that member's"),
        ],
    },
    Page {
        command: "doctor",
        head: Head::Members,
        examples: &[
            ("{} doctor", "on a node, as root"),
            ("{} doctor MEMBER", "before anything is installed"),
            ("journalctl -u etcd | {} doctor --log -", "what etcd says"),
        ],
    },
    Page {
        command: "install",
        head: Head::Members,
        examples: &[
            ("{} install MEMBER --bootstrap", "the first founder"),
            ("{} install MEMBER", "every other one; later, what is new"),
            ("{} install MEMBER --dry-run", "what that would do"),
        ],
    },
    Page {
        command: "status",
        head: Head::Nothing,
        examples: &[
            ("{} status", "once"),
            ("{} status --watch", "every two seconds"),
            ("{} status --json --deadline 5s", "for programs"),
            ("{} status --textfile bouquet.prom", "for a timer"),
        ],
    },
    Page {
        command: "snapshot",
        head: Head::Nothing,
        examples: &[
            ("{} snapshot before.db", "to a file"),
            ("{} snapshot /var/backups/etcd --keep 14", "for a timer"),
            ("{} snapshot - | age -R team.keys > data.sealed", "sealed"),
        ],
    },
    Page {
        command: "restore",
        head: Head::Nothing,
        examples: &[
            ("{} restore before.db", "the steps for all members"),
            ("{} restore before.db MEMBER", "for the node of one"),
            ("{} restore before.db --drill", "test if it would work"),
        ],
    },
    Page {
        command: "rescue",
        head: Head::Nothing,
        examples: &[
            ("{} rescue --lost MEMBER", "its disk is gone"),
            ("{} rescue MEMBER", "on a node: show its data"),
        ],
    },
    Page {
        command: "try",
        head: Head::Nothing,
        examples: &[
            ("{} try", "until Ctrl-C"),
            ("{} try -- etcdctl endpoint health", "one command"),
            ("{} try -- cargo test", "tests that need an etcd"),
        ],
    },
    Page {
        command: "etcdctl",
        head: Head::Members,
        examples: &[
            ("{} etcdctl -- endpoint status -w table", "all members"),
            ("{} etcdctl MEMBER -- endpoint health", "one member"),
            ("eval \"$({} etcdctl)\"", "for this shell"),
        ],
    },
    Page {
        command: "secrets",
        head: Head::Nothing,
        examples: &[
            ("{} secrets export | age -R team.keys > cluster.sealed", "seal them"),
            ("age -d -i me.key cluster.sealed | {} secrets import", "open them"),
        ],
    },
    Page {
        command: "ansible",
        head: Head::Nothing,
        examples: &[("{} ansible --list", "as Ansible asks")],
    },
    Page {
        command: "done",
        head: Head::Members,
        examples: &[
            ("{} done", "all of it is rolled out"),
            ("{} done MEMBER", "so far this member alone"),
            ("{} done --adopted", "it runs as another tool has set it up"),
            ("{} done --undo", "it is not, after all"),
        ],
    },
    Page {
        command: "plan",
        head: Head::Nothing,
        examples: &[
            ("{} plan", "from what runs"),
            ("{} plan --replace MEMBER", "its machine is lost"),
            ("{} plan --offline", "from what is recorded"),
            ("{} plan --offline --from HEAD~1", "from the record of a commit"),
        ],
    },
    Page {
        command: "apply",
        head: Head::Nothing,
        examples: &[
            ("{} apply", "shows the plan, asks, and does it"),
            ("{} apply --only MEMBER", "that member first"),
            ("{} apply --replace MEMBER", "its machine is lost"),
        ],
    },
    Page {
        command: "diff",
        head: Head::Nothing,
        examples: &[
            ("{} diff", "from what is recorded"),
            ("{} diff main", "from the record of a branch"),
        ],
    },
    Page {
        command: "adopt",
        head: Head::Nothing,
        examples: &[
            ("{} adopt etcd.env --etcd 3.5.33", "one member's"),
            ("{} adopt a/etcd.yaml b/etcd.yaml -o adopted.toml", "two members'"),
            ("{} adopt --etcd 3.5.33 -- etcd --name=MEMBER …", "a command line"),
        ],
    },
    Page {
        command: "new",
        head: Head::Nothing,
        examples: &[
            ("{} new ../flowers", "three members as an example"),
            ("{} new ../flowers --member rose=10.0.0.1", "one member"),
        ],
    },
];

impl Page {
    fn on(&self, command: clap::Command, program: &str, known: &Known) -> clap::Command {
        let text = self.text(program, &known.members.0);
        let command = match self.command {
            "etcdctl" => command
                .override_usage(format!("{program} etcdctl [OPTIONS] [MEMBER] [-- <ARGS>...]")),
            "try" => command.override_usage(format!("{program} try [OPTIONS] [-- <COMMAND>...]")),
            "secrets" => command.mut_subcommands(|command| command.after_help(text.clone())),
            _ => command,
        };
        command.after_help(text)
    }

    fn text(&self, program: &str, members: &[String]) -> String {
        let mut text = String::new();
        if self.head != Head::Nothing {
            let names = wrap(members, 78).join("\n  ");
            let _ = write!(text, "Members:\n  {names}\n\n");
        }
        if self.head == Head::MembersAndForms {
            let forms = FORMATS.iter().map(|form| (form.name.to_owned(), form.about));
            let _ = write!(text, "Forms:\n{}\n\n", columns(&forms.collect::<Vec<_>>()));
        }
        let short = members.iter().find(|name| name.len() <= SHORT);
        let member = short.map_or("MEMBER", String::as_str);
        let typed = |line: &str| line.replace("{}", program).replace("MEMBER", member);
        let lines = self.examples.iter().map(|(line, what)| (typed(line), *what));
        text + "Examples:\n" + &columns(&lines.collect::<Vec<_>>())
    }
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

/// A member's name that is longer than this is no help in an example.
const SHORT: usize = 16;

/// Lays out lines in two columns.
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

/// Returns the version in one line, so that those of two binaries, or of all machines, can be compared: definition,
/// release of etcd and commit.
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
        typed(|_| true).debug_assert();
    }
}
