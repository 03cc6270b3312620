//! A plan as far as it is made.

use super::left::Left;
use crate::cluster::MemberId;
use crate::plan::commands::{Node, Program, address, chained};
use crate::plan::machines::{machines, shared};
use crate::plan::now::Now;
use crate::plan::state::{Seat, State};
use crate::plan::step::{Action, Counts, Place, Step};
use crate::plan::timing::{Round, rounds};
use crate::plan::work::Work;
use crate::running::{Running, RunningMember};
use std::collections::{BTreeMap, BTreeSet};

/// Holds what the steps' commands have to know.
#[derive(Debug, Clone, Copy)]
pub(in crate::plan) struct Typed<'a> {
    /// The program as it is typed.
    pub(in crate::plan) program: &'a str,
    /// As [`Known::on_node`](crate::plan::Known::on_node).
    pub(in crate::plan) on_node: &'a str,
    /// The members' IDs as far as they are known, by their former names.
    pub(in crate::plan) ids: &'a BTreeMap<String, MemberId>,
    /// As [`Known::token`](crate::plan::Known::token).
    pub(in crate::plan) token: Option<&'a str>,
    /// Whether members are started by the unit in `out/`.
    pub(in crate::plan) has_unit: bool,
    /// The files in each member's folder of `out/`, by one of which it is started.
    pub(in crate::plan) files: &'a [&'a str],
    /// As [`Known::secrets`](crate::plan::Known::secrets).
    pub(in crate::plan) secrets: &'a [&'a str],
    /// Whether the steps are all that it takes: nothing that is compiled is refused.
    pub(in crate::plan) is_whole: bool,
}

/// The steps so far, and the cluster as it is after them.
pub(super) struct SoFar<'a> {
    pub(super) before: &'a Running,
    pub(super) after: &'a Running,
    pub(super) work: Work,
    pub(super) rounds: Vec<Round>,
    pub(super) program: Program<'a>,
    /// As [`Typed::on_node`].
    pub(super) on_node: &'a str,
    /// As [`Typed::token`].
    pub(super) token: Option<&'a str>,
    has_unit: bool,
    files: &'a [&'a str],
    /// As [`Typed::secrets`].
    pub(super) secrets: &'a [&'a str],
    /// The machines that have several members, which no unit of one name can start.
    shared: BTreeSet<String>,
    pub(super) state: State,
    /// Members were asked: who leads is known, and who is up.
    pub(super) is_seen: bool,
    /// Steps may stop all writes for a while.
    pub(super) accepts_downtime: bool,
    /// Those that new members have taken the places of, of which `cluster.lock` has to be told.
    pub(super) replaced: BTreeSet<String>,
    /// As [`Now::new_ids`].
    pub(super) new_ids: BTreeMap<String, MemberId>,
    /// What is still to be done.
    pub(super) left: Left,
    /// The former endpoints of clients that get other ones, and the new ones: each list once.
    lists: [BTreeSet<&'a [String]>; 2],
    pub(super) steps: Vec<Step>,
}

impl<'a> SoFar<'a> {
    pub(super) fn new(
        work: Work,
        now: Now,
        (before, after): (&'a Running, &'a Running),
        program: Program<'a>,
        typed: Typed<'a>,
    ) -> Self {
        let machines = [machines(before), machines(after)];
        let rounds = rounds(&work, before, after);
        Self {
            before,
            after,
            shared: machines.iter().flat_map(shared).map(str::to_owned).collect(),
            lists: lists(&work, before, after),
            left: Left::of(&work, &now, (before, after), rounds.len()),
            rounds,
            work,
            program,
            on_node: typed.on_node,
            token: typed.token,
            has_unit: typed.has_unit,
            files: typed.files,
            secrets: typed.secrets,
            state: now.state,
            replaced: now.replaced,
            new_ids: now.new_ids,
            is_seen: now.is_seen,
            accepts_downtime: now.accepts_downtime,
            steps: Vec::new(),
        }
    }

    /// Adds a step, in which nothing is done after something that failed; but looks are all taken.
    pub(super) fn step(
        &mut self,
        action: Action,
        place: Place,
        commands: Vec<String>,
        counts: Counts,
    ) -> &mut Step {
        let mut notes = Vec::new();
        if counts.tolerates().is_none() {
            notes.push(stops(counts));
        } else if counts.up < counts.quorum() {
            notes.push(
                "from here on both members are needed: look that the new one answers before you go on"
                    .to_owned(),
            );
        }
        let commands = match action {
            Action::Look(_) => commands,
            _ => chained(commands),
        };
        self.steps.push(Step {
            action,
            place,
            commands,
            counts,
            waits_for: None,
            undo: None,
            notes,
        });
        self.steps.last_mut().expect("it was pushed right now")
    }

    /// Returns a member that is to be, with what it is, on its node.
    pub(super) fn node<'b>(&self, name: &'b str) -> Option<Node<'b>>
    where
        'a: 'b,
    {
        Some(self.node_of(name, self.after.members.get(name)?))
    }

    pub(super) fn node_of<'b>(&self, name: &'b str, member: &'b RunningMember) -> Node<'b>
    where
        'a: 'b,
    {
        let is_shared = || address(member).is_some_and(|host| self.shared.contains(&host));
        Node { name, member, has_unit: self.has_unit && !is_shared(), files: self.files }
    }

    /// Tells of a member that gets certificates whether their folder is new; `None` where it gets none.
    pub(super) fn certificates(&self, name: &str) -> Option<bool> {
        let was = self.before.members.get(self.work.old_name(name))?.certs_dir();
        let is = self.after.members.get(name)?.certs_dir();
        is.filter(|_| self.work.certificates.contains(name)).map(|_| is != was)
    }

    /// Returns the folder that has the certificates of before, of a member that gets others: it stays where it is,
    /// if the new ones are in another one, and is given a date otherwise. `None` where it gets none, or had none.
    pub(super) fn former_folder(&self, name: &str) -> Option<String> {
        let is_new = self.certificates(name)?;
        let former = self.before.members.get(self.work.old_name(name))?.certs_dir()?;
        Some(if is_new { former.to_owned() } else { format!("{former}.DATE") })
    }

    /// Returns a member to speak to, which has a vote and is none of these: one that stays as it is,
    /// where there is one.
    pub(super) fn via(&self, but: &[&str]) -> String {
        let voters = || self.state.up().filter(|name| !but.contains(name));
        let stays = |name: &&str| {
            self.before.members.contains_key(*name)
                && self.after.members.contains_key(*name)
                && !self.work.leaves.contains(*name)
                && !self.work.moves.contains(*name)
        };
        let best = voters().find(stays).or_else(|| voters().next());
        best.or_else(|| self.state.up().next()).unwrap_or_default().to_owned()
    }

    /// Says, where a member is to have the address that another one has left or is to leave, that the
    /// address goes to its machine first: nothing is laid there before.
    pub(super) fn address_first(&self, name: &str) -> Option<String> {
        let to_be = address(self.after.members.get(name)?)?;
        let old = self.work.old_name(name);
        // One that is in the list is spoken to where it was, until it is restarted.
        let own = self.state.seat(old).and(self.before.members.get(old)).and_then(address);
        if own.as_ref() == Some(&to_be) {
            return None;
        }
        let besides = own.map(|own| format!(", besides {own}"));
        let has = |running: &Running, name: &str| {
            running.members.get(name).and_then(address).as_ref() == Some(&to_be)
        };
        let mut others = self.before.members.keys().filter(|other| *other != old);
        match others.find(|other| has(self.before, other) && !has(self.after, other)) {
            Some(holder) => Some(format!(
                "# first take the address {to_be} from the machine of {holder} and give it to that of {name}{}",
                besides.unwrap_or_default()
            )),
            None => besides
                .map(|own| format!("# the machine of {name} has the address {to_be} already{own}")),
        }
    }

    /// Tells whether another member has one of the peer URLs that this one is to have, or its machine.
    pub(super) fn is_held(&self, name: &str) -> bool {
        let Some(member) = self.after.members.get(name) else { return false };
        let old = self.work.old_name(name);
        let host = address(member).filter(|host| !self.shared.contains(host));
        let is_other = |holder: &str| holder != old && holder != name;
        let urls = Seat::of(member).peers;
        self.state.holders(&urls, host.as_deref()).any(is_other)
    }

    /// Returns the command before one that stops a member: it waits until all are healthy. The only member
    /// is stopped as it is: what comes may be what puts it right.
    pub(super) fn asks_before(&self) -> Option<String> {
        (self.state.counts().voters > 1).then(|| self.program.healthy_before(&self.state))
    }

    /// Returns in words that all are up.
    pub(super) fn all_up(&self) -> String {
        match self.state.counts().up {
            0 | 1 => "up for 5 s".to_owned(),
            2 => "both up for 5 s".to_owned(),
            voters => format!("all {voters} up for 5 s"),
        }
    }

    /// Returns in words that each answers.
    pub(super) fn all_healthy(&self) -> String {
        match self.state.counts().up {
            0 | 1 => "healthy".to_owned(),
            2 => "both healthy".to_owned(),
            voters => format!("all {voters} healthy"),
        }
    }

    /// Returns the clients that can get other endpoints now: once two of those that they are to have answer, so that
    /// either may be restarted next; with one, where they are about to lose the last that they have.
    pub(super) fn due_endpoints(&self) -> BTreeSet<String> {
        let (have, are_to_have) = self.endpoints_up();
        if are_to_have < 2 && (are_to_have == 0 || have >= 2) {
            return BTreeSet::new();
        }
        let (between, clients) = (&self.work.between, &self.before.clients);
        // A new client has nothing to lose, and waits for two.
        let is_due = |name: &&String| {
            !between.contains_key(*name) && (are_to_have >= 2 || clients.contains_key(*name))
        };
        self.left.endpoints.iter().filter(is_due).cloned().collect()
    }

    /// Returns how many of the endpoints that a client has answer now, and are not about to leave, and how
    /// many of those that it is to have: of the client that has the fewest.
    pub(super) fn endpoints_up(&self) -> (usize, usize) {
        // Those that leave do that after the moves that need no place of theirs.
        let has_moves = self.left.moves.iter().any(|name| !self.is_held(name));
        let stay = self.state.up().filter(|name| has_moves || !self.left.leaves.contains(*name));
        let seats = stay.filter_map(|name| Some((name, self.state.seat(name)?)));
        let all = seats.flat_map(|(name, seat)| seat.clients.iter().map(move |url| (name, url)));
        let up: BTreeMap<&str, &str> = all.map(|(name, url)| (url.as_str(), name)).collect();
        let fewest = |lists: &BTreeSet<&[String]>, is_one: &dyn Fn(&String, &str) -> bool| {
            let counts = |url: &&String| up.get(url.as_str()).is_some_and(|name| is_one(url, name));
            lists.iter().map(|list| list.iter().filter(counts).count()).min()
        };
        // What another member answers at until the one comes that is to have that place, is nothing to dial.
        let has_come = |url: &String, name: &str| {
            let is = self.after.members.get(&self.work.new_name(name));
            !self.left.leaves.contains(name)
                && is.is_some_and(|is| Seat::of(is).clients.contains(url))
        };
        let [have, are_to_have] = &self.lists;
        // Where all clients are new, none loses anything.
        let have = fewest(have, &|_, _| true).unwrap_or(usize::MAX);
        (have, fewest(are_to_have, &has_come).unwrap_or(0))
    }
}

/// Collects lists of endpoints: there may be thousands of clients, and they have few lists among them. Those that
/// have a list for meanwhile are not meant.
fn lists<'a>(work: &Work, before: &'a Running, after: &'a Running) -> [BTreeSet<&'a [String]>; 2] {
    [before, after].map(|running| {
        let meant = work.endpoints.iter().filter(|name| !work.between.contains_key(*name));
        let clients = meant.filter_map(|name| running.clients.get(name));
        clients.map(|client| client.endpoints.as_slice()).collect()
    })
}

fn stops(counts: Counts) -> String {
    match counts.voters {
        2.. if counts.stopped == counts.voters => {
            "all are stopped: nothing answers until a quorum is back".to_owned()
        }
        1 => "the only member: nothing answers until it is back".to_owned(),
        2 => "one of two members: no write succeeds until it is back".to_owned(),
        _ => "fewer than a quorum are up: no write succeeds until it is back".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::running::RunningClient;

    /// A plan for 64 members and 10,000 clients took 20 s when each step looked at each client.
    #[test]
    fn clients_with_the_same_endpoints_are_looked_at_once() {
        let client = RunningClient {
            endpoints: vec!["https://10.0.0.1:2379".into()],
            common_name: true,
            certs_dir: "/certs".into(),
            trust: None,
            certificate: None,
        };
        let names: Vec<String> = (0..100).map(|at| format!("c{at}")).collect();
        let all = names.iter().map(|name| (name.clone(), client.clone()));
        let before = Running { clients: all.collect(), ..Running::default() };
        let work = Work { endpoints: names.into_iter().collect(), ..Work::default() };
        assert_eq!(lists(&work, &before, &before).map(|lists| lists.len()), [1, 1]);
    }
}
