//! Members that are listed and not compiled: they are asked as they are listed.

use super::observed::{Seen, Target};
use bouquet_etcd::messages::cluster::MemberListResponse;
use bouquet_model::url::Url;
use std::collections::BTreeSet;

/// How many are asked at most that are not compiled. etcd advises seven members to a cluster; one that lists more
/// than this is no etcd.
const MOST: usize = 64;

/// Returns the members of a list that nobody has asked yet, by their client URLs. A list of another cluster than `id`
/// leads nowhere; the first ones that were asked are those that are compiled.
pub(super) fn others(
    list: &MemberListResponse,
    id: Option<u64>,
    asked: &[Target],
    compiled: usize,
) -> Vec<Target> {
    if id.is_some() && list.header.map(|header| header.cluster_id) != id {
        return Vec::new();
    }
    let mut urls: BTreeSet<String> =
        asked.iter().flat_map(|target| &target.client_urls).map(ToString::to_string).collect();
    let parse = |urls: &[String]| urls.iter().filter_map(|url| Url::parse(url).ok()).collect();
    let mut others = Vec::new();
    for member in &list.members {
        let client_urls: Vec<Url> = parse(&member.client_urls);
        let is_asked = member.client_urls.iter().any(|url| urls.contains(url));
        // One without a client URL has never run.
        if client_urls.is_empty() || is_asked {
            continue;
        }
        urls.extend(client_urls.iter().map(ToString::to_string));
        let (name, peer_urls) = (member.name.clone(), parse(&member.peer_urls));
        others.push(Target { name, client_urls, peer_urls });
    }
    others.truncate((compiled + MOST).saturating_sub(asked.len()));
    others
}

/// Leaves those out that were asked at another URL than they are compiled with, and answered there too. The first
/// ones are those that are compiled.
pub(super) fn drop_asked_twice(mut seen: Vec<Seen>, compiled: usize) -> Vec<Seen> {
    let id = |seen: &Seen| Some(seen.status.as_ref().ok()?.header?.member_id);
    let mut known = BTreeSet::new();
    let mut place = 0;
    seen.retain(|seen| {
        place += 1;
        let is_new = id(seen).is_none_or(|id| known.insert(id));
        place <= compiled || is_new
    });
    seen
}
