//! What a build makes of `cluster.lock`: the states and IDs that follow from it (`state`), what it says
//! afterwards (`after`), what is compiled where there are no secrets (`observed`), what the spec asks for beyond
//! it (`compare`), and that a cluster which runs is not founded again without it (`lost`). Pure.

mod after;
mod compare;
mod lost;
mod observed;
mod state;
#[cfg(test)]
mod tests;

pub(crate) use after::after;
pub(crate) use compare::compare;
pub(crate) use lost::founds_again;
pub(crate) use observed::{Observed, observe};
pub(crate) use state::{Settled, settle};
