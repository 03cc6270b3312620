//! The run: step by step, each the first of a plan that was made right before it.

use super::agreed::Agreed;
use super::claim::{Claim, Holder};
use super::end::End;
use super::evidence::Before;
use super::hand::Talk;
use super::journal::{Journal, Outcome, Whose};
use super::sight::{Eye, PAUSE, Sight};
use super::step::{Kind, Others, does, kind};
use super::waits::{MOMENT, Waits};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::show::{HEAD, paint};
use crate::since::since_1970;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::plan::{Action, Step};
use bouquet_model::version::EtcdVersion;
use std::time::{Duration, Instant, SystemTime};

/// How long what was done may take to be seen.
pub(super) const SEEN: Duration = Duration::from_secs(60);
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
    /// The last step, where its end is the word of a person, or of a program.
    pub(super) said: Option<Action>,
    /// What was tried, without its outcome being known.
    pub(super) tried: Vec<Action>,
    pub(super) journal: Journal,
    pub(super) whose: Whose<'a>,
    pub(super) claim: Option<Claim>,
    /// Why it goes on without one, as it was said.
    pub(super) without: Option<String>,
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
        self.takes_lock()?;
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
            if !self.is_ours(&sight, &step.action)? {
                // What was seen is of before it was waited for.
                continue;
            }
            self.says(&self.head(number, &step));
            let Some(sight) = self.goes_on(sight, &step)? else { return Ok(Exit::Pending) };
            if let Action::Downgrade(_, to) = &step.action {
                self.are_stored(*to)?;
            }
            wait = self.one(&sight, (number, &step))?;
            if step.action == Action::Record {
                let is_all = sight.plan.steps.len() == 1;
                return Ok(if is_all { Exit::Done } else { Exit::Pending });
            }
        }
    }

    /// Takes the lock before a step is decided: what is seen from then on, no other run changes.
    fn takes_lock(&mut self) -> Result<(), Failure> {
        let sight = self.expected(SEEN)?;
        match self.next(&sight) {
            Some(step) => self.is_ours(&sight, &step.action).map(drop),
            None => Ok(()),
        }
    }

    /// Asks before a step, where that is wanted, and looks again after the answer: it may have taken long.
    fn goes_on(&mut self, sight: Sight, step: &Step) -> Result<Option<Sight>, Failure> {
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
            Some(next) if next.action == step.action => {
                self.is_ours(&again, &step.action)?;
                Ok(Some(again))
            }
            _ => Err(self.stopped(&Diagnostic::error(format!(
                "the cluster has changed meanwhile: \"{}\" is not the next step",
                step.action
            )))),
        }
    }

    /// Returns the first step. With a member named, the first of its own: behind copies for others, and restarts of
    /// those that are up and have one alone, which may wait. Where leadership moves for it, that comes first; and once
    /// nothing of its own is left, it is recorded.
    pub(super) fn next(&self, sight: &Sight) -> Option<Step> {
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

    /// Does a step, and waits until it is seen, where members show it; for how long what comes of it may be waited for.
    fn one(&mut self, sight: &Sight, (number, step): (usize, &Step)) -> Result<Duration, Failure> {
        let of = (self.eye.compiled, self.eye.work.planning.basis.program.as_str());
        let name = step.action.member().unwrap_or_default();
        let before = match step.action {
            Action::Copy(_) => Before::of(&self.with_certificates()?, of, name),
            _ => Before::of(sight, of, name),
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
        let ended = match ended {
            Ok(ended) => ended,
            Err(failure) => {
                let why = failure.problem.to_string();
                self.notes((number, step), id, (Outcome::Refused, Some(&why)))?;
                return Err(failure);
            }
        };
        match ended {
            End::Done | End::Said => {}
            End::Begun => self.shows(&before, step)?,
            ended => return self.is_not_done((number, step), id, &ended),
        }
        self.ends((number, step), id)?;
        self.said = (ended == End::Said).then(|| step.action.clone());
        let is_said = ended == End::Said && kind(&step.action) == Some(Kind::Node);
        Ok(if is_said { self.eye.work.wait } else { SEEN })
    }

    /// Notes that a step was not done, or that nobody knows: whether it was, the next look tells, or the same again on its
    /// node.
    fn is_not_done(
        &mut self,
        (number, step): (usize, &Step),
        id: Option<String>,
        ended: &End,
    ) -> Result<Duration, Failure> {
        if let Some(noted) = ended.noted() {
            self.notes((number, step), id, noted)?;
        }
        let action = &step.action;
        let (message, why) = match ended {
            End::NotNow(why) => (format!("{action}: it was not done: {why}"), why),
            End::Unknown(why) => {
                (format!("{action}: it is not known whether it was done: {why}"), why)
            }
            ended => {
                let why = ended.noted().and_then(|(_, why)| why).unwrap_or("it was not done");
                return Err(self.stopped(&Diagnostic::error(format!("{action}: {why}"))));
            }
        };
        self.tried.push(action.clone());
        if self.tried.iter().filter(|tried| *tried == action).count() < TRIES {
            self.says(&format!("    {why}\n"));
            std::thread::sleep(MOMENT);
            return Ok(SEEN);
        }
        Err(self.stopped(&Diagnostic::error(message).note(format!("it was tried {TRIES} times"))))
    }

    /// Notes that a step was done.
    fn ends(&mut self, (number, step): (usize, &Step), id: Option<String>) -> Result<(), Failure> {
        self.notes((number, step), id, (Outcome::Done, None))?;
        self.agreed.is_done(&step.action);
        self.tried.retain(|tried| *tried != step.action);
        self.has_done_one |= matches!(kind(&step.action), Some(Kind::Node | Kind::Call));
        if !step.action.is_told() {
            self.done.push(step.action.clone());
        }
        match &step.action {
            Action::Remove(_) => self.takes_writes(),
            _ => Ok(()),
        }
    }

    /// Waits until members show that a step was done.
    fn shows(&self, before: &Before, step: &Step) -> Result<(), Failure> {
        let begin = Instant::now();
        let running = &self.eye.work.recording.compiled;
        let is = step.action.member().and_then(|name| running.members.get(name));
        let of = (self.eye.compiled, self.eye.work.planning.basis.program.as_str());
        let look = || match step.action {
            Action::Copy(_) => self.eye.sees_certificates(&self.done),
            _ => self.eye.sees(&self.done),
        };
        let what = unshown(&step.action);
        let mut waits = Waits::default();
        let say = self.talk.patience.between(what.as_str(), self.talk.say);
        loop {
            if let Ok(sight) = look() {
                if let Some(claim) = &self.claim {
                    claim.asks(sight.all());
                }
                if before.is_over(&sight, of, &step.action, is) {
                    return Ok(());
                }
            }
            if begin.elapsed() > self.eye.work.wait {
                return Err(self.stopped(&Diagnostic::error(format!(
                    "no member shows that it was done: {}",
                    step.action
                ))));
            }
            waits.tells((&what, ""), &say);
            std::thread::sleep(PAUSE);
        }
    }

    /// Waits until all members store as of that minor: etcd does so by itself once it was told, and starts no earlier one
    /// before.
    fn are_stored(&self, to: EtcdVersion) -> Result<(), Failure> {
        let (begin, mut waits) = (Instant::now(), Waits::default());
        let message = format!("not all members store as etcd {} does", to.minor());
        let say = self.talk.patience.between(message.clone(), self.talk.say);
        loop {
            let seen = self.eye.sees(&self.done);
            if seen.as_ref().is_ok_and(|sight| sight.are_stored(to)) {
                return Ok(());
            }
            if begin.elapsed() > self.eye.work.wait {
                let why = seen.err().map(|failure| failure.problem.message);
                let problem = Diagnostic::error(message);
                return Err(self.stopped(&why.into_iter().fold(problem, Diagnostic::note)));
            }
            self.takes_writes()?;
            waits.tells((&message, ""), &say);
            std::thread::sleep(PAUSE);
        }
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

    pub(super) fn stopped(&self, problem: &Diagnostic) -> Failure {
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

/// Says what members do not show yet of a step.
pub(super) fn unshown(action: &Action) -> String {
    match action {
        Action::Start(name) => {
            format!("{name} does not answer yet: it gets the data of the others first")
        }
        action => format!("no member shows yet that it was done: {action}"),
    }
}
