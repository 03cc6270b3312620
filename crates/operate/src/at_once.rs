//! Tasks: several at once, and one that panicked.

use std::future::Future;
use tokio::task::{JoinError, JoinSet};

/// Does all of these at once, and returns what came of them in their order.
pub(crate) async fn at_once<T: Send + 'static>(
    tasks: impl Iterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let mut set = JoinSet::new();
    for (place, task) in tasks.enumerate() {
        set.spawn(async move { (place, task.await) });
    }
    let mut all: Vec<Option<T>> = Vec::new();
    all.resize_with(set.len(), || None);
    while let Some(done) = set.join_next().await {
        let (place, outcome) = done.unwrap_or_else(rethrow);
        all[place] = Some(outcome);
    }
    all.into_iter().flatten().collect()
}

/// Continues the panic of a task, which is a mistake in this program, as anywhere else.
pub(crate) fn rethrow<T>(error: JoinError) -> T {
    std::panic::resume_unwind(error.into_panic())
}
