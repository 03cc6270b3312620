//! The changes of a member that stays: its options, its etcd, its CAs and certificates.

use super::class::Class;
use super::what::{Change, Subject, What};
use crate::option::{EtcdOption, OnChange, find};
use crate::running::RunningMember;
use std::collections::BTreeSet;

/// Returns the changes of a member, by its name.
pub(super) fn changes(name: &str, before: &RunningMember, after: &RunningMember) -> Vec<Change> {
    let RunningMember {
        version,
        options,
        clients: _,
        peers: _,
        certificates,
        crl,
        digest: _, // follows from the options
    } = before;
    let change = |what, class| Change { subject: Subject::Member(name.to_owned()), what, class };
    let mut all = Vec::new();
    if *version != after.version {
        let what = What::Version { from: *version, to: after.version };
        all.push(change(what, Class::AskEtcd));
    }
    let names: BTreeSet<&String> = options.keys().chain(after.options.keys()).collect();
    for option in names {
        let (from, to) = (options.get(option).cloned(), after.options.get(option).cloned());
        if from != to {
            let class = match find(option).map(EtcdOption::on_change) {
                Some(OnChange::Bootstrap) => Class::Free,
                Some(OnChange::Data) => Class::Refused,
                Some(OnChange::Everywhere | OnChange::Restart) | None => Class::Restart,
            };
            all.push(change(What::Option { name: option.clone(), from, to }, class));
        }
    }
    for (kind, serial) in &after.certificates {
        if certificates.get(kind) != Some(serial) {
            all.push(change(What::Certificate(*kind), Class::Copy));
        }
    }
    if *crl != after.crl {
        all.push(change(What::Revocations, Class::Copy));
    }
    all
}
