//! The command line: its words, and what `--help` says of them.
//!
//! Nothing wraps the help pages: what is longer than 80 columns is broken here, by hand.
//!
//! From the ground up: what each command takes, by groups: `adopt`, `look`, `install`, `live`, `new`, `rescue`, `rollout`, `secrets`, `snapshot`, `trial`
//! · `verbs`, the commands · `page`, all of it for one cluster.

mod adopt;
mod install;
mod live;
mod look;
mod new;
mod page;
mod rescue;
mod rollout;
mod secrets;
mod snapshot;
mod trial;
mod verbs;

pub(crate) use adopt::AdoptArgs;
pub(crate) use install::InstallArgs;
pub(crate) use live::StatusArgs;
pub(crate) use look::{
    AnsibleArgs, CertsArgs, CheckNodeArgs, CommandArgs, CompletionsArgs, DoctorArgs, EtcdctlArgs,
    ManArgs, MembersArgs,
};
pub(crate) use new::{CratesArgs, ETCD, NewArgs};
pub(crate) use page::{Words, command};
pub(crate) use rescue::RescueArgs;
pub(crate) use rollout::{ApplyArgs, DiffArgs, DoneArgs, PlanArgs};
pub(crate) use secrets::{SecretsArgs, SecretsVerb};
pub(crate) use snapshot::{RestoreArgs, SnapshotArgs};
pub(crate) use trial::TryArgs;
pub(crate) use verbs::{Cli, Verb};
