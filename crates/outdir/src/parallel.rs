//! The same work on many items, on every processor.

use core::convert::Infallible;
use core::num::NonZero;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

/// Does `work` on every item and returns the results in their order. A thread takes `block` items
/// at once, as in [`try_map`].
pub fn map<'a, T: Sync, R: Send>(
    items: &'a [T],
    block: usize,
    work: impl Fn(&'a T) -> R + Sync,
) -> Vec<R> {
    let Ok(results) = try_map(items, block, |item| Ok::<R, Infallible>(work(item)));
    results
}

/// Does `work` on every item and returns the results in their order, or the first failure in that
/// order. A thread takes `block` items at once; fewer than two such blocks are not worth a thread.
///
/// # Errors
/// The failure of the first item that failed. Items after it may have been worked on or not.
pub fn try_map<'a, T: Sync, R: Send, E: Send>(
    items: &'a [T],
    block: usize,
    work: impl Fn(&'a T) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    let blocks = items.len() / block;
    // Anyone who asks for the number of processors reads half a dozen files of the system.
    let threads = if blocks < 2 { 1 } else { processors().min(blocks) };
    if threads < 2 {
        return items.iter().map(work).collect();
    }
    // Blocks are claimed, not dealt out, because some items take longer than others; and in their
    // order, so that whatever lies before a failure has been claimed when it is seen.
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let claim = || {
        let mut done = Vec::new();
        while !failed.load(Ordering::Relaxed) {
            let nth = next.fetch_add(1, Ordering::Relaxed);
            let Some(rest) = items.get(nth * block..).filter(|rest| !rest.is_empty()) else {
                break;
            };
            let results: Result<Vec<R>, E> = rest.iter().take(block).map(&work).collect();
            failed.fetch_or(results.is_err(), Ordering::Relaxed);
            done.push((nth, results));
        }
        done
    };
    let mut blocks = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(claim)).collect();
        let mut blocks = claim();
        for thread in others {
            blocks.extend(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        blocks
    });
    blocks.sort_unstable_by_key(|(nth, _)| *nth);
    let mut all = Vec::with_capacity(items.len());
    for (_, results) in blocks {
        all.extend(results?);
    }
    Ok(all)
}

fn processors() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order_of_the_items() {
        for count in [0, 1, 15, 16, 31, 32, 33, 1_000] {
            let items: Vec<usize> = (0..count).collect();
            let doubled = try_map(&items, 16, |item| Ok::<_, ()>(item * 2));
            assert_eq!(doubled, Ok((0..count).map(|item| item * 2).collect()));
        }
    }

    #[test]
    fn the_first_failure_in_the_order_of_the_items_is_the_one_that_is_told() {
        let items: Vec<usize> = (0..1_000).collect();
        for first in [0, 15, 16, 500, 999] {
            let failed =
                try_map(&items, 16, |item| if *item < first { Ok(()) } else { Err(*item) });
            assert_eq!(failed, Err(first));
        }
    }
}
