//! The edge: what comes of a start.

use super::node::Node;
use crate::node::joining::Way;
use crate::node::machine::Service;
use crate::node::machine::service;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::quorum::quorum;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, SystemTime};

/// How long to wait for a member to be ready, or to fail.
const READY: Duration = Duration::from_secs(60);

/// How long to wait for a founder, which is not ready before a quorum of them is.
const FOUNDED: Duration = Duration::from_secs(5);

/// Between two looks.
const STEP: Duration = Duration::from_millis(100);

/// What was started, and what is known of the others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Started<'a> {
    pub(super) way: &'a Way,
    /// How many members there are to be.
    pub(super) all: usize,
    /// How many of the others answer.
    pub(super) heard: usize,
}

/// How its unit is.
#[derive(Debug, Clone, Copy)]
pub(super) struct State<'a> {
    /// As systemd has it.
    pub(super) active: &'a str,
    /// An attempt has failed, and systemd waits before the next one.
    pub(super) is_failing: bool,
    /// A process of it has ended since, and another one was started.
    pub(super) was_other: bool,
    /// How long its process has been there.
    pub(super) runs_for: Duration,
    pub(super) waited: Duration,
}

impl Started<'_> {
    /// Returns what has come of it, in words; `None` while that is not known.
    ///
    /// # Errors
    /// If it failed.
    pub(super) fn comes_to(&self, state: &State<'_>) -> Result<Option<String>, &'static str> {
        match state.active {
            "active" => return Ok(Some("runs, and is ready".to_owned())),
            "failed" => return Err(FAILED),
            _ => {}
        }
        let is_late = state.waited >= READY;
        let is_alive = state.active == "activating" && !state.is_failing;
        // One that waits for the others is one process; one that ends and is started again is not.
        let goes_on = is_alive && !state.was_other;
        match self.way {
            Way::Found { running } => {
                if state.waited < FOUNDED || (state.active != "activating" && !is_late) {
                    return Ok(None);
                }
                if !goes_on {
                    return Err(FAILED);
                }
                // One that is alone waits for nobody.
                Ok((self.all > 1 || is_late).then(|| self.founds(running + 1)))
            }
            _ if !is_late => Ok(None),
            // A first attempt may come before all others know of it.
            Way::Join(_) if is_alive && state.runs_for >= READY / 2 => Ok(Some(JOINS.to_owned())),
            // The others may all have been stopped.
            Way::Start if goes_on && self.heard + 1 < quorum(self.all) => Ok(Some(format!(
                "was started, and is not ready: {} of the others answer, and it waits until {} do",
                self.heard,
                quorum(self.all) - 1
            ))),
            Way::Start if goes_on => Err(UNREADY),
            Way::Start | Way::Join(_) => Err(FAILED),
        }
    }

    /// Returns the state of a founder, which is one of so many.
    fn founds(&self, running: usize) -> String {
        let waits = match quorum(self.all).saturating_sub(running) {
            0 => "is about to be ready".to_owned(),
            1 => "waits for one more".to_owned(),
            more => format!("waits for {more} more"),
        };
        format!("was started: {running} of {}, {waits}", self.all)
    }
}

/// It has no data to begin with, and its process would have ended where it may not join.
const JOINS: &str = "was started, and is not ready yet: it gets the data of the others first";
const FAILED: &str = "etcd does not come up";
const UNREADY: &str = "etcd runs, and is not ready after a minute";

/// Says how etcd goes on that was let be, and what it is yet to be restarted for.
pub(super) fn kept(service: &Service, reasons: &[String]) -> String {
    let goes_on = match reasons {
        _ if !service.is_up() => "etcd does not run, and was not started".to_owned(),
        [] => "etcd runs on, and needs no restart".to_owned(),
        reasons => format!("etcd runs on, until it is restarted for {}", reasons.join(", ")),
    };
    format!("is in its place; {goes_on}")
}

impl Node<'_> {
    /// Waits for what comes of it; the state in words. `former` is the process that was restarted, `heard` how many of the
    /// others answer.
    pub(super) fn ends(
        &self,
        (way, former, heard): (Option<&Way>, Option<u32>, usize),
        clock: fn() -> SystemTime,
    ) -> Result<String, Diagnostic> {
        let Some(way) = way else { return Ok("is in its place; etcd was not started".to_owned()) };
        let all = if self.work.sole { 1 } else { self.cluster().members.len() };
        let started = Started { way, all, heard };
        let mut waited = Duration::ZERO;
        let (mut last, mut was_other, mut since) = (None, false, Duration::ZERO);
        loop {
            let is = service(&self.unit(), clock());
            let id = is.process.as_ref().map(|it| it.id);
            // One that is being restarted is active until it stops.
            let is_former = former.is_some() && former == id;
            let id = id.filter(|_| !is_former);
            if id != last {
                was_other |= last.is_some();
                (last, since) = (id, waited);
            }
            let active = if is_former { "deactivating" } else { is.active.as_str() };
            let (is_failing, runs_for) = (is.is_failing(), waited.saturating_sub(since));
            let state = State { active, is_failing, was_other, runs_for, waited };
            if let Some(words) = started.comes_to(&state).map_err(|why| self.failed(why))? {
                return Ok(words);
            }
            sleep(STEP);
            waited += STEP;
        }
    }

    fn failed(&self, message: &str) -> Diagnostic {
        let unit = self.unit();
        let said = Command::new("journalctl")
            .args(["--unit", &unit, "--output=cat", "--no-pager", "--lines=5"])
            .output();
        let mut problem = Diagnostic::error(message);
        if let Ok(said) = said {
            let text = String::from_utf8_lossy(&said.stdout).into_owned();
            problem.notes = text.lines().map(str::to_owned).collect();
        }
        problem.help(format!("all that it said, explained: {}", self.work.explained(&unit)))
    }
}
