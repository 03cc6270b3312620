//! The run: step by step, each the first of a plan that was made right before it.

use super::agreed::Agreed;
use super::claim::{Claim, Holder};
use super::evidence::Before;
use super::hand::Talk;
use super::journal::{Journal, Outcome, Whose};
use super::sight::{Eye, PAUSE, Sight};
use super::step::{Kind, Others, does, kind, needs_quiet};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::show::{HEAD, paint};
use crate::since::since_1970;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::plan::{Action, Plan, Step};
use bouquet_model::version::EtcdVersion;
use std::time::{Duration, Instant, SystemTime};

/// How long the leader, and the members that are up, have to stay the same before a change.
const QUIET: Duration = Duration::from_secs(5);
/// How long a call may take to be seen.
const SEEN: Duration = Duration::from_secs(60);
/// How often a step is tried whose outcome is not known.
const TRIES: usize = 5;

/// A run.
pub(super) struct Run<'a> {
    pub(super) eye: &'a Eye<'a>,
    pub(super) agreed: Agreed,
    /// What was done, and no member tells.
    pub(super) done: Vec<Action>,
    /// A member was changed.
    pub(super) has_done_one: bool,
    /// What was tried, without its outcome being known.
    pub(super) tried: Vec<Action>,
    pub(super) journal: Journal,
    pub(super) whose: Whose<'a>,
    pub(super) claim: Option<Claim>,
    pub(super) holder: Holder,
    pub(super) talk: Talk<'a>,
    pub(super) warn: fn(&str),
    pub(super) others: Others<'a>,
    pub(super) clock: fn() -> SystemTime,
}

impl Run<'_> {
    /// Does one step after the other.
    ///
    /// # Errors
    /// If one fails, or the cluster becomes another than it was to be. What was done stays.
    pub(super) fn carries_out(&mut self) -> Result<Exit, Failure> {
        let mut wait = SEEN;
        loop {
            if let Some(code) = self.claim.as_ref().and_then(Claim::asked) {
                let program = &self.eye.work.planning.basis.program;
                self.says(&format!("stopped, as asked; `{program} plan` shows what is left\n"));
                return Ok(Exit::Command(code));
            }
            let sight = self.quiet(wait)?;
            let Some(step) = self.next(&sight) else {
                let Some(other) = sight.plan.steps.first() else { return Ok(Exit::Done) };
                self.says(&format!("stops here: the next step is \"{}\"\n", other.action));
                return Ok(Exit::Pending);
            };
            let number = self.agreed.number(&step.action).unwrap_or(0);
            let is_its_record = self.eye.work.only.is_some() && step.action == Action::Record;
            if let Some(until) = self.eye.work.until.filter(|until| number > *until)
                && !is_its_record
            {
                self.says(&format!("stops after step {until}, as asked\n"));
                return Ok(Exit::Pending);
            }
            self.says(&self.head(number, &step));
            let Some(sight) = self.goes_on(sight, &step)? else { return Ok(Exit::Pending) };
            self.is_ours(&sight, &step.action)?;
            if let Action::Downgrade(_, to) = &step.action {
                self.are_stored(*to)?;
            }
            wait = match kind(&step.action) {
                Some(Kind::Node) => self.eye.work.wait,
                _ => SEEN,
            };
            self.one(&sight, (number, &step))?;
            if step.action == Action::Record {
                let is_all = sight.plan.steps.len() == 1;
                return Ok(if is_all { Exit::Done } else { Exit::Pending });
            }
        }
    }

    /// Asks before a step, where that is wanted, and looks again after the answer: it may have taken long.
    fn goes_on(&self, sight: Sight, step: &Step) -> Result<Option<Sight>, Failure> {
        if !self.eye.work.pause {
            return Ok(Some(sight));
        }
        match (self.talk.ask)("go on? [y/N] ") {
            Some(true) => {}
            Some(false) => return Ok(None),
            None => {
                return Err(Diagnostic::error("standard input is no terminal: nobody can answer")
                    .help("`--pause` asks before each step; leave it out, or run it at a terminal")
                    .into());
            }
        }
        let again = self.quiet(SEEN)?;
        match self.next(&again) {
            Some(next) if next.action == step.action => Ok(Some(again)),
            _ => Err(self.stopped(&Diagnostic::error(format!(
                "the cluster has changed meanwhile: \"{}\" is not the next step",
                step.action
            )))),
        }
    }

    /// Returns the first step. With a member named, the first of its own: behind copies for others, and restarts of
    /// those that are up and have one alone, which may wait. Where leadership moves for it, that comes first; and once
    /// nothing of its own is left, it is recorded.
    fn next(&self, sight: &Sight) -> Option<Step> {
        let steps = &sight.plan.steps;
        let Some(only) = &self.eye.work.only else { return steps.first().cloned() };
        let mut lead = None;
        let is_its = |step: &Step| {
            let is_around = matches!(step.action, Action::Lead(_) | Action::Snapshot(_));
            !is_around && step.action.member() == Some(only)
        };
        if !steps.iter().any(is_its) {
            let record = steps.iter().find(|step| step.action == Action::Record);
            return record.filter(|_| self.has_done_one).cloned();
        }
        for step in steps {
            match &step.action {
                Action::Snapshot(_) | Action::Look(_) => return Some(step.clone()),
                Action::Lead(_) => lead = Some(step),
                action if action.member() == Some(only) => return lead.or(Some(step)).cloned(),
                Action::Copy(_) => {}
                Action::Restart(name) if sight.is_up(name) && is_once(steps, &step.action) => {
                    lead = None;
                }
                _ => return None,
            }
        }
        None
    }

    /// Looks until all is as it was agreed to, and stays so for a while where the next step needs that.
    fn quiet(&self, within: Duration) -> Result<Sight, Failure> {
        let begin = Instant::now();
        let mut since: Option<(Instant, Sight)> = None;
        let mut is_told = false;
        loop {
            let seen = self.eye.sees(&self.done);
            if let (Ok(sight), Some(claim)) = (&seen, &self.claim) {
                claim.asks(sight.all());
            }
            let other = match &seen {
                Ok(sight) => self.other(&sight.plan),
                Err(failure) => Some(failure.problem.clone()),
            };
            match (seen, other) {
                (Ok(sight), None) if sight.elects(begin.elapsed()) => since = None,
                (Ok(sight), None) => {
                    let is_needed = self.next(&sight).is_some_and(|step| needs_quiet(&step.action));
                    let is_same =
                        since.as_ref().is_some_and(|(_, was)| was.quiet() == sight.quiet());
                    let from = match &since {
                        Some((from, _)) if is_same => *from,
                        _ => Instant::now(),
                    };
                    let is_led = sight.plan.leader.is_some();
                    if !is_needed || (is_led && from.elapsed() >= QUIET) {
                        return Ok(sight);
                    }
                    since = Some((from, sight));
                    if begin.elapsed() > within.max(SEEN) {
                        return Err(self.stopped(&Diagnostic::error(
                            "who leads, or who is up, changes again and again",
                        )));
                    }
                }
                (_, Some(problem)) if begin.elapsed() > within => {
                    return Err(self.stopped(&problem));
                }
                (_, problem) => {
                    if let Some(problem) = problem.filter(|_| !is_told && begin.elapsed() > QUIET) {
                        self.says(&format!("    waits: {}\n", problem.message));
                        is_told = true;
                    }
                    since = None;
                }
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// Returns why a plan made again is not what was agreed to; `None` where it is.
    fn other(&self, plan: &Plan) -> Option<Diagnostic> {
        let end = self.agreed.first_other_end(&plan.withheld);
        let end = end.map(|end| Diagnostic::error(end.why.clone()).help(end.way.clone()));
        end.or_else(|| self.agreed.first_other(&plan.steps).map(other_step))
    }

    /// Does a step, and waits until it is seen, where members show it.
    fn one(&mut self, sight: &Sight, (number, step): (usize, &Step)) -> Result<(), Failure> {
        let compiled = self.eye.compiled;
        let name = step.action.member().unwrap_or_default();
        let before = match step.action {
            Action::Copy(_) => Before::of(&self.eye.sees_certificates(&self.done)?, compiled, name),
            _ => Before::of(sight, compiled, name),
        };
        let is_seen = before.can_show(&step.action);
        let id = sight.id(name).map(|id| id.to_string());
        self.notes((number, step), id.clone(), (Outcome::Begins, None))?;
        let now = since_1970((self.clock)());
        let claim = self.claim.as_ref();
        let ended = does(
            self.eye,
            (sight, claim),
            (number, step),
            (is_seen, now),
            (&self.others, &self.talk),
        );
        let (outcome, why) = match ended {
            Ok(ended) => ended,
            Err(failure) => {
                let why = failure.problem.to_string();
                self.notes((number, step), id, (Outcome::Refused, Some(&why)))?;
                return Err(failure);
            }
        };
        match outcome {
            Outcome::Refused => {
                self.notes((number, step), id, (outcome, why.as_deref()))?;
                let why = why.unwrap_or_else(|| "it was not done".to_owned());
                return Err(self.stopped(&Diagnostic::error(format!("{}: {why}", step.action))));
            }
            // Whether it was done, the next look tells, or the same again on its node.
            Outcome::Unknown if why.is_some() => {
                self.notes((number, step), id, (outcome, why.as_deref()))?;
                self.says(&format!("    {}\n", why.unwrap_or_default()));
                self.tried.push(step.action.clone());
                if self.tried.iter().filter(|tried| **tried == step.action).count() < TRIES {
                    std::thread::sleep(QUIET);
                    return Ok(());
                }
                let message = format!("{}: it is not known whether it was done", step.action);
                return Err(self.stopped(&Diagnostic::error(message)));
            }
            Outcome::Unknown => self.shows(&before, step)?,
            Outcome::Begins | Outcome::Done => {}
        }
        self.ends((number, step), id)
    }

    /// Notes that a step was done.
    fn ends(&mut self, (number, step): (usize, &Step), id: Option<String>) -> Result<(), Failure> {
        self.notes((number, step), id, (Outcome::Done, None))?;
        self.agreed.is_done(&step.action);
        self.has_done_one |= matches!(kind(&step.action), Some(Kind::Node | Kind::Call));
        if !step.action.is_told() {
            self.done.push(step.action.clone());
        }
        if let (Action::Remove(_), Some(claim)) = (&step.action, &self.claim) {
            claim.writes()?;
        }
        Ok(())
    }

    /// Waits until members show that a step was done.
    fn shows(&self, before: &Before, step: &Step) -> Result<(), Failure> {
        let begin = Instant::now();
        let running = &self.eye.work.recording.compiled;
        let is = step.action.member().and_then(|name| running.members.get(name));
        let look = || match step.action {
            Action::Copy(_) => self.eye.sees_certificates(&self.done),
            _ => self.eye.sees(&self.done),
        };
        loop {
            if let Ok(sight) = look() {
                if let Some(claim) = &self.claim {
                    claim.asks(sight.all());
                }
                if before.is_over(&sight, self.eye.compiled, &step.action, is) {
                    return Ok(());
                }
            }
            if begin.elapsed() > self.eye.work.wait {
                return Err(self.stopped(&Diagnostic::error(format!(
                    "no member shows that it was done: {}",
                    step.action
                ))));
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// Waits until all members store as of that minor: etcd does so by itself once it was told, and starts no earlier one
    /// before.
    fn are_stored(&self, to: EtcdVersion) -> Result<(), Failure> {
        let begin = Instant::now();
        while !self.eye.sees(&self.done)?.are_stored(to) {
            if begin.elapsed() > self.eye.work.wait {
                return Err(self.stopped(&Diagnostic::error(format!(
                    "not all members store as etcd {} does",
                    to.minor()
                ))));
            }
            if let Some(claim) = &self.claim {
                claim.writes()?;
            }
            std::thread::sleep(PAUSE);
        }
        Ok(())
    }

    fn notes(
        &mut self,
        step: (usize, &Step),
        id: Option<String>,
        (outcome, why): (Outcome, Option<&str>),
    ) -> Result<(), Failure> {
        let now = since_1970((self.clock)());
        Ok(self.journal.note(self.whose, step, id, (now, outcome, why))?)
    }

    pub(super) fn says(&self, text: &str) {
        (self.talk.say)(text);
    }

    fn head(&self, number: usize, step: &Step) -> String {
        let place = match number {
            // Leadership moves for the step that comes then.
            0 => String::new(),
            number => format!("{number}/{} ", self.agreed.count()),
        };
        format!("{}\n", paint(HEAD, format!("{place}{}", step.action)))
    }

    fn stopped(&self, problem: &Diagnostic) -> Failure {
        let program = &self.eye.work.planning.basis.program;
        let problem = problem
            .clone()
            .note("what was done before stays; files and restarts may be planned again");
        problem
            .help(format!("`{program} plan` shows what is left, `{program} status` what is wrong"))
            .into()
    }
}

/// Tells whether a member is restarted once in these steps.
fn is_once(steps: &[Step], action: &Action) -> bool {
    steps.iter().filter(|step| step.action == *action).count() == 1
}

fn other_step(step: &Step) -> Diagnostic {
    Diagnostic::error(format!(
        "the cluster is not in the expected state: now it needs \"{}\"",
        step.action
    ))
    .note("that step was not shown")
}
