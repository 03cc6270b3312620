//! Who is in the cluster, by what all configurations say.

use super::observed::Observed;
use bouquet_model::diagnostic::{Diagnostic, quoted};
use bouquet_model::version::EtcdVersion;
use std::collections::{BTreeMap, BTreeSet};

/// A member, whether or not its configuration was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) name: String,
    /// `--initial-advertise-peer-urls`
    pub(super) peer_urls: Vec<String>,
    /// Its place among the configurations.
    pub(super) seen: Option<usize>,
}

/// Returns the members in the order of the longest `initial-cluster`.
///
/// # Errors
/// If they are not of one cluster, or two have one name.
pub(super) fn members(
    seen: &[Observed],
    version: EtcdVersion,
) -> Result<Vec<Known>, Vec<Diagnostic>> {
    let mut errors = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, observed) in seen.iter().enumerate() {
        if let Some(first) = places.insert(&observed.name, at) {
            errors.push(twice(observed, &seen[first]));
        }
    }
    errors.extend(tokens(seen, version));
    let mut lists: Vec<Vec<(String, Vec<String>)>> =
        seen.iter().map(|observed| listed(observed, version)).collect();
    if errors.is_empty() {
        errors.extend(apart(seen, &lists));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    lists.sort_by_key(|list| std::cmp::Reverse(list.len()));
    let mut all: Vec<Known> = Vec::new();
    for (name, peer_urls) in lists.into_iter().flatten() {
        if all.iter().all(|known| known.name != name) {
            let seen = places.get(name.as_str()).copied();
            all.push(Known { name, peer_urls, seen });
        }
    }
    for known in &mut all {
        let own = known.seen.and_then(|at| seen[at].texts.get("initial-advertise-peer-urls"));
        if let Some(urls) = own {
            known.peer_urls = urls.split(',').map(str::to_owned).collect();
        }
    }
    Ok(all)
}

/// Returns the members that a configuration lists, itself among them.
fn listed(observed: &Observed, version: EtcdVersion) -> Vec<(String, Vec<String>)> {
    let mut all: Vec<(String, Vec<String>)> = Vec::new();
    let entries = observed.texts.get("initial-cluster").map(String::as_str).unwrap_or_default();
    for (name, url) in entries.split(',').filter_map(|entry| entry.trim().split_once('=')) {
        match all.iter_mut().find(|(other, _)| other == name) {
            Some((_, urls)) => urls.push(url.to_owned()),
            None => all.push((name.to_owned(), vec![url.to_owned()])),
        }
    }
    // By default it is etcd itself alone.
    if all.iter().all(|(name, _)| *name != observed.name) {
        let urls = observed.list("initial-advertise-peer-urls", version);
        all.push((observed.name.clone(), urls.into_iter().map(str::to_owned).collect()));
    }
    all
}

fn twice(second: &Observed, first: &Observed) -> Diagnostic {
    let name = quoted(&second.name);
    let error = Diagnostic::error(format!("two files are of a member called {name}"))
        .note(format!("{} and {}", quoted(&first.file), quoted(&second.file)));
    if second.texts.contains_key("name") {
        return error.help("give one file for each member: each has a `name` of its own");
    }
    error.help(
        "neither has a `name`, and etcd calls itself `default` then: give the file that sets it, \
         too",
    )
}

/// Checks that members of one cluster were founded with one token.
fn tokens(seen: &[Observed], version: EtcdVersion) -> Option<Diagnostic> {
    let token =
        |observed: &Observed| observed.option("initial-cluster-token", version).map(str::to_owned);
    let first = seen.first()?;
    let other = seen.iter().find(|observed| token(observed) != token(first))?;
    let shown = |observed: &Observed| {
        format!("{} has {}", quoted(&observed.file), quoted(&token(observed).unwrap_or_default()))
    };
    Some(
        Diagnostic::error("members have different `initial-cluster-token`s")
            .note(format!("{}, and {}", shown(first), shown(other)))
            .help("give the files of one cluster alone")
            .help(
                "if they are of one: make them alike in these files; members that have run no \
                 longer read it",
            ),
    )
}

/// Checks that each knows another, or is known by it.
fn apart(seen: &[Observed], lists: &[Vec<(String, Vec<String>)>]) -> Option<Diagnostic> {
    let mut known: BTreeSet<&str> = lists.first()?.iter().map(|(name, _)| name.as_str()).collect();
    let mut rest: Vec<usize> = (1..seen.len()).collect();
    loop {
        let near = rest
            .iter()
            .position(|at| lists[*at].iter().any(|(name, _)| known.contains(name.as_str())));
        let Some(near) = near else { break };
        known.extend(lists[rest.remove(near)].iter().map(|(name, _)| name.as_str()));
    }
    let other = &seen[*rest.first()?];
    Some(
        Diagnostic::error(format!(
            "{} and {} are of two clusters",
            quoted(&seen[0].file),
            quoted(&other.file)
        ))
        .note("no member of the one is in the `initial-cluster` of the other")
        .help("give the files of one cluster alone"),
    )
}
