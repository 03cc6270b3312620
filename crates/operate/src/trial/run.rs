//! The edge: a trial from its beginning to its end.

use super::binary::find;
use super::cluster::{Down, Orders, Stage, Up, start};
use super::ways::Ways;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::show::{HINT, paint};
use crate::signals::Signals;
use bouquet_model::Cluster;
use bouquet_model::diagnostic::Diagnostic;
use std::path::Path;
use tokio::time::Instant;

/// A cluster that is to run here for a while.
#[derive(Clone, Copy)]
pub(crate) struct Trial<'a> {
    pub(crate) cluster: &'a Cluster,
    /// The etcd to run; that of `PATH` where none is named.
    pub(crate) etcd: Option<&'a Path>,
    /// Whether what the members log is shown.
    pub(crate) show: bool,
    pub(crate) ways: &'a Ways,
}

/// Starts a throw-away cluster, does with it what it is for once it is healthy, and ends it.
///
/// `prepare` comes between the layout and the first start: it may fill the data folders. A signal ends it, and all
/// that is before the cluster is healthy; later ones are for `act`.
///
/// # Errors
/// Those of `prepare` and `act`; and if it does not become healthy.
pub(crate) fn run(
    trial: &Trial<'_>,
    prepare: impl AsyncFn(&Stage<'_>) -> Result<(), Diagnostic>,
    act: impl AsyncFnOnce(&mut Up, &mut Signals) -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    let begin = Instant::now();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| {
        Diagnostic::error(format!("no process can be started from here: {error}"))
    })?;
    let &Trial { cluster, etcd, show, ways } = trial;
    runtime.block_on(async {
        let mut signals = Signals::take()
            .map_err(|error| Diagnostic::error(format!("signals cannot be caught: {error}")))?;
        let etcd = find(cluster, etcd, ways).await?;
        if let Some(note) = &etcd.note {
            (ways.say)(&format!("{} {note}\n", paint(HINT, "note:")));
        }
        let orders = Orders { cluster, etcd: &etcd, prepare, show, ways, begin };
        let mut up = match start(&orders, &mut signals).await {
            Ok(up) => up,
            Err(Down::Asked(asked)) => return Ok(Exit::Command(asked.code())),
            Err(Down::Failed(problem) | Down::Taken(problem)) => return Err(problem.into()),
        };
        let outcome = act(&mut up, &mut signals).await;
        up.end(&mut signals).await;
        outcome
    })
}
