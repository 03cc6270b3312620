//! The manual: the help page of each command, as `man` reads it.
//!
//! `pages` is pure, `carry` the edge.

mod carry;
mod pages;

pub use carry::Manual;

pub(crate) use carry::carry;
pub(crate) use pages::pages;
