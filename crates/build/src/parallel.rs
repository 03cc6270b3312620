//! The same work on many items, on all processors.

use super::failure::Failure;
use std::num::NonZero;
use std::thread;

/// Does `work` on every item and returns the results in their order, or the first failure in that
/// order. Fewer than `worth` items per thread are not worth starting one.
pub(super) fn for_all<T: Sync, R: Send>(
    items: &[T],
    worth: usize,
    work: impl Fn(&T) -> Result<R, Failure> + Sync,
) -> Result<Vec<R>, Failure> {
    let processors = if items.len() < 2 * worth { 1 } else { processors() };
    let threads = processors.min(items.len() / worth.max(1)).max(1);
    if threads == 1 {
        return items.iter().map(work).collect();
    }
    let run = |share: &[T]| share.iter().map(&work).collect::<Result<Vec<R>, Failure>>();
    let shares: Vec<_> = thread::scope(|scope| {
        let started: Vec<_> = items
            .chunks(items.len().div_ceil(threads))
            .map(|share| scope.spawn(move || run(share)))
            .collect();
        started.into_iter().map(|thread| thread.join().expect("no work here panics")).collect()
    });
    let mut all = Vec::with_capacity(items.len());
    for share in shares {
        all.extend(share?);
    }
    Ok(all)
}

fn processors() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}
