#![doc = include_str!("etcd.md")]

mod allowed;
mod arguments;
mod certs_dir;
mod checkpoints;
mod client_folders;
mod clients;
mod compaction;
mod constants;
mod count;
mod data_folders;
mod features;
mod folder_fitness;
mod formats;
mod gates;
mod identity;
mod idle;
mod listeners;
mod logging;
mod loopback;
mod one_machine;
mod options;
mod pairs;
mod releases;
mod revocation;
mod sockets;
mod subject;
mod suites;
mod timing;
mod tls;
mod tokens;
mod trust;
mod urls;
mod users;
mod v2;
mod whitelist;

use crate::diagnostic::Diagnostics;
use crate::spec::Spec;
use bouquet_model::cluster::Cluster;
use subject::Subject;

/// Runs every rule; an error among what is found means that the cluster must not be built.
///
/// An option that was refused is absent from the cluster. What options must be to each other is
/// only asked where all of them are there: one that is merely misspelt must not be called missing.
pub(super) fn check(spec: &Spec, cluster: &Cluster, found: &mut Diagnostics) {
    let subject = Subject { spec, cluster };
    count::check(&subject, found);
    identity::check(&subject, found);
    users::check(&subject, found);
    let said = sockets::check(&subject, found);
    certs_dir::check(&subject, &said, found);
    clients::check(&subject, found);
    constants::check(&subject, found);
    if !subject.has_every_option() {
        return;
    }
    listeners::check(&subject, found);
    timing::check(&subject, found);
    compaction::check(&subject, found);
    folder_fitness::check(&subject, found);
    data_folders::check(&subject, found);
    one_machine::check(&subject, found);
    client_folders::check(&subject, found);
    arguments::check(&subject, found);
    releases::check(&subject, found);
    logging::check(&subject, found);
    options::check(&subject, found);
    features::check(&subject, found);
    idle::check(&subject, found);
    tokens::check(&subject, found);
    v2::check(&subject, found);
    whitelist::check(&subject, found);
    tls::check(&subject, found);
    pairs::check(&subject, found);
    formats::check(&subject, found);
    revocation::check(&subject, found);
}

/// Whether a spec has more members than anything here is made for; said before any work on them.
pub(super) use count::too_many;
