//! The commands.

#![expect(clippy::doc_markdown, reason = "help pages are not Markdown")]

use super::adopt::AdoptArgs;
use super::install::InstallArgs;
use super::live::StatusArgs;
use super::look::{
    AnsibleArgs, CertsArgs, CheckNodeArgs, CommandArgs, CompletionsArgs, DoctorArgs, EtcdctlArgs,
    ManArgs, MembersArgs, OverviewArgs,
};
use super::new::NewArgs;
use super::rescue::RescueArgs;
use super::rollout::{ApplyArgs, DiffArgs, DoneArgs, PlanArgs};
use super::secrets::SecretsArgs;
use super::snapshot::{RestoreArgs, SnapshotArgs};
use super::trial::TryArgs;
use clap::builder::{Resettable, StyledStr};
use clap::error::ErrorKind;
use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::path::PathBuf;

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

/// Declares the commands: what help pages say of each, its word, and what it takes.
///
/// clap's derive would have each run build what all of them take, though one is typed.
macro_rules! verbs {
    ($($(#[doc = $line:literal])+ $word:literal => $verb:ident($arguments:ident),)+) => {
        #[derive(Debug)]
        pub(crate) enum Verb {
            $($(#[doc = $line])+ $verb($arguments),)+
        }

        /// The commands, in the order of the help page.
        const VERBS: &[Declared] = &[$(Declared {
            word: $word,
            lines: &[$($line),+],
            takes: $arguments::augment_args,
        }),+];

        impl FromArgMatches for Verb {
            fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
                match matches.subcommand() {
                    $(Some(($word, matches)) => $arguments::from_arg_matches(matches).map(Self::$verb),)+
                    _ => Err(clap::Error::new(ErrorKind::MissingSubcommand)),
                }
            }

            fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
                *self = Self::from_arg_matches(matches)?;
                Ok(())
            }
        }
    };
}

/// A command as it is declared.
struct Declared {
    word: &'static str,
    /// Of its help page: a sentence, and after an empty line the rest.
    lines: &'static [&'static str],
    /// Adds what it takes.
    takes: fn(clap::Command) -> clap::Command,
}

impl Declared {
    /// Returns the command as the list of all shows it.
    fn in_the_list(&self) -> clap::Command {
        clap::Command::new(self.word).about(self.sentence())
    }

    /// Adds what it takes, and its whole help page.
    fn whole(&self, command: clap::Command) -> clap::Command {
        let line = |line: &&'static str| line.strip_prefix(' ').unwrap_or(line);
        let page = || self.lines.iter().map(line).collect::<Vec<_>>().join("\n");
        let has_page = self.lines.len() > 1;
        // What it takes has said what that is.
        (self.takes)(command)
            .about(self.sentence())
            .long_about(Resettable::from(has_page.then(page).map(StyledStr::from)))
    }

    fn sentence(&self) -> &'static str {
        self.lines.first().map_or("", |line| line.trim_start())
    }
}

impl Subcommand for Verb {
    /// Adds all commands, without what they take: [`typed`] adds that to those that may be meant.
    fn augment_subcommands(command: clap::Command) -> clap::Command {
        command.subcommands(VERBS.iter().map(Declared::in_the_list))
    }

    fn augment_subcommands_for_update(command: clap::Command) -> clap::Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(word: &str) -> bool {
        VERBS.iter().any(|verb| verb.word == word)
    }
}

/// Returns the command line, with what those commands take that may be meant.
pub(super) fn typed(is_meant: impl Fn(&str) -> bool) -> clap::Command {
    let meant = VERBS.iter().filter(|verb| is_meant(verb.word));
    meant.fold(Cli::command(), |command, verb| {
        command.mut_subcommand(verb.word, |command| verb.whole(command))
    })
}

verbs! {
    /// List the members: name, ID, URLs
    "members" => Members(MembersArgs),
    /// Print a member's etcd command, or the same in another form
    ///
    /// It prints the member's file in out/members/, byte for byte.
    "command" => Command(CommandArgs),
    /// List the certificates and when they expire
    ///
    /// With --check it is a plugin for Nagios, Icinga and similar: one line with the
    /// state of the certificates, and the exit code of that state.
    "certs" => Certs(CertsArgs),
    /// Compare the files on a member's node with what is compiled in
    ///
    /// On the node it needs no argument: it checks the unit with its drop-ins, the
    /// certificates, keys and their owners, and finds out which member's node it is.
    /// It changes nothing. Exit code 0: all is as compiled, 1: something is wrong.
    "check-node" => CheckNode(CheckNodeArgs),
    /// Say what is wrong on this node, why, and how to fix it
    ///
    /// It checks etcd and its unit, certificates, ports, addresses and names, the
    /// other members, the clock, the disk, the data, limits and packet filters. It
    /// changes nothing. With --log it explains etcd's messages in a log.
    ///
    /// Exit code 0: all is well, 1: something is wrong, 3: nothing wrong was found, but
    /// not everything could be checked, as without root.
    "doctor" => Doctor(DoctorArgs),
    /// Install a member on this node, and start it
    ///
    /// Run it as root on the node, with the member's folder of out/members beside this
    /// program. It leaves alone what is in place already, so it can be run again. It
    /// finds out if the member founds the cluster, joins it or continues; if it cannot,
    /// it changes nothing. It never changes what is in etcd's data.
    "install" => Install(InstallArgs),
    /// Show the running cluster's state, compared with what is compiled
    ///
    /// It asks all members at once, and changes nothing. Exit code 0: all are up and
    /// as compiled, 1: something is wrong, 2: all is well, but not as compiled,
    /// 3: too few members answer to tell, or there is no quorum.
    "status" => Status(StatusArgs),
    /// Save the cluster's data
    ///
    /// The snapshot comes from a healthy member that has caught up, if possible not the
    /// leader. Its checksum is verified before it gets its name. It holds all data of
    /// etcd: keep it where your secrets are.
    "snapshot" => Snapshot(SnapshotArgs),
    /// Show how to restore a snapshot, on all members
    ///
    /// It verifies the whole file, says what it is, and prints the commands to paste,
    /// in order. It changes nothing. With MEMBER it prints those for that member's
    /// node.
    "restore" => Restore(RestoreArgs),
    /// Continue with one member's data, if the quorum is lost for good
    ///
    /// First start the members that can be started: then nothing is lost. If too few
    /// ever come back, it makes a new one-member cluster from the data of the member
    /// that has most; `apply` then adds the others. Before that it shows what data
    /// each member has, what is kept and what is lost, and asks.
    ///
    /// On a node, with MEMBER, it shows what data the member there has.
    "rescue" => Rescue(RescueArgs),
    /// Run the whole cluster on this machine, to throw away
    ///
    /// All members run here with the options of cluster.toml, on free ports of
    /// 127.0.0.1, with a CA and data of their own in a temporary folder. The folder is
    /// removed afterwards, and nothing else is written.
    "try" => Try(TryArgs),
    /// Run etcdctl with this cluster's endpoints and certificates
    ///
    /// Without arguments it prints the environment that etcdctl needs.
    ///
    /// The certificates are those of the client `root`, or else of the first client.
    /// They are looked for in the folder that --out or BOUQUET_OUT names; else in the
    /// out/ of the package that `cargo run` runs; else in an out/ here or above; else
    /// in an out/ above this program; else where the client has them on its machine.
    "etcdctl" => Etcdctl(EtcdctlArgs),
    /// Take keys from one clone of the package to another
    ///
    /// A clone has cluster.toml and cluster.lock, and no key. Keys travel as a stream
    /// that you encrypt, by age, gpg or sops.
    "secrets" => Secrets(SecretsArgs),
    /// Print the cluster as an inventory for Ansible
    ///
    /// The members are the group etcd. A script of two lines lets Ansible ask for it:
    /// docs/ansible.md has it, with a playbook.
    "ansible" => Ansible(AnsibleArgs),
    /// Record in cluster.lock that what is compiled is on the machines
    ///
    /// Run it after each rollout by hand: builds then know what a change means for the
    /// running cluster. It shows all differences from the record, and writes them once
    /// you agree. It changes nothing else; commit cluster.lock afterwards.
    "done" => Done(DoneArgs),
    /// Show the steps after which what is compiled runs
    ///
    /// It compares what members say and cluster.lock records with what is compiled,
    /// and prints the steps in order: the commands to paste, and how many members may
    /// fail meanwhile.
    ///
    /// Exit code 0: nothing to do, 1: refused, or no further steps can be planned,
    /// 2: changes are pending, 3: nothing is recorded, or no member answers.
    "plan" => Plan(PlanArgs),
    /// Carry out the plan: what is compiled runs afterwards
    ///
    /// It shows the plan, asks, and does one step after the other. Before each step it
    /// asks the members and plans again; it stops if the next step was not shown. You
    /// may interrupt it at any moment: the next plan continues from there.
    ///
    /// Exit code 0: what is compiled runs, 1: it failed, or the cluster is not in the
    /// expected state, 2: steps are left, 3: nothing is recorded, or no member answers.
    "apply" => Apply(ApplyArgs),
    /// The same as `plan --offline --from REV`
    ///
    /// Without a revision it compares with what cluster.lock records now.
    "diff" => Diff(DiffArgs),
    /// Write the cluster.toml of an existing cluster
    ///
    /// It reads the members' units and configuration files, compares each option, and
    /// lists what cluster.toml cannot express. It reads certificates, if it finds
    /// them, but no keys. The cluster that is compiled in does not matter.
    ///
    /// Exit code 0: everything is expressed, 1: something is not, or cannot be read.
    "adopt" => Adopt(AdoptArgs),
    /// Make a package of your own, for another cluster
    ///
    /// It writes Cargo.toml, build.rs, src/main.rs, cluster.toml, .gitignore and
    /// .dockerignore into DIR, and nothing else. It takes nothing from this program's
    /// cluster but the place where Bouquet's crates come from.
    "new" => New(NewArgs),
    /// Print a script that completes this command line in a shell
    "completions" => Completions(CompletionsArgs),
    /// Write manual pages: one of this program, one of each command
    ///
    /// `man` finds them in /usr/local/share/man/man1, and in ~/.local/share/man/man1
    /// where ~/.local/bin is in PATH.
    "man" => Man(ManArgs),
}
