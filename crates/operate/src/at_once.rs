//! Tasks and threads: several at once, and one that panicked.

use std::future::Future;
use std::panic::resume_unwind;
use std::sync::mpsc::channel;
use std::thread::scope;
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
    resume_unwind(error.into_panic())
}

/// How many are asked at once.
const MOST: usize = 16;

/// Asks all of these at once, each in a thread of its own, which says lines; returns what came of them in their order. So are
/// the lines: those of one that has its turn come as they are said, `shown` for it, and those of others are kept meanwhile.
pub(crate) fn asked_at_once<T: Send, S: Fn(&str)>(
    names: &[&str],
    ask: impl Fn(&str, &dyn Fn(&str)) -> T + Sync,
    shown: impl Fn(&str) -> S,
) -> Vec<T> {
    let ask = &ask;
    let some = |names: &[&str]| {
        scope(|scope| {
            let begun = names.iter().map(|name| {
                let (to, lines) = channel();
                // Nobody hears it where this side has panicked.
                let say = move |line: &str| drop(to.send(line.to_owned()));
                (name, lines, scope.spawn(move || ask(name, &say)))
            });
            let begun: Vec<_> = begun.collect();
            let ended = begun.into_iter().map(|(name, lines, thread)| {
                let show = shown(name);
                for line in lines {
                    show(&line);
                }
                thread.join().unwrap_or_else(|panic| resume_unwind(panic))
            });
            ended.collect::<Vec<T>>()
        })
    };
    names.chunks(MOST).flat_map(some).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::sync::Barrier;

    /// Each waits for the others, and the last one is the first to speak.
    #[test]
    fn all_are_asked_at_once_and_heard_in_their_order() {
        let names = ["orange", "pink", "rose"];
        let (met, last) = (Barrier::new(names.len()), Barrier::new(names.len()));
        let said = RefCell::new(Vec::new());
        let ask = |name: &str, say: &dyn Fn(&str)| {
            met.wait();
            if name == "rose" {
                say("1");
            }
            last.wait();
            if name != "rose" {
                say("1");
            }
            say("2");
            name.len()
        };
        let shown = |name: &str| {
            let name = name.to_owned();
            let said = &said;
            move |line: &str| said.borrow_mut().push(format!("{name} {line}"))
        };
        assert_eq!(asked_at_once(&names, ask, shown), [6, 4, 4]);
        let lines = ["orange 1", "orange 2", "pink 1", "pink 2", "rose 1", "rose 2"];
        assert_eq!(said.into_inner(), lines);
        let many: Vec<String> = (0..3 * MOST).map(|number| number.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(asked_at_once(&many, |name, _| name.to_owned(), |_| |_: &str| ()), many);
    }
}
