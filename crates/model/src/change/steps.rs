//! How a change is done that was refused, and accepted.

use super::class::Class;
use super::way::{install, upgrade};
use super::what::{Change, What};
use crate::release;
use crate::trust::Side;
use crate::url::Scheme;
use crate::version::{EtcdVersion, Minor};

const RESTART: &str = "copy the new files, then restart one member at a time, the leader last";

impl Change {
    /// Returns how it is done, for a line of help: the same as its [way](Change::way), but where that leads
    /// around it.
    pub fn steps(&self) -> String {
        if self.class != Class::Refused {
            return self.way();
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
                    "nothing on members that run; none of them starts on an empty folder from now on"
                }
                "force-new-cluster" => {
                    "once, on one member, with etcd stopped and disabled on all others: start it, then take \
                     the option out"
                }
                "tls-min-version" | "tls-max-version" | "cipher-suites" => {
                    "copy the new files, stop all members, then start all of them: nobody is served in between"
                }
                _ => RESTART,
            },
            What::Version { from, to } => return version(*from, *to),
            What::Scheme { side: Side::Clients, to: Scheme::Https, .. } => {
                "give every client its certificate first; then restart one member after another, and change the \
                 clients' URLs with them"
            }
            What::Scheme { .. } => {
                "one member at a time: `etcdctl member update ID --peer-urls=http://…`, and its restart; change \
                 the clients' URLs with them"
            }
            What::Trust { .. } => {
                "copy the new files to all machines, stop all members, then start all of them: those that have \
                 the new files and those that do not refuse each other"
            }
            What::Renamed { .. } => {
                "on the same machine, with its data: copy the new files and restart it; other machines first \
                 have to be removed and added"
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
            | What::CommonName { .. } => return self.way(),
        };
        text.to_owned()
    }
}

fn version(from: EtcdVersion, to: EtcdVersion) -> String {
    if release::edge(from, to).is_some() {
        return upgrade(from, to);
    }
    match (from.minor(), to.minor()) {
        (from, to) if from == to => install(),
        (Minor::V3_6, Minor::V3_5) => format!(
            "`etcdctl downgrade validate 3.5`, `etcdctl downgrade enable 3.5`, then install {to} on one member \
             after another"
        ),
        _ => format!(
            "save a snapshot; stop all members, move their data away, and restore that one file on each with \
             etcd {to}: what is written after the snapshot is lost"
        ),
    }
}
