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
mod revocation;
mod sockets;
mod storage;
mod timing;
mod tls;
mod trust;

use crate::diagnostic::{Diagnostics, Span};
use crate::spec::Spec;
use bouquet_model::cluster::{Cluster, Member};
use bouquet_model::option::Value;
use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr};

/// Runs every rule; an error among what is found means that the cluster must not be built.
///
/// An option that was refused is absent from the cluster. What options must be to each other is
/// only asked where all of them are there: one that is merely misspelt must not be called missing.
pub(crate) fn prove(spec: &Spec, cluster: &Cluster, found: &mut Diagnostics) {
    let proof = Proof { spec, cluster };
    count::check(&proof, found);
    identity::check(&proof, found);
    sockets::check(&proof, found);
    clients::check(&proof, found);
    constants::check(&proof, found);
    if !proof.has_every_option() {
        return;
    }
    listeners::check(&proof, found);
    timing::check(&proof, found);
    storage::check(&proof, found);
    logging::check(&proof, found);
    options::check(&proof, found);
    features::check(&proof, found);
    tls::check(&proof, found);
    pairs::check(&proof, found);
    formats::check(&proof, found);
    revocation::check(&proof, found);
}

/// Whether a spec has more members than anything here is made for; said before any work on them.
pub(crate) use count::too_many;

/// What every rule looks at.
struct Proof<'a> {
    spec: &'a Spec,
    cluster: &'a Cluster,
}

/// A member with its place in the spec: `cluster.members[i]` was lowered from `spec.members[i]`.
#[derive(Clone, Copy)]
struct Placed<'a> {
    index: usize,
    member: &'a Member,
}

/// What tells one machine from another: its address, and the one behind it where that is
/// translated.
type Machine = (IpAddr, IpAddr);

impl<'a> Proof<'a> {
    /// Whether no option was refused.
    fn has_every_option(&self) -> bool {
        self.members().all(|placed| {
            let written = self.spec.etcd.entries.iter();
            let written = written.chain(&self.spec.members[placed.index].etcd.entries);
            written
                .map(|entry| entry.name.value.as_str())
                .all(|o| placed.member.option(o).is_some())
        })
    }

    fn members(&self) -> impl Iterator<Item = Placed<'a>> + use<'a> {
        self.cluster.members.iter().enumerate().map(|(index, member)| Placed { index, member })
    }

    fn name_span(&self, placed: Placed<'_>) -> Span {
        self.spec.members[placed.index].name.span
    }

    fn ip_span(&self, placed: Placed<'_>) -> Span {
        self.spec.members[placed.index].ip.span
    }

    /// Where a member's option was written: in its own `[member.etcd]`, or in `[etcd]`.
    fn option_span(&self, placed: Placed<'_>, option: &str) -> Span {
        let own = self.spec.members[placed.index].etcd.find(option);
        let entry = own.or_else(|| self.spec.etcd.find(option));
        entry.map_or_else(|| self.name_span(placed), |entry| entry.value.span)
    }

    /// What has members check a list of revoked certificates.
    fn crl_span(&self) -> Span {
        let written = self.spec.ca.crl.as_ref().map(|crl| crl.span);
        let revoked = self.spec.revoked.first().map(|revoked| revoked.span);
        written.or(revoked).unwrap_or(self.spec.cluster.span)
    }

    /// Members whose value of an option was written at different places: one for all that inherit
    /// it, and one for each that overrides it. So a wrong value under `[etcd]` is reported once.
    fn writers(&self, option: &str) -> Vec<Placed<'a>> {
        let mut spans = std::collections::BTreeSet::new();
        let has = |placed: &Placed<'_>| placed.member.option(option).is_some();
        let first = |placed: &Placed<'_>| spans.insert(self.option_span(*placed, option));
        self.members().filter(has).filter(first).collect()
    }

    /// The members that rules on several options at once are run for, each distinct set of options
    /// once.
    fn distinct(&self) -> Vec<Placed<'a>> {
        let mut chosen: Vec<Placed<'a>> = Vec::new();
        for placed in self.members() {
            if chosen.iter().all(|other| other.member.options != placed.member.options) {
                chosen.push(placed);
            }
        }
        chosen
    }
}

impl Placed<'_> {
    /// The machine it runs on, as far as the spec tells. One address may stand for several behind a
    /// translation, if members listen on different ones.
    fn machine(self) -> Machine {
        let Member { ip, listen_ip, .. } = self.member;
        if ip.is_loopback() {
            // Every loopback address is this machine's.
            return (Ipv4Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into());
        }
        let elsewhere = !listen_ip.is_unspecified() && !listen_ip.is_loopback();
        (*ip, if elsewhere { *listen_ip } else { *ip })
    }

    fn flag(self, option: &str) -> Option<bool> {
        match self.member.option(option) {
            Some(Value::Bool(value)) => Some(*value),
            _ => None,
        }
    }

    fn int(self, option: &str) -> Option<i64> {
        match self.member.option(option) {
            Some(Value::Int(value)) => Some(*value),
            _ => None,
        }
    }

    fn text(self, option: &str) -> Option<String> {
        match self.member.option(option) {
            Some(Value::Text(value)) => Some(value.to_string()),
            _ => None,
        }
    }

    fn list(self, option: &str) -> Vec<Cow<'static, str>> {
        match self.member.option(option) {
            Some(Value::List(values)) => values.to_vec(),
            Some(Value::Text(value)) => vec![value.clone()],
            _ => Vec::new(),
        }
    }
}
