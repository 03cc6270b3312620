//! What members are seen to run that is other than compiled: for `done`, which records that they run it.

use super::members::{Known, State, agreed, are_same, known};
use super::observed::Observed;
use crate::compiled::Compiled;
use bouquet_etcd::messages::cluster::Member as Listed;
use bouquet_model::Member;
use bouquet_model::quorum::quorum;
use bouquet_model::url::Url;
use bouquet_model::version::EtcdVersion;
use std::collections::{BTreeMap, BTreeSet};

/// Holds what was seen. A member that does not answer is evidence of nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Evidence {
    /// What is other than compiled, in clauses that follow the name; nothing of one that is as compiled.
    pub(crate) against: BTreeMap<String, Vec<String>>,
    /// Members that are listed, and not compiled.
    pub(crate) still_listed: BTreeSet<String>,
    /// Those that answer.
    pub(crate) answering: BTreeSet<String>,
    /// Those of them that are members of another cluster.
    pub(crate) elsewhere: BTreeSet<String>,
}

/// Returns what speaks against that what is compiled runs. Without a `version` it is no matter which etcd does.
pub(super) fn evidence(
    compiled: &Compiled<'_>,
    version: Option<EtcdVersion>,
    observed: &Observed,
) -> Evidence {
    let id = compiled.cluster.id.map(|id| id.0);
    let agreed = agreed(observed, id);
    let voters = agreed.members.iter().filter(|member| !member.is_learner).count();
    // One that was cut off may have a former list.
    let is_certain = agreed.is_known && agreed.agreeing >= quorum(voters);
    let mut all = Evidence::default();
    for member in known(compiled.cluster, observed, &agreed, id) {
        let answers = matches!(member.state, State::Up | State::Foreign | State::Another);
        if answers {
            all.answering.insert(member.name.clone());
        }
        if member.state == State::Foreign {
            all.elsewhere.insert(member.name.clone());
        }
        let Some(is) = member.compiled else {
            if is_certain {
                all.still_listed.insert(member.name);
            }
            continue;
        };
        let mut against = of_itself(&member, version);
        let own = member.seen.and_then(|seen| seen.list.as_ref().ok());
        let own = own.filter(|_| member.state == State::Up);
        if let (Some(own), Some(listed)) = (own, &member.listed) {
            let entry = own.members.iter().find(|entry| entry.id == listed.id);
            against.extend(entry.into_iter().flat_map(|entry| of_list(entry, is)));
        } else if is_certain {
            match &member.listed {
                Some(entry) => against.extend(of_list(entry, is)),
                None => against.push("is no member: it is in no list of members".to_owned()),
            }
        }
        if !against.is_empty() {
            all.against.insert(member.name, against);
        }
    }
    all
}

/// Compares what a member says of itself.
fn of_itself(member: &Known<'_>, version: Option<EtcdVersion>) -> Vec<String> {
    let Some(status) = member.seen.and_then(|seen| seen.status.as_ref().ok()) else {
        return Vec::new();
    };
    let mut against = Vec::new();
    match member.state {
        State::Foreign => {
            let cluster = status.header.map_or(0, |header| header.cluster_id);
            against.push(format!("is a member of another cluster, {cluster:x}"));
        }
        State::Another => {
            against.push("does not answer at its URL: another member does".to_owned());
        }
        _ => {}
    }
    let running = EtcdVersion::parse(&status.version).ok();
    let other = version.filter(|version| !running.is_some_and(|running| running.is_of(*version)));
    against.extend(other.map(|version| format!("runs etcd {}, and not {version}", status.version)));
    against
}

fn of_list(entry: &Listed, compiled: &Member) -> Vec<String> {
    let differs = |what: &str, listed: &[String], compiled: &[Url]| {
        let text = |urls: Vec<String>| urls.join(",");
        let wanted = text(compiled.iter().map(ToString::to_string).collect());
        (!listed.is_empty() && !are_same(listed, compiled))
            .then(|| format!("has the {what} URL {}, and not {wanted}", text(listed.to_vec())))
    };
    let peers = differs("peer", &entry.peer_urls, &compiled.initial_advertise_peer_urls);
    let clients = differs("client", &entry.client_urls, &compiled.advertise_client_urls);
    peers.into_iter().chain(clients).collect()
}
