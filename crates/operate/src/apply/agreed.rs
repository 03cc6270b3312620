//! What somebody agreed to, and what of it is left.

use bouquet_model::plan::{Action, Step};

/// The steps that were agreed to.
pub(super) struct Agreed {
    /// All of them, as they were shown.
    shown: Vec<Action>,
    /// Which of them are still to be done.
    left: Vec<bool>,
}

impl Agreed {
    pub(super) fn new(steps: &[Step]) -> Self {
        let shown: Vec<Action> = steps.iter().map(|step| step.action.clone()).collect();
        Self { left: vec![true; shown.len()], shown }
    }

    /// How many were shown.
    pub(super) fn len(&self) -> usize {
        self.shown.len()
    }

    /// Returns the number of a step, from 1; `None` for one that was not shown, or that is done.
    pub(super) fn number(&self, action: &Action) -> Option<usize> {
        let mut all = self.shown.iter().zip(&self.left);
        all.position(|(shown, is_left)| *is_left && shown == action).map(|at| at + 1)
    }

    /// Takes one out that is done.
    pub(super) fn is_done(&mut self, action: &Action) {
        if let Some(number) = self.number(action) {
            self.left[number - 1] = false;
        }
    }

    /// Returns the first step of a plan made anew that nobody agreed to. What is missing in it was done by others. That
    /// leadership moves is no matter: it does by itself.
    pub(super) fn first_other<'a>(&self, steps: &'a [Step]) -> Option<&'a Step> {
        let mut left = self.left.clone();
        steps.iter().filter(|step| !matches!(step.action, Action::Lead(_))).find(|step| {
            let mut all = self.shown.iter().zip(&mut left);
            let found = all.find(|(shown, is_left)| **is_left && **shown == step.action);
            found.map(|(_, is_left)| *is_left = false).is_none()
        })
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
        let agreed = Agreed::new(&steps(&[restart("a"), restart("b"), Action::Record]));
        let first = |actions: &[Action]| {
            agreed.first_other(&steps(actions)).map(|step| step.action.clone())
        };
        assert_eq!(first(&[restart("b"), restart("a"), Action::Record]), None);
        assert_eq!(first(&[Action::Lead("a".to_owned()), restart("b"), Action::Record]), None);
        assert_eq!(first(&[restart("b"), restart("c")]), Some(restart("c")));
    }

    #[test]
    fn a_step_that_is_done_is_not_agreed_to_again() {
        let mut agreed = Agreed::new(&steps(&[restart("a"), restart("b"), restart("a")]));
        assert_eq!(agreed.number(&restart("a")), Some(1));
        agreed.is_done(&restart("a"));
        assert_eq!(agreed.number(&restart("a")), Some(3));
        agreed.is_done(&restart("a"));
        assert_eq!(agreed.number(&restart("a")), None);
        let again = steps(&[restart("b"), restart("a")]);
        assert_eq!(agreed.first_other(&again).map(|step| &step.action), Some(&restart("a")));
    }
}
