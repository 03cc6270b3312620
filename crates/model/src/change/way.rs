//! What to do about it, or instead.

use super::class::Class;
use super::option_words;
use super::what::{Change, Subject, What};
use crate::release::{self, Fault, Look};
use crate::trust::{Side, Trust};
use crate::url::Scheme;
use crate::version::{EtcdVersion, Minor};

const NOTHING: &str = "nothing";
pub(super) const RESTART: &str = "copy the new files, then restart one member at a time, the leader last, and \
                                  look at the health of all before the next";

impl Change {
    /// Returns the way to do it, or where it is refused the way around it, in one sentence.
    pub fn way(&self) -> String {
        self.ways().join("; or ")
    }

    /// Returns the same for several lines of help: one for each of several ways.
    pub fn ways(&self) -> Vec<String> {
        self.lines().lines().map(str::to_owned).collect()
    }

    /// Returns a line for each way.
    fn lines(&self) -> String {
        let Self { subject, what, class } = self;
        let text = match what {
            What::Option { name, from, to } => match class {
                Class::Free => NOTHING,
                Class::Copy => "copy the new files when it suits: they count at the next start",
                _ => option_words::how(name, from.as_deref(), to.as_deref(), *class)
                    .unwrap_or(RESTART),
            },
            What::Spelling { .. } => match class {
                Class::Restart => {
                    "copy the new files together with the new etcd, one member at a time"
                }
                _ => "copy the new files when it suits: they count at the next start",
            },
            What::Version { from, to, faults, has_risen } => {
                return version((*from, *to), faults, *has_risen, *class);
            }
            What::Scheme { side, to, .. } => scheme(*side, *to, subject),
            What::Trust { side, from, to } => return trust(*side, from, to, subject),
            What::Certificate(_) => {
                "copy certificate and key to the machine, as a pair; no restart is needed: etcd reads them at \
                 every handshake"
            }
            What::Revocations => "copy `certs/revoked.crl` to every member; no restart is needed",
            What::Added => match (subject, class) {
                (Subject::Client(_), _) => {
                    "copy its folder of `out/clients` to its machine; where authentication is on, add a user of \
                     its certificate's common name: `etcdctl user add NAME --no-password`, and its roles: \
                     `etcdctl user grant-role NAME ROLE`"
                }
                (_, Class::Free | Class::Copy) => "install and start it as the others",
                _ => {
                    "with all members up for 5 s: `etcdctl member add NAME --learner --peer-urls=…`, start it \
                     on an empty folder, wait until it has caught up, `etcdctl member promote ID`; then give \
                     clients its endpoint"
                }
            },
            What::Removed | What::CommonName { .. } if *class == Class::Free => NOTHING,
            What::Removed if matches!(subject, Subject::Client(_)) => {
                "revoke its certificates, and delete its user\naccept that they are valid until they expire"
            }
            What::Removed => {
                "take its endpoint out of the clients' lists; where it leads, `etcdctl move-leader` first; \
                 `etcdctl member remove ID`; then stop and disable it on its machine"
            }
            What::Renamed { .. } => {
                "for another name on the same machine: remove the member, then add it under the new name, on \
                 an empty folder\nfor another machine: give that one an address of its own"
            }
            What::Moved { .. } => {
                "with the same data, and as long as it answers: `etcdctl member update ID --peer-urls=…`, then \
                 restart it with the new files\nfor a new machine: remove the member, then add it as a learner"
            }
            What::Swapped { .. } => {
                "give one of them a third address, roll that out and record it; then the other one, and then \
                 the first again"
            }
            What::Several { added, removed, moved } => return several(added, removed, moved),
            What::Quorum { .. } => {
                "change fewer members, roll that out, record it, and then the next ones\nwhere the machines move \
                 to another network: keep the former addresses on them until all were changed"
            }
            What::Endpoints { .. } => match class {
                Class::Free => NOTHING,
                Class::AskEtcd => {
                    "give it a list of former and new endpoints before the first member changes, and the new \
                     list after the last one"
                }
                _ => {
                    "give it the new list after a member was promoted, and before one is removed or moves; it \
                     reads its list when it starts"
                }
            },
            What::CertsDir { .. } => match subject {
                Subject::Client(_) => "put its files there, then tell it the new paths",
                _ => {
                    "put the files into the new folder, leave the former ones, then restart one member at a \
                      time"
                }
            },
            What::Unit { key, .. } => match key.as_str() {
                "user" | "group" => {
                    "one member at a time, the leader last, with a look at the health of all before the next: stop it, \
                     give its data and its certificates to the new account, copy the new files, start it; `install` \
                     does so"
                }
                _ => RESTART,
            },
            What::CommonName { .. } => {
                "copy the new certificate, then revoke the former ones by `[[revoked]]`, or accept that they are \
                 valid until they expire"
            }
        };
        text.to_owned()
    }
}

fn version(
    (from, to): (EtcdVersion, EtcdVersion),
    faults: &[&Fault],
    has_risen: bool,
    class: Class,
) -> String {
    let good = faults.iter().map(|fault| fault.fixed).max();
    let good = good.map(|fixed| format!("{}.{fixed} or later", to.minor()));
    let to_run = good.unwrap_or_else(|| to.to_string());
    match (class, from.steps_to(to)) {
        (Class::Free, _) => NOTHING.to_owned(),
        (Class::Refused, 0 | 1) if !faults.is_empty() => {
            format!("install {to_run}, the latest patch at best, and write that")
        }
        (_, 0) => install(),
        (Class::Refused, 1) => {
            let least =
                release::edge(from, to).and_then(|edge| edge.least).map_or(0, |(least, _)| least);
            format!(
                "write `etcd = \"{minor}.{least}\"` or later first, the latest patch at best, roll it out to \
                 every member and record it; then {}",
                to.minor(),
                minor = from.minor()
            )
        }
        (_, 1) => upgrade(from, to),
        (_, -1) if !has_risen => {
            format!("install {to_run} again, one member at a time, before the last one is upgraded")
        }
        (_, ..=-1) if from.minor() == Minor::V3_6 && to.minor() == Minor::V3_5 => format!(
            "write `etcd = \"{from}\"` again\nlead the cluster back first: `etcdctl downgrade validate \
             3.5`, `etcdctl downgrade enable 3.5`, then install {to_run} on one member after another"
        ),
        (_, ..=-1) => format!(
            "write `etcd = \"{from}\"` again\nrestore a snapshot that was saved before the upgrade, with {to_run}: \
             what was written since is lost"
        ),
        (_, 2..) => {
            let next = Minor::ALL.iter().find(|minor| **minor > from.minor());
            let next = next.map_or_else(|| from.minor().to_string(), ToString::to_string);
            format!(
                "write `etcd = \"{next}\"` first, roll it out to every member and record it, and then the one \
                 after it"
            )
        }
    }
}

/// Tells how another patch is installed.
pub(super) fn install() -> String {
    "install the other release, and restart one member at a time, the leader last".to_owned()
}

/// Returns what has to be looked at before the next minor, and then how it is installed.
pub(super) fn upgrade(from: EtcdVersion, to: EtcdVersion) -> String {
    let edge = release::edge(from, to);
    let least = edge.and_then(|edge| edge.least).filter(|_| from.patch().is_none());
    let least = least.map(|(patch, _)| {
        format!("`etcd --version` on each node has to show {}.{patch} or later", from.minor())
    });
    let looks = edge.map_or(&[][..], |edge| edge.looks).iter().map(Look::how);
    let first: Vec<_> = least.into_iter().chain(looks).collect();
    format!(
        "look first: {}; save a snapshot; then install {to} and restart one member at a time, the leader last",
        first.join("; ")
    )
}

const fn scheme(side: Side, to: Scheme, subject: &Subject) -> &'static str {
    match (subject, side, to) {
        (Subject::Client(_), _, Scheme::Https) => {
            "copy its certificate first; it changes its URLs with the restart of the members"
        }
        (Subject::Client(_), _, Scheme::Http) => {
            "it changes its URLs with the restart of the members"
        }
        (_, Side::Clients, Scheme::Https) => {
            "give every client its certificate first; then, at a time when they may fail, restart one member \
             after another, and change the clients' URLs"
        }
        (_, Side::Peers, Scheme::Https) => {
            "in two rounds, one member at a time: its certificates and its new files, with `listen-peer-urls` \
             still http, and its restart; and once all have them, `etcdctl member update ID \
             --peer-urls=https://…`, the files as they are built, and its restart"
        }
        (_, _, Scheme::Http) => "leave TLS on",
    }
}

fn trust(side: Side, from: &Trust, to: &Trust, subject: &Subject) -> String {
    let key = if side == Side::Peers { "peer-" } else { "" };
    if !from.trust.contains(&to.issue) {
        let both = list(from, to);
        return format!(
            "write `{key}trust = [{both}]` and `{key}issue = {issue}`, roll that out with a restart of each \
             member, to clients too, and record it; then `{key}issue = {}`",
            to.issue,
            issue = from.issue
        );
    }
    if !to.trust.contains(&from.issue) {
        return format!(
            "keep {} in `{key}trust` until what CA {} issues now was rolled out to everybody and recorded",
            from.issue, to.issue
        );
    }
    let text = match subject {
        Subject::Client(_) => "copy `ca.crt` to its machine, and start it again",
        _ if from.trust == to.trust => {
            "copy the new certificates; no restart is needed; record it before the next phase"
        }
        _ => {
            "copy the CA file to all members and clients, then restart one member at a time; record it before \
             the next phase"
        }
    };
    text.to_owned()
}

fn list(from: &Trust, to: &Trust) -> String {
    let mut both: Vec<u32> = from.trust.iter().copied().chain([to.issue]).collect();
    both.sort_unstable();
    both.dedup();
    both.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Says one after another: what comes before what goes, and one at a time of each.
fn several(added: &[String], removed: &[String], moved: &[String]) -> String {
    let one_for_one = !added.is_empty() && !removed.is_empty();
    if one_for_one {
        return "one by one: add a new one as a learner, promote it, then remove a former one\nwhere the former \
                one is dead: remove it first, then add the new one"
            .to_owned();
    }
    let what = match (added, removed, moved) {
        (_, [], []) => "each is a learner, then a voter, before the next is added",
        ([], _, []) => "each is removed, with all others up for 5 s, before the next one is",
        ([], [], _) => "each is updated and restarted, and answers, before the next one is",
        (_, [], _) => "the new ones first, then those at other addresses",
        (_, _, _) => "those that go first, then those at other addresses",
    };
    format!("one by one: {what}")
}
