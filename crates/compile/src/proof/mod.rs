//! What the values of a spec must be to each other.
//!
//! Each rule reads the proven cluster and points into the spec. A rule that etcd enforces names
//! what etcd would have said; a rule that etcd does not enforce is the reason for this module.

mod clients;
mod count;
mod formats;
mod identity;
mod leases;
mod logging;
mod options;
mod pairs;
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

/// Runs every rule; an error among what is found means that the cluster must not be built.
pub(crate) fn prove(spec: &Spec, cluster: &Cluster, found: &mut Diagnostics) {
    let proof = Proof { spec, cluster };
    count::check(&proof, found);
    identity::check(&proof, found);
    sockets::check(&proof, found);
    clients::check(&proof, found);
    timing::check(&proof, found);
    storage::check(&proof, found);
    leases::check(&proof, found);
    logging::check(&proof, found);
    options::check(&proof, found);
    tls::check(&proof, found);
    pairs::check(&proof, found);
    formats::check(&proof, found);
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

impl<'a> Proof<'a> {
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
