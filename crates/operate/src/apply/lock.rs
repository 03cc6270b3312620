//! The edge: a run takes the key of its cluster before its first step, and makes sure of it before each further one.

use super::claim::{Claim, Denied, held};
use super::run::Run;
use super::sight::{ELECTION, PAUSE, Sight};
use super::step::needs_no_lock;
use crate::failure::Failure;
use crate::login;
use bouquet_etcd::Error;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::plan::Action;
use std::time::Instant;

impl Run<'_> {
    /// Makes sure that nobody else changes this cluster.
    pub(super) fn is_ours(&mut self, sight: &Sight, action: &Action) -> Result<(), Failure> {
        if let Some(claim) = &self.claim {
            claim.asks(sight.all());
            return Ok(claim.writes()?);
        }
        let cluster = sight.planned.cluster.unwrap_or_default();
        let begin = Instant::now();
        loop {
            let who = (&self.holder, self.warn);
            match Claim::take(&self.eye.asking, cluster, who, sight.all()) {
                Ok(claim) => {
                    self.claim = Some(claim);
                    return Ok(());
                }
                Err(Denied::Held(holder)) => return Err(held(holder).into()),
                // Of a leader that is gone the others hear a moment later.
                Err(Denied::Etcd(Error::NotNow(_) | Error::NoLogin(_) | Error::Unknown(_)))
                    if sight.may_elect() && begin.elapsed() < ELECTION =>
                {
                    std::thread::sleep(PAUSE);
                }
                Err(Denied::Etcd(error)) if self.eye.work.alone && needs_no_lock(action) => {
                    self.says(&format!("    without a lock, which etcd does not give: {error}\n"));
                    return Ok(());
                }
                Err(Denied::Etcd(error)) => return Err(no_lock(&error, action)),
            }
        }
    }
}

/// Reports that etcd gives no lock, as without a quorum or without space.
fn no_lock(error: &Error, action: &Action) -> Failure {
    let problem = Diagnostic::error(format!(
        "etcd gives no lock, so that another `apply` could run at the same time: {error}"
    ));
    let problem = problem.note(format!("this was not begun: {action}"));
    let help = if let Some(help) = login::help(&error.to_string()) {
        help
    } else if needs_no_lock(action) {
        "where nobody else changes this cluster: the same with `--alone`"
    } else {
        "`bouquet doctor` on the nodes, and `status` here, say what etcd lacks"
    };
    problem.help(help).into()
}
