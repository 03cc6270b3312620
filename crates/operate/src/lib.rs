#![doc = include_str!("../README.md")]
//!
//! [`run`] is pure: it takes the arguments and what it may know of its [`Environment`], and returns an
//! [`Outcome`]. [`main`] is the edge that looks around before and carries out after.
//!
//! Standard output is data, standard error is talk. [`Exit`] lists the exit codes.
//!
//! # JSON
//!
//! Fields are added, never renamed. IDs are hexadecimal texts as etcdctl prints them, moments are
//! RFC 3339 in UTC, and what is not known or does not apply is `null`.
//!
//! | command | value |
//! |---|---|
//! | `--json` | an object: `token`, `etcd`, `cluster_id`, `digest` (SHA-256 of what members and clients are defined as: `--version` shows its first 16 digits), `revision` (the commit of git), `tls` (`layout`, `certs_dir`), `members` as below, `clients` (each `name`, `certs_dir`), `certificates` (`count`, `expiring`, `expired`, `not_yet_valid`, `first_not_after`), `out` |
//! | `members --json` | a list of members: `name`, `id`, `digest` (SHA-256 of its options, but those of its first start; its files have the first 16 digits in their heads), `initial_cluster_state`, `initial_advertise_peer_urls`, `listen_peer_urls`, `advertise_client_urls`, `listen_client_urls` |
//! | `ansible --list` | an object as Ansible asks for: the group `etcd` with `hosts`, and `_meta.hostvars`, for each member the object of `ansible --host`: `ansible_host`, `ansible_user`, `etcd_member`, `etcd_folder`, `etcd_certs_dir`, `etcd_version`, `etcd_peer_urls`, `etcd_client_urls`, `etcd_digest`; what does not apply is left out |
//! | `certs --json` | a list of certificates, the CA's first: `kind` (`ca`, `server`, `peer`, `server+peer`, `client`), `owner`, `common_name` (of a subject without one all of it: `O=patroni`), `sans`, `serial`, `limits_addresses` (of a CA: gRPC in C++, Python, Ruby and PHP refuses it), `fingerprint` (`sha256:…`), `not_before`, `not_after`, `days_left`, `validity` (`valid`, `expiring`, `not_yet_valid`, `expired`), `file`, `difference` (`older`, `newer`, `foreign`, `misplaced`) |
//! | `plan --json`, `diff --json` | an object: `token`, `cluster_id`, `digest`, `from` (what was compared with), `now` (`voters`, `quorum`, `tolerates`), `leader`, `members` (null where nobody was asked; each `id`, `name`, `peer_urls`, `client_urls`, `learner`, `life`, `etcd`), `changes` (each `of`, `name`, `what`, `class`, `refused`, `consequence`, `way`, `accept`), `withheld` (why no steps, or no further ones, can be planned: each `why`, `way`), `steps` (each `number`, `action`, `title`, `place`, `member`, `clients`, `etcd`, `commands`, `voters`, `quorum`, `tolerates`, `waits_for`, `undo`, `notes`) |
//! | `status --json` | an object: `token`, `cluster_id`, `voters`, `voters_up` (those that answer and know a leader), `quorum`, `members` (each `name`, `id`, `compiled`, `listed`, `state`, `reason`, `took` (milliseconds), `role`, `version`, `applied`, `revision`, `db_size`, `quota`, `client_certificate` and `peer_certificate` (`serial`, `not_after`, `validity`, `difference`), `mesh`, `clock_offset`), `clients` (each `name`, `not_after`, `renewed`), `findings` (each `severity`, `message`, `notes`, `help`), `unasked`, `unrecorded`, `exit` |
//! | `snapshot --json` | an object: `token`, `cluster_id`, `member`, `role`, `file`, `bytes`, `sha256` (of the database), `revision`, `taken_at`, `took_ms`, `removed`, `warnings` |
//! | `restore --json` | an object: `file`, `bytes`, `sha256` (of the database), `hash` (as etcdutl has it), `revision`, `keys`, `written_by`, `members`, `auth`, `token` (of the restore), `warnings`, `steps` as of `plan --json` |
//! | `install --json` | an object: `member`, `changed`, `done` (what was done, in words), `restarted`, `state` |
//! | `rescue MEMBER --json` | an object: `member`, `up`, `enabled`, `data` (null where there is none; `cluster_id`, `member_id`, `log` (`term`, `committed`, `last`, `written` in seconds since 1970), `database` (`revision`, `keys`, `applied`, `since` (the last compaction), `history` (the hash of the keys behind that), `size`, `peers`), `unread` (why the database is null), `restored` (the token)), `copy` (`file`, `size`, `sha256`, `revision`) |
//! | `doctor --json` | an object: `member`, `checks` (each `name`, `state` (`ok`, `warning`, `error`, `unseen`), `seen` (what it is, or why it could not be seen)), `findings` (each `check`, `severity`, `message`, `notes`, `help`), `exit` |
//! | `doctor --log --json` | an object: `lines` (how many), `known` (each `line` (the first that has it), `count`, `says`, `harmless`, `why`, `do`, `names` (members, by the addresses and IDs that are in those lines)) |
//! | `restore --drill --json` | an object: `file`, `bytes`, `sha256`, `revision`, `keys` (of the snapshot), `leased` (at most so many of them end with leases), `etcd` (that ran), `tool` (that restored), `healthy_after` (in seconds), `members` (each `name`, `revision`, `compacted`, `keys`, `hash`), `warnings`, `faults`, `good` |
//! | `check-node --json` | an object: `member`, `files` (each `file`, `format` as of `command -o`, `owner`, `state`, `fine`, `problems` (each `severity`, `message`, `notes`, `help`)) |

mod account;
mod adopt;
mod apply;
mod at_once;
mod caller;
mod calls;
mod cli;
mod client;
mod commands;
mod compiled;
mod deployed;
mod edge;
mod environment;
mod exit;
mod expiry;
mod failure;
mod if_there;
mod issued;
mod kept;
mod live;
mod login;
mod manual;
mod names;
mod new;
mod node;
mod out;
mod outcome;
mod package;
mod patience;
mod plan;
mod programs;
mod record;
mod remote;
mod rescue;
mod restore;
mod sbin;
mod secrets;
mod show;
mod signals;
mod since;
mod snapshot;
mod steps;
mod touch;
mod trial;
mod typed;
mod unit;
mod units;

pub use adopt::{Adopt, adopt_any};
pub use apply::Applying;
pub use client::Speaker;
pub use commands::run;
pub use edge::main;
pub use environment::{Environment, Status};
pub use exit::Exit;
pub use live::{Look, read_metrics};
pub use manual::Manual;
pub use new::{File, New};
pub use node::doctor::{Doctor, Explain};
pub use node::install::Install;
#[doc(hidden)]
pub use node::install::install_any;
pub use node::rescue::Survey;
pub use node::{COMPLAINTS, Complaint, Words};
pub use outcome::{Keys, Outcome, Program, Work};
pub use plan::Planning;
pub use record::{Action, Looking, Recording, RestoredFrom, Restoring};
pub use rescue::Rescue;
pub use restore::{Drill, Restore};
pub use secrets::{Export, Import, read_any};
pub use snapshot::Save;
pub use trial::Try;
