//! The changes of clients.

use super::class::Class;
use super::what::{Change, Subject, What};
use crate::certificate::Kind;
use crate::running::RunningClient;
use crate::trust::Side;
use std::collections::BTreeMap;

/// Returns the changes of all clients, by name.
pub(super) fn changes(
    before: &BTreeMap<String, RunningClient>,
    after: &BTreeMap<String, RunningClient>,
) -> Vec<Change> {
    let mut all = Vec::new();
    for (name, was) in before {
        match after.get(name) {
            Some(is) => all.extend(client(name, was, is)),
            None => all.push(change(name, What::Removed, Class::Pending)),
        }
    }
    let added = after.keys().filter(|name| !before.contains_key(*name));
    all.extend(added.map(|name| change(name, What::Added, Class::Free)));
    all
}

fn client(name: &str, before: &RunningClient, after: &RunningClient) -> Vec<Change> {
    let RunningClient { endpoints, common_name, certs_dir, trust, certificate } = before;
    let mut all = Vec::new();
    if *endpoints != after.endpoints {
        let what = What::Endpoints { from: endpoints.clone(), to: after.endpoints.clone() };
        all.push(change(name, what, Class::Copy));
    }
    if *common_name != after.common_name {
        all.push(change(name, What::CommonName { to: after.common_name }, Class::Pending));
    }
    if *certs_dir != after.certs_dir {
        let what = What::CertsDir { from: certs_dir.clone(), to: after.certs_dir.clone() };
        all.push(change(name, what, Class::Copy));
    }
    if let (Some(from), Some(to)) = (trust, &after.trust)
        && from != to
    {
        let what = What::Trust { side: Side::Clients, from: from.clone(), to: to.clone() };
        all.push(change(name, what, Class::Copy));
    }
    if certificate.is_some() && after.certificate.is_some() && *certificate != after.certificate {
        all.push(change(name, What::Certificate(Kind::Client), Class::Copy));
    }
    all
}

fn change(name: &str, what: What, class: Class) -> Change {
    Change { subject: Subject::Client(name.to_owned()), what, class }
}
