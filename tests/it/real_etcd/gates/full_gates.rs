//! Every small state, on every release.

use super::state::every;
use crate::support::releases::releases;
use crate::support::side_by_side::with_each;

#[test]
fn etcd_refuses_what_the_planner_believes_that_it_refuses_in_every_small_state() {
    let states = every();
    let all: Vec<_> = releases()
        .into_iter()
        .flat_map(|release| states.iter().map(move |s| (release.clone(), s)))
        .collect();
    with_each(&all, |(release, state)| state.is_as_believed(release));
}
