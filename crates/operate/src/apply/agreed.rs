//! What a person agreed to, and what of it is left.

use bouquet_model::plan::{Action, Step, Withheld};

/// The steps that were agreed to, in their parts.
pub(super) struct Agreed {
    parts: Vec<Part>,
    count: usize,
    /// Why there were no further ones.
    withheld: Vec<Withheld>,
}

struct Part {
    /// The number of its step.
    number: usize,
    action: Action,
    is_left: bool,
}

impl Agreed {
    pub(super) fn new(steps: &[Step], withheld: &[Withheld]) -> Self {
        let of = |(step, number): (&Step, usize)| {
            let parts = step.action.parts().into_iter();
            parts.map(move |action| Part { number, action, is_left: true })
        };
        Self {
            parts: steps.iter().zip(1..).flat_map(of).collect(),
            count: steps.len(),
            withheld: withheld.to_vec(),
        }
    }

    /// Returns why no further steps can be planned now, where that was not so.
    pub(super) fn first_other_end<'a>(&self, withheld: &'a [Withheld]) -> Option<&'a Withheld> {
        withheld.iter().find(|it| !self.withheld.contains(it))
    }

    /// Tells how many were shown.
    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// Returns the number of a step, from 1; `None` for one that was not shown, or that is done.
    pub(super) fn number(&self, action: &Action) -> Option<usize> {
        let first = action.parts().into_iter().next()?;
        let part = self.parts.iter().find(|part| part.is_left && part.action == first)?;
        Some(part.number)
    }

    /// Takes one out that is done.
    pub(super) fn is_done(&mut self, action: &Action) {
        for done in action.parts() {
            let mut parts = self.parts.iter_mut();
            if let Some(part) = parts.find(|part| part.is_left && part.action == done) {
                part.is_left = false;
            }
        }
    }

    /// Returns the first step of a plan made again that nobody agreed to. What is missing in it was done by others. That
    /// leadership moves, or that a member catches up, is no matter: it does by itself.
    pub(super) fn first_other<'a>(&self, steps: &'a [Step]) -> Option<&'a Step> {
        let mut left: Vec<&Action> =
            self.parts.iter().filter(|part| part.is_left).map(|part| &part.action).collect();
        let mut takes = |part: Action| {
            let at = left.iter().position(|left| **left == part);
            at.map(|at| left.remove(at)).is_some()
        };
        let is_done = |action: &Action| !matches!(action, Action::Lead(_) | Action::CatchUp(_));
        let mut steps = steps.iter().filter(|step| is_done(&step.action));
        steps.find(|step| !step.action.parts().into_iter().all(&mut takes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bouquet_model::plan::{Counts, Place};

    fn steps(actions: &[Action]) -> Vec<Step> {
        let step = |action: &Action| Step {
            action: action.clone(),
            place: Place::Control,
            commands: Vec::new(),
            counts: Counts { voters: 3, up: 3, stopped: 0 },
            waits_for: None,
            undo: None,
            notes: Vec::new(),
        };
        actions.iter().map(step).collect()
    }

    fn restart(name: &str) -> Action {
        Action::Restart(name.to_owned())
    }

    #[test]
    fn what_was_shown_may_come_in_another_order_or_be_done_already() {
        let agreed = Agreed::new(&steps(&[restart("a"), restart("b"), Action::Record]), &[]);
        let first = |actions: &[Action]| {
            agreed.first_other(&steps(actions)).map(|step| step.action.clone())
        };
        assert_eq!(first(&[restart("b"), restart("a"), Action::Record]), None);
        assert_eq!(first(&[Action::Lead("a".to_owned()), restart("b"), Action::Record]), None);
        assert_eq!(first(&[restart("b"), restart("c")]), Some(restart("c")));
    }

    /// Whether it was shown or not: nobody does it.
    #[test]
    fn that_a_member_catches_up_needs_no_agreement() {
        let catches_up = Action::CatchUp("a".to_owned());
        let promote = Action::Promote("a".to_owned());
        let again = steps(&[catches_up.clone(), promote.clone()]);
        let mut agreed = Agreed::new(&again, &[]);
        agreed.is_done(&catches_up);
        assert_eq!(agreed.first_other(&again), None);
        let agreed = Agreed::new(&steps(&[promote]), &[]);
        assert_eq!(agreed.first_other(&again), None);
        assert_eq!(agreed.first_other(&again[..1]), None);
    }

    #[test]
    fn clients_may_be_done_together_or_one_by_one() {
        let clients = |names: &[&str]| Action::Clients {
            names: names.iter().map(ToString::to_string).collect(),
            entering: Vec::new(),
            leaving: Vec::new(),
            between: Vec::new(),
        };
        let mut agreed = Agreed::new(&steps(&[clients(&["a", "b"]), clients(&["c"])]), &[]);
        let is_agreed = |agreed: &Agreed, names: &[&str]| {
            agreed.first_other(&steps(&[clients(names)])).is_none()
        };
        assert!(is_agreed(&agreed, &["a", "b", "c"]) && !is_agreed(&agreed, &["a", "d"]));
        agreed.is_done(&clients(&["a", "c"]));
        assert!(is_agreed(&agreed, &["b"]) && !is_agreed(&agreed, &["b", "c"]));
    }

    #[test]
    fn a_plan_that_ends_for_another_reason_is_not_what_was_agreed_to() {
        let end = |why: &str| Withheld { why: why.to_owned(), way: String::new() };
        let agreed = Agreed::new(&[], &[end("one")]);
        assert_eq!(agreed.first_other_end(&[end("one")]), None);
        assert_eq!(agreed.first_other_end(&[]), None);
        assert_eq!(agreed.first_other_end(&[end("other")]), Some(&end("other")));
    }

    #[test]
    fn a_step_that_is_done_is_not_agreed_to_again() {
        let mut agreed = Agreed::new(&steps(&[restart("a"), restart("b"), restart("a")]), &[]);
        assert_eq!(agreed.number(&restart("a")), Some(1));
        agreed.is_done(&restart("a"));
        assert_eq!(agreed.number(&restart("a")), Some(3));
        agreed.is_done(&restart("a"));
        assert_eq!(agreed.number(&restart("a")), None);
        let again = steps(&[restart("b"), restart("a")]);
        assert_eq!(agreed.first_other(&again).map(|step| &step.action), Some(&restart("a")));
    }
}
