//! What etcd refuses of changes of its members, and what the planner believes that it refuses
//! (`bouquet_model::plan::next::gate`).

mod etcds;
mod full_gates;
mod state;

use crate::support::releases::releases;
use crate::support::side_by_side::with_each;
use state::State;

/// One that is well, and one with a dead member.
#[test]
fn etcd_refuses_what_the_planner_believes_that_it_refuses() {
    let states = [State::of(2, 1, 0), State::of(1, 0, 0)];
    with_each(&states, |state| state.is_as_believed(&releases()[0]));
}
