//! TLS, switched on or off, and its files in another folder.

use super::class::Class;
use super::difference::Difference;
use super::what::What;
use crate::running::{RunningMember, address};
use crate::tls_option::{files, options_of};
use crate::trust::Side;
use crate::url::Scheme;
use crate::version::Minor;
use std::collections::BTreeSet;

/// The options that a handshake depends on.
pub(crate) const OF_HANDSHAKES: [&str; 3] = ["cipher-suites", "tls-max-version", "tls-min-version"];

/// Returns what a side speaks after something else, and takes out of the differences all that follows from
/// it.
pub(super) fn take_scheme(
    side: Side,
    before: &RunningMember,
    after: &RunningMember,
    differences: &mut Vec<Difference>,
) -> Option<(What, Class)> {
    let (from, to) = before.scheme(side).zip(after.scheme(side))?;
    if from == to {
        return None;
    }
    let follows = |one: &Difference| {
        let is_of_urls = one.name.ends_with("-urls");
        let is_scheme_alone =
            is_of_urls && one.values().is_some_and(|(from, to)| without(from) == without(to));
        options_of(side).contains(&one.name.as_str()) || is_scheme_alone
    };
    differences.retain(|one| !follows(one));
    let class = match (side, to) {
        (Side::Peers, Scheme::Https) => Class::AskEtcd,
        (Side::Clients, Scheme::Https) if speaks_both(before, after) => Class::AskEtcd,
        // One listener cannot speak both, and without TLS anyone reads and writes.
        (Side::Clients | Side::Peers, _) => Class::Refused,
    };
    Some((What::Scheme { side, from, to }, class))
}

/// Returns the folder of the TLS files, where it is another one for all of them, and takes those out of the
/// differences.
pub(super) fn take_folder(differences: &mut Vec<Difference>) -> Option<What> {
    let moved = |one: &Difference| {
        let is_file = files().any(|name| name == one.name);
        let (from, to) = one.values().filter(|_| is_file)?;
        let ((from, file), (to, same)) = (from.rsplit_once('/')?, to.rsplit_once('/')?);
        (file == same).then(|| (from.to_owned(), to.to_owned()))
    };
    let mut folders: Vec<_> = differences.iter().filter_map(moved).collect();
    folders.dedup();
    let [(from, to)] = &folders[..] else { return None };
    let (from, to) = (from.clone(), to.clone());
    differences.retain(|one| moved(one).is_none());
    Some(What::CertsDir { from, to })
}

/// Tells whether a member of today and one of tomorrow have a version of TLS in common, and for 1.2 a cipher
/// suite. While they are restarted one after another, they have to speak with each other.
pub(crate) fn speak_with_each_other(before: &RunningMember, after: &RunningMember) -> bool {
    // etcd speaks 1.2 and later (`MinVersion` in its `client/pkg/transport/listener.go`), and from 3.5.0 to 3.5.7
    // nothing else.
    let least = |member: &RunningMember| number(member.option("tls-min-version"), 2);
    let most = |member: &RunningMember| {
        let version = member.version;
        let is_capped =
            version.minor() == Minor::V3_5 && version.patch().is_some_and(|patch| patch < 8);
        if is_capped { 2 } else { number(member.option("tls-max-version"), 3) }
    };
    let (least, most) = (least(before).max(least(after)), most(before).min(most(after)));
    let [was, is] = [before, after].map(|member| {
        let suites = member.option("cipher-suites").unwrap_or_default();
        suites.split(',').filter(|suite| !suite.is_empty()).collect::<BTreeSet<_>>()
    });
    // 1.3 has suites of its own.
    let have_a_suite = most > 2 || was.is_empty() || is.is_empty() || !was.is_disjoint(&is);
    least <= most && have_a_suite
}

/// Returns the second number of `TLS1.2`.
fn number(version: Option<&str>, default: u8) -> u8 {
    version.and_then(|version| version.strip_prefix("TLS1.")?.parse().ok()).unwrap_or(default)
}

/// Tells whether clients find a listener that they know, as they know it, besides the new one.
fn speaks_both(before: &RunningMember, after: &RunningMember) -> bool {
    let is_local = |url: &str| {
        ["127.", "localhost:", "[::1]:"].iter().any(|host| address(url).starts_with(host))
    };
    let known: BTreeSet<&str> = before.urls("listen-client-urls").collect();
    after.urls("listen-client-urls").any(|url| known.contains(url) && !is_local(url))
}

/// Returns URLs without their schemes.
fn without(urls: &str) -> Vec<&str> {
    urls.split(',').map(address).collect()
}
