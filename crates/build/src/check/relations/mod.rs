//! What the values of a spec must be to each other.
//!
//! Each rule reads the proven cluster and points into the spec. A rule that etcd enforces names
//! what etcd would have said; a rule that etcd does not enforce is the reason for this module.

mod allowed;
mod certs_dir;
mod clients;
mod constants;
mod count;
mod features;
mod formats;
mod identity;
mod listeners;
mod logging;
mod options;
mod pairs;
mod releases;
mod revocation;
mod sockets;
mod storage;
mod subject;
mod timing;
mod tls;
mod trust;
mod urls;

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
    let said = sockets::check(&subject, found);
    certs_dir::check(&subject, &said, found);
    clients::check(&subject, found);
    constants::check(&subject, found);
    if !subject.has_every_option() {
        return;
    }
    listeners::check(&subject, found);
    timing::check(&subject, found);
    storage::check(&subject, found);
    releases::check(&subject, found);
    logging::check(&subject, found);
    options::check(&subject, found);
    features::check(&subject, found);
    tls::check(&subject, found);
    pairs::check(&subject, found);
    formats::check(&subject, found);
    revocation::check(&subject, found);
}

/// Whether a spec has more members than anything here is made for; said before any work on them.
pub(super) use count::too_many;
