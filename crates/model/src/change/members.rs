//! Who is in the cluster: added, removed, renamed, at another address.

use super::class::Class;
use super::member;
use super::what::{Change, Subject, What};
use crate::running::Running;

/// Returns the changes of the cluster as a whole, and of each member.
pub(super) fn changes(before: &Running, after: &Running) -> Vec<Change> {
    let mut all = Vec::new();
    for (name, was) in &before.members {
        match after.members.get(name) {
            Some(is) => all.extend(member::changes(name, was, is)),
            None => all.push(change(name, What::Removed, Class::AskEtcd)),
        }
    }
    let added = after.members.keys().filter(|name| !before.members.contains_key(*name));
    all.extend(added.map(|name| change(name, What::Added, Class::AskEtcd)));
    all
}

fn change(name: &str, what: What, class: Class) -> Change {
    Change { subject: Subject::Member(name.to_owned()), what, class }
}
