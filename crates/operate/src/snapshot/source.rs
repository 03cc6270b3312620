//! The edge: the member that sends, and all that it sends.

use super::choose::Chosen;
use crate::live::Asking;
use crate::login;
use crate::signals::{Asked, Signals};
use bouquet_etcd::messages::maintenance::SnapshotResponse;
use bouquet_etcd::{Checked, Checksum, Deadline, Error};
use bouquet_model::diagnostic::Diagnostic;
use bouquet_model::url::Url;
use rustix::process::Signal;
use std::future::Future;
use std::io;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

/// How long the next part may take: a member reads its disk for it.
const STALLED: Duration = Duration::from_secs(30);

/// The member that sends.
pub(super) struct Source<'a> {
    pub(super) urls: Vec<Url>,
    pub(super) asking: &'a Asking,
}

impl Source<'_> {
    /// Hands all that the member sends to a sink, and returns how much that was and its checksum.
    ///
    /// # Errors
    /// If it ends too early, what came is not whole, or the sink refuses it.
    pub(super) fn stream(
        &self,
        from: &Chosen,
        sink: impl AsyncFnMut(SnapshotResponse) -> Result<(), Diagnostic>,
    ) -> Result<(u64, [u8; 32]), Stopped> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| {
            Diagnostic::error(format!("no connection can be opened from here: {error}"))
        })?;
        let outcome = runtime.block_on(self.parts(sink));
        // A sink that is stuck is not waited for.
        runtime.shutdown_background();
        let checksum = outcome.map_err(|end| match end {
            End::Sink(problem) => Stopped::Failed(problem),
            End::Etcd(error) => Stopped::Failed(sent(&from.name, &error)),
            End::Asked(asked) => Stopped::Asked(asked),
        })?;
        let size = checksum.length();
        match checksum.finish() {
            Checked::Whole(sum) => Ok((size, sum)),
            Checked::Without | Checked::Damaged => Err(Stopped::Failed(
                Diagnostic::error(format!(
                    "what {} sent is not whole: its checksum does not match",
                    from.name
                ))
                .note(format!("{size} bytes came"))
                .help("try again; if it stays so, from another member with `--from`"),
            )),
        }
    }

    async fn parts(
        &self,
        mut sink: impl AsyncFnMut(SnapshotResponse) -> Result<(), Diagnostic>,
    ) -> Result<Checksum, End> {
        let mut signals = Signals::take().map_err(|error| no_signals(&error))?;
        // Where a file may not be so large, a write then fails, instead of ending the program.
        let _limit = signal(SignalKind::from_raw(Signal::XFSZ.as_raw()))
            .map_err(|error| no_signals(&error))?;
        let mut last = Error::NotEtcd("it has no client URL".to_owned());
        for url in &self.urls {
            let connected = self.asking.connect(url, Deadline::within(self.asking.deadline));
            let mut client = match unless(&mut signals, connected).await? {
                Ok(client) => client,
                Err(error) => {
                    last = error;
                    continue;
                }
            };
            let next = || Deadline::within(STALLED);
            let begun = unless(&mut signals, client.snapshot(next())).await?;
            let mut snapshot = begun.map_err(End::Etcd)?;
            let mut checksum = Checksum::default();
            loop {
                let part = unless(&mut signals, snapshot.next(next())).await?;
                let Some(part) = part.map_err(End::Etcd)? else { return Ok(checksum) };
                checksum.add(&part.blob);
                unless(&mut signals, sink(part)).await?.map_err(End::Sink)?;
            }
        }
        Err(End::Etcd(last))
    }
}

/// Waits for something, unless a signal asks for the end before.
async fn unless<T>(signals: &mut Signals, work: impl Future<Output = T>) -> Result<T, End> {
    tokio::select! {
        done = work => Ok(done),
        asked = signals.next() => Err(End::Asked(asked)),
    }
}

/// Why there is no snapshot.
pub(super) enum Stopped {
    /// A signal asked for its end.
    Asked(Asked),
    Failed(Diagnostic),
}

impl From<Diagnostic> for Stopped {
    fn from(problem: Diagnostic) -> Self {
        Self::Failed(problem)
    }
}

/// The reason why no more of a snapshot comes.
enum End {
    Etcd(Error),
    Sink(Diagnostic),
    Asked(Asked),
}

fn no_signals(error: &io::Error) -> End {
    End::Sink(Diagnostic::error(format!("signals cannot be caught: {error}")))
}

fn sent(name: &str, error: &Error) -> Diagnostic {
    let problem = Diagnostic::error(format!("{name} sent no whole snapshot: {error}"))
        .note("nothing is left of it");
    let again = "try again; if it stays so, from another member with `--from`";
    problem.help(login::help(&error.to_string()).unwrap_or(again))
}
