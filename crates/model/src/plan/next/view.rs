//! A situation, counted.

use super::answer::{Move, Next, Place, Refusal};
use super::rules::{Rule, Rules};
use super::situation::{Life, Member, Situation};
use crate::quorum::quorum;

/// A situation with what is asked of it again and again.
#[derive(Debug)]
pub(super) struct View<'a> {
    pub(super) situation: &'a Situation,
    pub(super) voters: usize,
    pub(super) up: usize,
    rules: Rules,
}

impl<'a> View<'a> {
    pub(super) fn of(situation: &'a Situation, rules: Rules) -> Self {
        let mut view = Self { situation, voters: situation.voters(), up: 0, rules };
        view.up = situation.members.iter().filter(|member| view.is_up(member)).count();
        view
    }

    pub(super) fn holds(&self, rule: Rule) -> bool {
        self.rules.hold(rule)
    }

    /// Tells whether a member counts for a quorum.
    pub(super) fn is_up(&self, member: &Member) -> bool {
        let is_sound = member.is_up() || !self.holds(Rule::OwnData);
        member.votes() && member.life == Life::Up && is_sound
    }

    /// Returns the members with their places.
    pub(super) fn members(&self) -> impl Iterator<Item = (Place, &'a Member)> + use<'a> {
        self.situation.members.iter().enumerate()
    }

    /// Returns the first member of a kind.
    pub(super) fn find(&self, is: impl Fn(&Member) -> bool) -> Option<(Place, &'a Member)> {
        self.members().find(|(_, member)| is(member))
    }

    /// Returns how many have a vote without a member, and how many of those are up.
    pub(super) fn without(&self, member: &Member) -> (usize, usize) {
        let voters = self.voters - usize::from(member.votes());
        (voters, self.up - usize::from(self.is_up(member)))
    }

    /// Returns a step, or the snapshot that comes before it.
    pub(super) fn saved(&self, step: Move) -> Move {
        let saves = self.holds(Rule::SnapshotFirst) && self.situation.saves_first;
        if saves { Move::Snapshot } else { step }
    }
}

/// Tells whether writes go on with so many voters, of whom so many are up.
pub(super) const fn writes(voters: usize, up: usize) -> bool {
    up >= quorum(voters)
}

/// Returns a refusal.
pub(super) fn refuse(why: Refusal) -> Next {
    Next::Refuse(why)
}
