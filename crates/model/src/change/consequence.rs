//! What would happen.

use super::class::Class;
use super::option_words;
use super::what::{Change, Subject, What};
use crate::option::{OnChange, find};
use crate::quorum::quorum;
use crate::release::{self, Fault};
use crate::trust::{Side, Trust};
use crate::url::Scheme;
use crate::version::{EtcdVersion, Minor};

impl Change {
    /// Returns what comes of it on the machines, for a note, with etcd's own words where those are known.
    pub fn consequence(&self) -> String {
        let Self { subject, what, class } = self;
        let text = match what {
            What::Option { name, from, to } => {
                return option(name, from.as_deref(), to.as_deref(), *class);
            }
            What::Spelling { .. } => {
                "etcd does the same by both; where it comes with another version of \
                 etcd, that does not know the former one"
            }
            What::Version { from, to, faults, has_risen } => {
                return version((*from, *to), faults, *has_risen, *class);
            }
            What::Scheme { side, to, .. } => scheme(*side, *to, subject),
            What::Trust { from, to, .. } => return trust(from, to, subject),
            What::Certificate(_) => {
                "until it is on its machine, the former one is shown, and works until it expires or is \
                 revoked"
            }
            What::Revocations => {
                "a member that does not have it yet still lets in who was revoked since; etcd reads it at \
                 every handshake"
            }
            What::Added => match (subject, class) {
                (Subject::Client(_), _) => {
                    "nothing: members let in who has a certificate of their CA; where authentication is on, \
                     it may read and write nothing before etcd has a user for it"
                }
                (_, Class::Free | Class::Copy) => {
                    "it is a founder: the others know it, and wait for it"
                }
                _ => {
                    "the cluster has one more member, which counts for the quorum: one that was added as a \
                     voter and does not start takes away tolerance, and of a single member the quorum; \
                     while a member is down etcd refuses it: `etcdserver: unhealthy cluster`"
                }
            },
            What::Removed if *class == Class::Free => "nothing: it has no certificate",
            What::CommonName { .. } if *class == Class::Free => {
                "nothing: it had no certificate that named it in another way"
            }
            What::Removed if matches!(subject, Subject::Client(_)) => {
                "its certificate is valid until it expires, and where authentication is on, its user stays"
            }
            What::Removed => {
                "stopped before etcd removed it, it goes on counting for the quorum; removed while another \
                 member is down, etcd refuses it: `etcdserver: unhealthy cluster`"
            }
            What::Renamed { .. } => {
                "etcd knows a member by its peer URL: on that machine with its data it goes on under the \
                 other name; another machine, or an empty folder, does not join: `member … has already been \
                 bootstrapped` (seen on 3.4.23 and 3.6.16)"
            }
            What::Moved { .. } => {
                "until etcd is told, the other members dial the former URL; with its data it goes on at the \
                 new one, and on an empty folder, as on a new machine, it panics: `tocommit(…) is out of \
                 range [lastIndex(0)]` (seen on 3.4.23 and 3.6.16)"
            }
            What::Swapped { .. } => {
                "the two do not find each other, and go on by the other members' leave alone; etcd cannot be \
                 told of it: `etcdserver: Peer URLs already exists` (seen on 3.4.23, 3.5.33 and 3.6.16)"
            }
            What::Several { .. } => {
                "etcd takes one change of members at a time; two at once can lose the quorum in between"
            }
            What::Quorum { running, .. } => return without_quorum(*running),
            What::Endpoints { .. } => match class {
                Class::Free => "nothing: it tries one after another",
                Class::AskEtcd => {
                    "none of the endpoints that it dials stays: with its former list it finds nobody after \
                     the change, and with the new one nobody before"
                }
                _ => {
                    "with its former list it goes on, as long as one endpoint in it answers; a learner in its \
                     list refuses what is asked of it: `rpc not supported for learner`"
                }
            },
            What::CertsDir { .. } => match subject {
                Subject::Client(_) => {
                    "it looks for its certificate in the other folder from then on"
                }
                _ => {
                    "from its restart on it reads its files there, and does not start where there are none: \
                      `open …: no such file or directory`"
                }
            },
            What::Unit { key, .. } => unit(key),
            What::CommonName { to: true } => {
                "its former certificate, without a common name, is valid until it expires; by the new one \
                 etcd knows it as a user, and the JSON gateway refuses it where authentication is on"
            }
            What::CommonName { to: false } => {
                "its former certificate names a user of etcd until it expires; by the new one it is none, \
                 and takes a password where authentication is on"
            }
        };
        text.to_owned()
    }
}

fn unit(key: &str) -> &'static str {
    match key {
        "user" | "group" => {
            "from its restart on etcd is another account, which can read neither its data nor its keys while \
             they belong to the former one"
        }
        _ => "each member does as before until its restart",
    }
}

fn option(name: &str, from: Option<&str>, to: Option<&str>, class: Class) -> String {
    let on_change = find(name).map(crate::option::EtcdOption::on_change);
    let text = match (class, on_change) {
        (Class::Free, _) => {
            "nothing: a member that has run does not read it; etcd looks at it on an empty data folder alone"
        }
        (Class::Copy, _) => {
            "etcd does the same by both: the one is what it takes where nothing is given"
        }
        _ => match option_words::consequence(name, from, to, class) {
            Some(words) => words,
            None if on_change == Some(OnChange::Everywhere) => {
                "it is about all members: until all were restarted, one of them does as before"
            }
            None => "etcd reads it when it starts: each member does as before until its restart",
        },
    };
    text.to_owned()
}

fn version(
    (from, to): (EtcdVersion, EtcdVersion),
    faults: &[&Fault],
    has_risen: bool,
    class: Class,
) -> String {
    let known: Vec<_> =
        faults.iter().map(|fault| format!("{} ({})", fault.what, fault.source)).collect();
    let known = (!known.is_empty()).then(|| format!("etcd {to} {}", known.join("; it ")));
    let text = match from.steps_to(to) {
        _ if class == Class::Free => "nothing: any patch of that line may run".to_owned(),
        0 if known.is_some() => String::new(),
        0 => "each member runs the other release from its restart on; members of one line run side by side"
            .to_owned(),
        1 => upgrade(from, to),
        -1 if !has_risen => format!(
            "as long as one member runs {}, the cluster's version has not risen, and those that were \
             upgraded can go back (seen on 3.4.23, 3.5.33, 3.6.16 and 3.7.3)",
            to.minor()
        ),
        ..=-1 => format!(
            "once the cluster's version has risen, an older etcd does not start on what {} wrote: {}",
            from.minor(),
            release::edge_after(to).map_or("`invalid downgrade`", |edge| edge.back)
        ),
        2.. => {
            let says = match to.minor() {
                Minor::V3_6 => "`cannot create migration plan`, and the others stop writing",
                _ => "the panic `execute job failed`",
            };
            format!(
                "etcd is upgraded one minor version at a time: {} does not start on what {} wrote: {says} (seen \
                 on 3.4.23, 3.5.33, 3.6.16 and 3.7.3)",
                to.minor(),
                from.minor()
            )
        }
    };
    known
        .into_iter()
        .chain(Some(text).filter(|text| !text.is_empty()))
        .collect::<Vec<_>>()
        .join("; ")
}

/// Returns what comes of the next minor, where nothing was looked at.
fn upgrade(from: EtcdVersion, to: EtcdVersion) -> String {
    let edge = release::edge(from, to);
    let least = edge.and_then(|edge| edge.least);
    let least = least.filter(|_| release::is_too_old(from, to) || from.patch().is_none());
    let least = least.map(|(patch, why)| {
        let minor = from.minor();
        match from.patch() {
            Some(_) => format!("{from} runs, and {minor}.{patch} has to: {why}"),
            None => format!("every member has to run {minor}.{patch} or later: {why}"),
        }
    });
    let looks = edge.map_or(&[][..], |edge| edge.looks);
    let looks = looks.iter().map(|look| format!("{} ({})", look.why, look.source));
    least.into_iter().chain(looks).collect::<Vec<_>>().join("; ")
}

const fn scheme(side: Side, to: Scheme, subject: &Subject) -> &'static str {
    match (subject, side, to) {
        (Subject::Client(_), _, Scheme::Https) => {
            "it finds no member that was restarted before it has its certificate and the new URLs"
        }
        (_, Side::Clients, Scheme::Https) => {
            "one listener cannot speak both: clients are cut off from each member's restart on, until they \
             have certificates and https URLs: `tls: first record does not look like a TLS handshake`"
        }
        (_, Side::Peers, Scheme::Https) => {
            "members that speak TLS and those that do not cannot reach each other: `tls: first record does \
             not look like a TLS handshake`; done in the wrong order, writes stall"
        }
        (_, _, Scheme::Http) => {
            "anyone who reaches the port reads, writes and joins, without a certificate; clients with https \
             URLs are cut off from each member's restart on"
        }
    }
}

fn trust(from: &Trust, to: &Trust, subject: &Subject) -> String {
    if !from.trust.contains(&to.issue) {
        return format!(
            "by what is recorded it does not trust CA {} yet, and refuses who shows it a certificate of that \
             one: `x509: certificate signed by unknown authority`",
            to.issue
        );
    }
    if !to.trust.contains(&from.issue) {
        return format!(
            "by what is recorded its certificate is from CA {}, and is refused where that one is trusted \
             no more: `x509: certificate signed by unknown authority`",
            from.issue
        );
    }
    let text = if from.trust == to.trust {
        "certificates are from the other CA from now on; everybody trusts both"
    } else if matches!(subject, Subject::Client(_)) {
        "it reads its `ca.crt` when it starts"
    } else {
        "etcd reads its CA file when it starts, and not again (etcd issue 11555): what is wrong stays hidden \
         until a restart"
    };
    text.to_owned()
}

fn without_quorum(running: usize) -> String {
    let quorum = quorum(running);
    let members = if running == 1 { "one member".to_owned() } else { format!("{running} members") };
    format!(
        "the cluster of {members} takes {quorum} to write and to change its members; those that were \
         removed, or are at new addresses, count until etcd is told: without a quorum everything hangs, and \
         nothing can be told any more (seen on 3.4.23 and 3.6.16)"
    )
}
