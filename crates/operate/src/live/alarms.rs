//! What members have in their status besides: alarms, and whatever etcd says.

use super::members::{Known, State};
use bouquet_etcd::messages::maintenance::StatusResponse;
use std::collections::{BTreeMap, BTreeSet};

/// etcd's words for members that have different data, and for a database that has used up its quota.
pub(super) const CORRUPT: &str = "CORRUPT";
pub(super) const NOSPACE: &str = "NOSPACE";

/// Returns the alarms, each of which all members have: the ID of the member that it is of, and its word.
pub(super) fn alarms<'a>(
    statuses: impl Iterator<Item = &'a StatusResponse>,
) -> BTreeSet<(Option<u64>, &'a str)> {
    statuses.flat_map(|status| &status.errors).filter_map(|text| alarm(text)).collect()
}

/// Returns what else etcd says, and the names of those who say it.
pub(super) fn others<'a>(members: &'a [Known<'_>]) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut others: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    // `votes` tells of a leader that there is not.
    for (text, name) in said(members).filter(|(text, _)| !text.contains("no leader")) {
        if alarm(text).is_none() {
            others.entry(text).or_default().push(name);
        }
    }
    others
}

/// Returns what members of the cluster answered, and their names.
fn said<'a, 'b>(members: &'b [Known<'a>]) -> impl Iterator<Item = (&'a str, &'b str)> {
    members.iter().flat_map(|member| {
        let errors = status(member).into_iter().flat_map(|status| &status.errors);
        errors.map(|text| (text.as_str(), member.name.as_str()))
    })
}

/// Returns what a member answered, if it is one of the cluster.
pub(super) fn status<'a>(member: &Known<'a>) -> Option<&'a StatusResponse> {
    member.seen.filter(|_| member.state == State::Up)?.status.as_ref().ok()
}

/// Reads `memberID:10501334649042878790 alarm:NOSPACE `, or `alarm:CORRUPT ` where no member is known: etcd raises it
/// for the member 0 then (`server/etcdserver/corrupt.go`), and protobuf writes no 0.
fn alarm(text: &str) -> Option<(Option<u64>, &str)> {
    let (mut id, mut alarm) = (None, None);
    for word in text.split_whitespace() {
        match word.split_once(':')? {
            ("memberID", value) => id = Some(value.parse().ok()?),
            ("alarm", value) => alarm = Some(value),
            _ => return None,
        }
    }
    Some((id.filter(|id| *id != 0), alarm?))
}
