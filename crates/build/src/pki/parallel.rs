//! The same work on many things, on every processor.

use core::num::NonZero;
use core::sync::atomic::{AtomicUsize, Ordering};

/// How many things a thread takes at once. Fewer than two such blocks are not worth a thread, which
/// takes as long to start as some certificates to issue.
const BLOCK: usize = 16;

/// Applies a function to each thing; the results are in the order of the things.
pub(super) fn map<'a, T: Sync, R: Send>(
    things: &'a [T],
    apply: impl Fn(&'a T) -> R + Sync,
) -> Vec<R> {
    let worth = things.len() / BLOCK;
    // Whoever asks for the number of processors reads half a dozen files of the system.
    let threads = if worth < 2 { 1 } else { processors().min(worth) };
    if threads < 2 {
        return things.iter().map(apply).collect();
    }
    // Blocks are claimed, not dealt out: issuing takes longer than keeping.
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let block = next.fetch_add(1, Ordering::Relaxed);
            let Some(rest) = things.get(block * BLOCK..) else { return done };
            let results: Vec<R> = rest.iter().take(BLOCK).map(&apply).collect();
            done.push((block, results));
        }
    };
    let mut blocks = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut blocks = work();
        for thread in others {
            let theirs = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            blocks.extend(theirs);
        }
        blocks
    });
    blocks.sort_unstable_by_key(|(block, _)| *block);
    blocks.into_iter().flat_map(|(_, results)| results).collect()
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order_of_the_things() {
        for count in [0, 1, 15, 16, 31, 32, 33, 1_000] {
            let things: Vec<usize> = (0..count).collect();
            assert_eq!(
                map(&things, |thing| thing * 2),
                (0..count).map(|i| i * 2).collect::<Vec<_>>()
            );
        }
    }
}
