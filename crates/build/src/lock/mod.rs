//! What a build makes of `cluster.lock`: the states and IDs that follow from it (`state`), what it says
//! afterwards (`after`), what is compiled where there are no secrets (`observed`), and what the spec asks for
//! beyond it (`compare`). Pure.

mod after;
mod compare;
mod observed;
mod state;

pub(crate) use after::after;
pub(crate) use compare::compare;
pub(crate) use observed::{Observed, observe};
pub(crate) use state::{Settled, settle};
