//! The lock as it is after a build.

use crate::pki::Ca;
use bouquet_lock::{Authority, Identity, Issued, Lock, Recorded};
use bouquet_model::certificate::wanted;
use bouquet_model::cluster::{Cluster, Tls};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::time::Date;
use std::collections::BTreeSet;

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
    let identity = Identity {
        token: cluster.token.clone().into_owned(),
        cluster_id: cluster.id,
        members: cluster.members.iter().map(member).collect(),
        authorities,
    };
    Lock { identity, issued, recorded }
}

/// Warns where the cluster's ID becomes another: members that run have the former one for good.
pub(crate) fn changed_identity(
    before: &Identity,
    cluster: &Cluster,
    now: i64,
) -> Option<Diagnostic> {
    let (was, is) = (before.cluster_id?, cluster.id?);
    let day = Date(now);
    (was != is).then(|| {
        Diagnostic::warning(format!(
            "the cluster's ID was {was}, and is {is} from now on: taken as not yet running ({day})"
        ))
        .note("it follows from the token, and from who founds the cluster at which peer URLs")
        .help(
            "if it runs, take that change back: a member with another ID cannot join those that run; one \
             that is new has `initial-cluster-state = \"existing\"`",
        )
    })
}
