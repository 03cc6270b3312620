//! The edge: a run looks until all is as it was agreed to, and waits for what comes about by itself.

use super::run::{Run, SEEN, unshown};
use super::sight::{PAUSE, Sight};
use super::step::needs_quiet;
use super::waits::{MOMENT, Waits};
use crate::failure::Failure;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::plan::{Action, Plan, Step};
use std::time::{Duration, Instant};

/// How long the leader, and the members that are up, have to stay the same before a change.
const QUIET: Duration = Duration::from_secs(5);

/// What a look has found.
enum Found {
    /// What was agreed to.
    Expected(Box<Sight>),
    /// The same, once members have a leader.
    Leaderless,
    /// The same, once that member has caught up, which has come so far.
    Behind(String, String),
    /// Something else, or nothing.
    Other(Diagnostic),
}

impl Run<'_> {
    /// Looks until all is as it was agreed to, and stays so for a while where the next step needs that.
    pub(super) fn quiet(&self, within: Duration) -> Result<Sight, Failure> {
        self.settled(within, needs_quiet)
    }

    /// Looks until all is as it was agreed to.
    pub(super) fn expected(&self, within: Duration) -> Result<Sight, Failure> {
        self.settled(within, |_| false)
    }

    fn settled(
        &self,
        within: Duration,
        needs_quiet: fn(&Action) -> bool,
    ) -> Result<Sight, Failure> {
        let begin = Instant::now();
        // What a member takes to catch up is no time that anything else has taken.
        let mut since = begin;
        let mut calm: Option<(Instant, Box<Sight>)> = None;
        let mut waits = Waits::default();
        let say = self
            .talk
            .patience
            .between("looking at the members before the next step", self.talk.say);
        loop {
            match self.found(since.elapsed()) {
                Found::Expected(sight) => {
                    let is_needed = self.next(&sight).is_some_and(|step| needs_quiet(&step.action));
                    let is_same =
                        calm.as_ref().is_some_and(|(_, was)| was.quiet() == sight.quiet());
                    let from = match &calm {
                        Some((from, _)) if is_same => *from,
                        _ => Instant::now(),
                    };
                    let is_led = sight.plan.leader.is_some();
                    if !is_needed || (is_led && from.elapsed() >= QUIET) {
                        return Ok(*sight);
                    }
                    calm = Some((from, sight));
                    let what = "who leads, or who is up, changes again and again";
                    if since.elapsed() > within.max(SEEN) {
                        return Err(self.stopped(&Diagnostic::error(what)));
                    }
                    if since.elapsed() > 2 * QUIET {
                        waits.tells((what, ""), &say);
                    }
                }
                Found::Leaderless => {
                    calm = None;
                    waits.tells(("no member leads", ""), &say);
                }
                Found::Behind(name, progress) => {
                    (calm, since) = (None, Instant::now());
                    let what = format!("{name} has not caught up");
                    waits.tells((&what, &progress), &say);
                    if begin.elapsed() > self.eye.work.wait {
                        return Err(self.stopped(&behind(&name, &progress, self.eye.on_node())));
                    }
                }
                Found::Other(problem) => {
                    calm = None;
                    let lasts = waits.tells((&problem.message, ""), &say);
                    // One look that fails says nothing of the cluster.
                    if since.elapsed() > within && lasts >= MOMENT.min(within) {
                        return Err(self.stopped(&problem));
                    }
                }
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// Looks once with the certificates that members serve. A look that fails says nothing of the cluster, and is taken again.
    pub(super) fn with_certificates(&self) -> Result<Sight, Failure> {
        let begin = Instant::now();
        loop {
            match self.eye.sees_certificates(&self.done) {
                Err(_) if begin.elapsed() < SEEN => std::thread::sleep(PAUSE),
                seen => return seen,
            }
        }
    }

    /// Looks once; `after` so long a time.
    fn found(&self, after: Duration) -> Found {
        let sight = match self.eye.sees(&self.done) {
            Ok(sight) => sight,
            Err(failure) => return Found::Other(failure.problem),
        };
        if let Some(claim) = &self.claim {
            claim.asks(sight.all());
        }
        if let Some(other) = self.other(&sight.plan) {
            return Found::Other(other);
        }
        if sight.elects(after) {
            return Found::Leaderless;
        }
        let next = self.next(&sight);
        let its = match next.as_ref().map(|step| &step.action) {
            Some(Action::CatchUp(name)) => Some(name.as_str()),
            _ => None,
        };
        match sight.catches_up().or(its) {
            Some(name) => Found::Behind(name.to_owned(), sight.progress(name)),
            None => Found::Expected(Box::new(sight)),
        }
    }

    /// Returns why a plan made again is not what was agreed to; `None` where it is.
    fn other(&self, plan: &Plan) -> Option<Diagnostic> {
        let end = self.agreed.first_other_end(&plan.withheld);
        let end = end.map(|end| Diagnostic::error(end.why.clone()).help(end.way.clone()));
        let other = |step| other_step(step, self.said.as_ref());
        end.or_else(|| self.agreed.first_other(&plan.steps).map(other))
    }
}

fn behind(name: &str, progress: &str, on_node: &str) -> Diagnostic {
    Diagnostic::error(format!("{name} has not caught up: {progress}"))
        .help("the same again goes on waiting; `--wait` says for how long")
        .help(format!("where it does not come further, `{on_node} doctor` on its node says why"))
}

/// Reports a step that nobody agreed to; or, where it is the one that was `said` to be done, that no member shows it.
fn other_step(step: &Step, said: Option<&Action>) -> Diagnostic {
    if said == Some(&step.action) {
        return Diagnostic::error(unshown(&step.action))
            .note(format!("it was said to be done: {}", step.action));
    }
    Diagnostic::error(format!(
        "the cluster is not in the expected state: now it needs \"{}\"",
        step.action
    ))
    .note("that step was not shown")
}

#[cfg(test)]
mod tests {
    use super::*;
    use bouquet_model::plan::{Counts, Place};

    #[test]
    fn a_step_that_was_said_to_be_done_is_not_one_that_nobody_agreed_to() {
        let start = Action::Start("orange".to_owned());
        let step = Step {
            action: start.clone(),
            place: Place::Control,
            commands: Vec::new(),
            counts: Counts { voters: 3, up: 3, stopped: 0 },
            waits_for: None,
            undo: None,
            notes: Vec::new(),
        };
        let other = Action::Start("pink".to_owned());
        for said in [None, Some(&other)] {
            let message = other_step(&step, said).message;
            assert!(message.ends_with("now it needs \"install and start orange\""), "{message}");
        }
        let unseen = other_step(&step, Some(&start));
        assert!(unseen.message.starts_with("orange does not answer yet"), "{}", unseen.message);
        assert_eq!(unseen.notes, ["it was said to be done: install and start orange"]);
    }
}
