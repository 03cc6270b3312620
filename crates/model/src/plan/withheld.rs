//! Changes that no plan has steps for, together.

use super::commands::{MovedData, address};
use super::machines::machines;
use super::now::Now;
use super::timing::held;
use super::work::{AtOnce, Work};
use crate::change::speak_with_each_other;
use crate::running::{Running, RunningMember};
use crate::trust::Side;
use crate::version::Minor;
use std::collections::{BTreeMap, BTreeSet};

/// Why a plan has no steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    /// Why, in words.
    pub why: String,
    /// What to do instead, in words.
    pub way: String,
}

/// Returns a reason for which steps would be wrong. With one there are none at all: the last
/// step records everything.
pub(super) fn withheld(
    work: &Work,
    (before, after): (&Running, &Running),
    has_unit: bool,
    now: &Now,
) -> Option<Withheld> {
    let is_seen = now.is_seen;
    let on_machines = || {
        let joins = || joins_on_a_machine_of_another(work, (before, after), now);
        has_unit
            .then(|| joins().or_else(|| addresses_that_go_round(work, (before, after), now)))
            .flatten()
    };
    // One of them is enough to know what to do next.
    names(work, before, after)
        .or_else(on_machines)
        .or_else(|| mixed(work, (before, after), is_seen))
        .or_else(|| joins_with_another_etcd(work, before, after).filter(|_| !is_seen))
        .or_else(|| joins_who_is_refused(work, before, after))
        .or_else(|| inside(work, before, after))
}

/// Refuses a name that means two members in a plan: one that another member has now, or is to have, would lead
/// commands to the wrong one.
fn names(work: &Work, before: &Running, after: &Running) -> Option<Withheld> {
    let is_double = |(new, old): &(&String, &String)| {
        before.members.contains_key(*new) || after.members.contains_key(*old)
    };
    let (new, old) = work.renamed.iter().find(is_double)?;
    let name = if before.members.contains_key(new) { new } else { old };
    Some(Withheld {
        why: format!("{old} is to be {new}, and two members have the name {name}, one now and one then"),
        way: "give new names in several edits, each to a name that no member has; build, roll it out and record \
              it between them"
            .to_owned(),
    })
}

/// Refuses one that joins on a machine where its unit would take the place of that of the member that runs there.
fn joins_on_a_machine_of_another(
    work: &Work,
    (before, after): (&Running, &Running),
    now: &Now,
) -> Option<Withheld> {
    // Of those that were seen, one that is elsewhere by now, or on its way, leaves the machine to others.
    let makes_room = |holder: &str, host: &str| {
        let is_there = now.state.holders(&[], Some(host)).any(|it| it == holder);
        let is_going = work.leaves.contains(holder) || work.moves.contains(&work.new_name(holder));
        now.is_seen && (!is_there || is_going)
    };
    let is_of = machines(before);
    // The one of two that exchange their addresses that comes back, when the other one has left.
    let comes = work.joins.iter().filter(|name| !work.leaves.contains(*name));
    let mut found = comes.filter_map(|name| {
        let host = after.members.get(name).and_then(address)?;
        // Where several run, no unit of that name starts them.
        let [holder] = is_of.get(&host)?.as_slice() else { return None };
        (*holder != name && !makes_room(holder, &host)).then_some((name, host, *holder))
    });
    let (name, host, holder) = found.next()?;
    Some(Withheld {
        why: format!(
            "{name} is new at {host}, where {holder} runs: its unit would take the place of that of {holder}"
        ),
        way: format!(
            "give {name} a machine of its own; or remove {holder}, build, roll it out and record it, and then \
             add {name}, on an empty data folder"
        ),
    })
}

/// Refuses one that joins with another etcd: an older one does not join (`incompatible with current running
/// cluster`), and one that skips a minor does not start on what it is sent.
fn joins_with_another_etcd(work: &Work, before: &Running, after: &Running) -> Option<Withheld> {
    let minors: BTreeSet<Minor> =
        before.members.values().map(|member| member.version.minor()).collect();
    let (least, most) = (*minors.first()?, *minors.last()?);
    let comes = work.joins.iter().filter_map(|name| Some((name, after.members.get(name)?)));
    let mut all = comes.map(|(name, member)| (name, member.version.minor()));
    let (name, minor) =
        all.find(|(_, minor)| *minor < most || minor.number() > least.number() + 1)?;
    let runs = if minor < most { most } else { least };
    Some(Withheld {
        why: format!("{name} is new with etcd {minor}, and cannot join members that run {runs}"),
        way: format!(
            "write an etcd of {runs} for now, build, let {name} join and record it; then change the version, by \
             the steps of that"
        ),
    })
}

/// Refuses one that others refuse: where all members are others, no change of one that stays tells of another
/// scheme, another CA or another TLS.
fn joins_who_is_refused(work: &Work, before: &Running, after: &Running) -> Option<Withheld> {
    let scheme = |member: &RunningMember| member.scheme(Side::Peers);
    let is_refused = |is: &RunningMember| {
        before.members.values().any(|was| {
            let trust = was.peers.as_ref().zip(is.peers.as_ref());
            let tls = trust.is_some_and(|(peers, own)| {
                !peers.trust.contains(&own.issue)
                    || !own.trust.contains(&peers.issue)
                    || !speak_with_each_other(was, is)
            });
            tls || scheme(was).zip(scheme(is)).is_some_and(|(was, is)| was != is)
        })
    };
    let is_meant = |name: &&String| after.members.get(*name).is_some_and(is_refused);
    let name = work.joins.iter().find(is_meant)?;
    Some(Withheld {
        why: format!(
            "{name} is new with another scheme or other CAs than the members that run, or no version of TLS in \
             common with them: they and it would refuse each other"
        ),
        way: format!(
            "let {name} join as the others are, build, roll it out and record it; then change TLS, by the steps \
             of that"
        ),
    })
}

/// Refuses members that take the addresses of each other in a ring, or that of one that stays.
fn addresses_that_go_round(
    work: &Work,
    (before, after): (&Running, &Running),
    now: &Now,
) -> Option<Withheld> {
    let mut hosts: BTreeMap<&str, String> = BTreeMap::new();
    for (name, member) in &before.members {
        let has_left = work.leaves.contains(name) || now.state.get(name).is_none();
        if let Some(host) = address(member).filter(|_| !has_left) {
            hosts.insert(name, host);
        }
    }
    let mut left: Vec<(&String, String)> = Vec::new();
    for name in &work.moves {
        let to = after.members.get(name).and_then(address);
        let from = hosts.get(work.old_name(name));
        left.extend(to.filter(|to| from != Some(to)).map(|to| (name, to)));
    }
    loop {
        let is_free = |(name, to): &(&String, String)| {
            let old = work.old_name(name);
            let mut holders = hosts.iter().filter(|(_, host)| *host == to);
            holders.all(|(holder, _)| *holder == old)
        };
        let Some(place) = left.iter().position(is_free) else { break };
        let (name, to) = left.remove(place);
        hosts.insert(work.old_name(name), to);
    }
    let (name, to) = left.first()?;
    let holder = hosts.iter().find(|(_, host)| *host == to).map(|(holder, _)| *holder)?;
    Some(Withheld {
        why: format!(
            "{name} is to be at {to}, which {holder} has until then, and cannot leave before"
        ),
        way: format!(
            "give {name} an address that no member has, build, roll it out and record it; then the other ones"
        ),
    })
}

/// Refuses a folder that would be moved into itself, or into one that is there.
fn inside(work: &Work, before: &Running, after: &Running) -> Option<Withheld> {
    after.members.iter().find_map(|(name, is)| {
        let old = work.old_name(name);
        let data = MovedData::of((old, name), before.members.get(old)?, is);
        let (from, to) = data.nested()?;
        Some(Withheld {
            why: format!(
                "the data of {name} cannot be moved from {from} to {to}: one is inside the other"
            ),
            way: "write a folder that is beside the former one".to_owned(),
        })
    })
}

/// Refuses what has to be done apart from something else.
fn mixed(work: &Work, (before, after): (&Running, &Running), is_seen: bool) -> Option<Withheld> {
    let moves_data = || {
        after.members.iter().any(|(name, is)| {
            let old = work.old_name(name);
            let was = before.members.get(old);
            was.is_some_and(|was| !MovedData::of((old, name), was, is).is_empty())
        })
    };
    let of_all = [
        (!work.joins.is_empty(), "members that come"),
        (!work.joins.is_empty() || !work.founders.is_empty(), "members that come"),
        (!work.moves.is_empty(), "members at other addresses"),
        (!work.renamed.is_empty(), "members under other names"),
        (!work.leaves.is_empty(), "members that go"),
        (!work.upgrades.is_empty(), "another etcd"),
        (!work.schemes.is_empty(), "another scheme of peers"),
        (moves_data(), "data that goes to other folders, or to another account"),
        // The databases have to be looked at first, by members that may refuse who asks.
        (work.quota.lowered.is_some(), "a lower quota"),
    ];
    let [joins, comes, moved, renamed, leaves, etcd, scheme, data, quota] =
        of_all.map(|(is, what)| is.then_some(what));
    let (kind, others): (&str, &[Option<&str>]) = if work.at_once == Some(AtOnce::Restart) {
        (
            "a change for which all members are stopped at once",
            &[comes, moved, renamed, leaves, etcd, scheme, data, quota],
        )
    } else if work.at_once.is_some() {
        ("an etcd that starts on a snapshot", &[comes, moved, renamed, leaves, scheme, data])
    } else if work.peers_switch {
        ("another scheme of peers", &[comes, moved, renamed, etcd, data])
    } else if work.announced.is_some() {
        ("the way back to an earlier etcd", &[comes, moved, renamed, leaves])
    } else if !work.upgrades.is_empty()
        && (moved.is_some() || (!is_seen && [joins, leaves].iter().any(Option::is_some)))
    {
        // No change of members while they run different versions: of those that are seen, `next` sees to it.
        ("another etcd", &[joins, moved, leaves])
    } else if held(work, before, after).is_some() {
        ("timeouts that change in two rounds", &[comes])
    } else {
        return None;
    };
    let others: Vec<&str> = others.iter().flatten().copied().collect();
    // One that is dead takes tolerance away, whatever the others run.
    let is_dead = (etcd.is_some() && leaves.is_some()).then_some(
        "; one that goes and is dead is removed now: `etcdctl member remove ID`; `done` with its name \
         records that",
    );
    (!others.is_empty()).then(|| Withheld {
        why: format!(
            "{kind} goes apart from {}: each needs the members as they are",
            others.join(", and ")
        ),
        way: format!(
            "take one of them back in cluster.toml, build, roll the other one out and record it; then write the \
             first again{}",
            is_dead.unwrap_or_default()
        ),
    })
}
