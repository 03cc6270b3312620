//! What is to be done, gathered from changes: by member and by client, before it gets its order.

use super::between::between;
use super::quota::Quota;
use super::state::Seat;
use super::step::Look;
use crate::change::{Change, Class, Manner, Subject, What};
use crate::effective::QUOTA;
use crate::option::{EtcdOption, OnChange, find};
use crate::running::Running;
use crate::tls_option::files as files_of_tls;
use crate::trust::Side;
use crate::url::{Scheme, Url};
use crate::version::EtcdVersion;
use std::collections::{BTreeMap, BTreeSet};

/// Returns what is to be looked at before an option gets that value.
fn look(option: &str, to: Option<&str>) -> Option<Look> {
    match (option, to) {
        ("client-cert-auth", Some("true")) => Some(Look::Clients),
        ("client-cert-auth", _) => Some(Look::Users),
        ("v2-deprecation", _) => Some(Look::Content),
        _ => None,
    }
}

/// Holds what is to be done. Names are those that members have afterwards, but for those that leave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Work {
    /// Members that take part in the bootstrap and were never recorded.
    pub(super) founders: BTreeSet<String>,
    /// Members that join.
    pub(super) joins: BTreeSet<String>,
    /// Members that leave, by their old names.
    pub(super) leaves: BTreeSet<String>,
    /// Members that get certificates, CAs or a list of revoked ones.
    pub(super) certificates: BTreeSet<String>,
    /// Members whose other files are new.
    pub(super) files: BTreeSet<String>,
    /// Members that are restarted for something other than an etcd or an address.
    pub(super) restarts: BTreeSet<String>,
    /// Members that have other peer URLs, and are restarted with them.
    pub(super) moves: BTreeSet<String>,
    /// What all members are stopped for, before any of them gets its files.
    pub(super) at_once: Option<AtOnce>,
    /// The lower version that etcd is told of before a member gets it.
    pub(super) announced: Option<EtcdVersion>,
    /// Whether peers go to TLS, or to plain text.
    pub(super) peers_switch: bool,
    /// Members that have another scheme in their peer URLs, and no other address.
    pub(super) schemes: BTreeMap<String, Scheme>,
    /// Members that get another etcd.
    pub(super) upgrades: BTreeMap<String, (EtcdVersion, EtcdVersion)>,
    /// Old names, by new ones.
    pub(super) renamed: BTreeMap<String, String>,
    /// New names, by old ones.
    pub(super) renames: BTreeMap<String, String>,
    /// What becomes of the quota.
    pub(super) quota: Quota,
    /// What options ask to be looked at before.
    pub(super) looks: BTreeSet<Look>,
    /// Whether a change of CA is under way.
    pub(super) phases: bool,
    /// Clients that get files.
    pub(super) clients: BTreeSet<String>,
    /// Those of them that get other endpoints.
    pub(super) endpoints: BTreeSet<String>,
    /// What those of them dial until all members have other endpoints, of whose own none stays.
    pub(super) between: BTreeMap<String, Vec<String>>,
    /// Clients that are gone, whose certificates are valid.
    pub(super) gone: BTreeSet<String>,
}

/// Says what all members are stopped for at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AtOnce {
    /// Those that have the new files and those that do not refuse each other.
    Restart,
    /// The new etcd does not start on what runs now, but on a snapshot of it.
    Restore(EtcdVersion),
}

impl Work {
    /// Gathers what these changes ask for. Each kind of change is named here, or nothing compiles.
    pub(super) fn of(changes: &[&Change], before: &Running, after: &Running) -> Self {
        let mut work = Self::default();
        for change in changes {
            if let (What::Renamed { to }, Subject::Member(name)) = (&change.what, &change.subject) {
                work.renamed.insert(to.clone(), name.clone());
                work.renames.insert(name.clone(), to.clone());
            }
        }
        for change in changes {
            let Change { subject, what, class } = *change;
            work.of_manner(change);
            // A founder that is not up yet, or a client that is new, is nothing that etcd would have to be
            // asked, and yet its files go to its machine.
            if *class == Class::Free && *what != What::Added {
                continue;
            }
            match subject {
                Subject::Cluster => work.of_cluster(what, *class, before, after),
                Subject::Member(name) => work.of_member(&work.new_name(name), what, *class, after),
                Subject::Client(name) => work.of_client(name, what),
            }
        }
        work.of_addresses(changes, before, after);
        // Where members join, clients get their endpoints as soon as these have a vote.
        if work.joins.is_empty() {
            work.between = between(changes, before, after);
        }
        work
    }

    /// Adds what it takes besides the work on each machine.
    fn of_manner(&mut self, change: &Change) {
        match (change.manner(), &change.what) {
            (Manner::AllAtOnce, _) => self.at_once = Some(AtOnce::Restart),
            (Manner::Restored, What::Version { to, .. }) => {
                self.at_once = self.at_once.or(Some(AtOnce::Restore(*to)));
            }
            (Manner::Announced, What::Version { to, .. }) => self.announced = Some(*to),
            (Manner::OneByOne | Manner::Announced | Manner::Restored, _) => {}
        }
    }

    /// Adds a change of the cluster's as one of each member that stays.
    fn of_cluster(&mut self, what: &What, class: Class, before: &Running, after: &Running) {
        let stays = |name: &&String| before.members.contains_key(self.old_name(name));
        let staying: Vec<String> = after.members.keys().filter(stays).cloned().collect();
        for name in staying {
            self.of_member(&name, what, class, after);
        }
    }

    fn of_member(&mut self, name: &str, what: &What, class: Class, after: &Running) {
        // etcd does the same by both, or reads it on an empty folder alone: it counts at the next start.
        let is_read_now = class != Class::Copy && !is_of_bootstrap(what);
        let mut files = || {
            self.files.insert(name.to_owned());
            if is_read_now {
                self.restarts.insert(name.to_owned());
            }
        };
        match what {
            What::Option { name: option, from, to } => {
                files();
                if files_of_tls().any(|file| file == option) && to.is_some() {
                    self.certificates.insert(name.to_owned());
                }
                let look = look(option, to.as_deref());
                self.looks.extend(look.filter(|_| class == Class::AskEtcd));
                if option == QUOTA {
                    self.quota.change(from.as_deref(), to.as_deref());
                }
            }
            What::Version { from, to, .. } => {
                self.files.insert(name.to_owned());
                self.upgrades.insert(name.to_owned(), (*from, *to));
            }
            // `of_addresses` sees to the peers' URLs.
            What::Scheme { side, to, .. } => {
                files();
                self.peers_switch |= *side == Side::Peers;
                if *to == Scheme::Https {
                    self.certificates.insert(name.to_owned());
                }
            }
            What::Spelling { .. }
            | What::Renamed { .. }
            | What::Endpoints { .. }
            | What::Unit { .. } => files(),
            What::Trust { from, to, .. } => {
                if from.trust != to.trust {
                    self.restarts.insert(name.to_owned());
                }
                self.phases = true;
                self.certificates.insert(name.to_owned());
            }
            What::Certificate(_) | What::Revocations | What::CommonName { .. } => {
                self.certificates.insert(name.to_owned());
            }
            What::CertsDir { .. } => {
                files();
                self.certificates.insert(name.to_owned());
            }
            What::Added => {
                let state = after.members.get(name).and_then(|m| m.option("initial-cluster-state"));
                let is_founder = state == Some("new");
                let list = if is_founder { &mut self.founders } else { &mut self.joins };
                list.insert(name.to_owned());
            }
            What::Removed => {
                self.leaves.insert(name.to_owned());
            }
            What::Moved { .. } => {
                self.moves.insert(name.to_owned());
            }
            // etcd knows no exchange: `Peer URLs already exists`. So one of them leaves, the other one
            // takes its place, and the first one comes back as a new member.
            What::Swapped { with } => {
                let (one, other) = if name < with.as_str() {
                    (name, with.as_str())
                } else {
                    (with.as_str(), name)
                };
                self.leaves.insert(other.to_owned());
                self.joins.insert(other.to_owned());
                self.moves.insert(one.to_owned());
            }
            // The members that it names have changes of their own.
            What::Several { .. } | What::Quorum { .. } => {}
        }
    }

    fn of_client(&mut self, name: &str, what: &What) {
        match what {
            What::Removed => {
                self.gone.insert(name.to_owned());
            }
            // With the scheme, all its endpoints are others; a new one has had none.
            What::Added | What::Endpoints { .. } | What::Scheme { .. } => {
                self.clients.insert(name.to_owned());
                self.endpoints.insert(name.to_owned());
            }
            What::Option { .. }
            | What::Spelling { .. }
            | What::Several { .. }
            | What::Version { .. }
            | What::Trust { .. }
            | What::Certificate(_)
            | What::Revocations
            | What::Renamed { .. }
            | What::Moved { .. }
            | What::Swapped { .. }
            | What::Quorum { .. }
            | What::CertsDir { .. }
            | What::Unit { .. }
            | What::CommonName { .. } => {
                self.clients.insert(name.to_owned());
            }
        }
    }

    /// Finds the members that stay and get other peer URLs. etcd keeps these in its data, where an option does not
    /// reach them: whatever the changes call it, the member list has to be told.
    fn of_addresses(&mut self, changes: &[&Change], before: &Running, after: &Running) {
        let named: BTreeSet<&str> = changes.iter().filter_map(|change| change.member()).collect();
        let swapped = |name: &str| self.leaves.contains(name);
        let mut found = Vec::new();
        for (name, is) in &after.members {
            let Some(was) = before.members.get(self.old_name(name)) else { continue };
            let (from, to) = (Seat::of(was).peers, Seat::of(is).peers);
            let is_named = named.contains(name.as_str()) || named.contains(self.old_name(name));
            if from != to && is_named && !swapped(name) {
                found.push((name.clone(), scheme_alone(&from, &to)));
            }
        }
        for (name, scheme) in found {
            if let Some(scheme) = scheme {
                self.moves.remove(&name);
                self.schemes.insert(name, scheme);
            } else {
                // Its certificate names the address.
                self.certificates.insert(name.clone());
                self.moves.insert(name);
            }
        }
    }

    /// Returns the name that a member had.
    pub(super) fn old_name<'a>(&'a self, name: &'a str) -> &'a str {
        self.renamed.get(name).map_or(name, String::as_str)
    }

    /// Returns the name that a member is to have.
    pub(super) fn new_name(&self, name: &str) -> String {
        self.renames.get(name).map_or(name, String::as_str).to_owned()
    }

    /// Has a member come as a new one, with all its files: nothing else is done to it.
    pub(super) fn begins_anew(&mut self, name: &str) {
        let lists = [
            &mut self.certificates,
            &mut self.files,
            &mut self.restarts,
            &mut self.moves,
            &mut self.founders,
        ];
        for list in lists {
            list.remove(name);
        }
        self.upgrades.remove(name);
        self.schemes.remove(name);
        self.joins.insert(name.to_owned());
    }

    /// Tells whether a member is restarted where it is, for anything.
    pub(super) fn restarts(&self, name: &str) -> bool {
        let is_new = self.joins.contains(name);
        let is = self.restarts.contains(name) || self.upgrades.contains_key(name);
        !is_new && (is || self.schemes.contains_key(name))
    }
}

impl Change {
    /// Returns the member that it names first.
    fn member(&self) -> Option<&str> {
        match &self.subject {
            Subject::Member(name) => Some(name),
            Subject::Cluster | Subject::Client(_) => None,
        }
    }
}

/// Tells whether etcd reads it on an empty data folder alone.
fn is_of_bootstrap(what: &What) -> bool {
    let on_change = |name: &str| find(name).map(EtcdOption::on_change);
    matches!(what, What::Option { name, .. } if on_change(name) == Some(OnChange::Bootstrap))
}

/// Returns the new scheme, where nothing else differs.
fn scheme_alone(from: &[String], to: &[String]) -> Option<Scheme> {
    let read = |urls: &[String]| -> Option<Vec<Url>> {
        urls.iter().map(|url| Url::parse(url).ok()).collect()
    };
    let (from, to) = (read(from)?, read(to)?);
    let place = |url: &Url| (url.host.clone(), url.port);
    let is_same = from.iter().map(place).collect::<BTreeSet<_>>() == to.iter().map(place).collect();
    to.first().map(|url| url.scheme).filter(|_| is_same)
}
