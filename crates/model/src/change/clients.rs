//! The changes of clients.

use super::class::Class;
use super::trust;
use super::what::{Change, Subject, What};
use crate::certificate::Kind;
use crate::running::{Running, RunningClient, address};
use crate::trust::Side;
use crate::url::Scheme;
use std::collections::BTreeSet;

/// Returns the changes of all clients, by name.
pub(super) fn changes(before: &Running, after: &Running) -> Vec<Change> {
    let mut all = Vec::new();
    let listeners = listeners(before, after);
    for (name, was) in &before.clients {
        let Some(is) = after.clients.get(name) else {
            // Without TLS it has no certificate that could go on being valid.
            let class = if was.trust.is_some() { Class::Pending } else { Class::Free };
            all.push(change(name, What::Removed, class));
            continue;
        };
        let found = client(was, is, &listeners).into_iter();
        all.extend(found.map(|(what, class)| change(name, what, class)));
        all.extend(trust::of_client(name, was, is));
    }
    let added = after.clients.keys().filter(|name| !before.clients.contains_key(*name));
    all.extend(added.map(|name| change(name, What::Added, Class::Free)));
    all
}

/// Compares a client, while members go on listening at `listeners`.
fn client(
    before: &RunningClient,
    after: &RunningClient,
    listeners: &BTreeSet<String>,
) -> Vec<(What, Class)> {
    let RunningClient { endpoints, common_name, certs_dir, trust, certificate } = before;
    let mut all = Vec::new();
    let has_tls = trust.is_some();
    let speaks_otherwise = has_tls != after.trust.is_some();
    if speaks_otherwise {
        let [from, to] =
            [has_tls, !has_tls].map(|has_tls| if has_tls { Scheme::Https } else { Scheme::Http });
        all.push((What::Scheme { side: Side::Clients, from, to }, Class::Copy));
    }
    let addresses = |urls: &[String]| urls.iter().map(|url| address(url).to_owned()).collect();
    let [was, is]: [Vec<String>; 2] = [addresses(endpoints), addresses(&after.endpoints)];
    if *endpoints != after.endpoints && !(speaks_otherwise && was == is) {
        let what = What::Endpoints { from: endpoints.clone(), to: after.endpoints.clone() };
        all.push((what, of_endpoints(endpoints, &after.endpoints, listeners)));
    }
    if *common_name != after.common_name {
        let class = if has_tls { Class::Pending } else { Class::Free };
        all.push((What::CommonName { to: after.common_name }, class));
    }
    // Without TLS on one of both sides there are no files in it.
    if *certs_dir != after.certs_dir && has_tls && !speaks_otherwise {
        let what = What::CertsDir { from: certs_dir.clone(), to: after.certs_dir.clone() };
        all.push((what, Class::Copy));
    }
    if after.certificate.is_some() && *certificate != after.certificate {
        all.push((What::Certificate(Kind::Client), Class::Copy));
    }
    all
}

/// Classifies a change of endpoints. A client tries one after another: their order is nobody's business. Where none
/// stays, it has to be given both lists before the first member changes. One stays, too, where a host's name takes
/// the place of the address at which a member listens, or the other way round.
fn of_endpoints(from: &[String], to: &[String], listeners: &BTreeSet<String>) -> Class {
    let [from, to] =
        [from, to].map(|urls| urls.iter().map(String::as_str).collect::<BTreeSet<_>>());
    if from == to {
        Class::Free
    } else if from.is_empty()
        || !from.is_disjoint(&to)
        || from.union(&to).any(|url| listeners.contains(*url))
    {
        Class::Copy
    } else {
        Class::AskEtcd
    }
}

/// Returns the URLs at which members listen for clients, before and after.
fn listeners(before: &Running, after: &Running) -> BTreeSet<String> {
    let all = |running: &Running| -> BTreeSet<String> {
        let members = running.members.values();
        members.flat_map(|member| member.urls("listen-client-urls")).map(str::to_owned).collect()
    };
    all(before).intersection(&all(after)).cloned().collect()
}

fn change(name: &str, what: What, class: Class) -> Change {
    Change { subject: Subject::Client(name.to_owned()), what, class }
}
