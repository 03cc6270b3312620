//! How a change is done that was refused, and accepted.

use super::class::Class;
use super::manner::Manner;
use super::way::{RESTART, install, upgrade};
use super::what::{Change, What};
use crate::release;
use crate::trust::Side;
use crate::url::Scheme;
use crate::version::EtcdVersion;

impl Change {
    /// Returns how it is done, for a line of help: the same as its [way](Change::way), but where that leads
    /// around it.
    pub fn procedure(&self) -> String {
        if self.class != Class::Refused {
            return self.way();
        }
        if self.manner() == Manner::AllAtOnce {
            return all_at_once(&self.what).to_owned();
        }
        let text = match &self.what {
            What::Option { name, .. } => match name.as_str() {
                "data-dir" => {
                    "one member at a time: stop it, move its data to the new folder with `mv`, then start it \
                     with the new option"
                }
                "wal-dir" => {
                    "one member at a time: stop it, move its log to the new folder with `mv` (without \
                     `wal-dir` it is `member/wal` in `data-dir`), then start it with the new option"
                }
                "initial-cluster-token" => {
                    "copy the new files when it suits, and restart nothing: members that run keep their IDs, \
                     and none of them starts on an empty folder from now on"
                }
                _ => RESTART,
            },
            What::Version { from, to, .. } => return version(*from, *to, self.manner()),
            What::Scheme { side: Side::Clients, to: Scheme::Https, .. } => {
                "give every client its certificate first; then restart one member after another, and change the \
                 clients' URLs with them"
            }
            What::Scheme { side: Side::Clients, .. } => {
                "restart one member after another, and change the clients' URLs with them"
            }
            What::Scheme { .. } => {
                "in two rounds, one member at a time: `etcdctl member update ID --peer-urls=http://…`, and its \
                 restart with `listen-peer-urls` at http, while all still have the files of TLS; and then the \
                 files as they are built, and its restart"
            }
            What::Trust { .. } => {
                "copy its new files to its machine, and start it again: until then it and the members refuse \
                 each other"
            }
            What::Renamed { .. } => {
                "on the same machine: stop it, copy the new files, move its data with `mv` (without `data-dir` \
                 its folder has the member's name), and start it; other machines first have to be removed and \
                 added"
            }
            What::Swapped { .. } => {
                "remove one of them, tell etcd the other's address and restart it there, then add the first again \
                 as a learner, on an empty folder"
            }
            What::Quorum { .. } => {
                "one by one, as each of them is by itself, with all others up in between"
            }
            What::Spelling { .. }
            | What::Certificate(_)
            | What::Revocations
            | What::Added
            | What::Removed
            | What::Moved { .. }
            | What::Several { .. }
            | What::Endpoints { .. }
            | What::CertsDir { .. }
            | What::Unit { .. }
            | What::CommonName { .. } => return self.way(),
        };
        text.to_owned()
    }
}

const fn all_at_once(what: &What) -> &'static str {
    match what {
        What::Trust { .. } => {
            "stop all members, copy the new files, start all of them, and copy the clients' files: nobody is \
             served in between; those that have the new files and those that do not refuse each other"
        }
        _ => {
            "stop all members, copy the new files, then start all of them: nobody is served in between"
        }
    }
}

fn version(from: EtcdVersion, to: EtcdVersion, manner: Manner) -> String {
    let minor = to.minor();
    match manner {
        Manner::Announced => format!(
            "`etcdctl downgrade validate {minor}`, `etcdctl downgrade enable {minor}`, then install {to} on one \
             member after another"
        ),
        Manner::Restored => format!(
            "save a snapshot; stop all members, move their data away, and restore that one file on each with \
             etcd {to}: what is written after the snapshot is lost"
        ),
        _ if release::edge(from, to).is_some() => upgrade(from, to),
        _ => install(),
    }
}
