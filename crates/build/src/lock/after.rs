//! The lock as it is after a build.

use crate::pki::Ca;
use bouquet_lock::{Authority, Identity, Issued, Lock, Recorded};
use bouquet_model::certificate::wanted;
use bouquet_model::cluster::{Cluster, Tls};
use std::collections::{BTreeMap, BTreeSet};

/// Returns what is to be known from now on: the cluster as the spec has it, its CAs, and what was issued.
pub(crate) fn after(
    before: Identity,
    cluster: &Cluster,
    cas: &[Ca],
    mut issued: Issued,
    recorded: Recorded,
    now: i64,
) -> Lock {
    issued.forget_expired(now);
    let wanted: BTreeSet<_> =
        wanted(cluster).into_iter().map(|wanted| (wanted.owner, wanted.kind)).collect();
    issued.mark_removed(|owner, kind| wanted.contains(&(owner.map(str::to_owned), kind)));
    let issuers: BTreeSet<u32> =
        issued.iter().filter_map(|(_, entry)| Some(entry.facts.as_ref()?.ca)).collect();
    let trusted = cluster.tls.as_ref().map(Tls::authorities).unwrap_or_default();
    let mut authorities = before.authorities;
    for ca in cas {
        authorities.extend(Authority::of(&ca.certificate).map(|known| (ca.number, known)));
    }
    authorities.retain(|number, ca| ca.not_after >= now || issuers.contains(number));
    for (number, ca) in &mut authorities {
        ca.removed = !trusted.contains(number);
    }
    let member = |member: &bouquet_model::cluster::Member| (member.name.to_string(), member.id);
    // Until it is recorded otherwise, members run under their IDs, and by their names.
    let mut members: BTreeMap<_, _> =
        before.members.into_iter().filter(|(name, _)| recorded.runs(name)).collect();
    for (name, id) in cluster.members.iter().map(member) {
        members.entry(name).or_insert(id);
    }
    let identity = Identity {
        token: cluster.token.clone().into_owned(),
        cluster_id: cluster.id,
        restored: before.restored,
        crl: cluster.crl.max(before.crl),
        members,
        authorities,
    };
    Lock { identity, issued, recorded }
}
