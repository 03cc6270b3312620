#![doc = include_str!("etcd.md")]

mod addresses;
mod cluster;
mod features;
mod folders;
mod gates;
mod listeners;
mod options;
mod programs;
mod start;
mod subject;
mod tls;
mod unit;
mod urls;

use crate::diagnostic::Diagnostics;
use crate::issuing::Limits;
use crate::spec::Spec;
use bouquet_model::cluster::Cluster;
use subject::Subject;

/// Runs every rule; an error among what is found means that the cluster must not be built.
///
/// An option that was refused is absent from the cluster. What options must be to each other is
/// only asked where all of them are there: one that is merely misspelt must not be called missing.
///
/// Findings are shown from the top of the file to its end. Only those at one place keep the order of
/// the rules, so the calls stand from what has to be put right first to what follows from it.
pub(super) fn check(spec: &Spec, cluster: &Cluster, limits: Limits, found: &mut Diagnostics) {
    let subject = Subject { spec, cluster, limits };
    cluster::check(&subject, found);
    addresses::check(&subject, found);
    if subject.has_every_option() {
        listeners::check(&subject, found);
        folders::check(&subject, found);
        options::check(&subject, found);
        features::check(&subject, found);
        tls::check(&subject, found);
        start::check(&subject, found);
        programs::check(&subject, found);
        unit::check(&subject, found);
    }
}

/// Refuses more members than anything here is made for, before any work on them.
pub(super) use cluster::too_many;
