//! What the next step is.
//!
//! A pure function from what is there to one step. A plan is made by asking it again after each step, as if that had
//! been done; a plan that is carried out asks it again after each step, having looked. So whatever happens between two
//! steps, what comes next follows from what is there, and never from what was meant.

mod answer;
mod around;
mod data;
mod dead;
mod gates;
mod half_done;
mod membership;
mod restarts;
mod rules;
mod situation;
#[cfg(test)]
mod tests;
mod view;

pub use answer::{Move, Next, Place, Refusal, Wait};
// For tests alone, which hold plans to it, and it to what etcd does.
#[doc(hidden)]
pub use gates::{Gate, Operation, gate};
pub use situation::{Alarm, Clients, Data, Due, Life, Member, Seat, Situation, Space, Wanted};

use view::View;

/// Returns what comes next.
pub fn next(situation: &Situation) -> Next {
    decide(&View::of(situation, rules::ALL))
}

/// The questions, in their order: the first that has an answer decides.
const QUESTIONS: [fn(&View<'_>) -> Option<Next>; 22] = [
    data::two_processes,
    dead::quorum,
    dead::leader,
    data::corruption,
    data::lack_of_space,
    data::left_over_alarm,
    dead::startable,
    dead::surplus,
    half_done::surplus,
    half_done::unstarted,
    half_done::learner,
    dead::voter,
    around::departed,
    around::look,
    around::snapshot,
    around::files,
    around::clients,
    restarts::upgrade,
    membership::newcomer,
    membership::mover,
    membership::leaver,
    restarts::restart,
];

fn decide(view: &View<'_>) -> Next {
    let answer = QUESTIONS.iter().find_map(|question| question(view));
    answer.or_else(|| around::end(view)).unwrap_or(Next::Done)
}
