//! Clusters that live at the same time: each waits for itself most of the time.

use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

/// How many clusters live at once, whatever tests they belong to. More would wait for the processor,
/// and run into time limits.
const AT_ONCE: usize = 8;

static TAKEN: Mutex<usize> = Mutex::new(0);
static FREED: Condvar = Condvar::new();

/// Does the same with each of these, side by side, and fails where one of them does.
pub(crate) fn with_each<T: Sync>(all: &[T], job: impl Fn(&T) + Sync) {
    thread::scope(|scope| {
        for one in all {
            scope.spawn(|| {
                let _place = Place::take();
                job(one);
            });
        }
    });
}

/// What a test does with clusters of one release.
pub(crate) type Story = fn(&str);

/// Tells each of these stories on each of these releases, side by side.
pub(crate) fn on_each(releases: &[impl AsRef<str> + Sync], stories: &[Story]) {
    let all: Vec<(&str, Story)> = releases
        .iter()
        .flat_map(|release| stories.iter().map(move |story| (release.as_ref(), *story)))
        .collect();
    with_each(&all, |(release, story)| story(release));
}

/// One of the places for a cluster, until this is dropped.
struct Place;

impl Place {
    fn take() -> Self {
        let taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = FREED
            .wait_while(taken, |taken| *taken >= AT_ONCE)
            .unwrap_or_else(PoisonError::into_inner);
        *taken += 1;
        Self
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        *TAKEN.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        FREED.notify_one();
    }
}
