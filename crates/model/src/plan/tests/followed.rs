//! A cluster as a reader of a plan would follow it: by the names of steps and by their commands, and by
//! nothing that the planner counts.

use super::cluster::ids;
use crate::change::{Subject, What};
use crate::plan::{Action, Plan, Step, Word};
use crate::running::{Running, RunningMember};
use crate::url::{Scheme, Url};
use crate::version::Minor;
use std::collections::{BTreeMap, BTreeSet};

/// A member on its machine.
#[derive(Debug, Clone)]
struct Seat {
    /// The name that it had, if it is one of those that ran.
    was: Option<String>,
    host: String,
    is_up: bool,
    /// What the list has.
    listed: BTreeSet<String>,
    /// What it listens to its peers by.
    listens: Scheme,
    /// The CA of its certificate, and those that it trusts, without TLS none.
    leaf: Option<u32>,
    trusts: Option<BTreeSet<u32>>,
    minor: Minor,
    data: String,
    clients: Vec<String>,
}

/// Follows all steps of a plan. `cuts_off` has clients lose the members on the way, which the build refuses.
pub(super) fn follow(before: &Running, after: &Running, plan: &Plan, cuts_off: bool) {
    let mut followed = Followed::new(before, after, plan);
    // Where nobody stays, nobody has them any more: what the build refuses.
    let stays = before.members.keys().any(|name| after.members.contains_key(name));
    for step in &plan.steps {
        let but = step.action.member().filter(|_| is_restart(&step.action));
        if stays && !cuts_off && followed.voters() > 2 {
            followed.reaches(but);
        }
        followed.take(step);
    }
    followed.has_arrived();
}

pub(super) fn is_restart(action: &Action) -> bool {
    use Word::{Downgrade, Readdress, Restart, Upgrade};
    matches!(action.word(), Restart | Upgrade | Downgrade | Readdress)
}

pub(super) struct Followed<'a> {
    before: &'a Running,
    after: &'a Running,
    /// The former names by the new ones.
    renamed: BTreeMap<&'a str, &'a str>,
    voters: BTreeMap<String, Seat>,
    learner: Option<(String, Seat)>,
    endpoints: BTreeMap<String, Vec<String>>,
    is_announced: bool,
}

impl<'a> Followed<'a> {
    pub(super) fn new(before: &'a Running, after: &'a Running, plan: &'a Plan) -> Self {
        let seat = |(name, member): (&String, &RunningMember)| {
            (name.clone(), Seat { was: Some(name.clone()), is_up: true, ..seat(name, member) })
        };
        let renamed =
            plan.changes.iter().filter_map(|change| match (&change.subject, &change.what) {
                (Subject::Member(old), What::Renamed { to }) => Some((to.as_str(), old.as_str())),
                _ => None,
            });
        let endpoints = before.clients.iter().map(|(name, c)| (name.clone(), c.endpoints.clone()));
        Self {
            before,
            after,
            renamed: renamed.collect(),
            voters: before.members.iter().map(seat).collect(),
            learner: None,
            endpoints: endpoints.collect(),
            is_announced: false,
        }
    }

    pub(super) fn voters(&self) -> usize {
        self.voters.len()
    }

    /// Takes a step, and returns who has a vote during it, and how many of those are certainly up.
    pub(super) fn take(&mut self, step: &Step) -> (usize, usize) {
        let typed = step.commands.join("\n");
        self.hosts(step, &typed);
        let mut down = 0;
        match &step.action {
            Action::Bring
            | Action::StopClients
            | Action::StopAll
            | Action::RestoreAll
            | Action::StartClients => {
                unreachable!("of a restore from a file")
            }
            Action::StartAgain(_)
            | Action::Lead(_)
            | Action::Compact
            | Action::Defragment(_)
            | Action::CatchUp(_) => unreachable!("nobody was asked"),
            Action::Add(name) => {
                assert!(self.learner.is_none(), "one at a time");
                assert!(!self.voters.contains_key(name), "{name} is there");
                self.learner = Some((name.clone(), seat(name, &self.after.members[name])));
            }
            Action::Start(name) => {
                let (learner, seat) = self.learner.as_mut().expect("it is added first");
                assert_eq!(learner, name, "it is a learner");
                seat.is_up = true;
            }
            Action::Promote(name) => {
                let (learner, seat) = self.learner.take().expect("it is a learner");
                assert_eq!(&learner, name);
                assert!(seat.is_up, "it was started");
                self.voters.insert(learner, seat);
                // It has just got its vote.
                down = 1;
            }
            Action::Remove(name) => {
                let gone = self.voters.remove(name).expect("it is there");
                let id = ids(self.before)[gone.was.as_ref().expect("it ran")];
                assert!(typed.contains(&format!("member remove {id}")), "{typed}");
            }
            Action::Copy(name) => {
                let after = &self.after.members[name];
                let seat = self.voter(name);
                if !typed.contains("/certs/*") && !typed.contains("lay what is in") {
                    // The unit alone.
                } else if let Some(trust) = &after.clients {
                    seat.leaf = Some(trust.issue);
                }
            }
            Action::Restart(_)
            | Action::Upgrade(..)
            | Action::Downgrade(..)
            | Action::Readdress(_) => {
                self.restart(&step.action, &typed);
                down = 1;
            }
            Action::RestartAll | Action::Restore(_) => {
                self.at_once(&step.action, &typed);
                down = self.voters.len();
            }
            Action::Announce(_) => self.is_announced = true,
            Action::Clients { names, between, .. } => {
                for name in names {
                    let built = &self.after.clients[name].endpoints;
                    let dialled = if between.is_empty() { built } else { between };
                    self.endpoints.insert(name.clone(), dialled.clone());
                }
            }
            Action::Look(_)
            | Action::Snapshot(_)
            | Action::Retire(_)
            | Action::Disarm
            | Action::Decide(_)
            | Action::Record => {}
        }
        self.agree(&typed);
        self.counts(down)
    }

    fn counts(&self, down: usize) -> (usize, usize) {
        let up = self.voters.values().filter(|seat| seat.is_up).count();
        (self.voters.len(), up - down)
    }

    fn voter(&mut self, name: &str) -> &mut Seat {
        let old = self.renamed.get(name).copied().unwrap_or(name);
        let is_there = self.voters.contains_key(name);
        self.voters.get_mut(if is_there { name } else { old }).expect("it is there")
    }

    fn restart(&mut self, action: &Action, typed: &str) {
        let name = action.member().expect("a member's").to_owned();
        let old = self.renamed.get(name.as_str()).map_or(name.clone(), |old| (*old).to_owned());
        let mut seat = match self.voters.remove(&name) {
            Some(seat) => seat,
            None => self.voters.remove(&old).expect("it is there"),
        };
        let was = seat.was.clone();
        assert_eq!(was.as_deref().unwrap_or(&name), old, "it is that member");
        let is = self::seat(&name, &self.after.members[&name]);
        if let Some(place) = typed.find("member update ") {
            let words = &typed[place + "member update ".len()..];
            let id = was.map(|was| ids(self.before)[&was].to_string());
            assert_eq!(words.split(' ').next(), id.as_deref(), "{typed}");
            seat.listed.clone_from(&is.listed);
        }
        // Peers in plain text for a round, by an edit of the unit, or by a person's.
        let is_held =
            typed.contains("s|https:|http:|g") || typed.contains("LISTEN_PEER_URLS=http:");
        seat.listens = if is_held { Scheme::Http } else { is.listens };
        // By its own files, or by new ones.
        let lays = typed.contains("install -m 0644") || typed.contains("lay what is in");
        let is_edited = typed.contains("sed -i") || typed.contains("that it has now");
        if lays {
            seat.clients.clone_from(&is.clients);
            if seat.data != is.data {
                let moves = typed.contains(&format!("mv -T {} {}", seat.data, is.data));
                assert!(moves, "{} {}: {typed}", seat.data, is.data);
            }
            seat.data = is.data;
        }
        if typed.contains("/certs/*") || typed.contains("lay what is in") {
            seat.leaf = is.leaf;
        }
        if lays || !is_edited {
            seat.trusts = is.trusts;
        }
        seat.host = is.host;
        if let Action::Upgrade(_, to) | Action::Downgrade(_, to) = action {
            let (from, to) = (seat.minor, to.minor());
            assert!(from.number().abs_diff(to.number()) <= 1, "{from} {to}");
            let is_half_way = self.before.members.values().any(|it| it.version.minor() <= to);
            assert!(to >= from || self.is_announced || is_half_way, "{from} {to}");
            seat.minor = to;
        }
        self.voters.insert(name, seat);
    }

    /// Stops all members before any of them gets anything.
    fn at_once(&mut self, action: &Action, typed: &str) {
        let last_stop = typed.rfind("systemctl stop etcd").or_else(|| typed.rfind(": stop etcd"));
        let first_file = typed.find("scp ").expect("files");
        assert!(last_stop.expect("a stop") < first_file, "{typed}");
        let is_restored = matches!(action, Action::Restore(_));
        let stops =
            typed.matches("systemctl stop etcd").count() + typed.matches(": stop etcd").count();
        assert_eq!(stops, self.voters.len(), "{typed}");
        for (name, seat) in &mut self.voters {
            let is = self::seat(name, &self.after.members[name]);
            assert!(is_restored || (seat.minor, &seat.data) == (is.minor, &is.data), "{typed}");
            assert_eq!((&seat.listed, seat.listens), (&is.listed, is.listens), "{typed}");
            let leaf = if is_restored { seat.leaf } else { is.leaf };
            *seat = Seat { is_up: true, was: seat.was.clone(), leaf, ..is };
        }
    }

    /// Asserts that commands reach the machine of the member that the step is about, and stop nobody else there.
    fn hosts(&self, step: &Step, typed: &str) {
        let Some(name) = step.action.member() else { return };
        let old = self.renamed.get(name).copied().unwrap_or(name);
        let members = [self.before.members.get(old), self.after.members.get(name)];
        let own: BTreeSet<String> = members.into_iter().flatten().map(host).collect();
        let all = typed.lines().filter_map(|line| line.split_once("ssh -n root@"));
        let reached: BTreeSet<&str> = all.filter_map(|(_, rest)| rest.split(' ').next()).collect();
        for host in &reached {
            assert!(own.contains(*host), "{host} is none of {own:?}: {typed}");
            let others = self.voters.iter().filter(|(_, seat)| seat.host == *host);
            let mut others = others.filter(|(other, _)| *other != name && *other != old);
            let lays =
                matches!(step.action, Action::Start(_) | Action::Readdress(_) | Action::Restart(_))
                    && typed.contains("systemctl");
            assert!(!lays || others.next().is_none(), "{host} is another one's: {typed}");
        }
    }

    /// Asserts that members that are up speak with each other.
    fn agree(&self, typed: &str) {
        let up: Vec<(&String, &Seat)> = self.voters.iter().filter(|(_, seat)| seat.is_up).collect();
        for (name, seat) in &up {
            let listed = seat.listed.iter().filter_map(|url| Url::parse(url).ok());
            assert!(
                listed.into_iter().all(|url| url.scheme == seat.listens),
                "{name} is listed as {:?} and listens to {:?}: {typed}",
                seat.listed,
                seat.listens
            );
            for (other, seen) in &up {
                if let (Some(leaf), Some(trusts)) = (seat.leaf, &seen.trusts) {
                    assert!(
                        trusts.contains(&leaf),
                        "{other} refuses {name}, of CA {leaf}: {typed}"
                    );
                }
                // One without files of TLS dials nobody who wants them.
                assert!(
                    seat.trusts.is_some() || seen.listens == Scheme::Http || name == other,
                    "{name} cannot dial {other}: {typed}"
                );
                let apart = seat.minor.number().abs_diff(seen.minor.number());
                assert!(apart <= 1, "{name} and {other} are {apart} minors apart");
            }
        }
    }

    /// Asserts that every client dials a member that has a vote and is up, besides the one that is restarted.
    pub(super) fn reaches(&self, but: Option<&str>) {
        let old = but.and_then(|but| self.renamed.get(but).copied());
        let is_up = |name: &str| but != Some(name) && old != Some(name);
        let up = self.voters.iter().filter(|(name, seat)| is_up(name) && seat.is_up);
        let up: BTreeSet<&String> = up.flat_map(|(_, seat)| &seat.clients).collect();
        // One that is gone was left to a person.
        let stay = |client: &&String| self.after.clients.contains_key(*client);
        for client in self.endpoints.keys().filter(stay) {
            let endpoints = &self.endpoints[client];
            assert!(
                endpoints.iter().any(|url| up.contains(url)),
                "{client}: {endpoints:?}, {up:?}"
            );
        }
    }

    /// Asserts that all is as it is to be.
    pub(super) fn has_arrived(&self) {
        let there: BTreeSet<&String> = self.voters.keys().collect();
        assert_eq!(there, self.after.members.keys().collect::<BTreeSet<_>>());
        for (name, seat) in &self.voters {
            let is = self::seat(name, &self.after.members[name]);
            assert!(seat.is_up, "{name}");
            assert_eq!(
                (&seat.listed, seat.listens, &seat.clients, &seat.data, seat.minor, &seat.trusts),
                (&is.listed, is.listens, &is.clients, &is.data, is.minor, &is.trusts),
                "{name}"
            );
        }
        for (name, client) in &self.after.clients {
            let known = self.endpoints.get(name).unwrap_or(&client.endpoints);
            assert_eq!(known, &client.endpoints);
        }
    }
}

/// Returns a member as it is described.
fn seat(name: &str, member: &RunningMember) -> Seat {
    let listed: BTreeSet<String> = member.peer_urls().into_iter().map(str::to_owned).collect();
    let listens = member.urls("listen-peer-urls").find_map(|url| Url::parse(url).ok());
    Seat {
        was: None,
        host: host(member),
        is_up: false,
        listed,
        listens: listens.expect("a URL").scheme,
        leaf: member.peers.as_ref().map(|trust| trust.issue),
        trusts: trusted(member),
        minor: member.version.minor(),
        data: member.data_dir(name).into_owned(),
        clients: urls(member),
    }
}

fn trusted(member: &RunningMember) -> Option<BTreeSet<u32>> {
    member.peers.as_ref().map(|trust| trust.trust.iter().copied().collect())
}

fn host(member: &RunningMember) -> String {
    let url = member.peer_urls().into_iter().find_map(|url| Url::parse(url).ok());
    url.expect("a URL").host.to_string()
}

fn urls(member: &RunningMember) -> Vec<String> {
    vec![member.options["advertise-client-urls"].clone()]
}
