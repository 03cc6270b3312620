//! Members that are listed and not compiled: they are asked as they are listed.

use super::observed::{Seen, Target};
use bouquet_etcd::messages::cluster::Member as Listed;
use bouquet_model::url::Url;
use std::collections::BTreeSet;

/// Returns the members of a list that nobody has asked yet, by their URLs.
pub(super) fn others(listed: &[Listed], asked: &[Target]) -> Vec<Target> {
    let urls = asked.iter().flat_map(|target| target.client_urls.iter().chain(&target.peer_urls));
    let urls: BTreeSet<String> = urls.map(ToString::to_string).collect();
    let parse = |urls: &[String]| urls.iter().filter_map(|url| Url::parse(url).ok()).collect();
    let is_other = |member: &&Listed| {
        !member.client_urls.iter().chain(&member.peer_urls).any(|url| urls.contains(url))
    };
    let target = |member: &Listed| Target {
        name: member.name.clone(),
        client_urls: parse(&member.client_urls),
        peer_urls: parse(&member.peer_urls),
    };
    let all = listed.iter().filter(is_other).map(target);
    // One without a client URL has never run.
    all.filter(|target| !target.client_urls.is_empty()).collect()
}

/// Leaves those out that are listed at another URL than they are compiled with, and answered there too. The first
/// ones are those that are compiled.
pub(super) fn drop_asked_twice(mut seen: Vec<Seen>, compiled: usize) -> Vec<Seen> {
    let id = |seen: &Seen| Some(seen.status.as_ref().ok()?.header?.member_id);
    let known: BTreeSet<u64> = seen.iter().take(compiled).filter_map(id).collect();
    let mut place = 0;
    seen.retain(|seen| {
        place += 1;
        place <= compiled || !id(seen).is_some_and(|id| known.contains(&id))
    });
    seen
}
