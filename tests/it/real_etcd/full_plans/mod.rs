//! The rows of `docs/changes.md` that ask for hands, carried out by the plan of each as it is printed, while
//! a client writes. `plans` has three of them.

mod members;

use crate::support::side_by_side::with_each;

/// What is done on one release.
type Story = fn(&str);

/// Carries out these stories on each of these releases, side by side, because each waits most of the time.
fn on(releases: &[&'static str], stories: &[Story]) {
    let all: Vec<(&str, Story)> = releases
        .iter()
        .flat_map(|release| stories.iter().map(move |story| (*release, *story)))
        .collect();
    with_each(&all, |(release, story)| story(release));
}

/// The releases on which a row is seen that does not depend on one.
const BOTH: [&str; 2] = ["3.4.23", "3.6.16"];
