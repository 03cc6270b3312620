//! A plan as far as it is made.

use crate::plan::commands::{Node, Program, address, chained};
use crate::plan::state::{Seat, State};
use crate::plan::step::{Action, Counts, Place, Step};
use crate::plan::timing::{Round, rounds};
use crate::plan::work::Work;
use crate::running::{Running, RunningMember};
use std::collections::BTreeSet;

/// The steps so far, and the cluster as it is after them.
pub(super) struct SoFar<'a> {
    pub(super) before: &'a Running,
    pub(super) after: &'a Running,
    pub(super) work: Work,
    pub(super) rounds: Vec<Round>,
    pub(super) program: Program<'a>,
    has_unit: bool,
    pub(super) state: State,
    /// Clients still have other endpoints than they are to have.
    pub(super) owes_endpoints: bool,
    /// All were restarted at once, with all that is new.
    pub(super) is_restarted: bool,
    pub(super) steps: Vec<Step>,
}

impl<'a> SoFar<'a> {
    pub(super) fn new(
        work: Work,
        before: &'a Running,
        after: &'a Running,
        program: Program<'a>,
        has_unit: bool,
    ) -> Self {
        let mut state = State::of(before);
        for name in &work.founders {
            if let Some(member) = after.members.get(name) {
                state.waits(name, Seat::of(member));
            }
        }
        Self {
            before,
            after,
            rounds: rounds(&work, before, after),
            owes_endpoints: !work.endpoints.is_empty(),
            work,
            program,
            has_unit,
            state,
            is_restarted: false,
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

    pub(super) fn node_of<'b>(&self, name: &'b str, member: &'b RunningMember) -> Node<'b> {
        Node { name, member, has_unit: self.has_unit }
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

    /// Returns in words that all are up.
    pub(super) fn all_up(&self) -> String {
        match self.state.counts().up {
            0 | 1 => "up for 5 s".to_owned(),
            2 => "both up for 5 s".to_owned(),
            voters => format!("all {voters} up for 5 s"),
        }
    }

    /// Returns how many of the endpoints that a client has answer now, and are not about to leave, and how
    /// many of those that it is to have: of the client that has the fewest.
    pub(super) fn endpoints_up(&self) -> (usize, usize) {
        let stay = self.state.up().filter(|name| !self.work.leaves.contains(*name));
        let seats = stay.filter_map(|name| self.state.seat(name));
        let up: BTreeSet<&String> = seats.flat_map(|seat| &seat.clients).collect();
        let fewest = |running: &Running| {
            let of = |name: &String| running.clients.get(name).map(|client| &client.endpoints);
            let lists = self.work.endpoints.iter().filter_map(of);
            let counts = lists.map(|list| list.iter().filter(|url| up.contains(url)).count());
            counts.min().unwrap_or(0)
        };
        (fewest(self.before), fewest(self.after))
    }
}

fn stops(counts: Counts) -> String {
    match counts.voters {
        voters if voters > 1 && counts.stopped == voters => {
            "all are stopped: nothing answers until a quorum is back".to_owned()
        }
        1 => "the only member: nothing answers until it is back".to_owned(),
        2 => "one of two members: no write succeeds until it is back".to_owned(),
        _ => "fewer than a quorum are up: no write succeeds until it is back".to_owned(),
    }
}
