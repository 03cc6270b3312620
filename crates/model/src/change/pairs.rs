//! Which member of today is which one of tomorrow.

use crate::running::{Running, RunningMember, address};
use std::collections::{BTreeMap, BTreeSet};

/// A member with its name.
pub(super) type Named<'a> = (&'a String, &'a RunningMember);

/// A member as it is and as it is to be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) was: Named<'a>,
    pub(super) is: Named<'a>,
}

/// All members, each once on its side.
#[derive(Debug, Default)]
pub(super) struct Pairs<'a> {
    /// Those that are on both sides.
    pub(super) kept: Vec<Pair<'a>>,
    /// Those that are gone.
    pub(super) removed: Vec<Named<'a>>,
    /// Those that are new.
    pub(super) added: Vec<Named<'a>>,
}

impl Pair<'_> {
    /// Tells whether it has the same name.
    pub(super) fn keeps_its_name(&self) -> bool {
        self.was.0 == self.is.0
    }

    /// Tells whether its peers find it where they look for it, as far as that is known: by the host and
    /// port of one of its peer URLs, or because one of them, of before or after, is where it listens before
    /// and after. So a host's name in the place of its address is no other address.
    pub(super) fn keeps_an_address(&self) -> bool {
        let [was, is] = [self.was, self.is].map(|(_, member)| member.peer_addresses());
        let [listened, listens] =
            [self.was, self.is].map(|(_, member)| listeners(member, "listen-peer-urls"));
        let is_there = |address: &&str| listened.contains(address) && listens.contains(address);
        was.is_empty()
            || is.is_empty()
            || !was.is_disjoint(&is)
            || was.iter().chain(&is).any(is_there)
    }

    /// Tells whether the cluster has to be told of another address.
    pub(super) fn is_readdressed(&self) -> bool {
        let [was, is] = [self.was, self.is].map(|(_, member)| member.peer_addresses());
        !was.is_empty() && !is.is_empty() && was != is
    }
}

impl Pair<'_> {
    /// Returns the host that its peers dialled, and the one that they are to dial, where it has one of each.
    pub(super) fn hosts(&self) -> Option<(&str, &str)> {
        let [was, is] = [self.was, self.is].map(|(_, member)| {
            let addresses = member.peer_addresses();
            let mut hosts = addresses.iter().filter_map(|address| address.rsplit_once(':'));
            hosts.next().map(|(host, _)| host).filter(|_| addresses.len() == 1)
        });
        was.zip(is)
    }
}

/// Pairs the members of two sides: those with a peer URL in common first, by its host and port, because
/// that is what etcd knows a member by; of these, those with the same name first. Then the others by their
/// names.
pub(super) fn pairs<'a>(before: &'a Running, after: &'a Running) -> Pairs<'a> {
    let mut all = Pairs {
        kept: Vec::new(),
        removed: before.members.iter().collect(),
        added: after.members.iter().collect(),
    };
    let meets = |was: &Named<'_>, is: &Named<'_>| {
        !was.1.peer_addresses().is_disjoint(&is.1.peer_addresses())
    };
    let is_called = |was: &Named<'_>, is: &Named<'_>| was.0 == is.0;
    all.take(|was, is| is_called(was, is) && meets(was, is));
    all.take(meets);
    all.take(is_called);
    all.kept.sort_by_key(|pair| pair.was.0);
    all
}

/// Returns by which name each member of `after` is in `before`, where it is: its own, or that of one with a peer
/// URL in common.
pub fn former_names<'a>(before: &'a Running, after: &'a Running) -> BTreeMap<&'a str, &'a str> {
    let kept = pairs(before, after).kept;
    kept.into_iter().map(|pair| (pair.is.0.as_str(), pair.was.0.as_str())).collect()
}

impl<'a> Pairs<'a> {
    /// Moves those of both sides that belong together.
    fn take(&mut self, belong: impl Fn(&Named<'a>, &Named<'a>) -> bool) {
        let (added, kept) = (&mut self.added, &mut self.kept);
        self.removed.retain(|was| {
            let Some(place) = added.iter().position(|is| belong(was, is)) else { return true };
            kept.push(Pair { was: *was, is: added.remove(place) });
            false
        });
    }
}

/// Returns the hosts and ports of such an option.
pub(super) fn listeners<'a>(member: &'a RunningMember, option: &str) -> BTreeSet<&'a str> {
    member.urls(option).map(address).collect()
}
