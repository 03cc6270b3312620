//! The edge: a run takes the key of its cluster before its first step, and makes sure of it before each further one.

use super::claim::{Claim, Denied, held, lost};
use super::run::Run;
use super::sight::{ELECTION, Lack, PAUSE, Sight};
use super::step::needs_no_lock;
use super::waits::Waits;
use crate::failure::Failure;
use crate::login;
use bouquet_etcd::Error;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::plan::{Action, last_way};
use std::time::Instant;

impl Run<'_> {
    /// Makes sure that nobody else changes this cluster. Tells whether a step may be decided by what was seen before: not
    /// where the lock is new, or was waited for.
    ///
    /// # Errors
    /// If another run has the lock, or etcd gives none, and this step is not done without one.
    pub(super) fn is_ours(&mut self, sight: &Sight, action: &Action) -> Result<bool, Failure> {
        let (begin, mut waits) = (Instant::now(), Waits::default());
        let is_new = self.claim.is_none();
        let mut was_denied = false;
        let (patience, say) = (self.talk.patience, self.talk.say);
        let say = patience.between("asking etcd for the lock", say);
        loop {
            let error = match self.holds(sight) {
                Ok(()) => {
                    self.without = None;
                    return Ok(!is_new && !was_denied);
                }
                Err(Denied::Held(holder)) if is_new => return Err(held(holder).into()),
                Err(Denied::Held(holder)) => return Err(lost(holder).into()),
                Err(Denied::Etcd(error)) => error,
            };
            let lack = sight.lacks();
            if self.eye.work.alone && lack.is_some_and(|lack| needs_no_lock(action, lack)) {
                drop(say);
                self.goes_on_without(&error);
                return Ok(true);
            }
            // Of a leader that is gone the others hear a moment later.
            if !is_passing(&error) || !sight.may_elect() || begin.elapsed() >= ELECTION {
                let program = &self.eye.work.planning.basis.program;
                return Err(no_lock(&error, is_new, (action, lack), (program, self.eye.on_node())));
            }
            was_denied = true;
            waits.tells(("etcd gives no lock", &error.to_string()), &say);
            std::thread::sleep(PAUSE);
        }
    }

    /// Takes the lock, or writes it once more.
    fn holds(&mut self, sight: &Sight) -> Result<(), Denied> {
        if let Some(claim) = &self.claim {
            claim.asks(sight.all());
            return claim.writes();
        }
        let cluster = sight.planned.cluster.unwrap_or_default();
        let who = (&self.holder, self.warn);
        self.claim = Some(Claim::take(&self.eye.asking, cluster, who, sight.all())?);
        Ok(())
    }

    /// Says once why there is no lock.
    fn goes_on_without(&mut self, error: &Error) {
        let why = error.to_string();
        if self.without.as_ref() != Some(&why) {
            self.says(&format!("    without a lock, which etcd does not give: {why}\n"));
            self.without = Some(why);
        }
    }

    /// Waits for a write that succeeds, where this run has the lock.
    ///
    /// # Errors
    /// If it has lost it, or none does.
    pub(super) fn takes_writes(&self) -> Result<(), Failure> {
        let Some(claim) = &self.claim else { return Ok(()) };
        let begin = Instant::now();
        loop {
            match claim.writes() {
                Ok(()) => return Ok(()),
                Err(Denied::Held(holder)) => return Err(lost(holder).into()),
                // An alarm stays until it is switched off, which is a step of its own.
                Err(Denied::Etcd(_)) if self.without.is_some() => return Ok(()),
                Err(Denied::Etcd(error)) if !is_passing(&error) || begin.elapsed() >= ELECTION => {
                    let problem = Diagnostic::error(format!("etcd takes no write: {error}"));
                    return Err(self.stopped(&problem));
                }
                Err(Denied::Etcd(_)) => std::thread::sleep(PAUSE),
            }
        }
    }
}

/// Tells whether the same may be done a moment later.
const fn is_passing(error: &Error) -> bool {
    matches!(
        error,
        Error::NotNow(_) | Error::NoLogin(_) | Error::Unknown(_) | Error::Unreachable(_)
    )
}

/// Reports that etcd gives no lock, as without a quorum or without space.
fn no_lock(
    error: &Error,
    is_new: bool,
    (action, lack): (&Action, Option<Lack>),
    (program, on_node): (&str, &str),
) -> Failure {
    let what = if is_new {
        "etcd gives no lock, so that another `apply` could run at the same time"
    } else {
        "etcd takes no write, so that it is not known whether this `apply` still has its lock"
    };
    let problem = Diagnostic::error(format!("{what}: {error}"));
    let problem = problem.note(format!("this was not begun: {action}"));
    let help = match (login::help(&error.to_string()), lack) {
        (Some(help), _) => help.to_owned(),
        (None, Some(lack)) if needs_no_lock(action, lack) => {
            "where nobody else changes this cluster: the same with `--alone`".to_owned()
        }
        (None, Some(_)) => {
            format!(
                "`--alone` does what ends that, and this step does not: see what `{program} status` says, and take out of \
                 cluster.toml for now what else is changed there"
            )
        }
        (None, None) => {
            format!(
                "`{on_node} doctor` on the nodes, and `{program} status` here, say what etcd lacks"
            )
        }
    };
    let problem = problem.help(help);
    match lack {
        Some(Lack::Quorum) => problem.help(last_way(program)),
        _ => problem,
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn orange(action: fn(String) -> Action) -> Action {
        action("orange".to_owned())
    }

    fn helps(error: &Error, action: &Action, lack: Option<Lack>) -> String {
        no_lock(error, true, (action, lack), ("flowers", "flowers")).to_string()
    }

    /// Each lack ends with steps that change no member; but where data differs, one has to go before etcd takes a write.
    #[test]
    fn what_is_done_without_a_lock_ends_what_etcd_lacks() {
        let repairs = [
            orange(Action::Copy),
            orange(Action::StartAgain),
            orange(Action::Restart),
            orange(Action::Lead),
            orange(Action::Snapshot),
            orange(Action::Defragment),
            Action::Compact,
            Action::Disarm,
        ];
        let changes = [
            orange(Action::Add),
            orange(Action::Promote),
            orange(Action::Readdress),
            Action::Record,
        ];
        for lack in [Lack::Quorum, Lack::Space, Lack::SameData] {
            assert!(repairs.iter().all(|action| needs_no_lock(action, lack)), "{lack:?}");
            assert!(!changes.iter().any(|action| needs_no_lock(action, lack)), "{lack:?}");
            let is_odd = lack == Lack::SameData;
            assert_eq!(needs_no_lock(&orange(Action::Remove), lack), is_odd, "{lack:?}");
        }
    }

    #[test]
    fn alone_is_offered_only_where_it_helps() {
        let full = Error::Refused("etcdserver: mvcc: database space exceeded".to_owned());
        let restart = orange(Action::Restart);
        assert!(helps(&full, &restart, Some(Lack::Space)).contains("the same with `--alone`"));
        let said = helps(&full, &orange(Action::Add), Some(Lack::Space));
        assert!(said.contains("this step does not"), "{said}");
        let denied = Error::Refused("etcdserver: permission denied".to_owned());
        let said = helps(&denied, &restart, None);
        assert!(said.contains("a user with the role root") && !said.contains("--alone"), "{said}");
        let said = helps(&full, &restart, Some(Lack::Quorum));
        assert!(said.contains("never come back: `flowers rescue` goes on"), "{said}");
        let late = Error::Unknown("no answer within the deadline".to_owned());
        assert!(helps(&late, &restart, None).contains("`flowers doctor`"));
    }
}
