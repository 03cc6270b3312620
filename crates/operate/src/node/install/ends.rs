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
        let (wait, founders) = match way {
            Way::Found { running } => (FOUNDED, Some(running + 1)),
            Way::Start | Way::Join(_) => (READY, None),
        };
        let is_former =
            |is: &Service| former.is_some() && former == is.process.as_ref().map(|it| it.id);
        let step = Duration::from_millis(100);
        let mut waited = Duration::ZERO;
        let (mut first, mut is_steady) = (None, true);
        loop {
            let is = service(&self.unit(), clock());
            let all = self.cluster().members.len();
            // One that waits for the others is one process; one that ends and is started again is not.
            let id = is.process.as_ref().map(|it| it.id).filter(|id| Some(*id) != former);
            is_steady &= first.is_none() || id == first;
            first = first.or(id);
            match (is.active.as_str(), founders) {
                // One that is being restarted is active until it stops.
                ("active", _) if is_former(&is) => {}
                ("active", _) => return Ok("runs, and is ready".to_owned()),
                ("failed", _) => return Err(self.failed()),
                ("activating", Some(_)) if waited >= wait && (!is_steady || is.is_failing()) => {
                    return Err(self.failed());
                }
                ("activating", Some(running)) if waited >= wait => {
                    let lacks = quorum(all).saturating_sub(running);
                    let waits = match lacks {
                        0 => "is about to be ready".to_owned(),
                        1 => "waits for one more".to_owned(),
                        more => format!("waits for {more} more"),
                    };
                    return Ok(format!("was started: {running} of {all}, {waits}"));
                }
                // The others may all have been stopped.
                ("activating", None)
                    if waited >= wait
                        && is_steady
                        && !is.is_failing()
                        && matches!(way, Way::Start)
                        && heard + 1 < quorum(all) =>
                {
                    return Ok(format!(
                        "was started, and is not ready: {heard} of the others answer, and it waits until {} do",
                        quorum(all) - 1
                    ));
                }
                _ if waited >= READY => return Err(self.failed()),
                _ => {}
            }
            sleep(step);
            waited += step;
        }
    }

    fn failed(&self) -> Diagnostic {
        let unit = self.unit();
        let said = Command::new("journalctl")
            .args(["--unit", &unit, "--output=cat", "--no-pager", "--lines=5"])
            .output();
        let mut problem = Diagnostic::error("etcd does not come up");
        if let Ok(said) = said {
            let text = String::from_utf8_lossy(&said.stdout).into_owned();
            problem.notes = text.lines().map(str::to_owned).collect();
        }
        problem.help(format!(
            "all that it said, explained: `journalctl -u {unit} | {} doctor --log -`",
            self.work.program
        ))
    }
}
