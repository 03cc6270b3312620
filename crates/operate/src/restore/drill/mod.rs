//! A restore, tried: into a throw-away cluster on this machine, which is asked for what it has.
//!
//! `compare` is pure; `ask`, `tool` and `carry` are edges. From the ground up: `compare` · `told`, `ask` · `tool` ·
//! `carry`.

mod ask;
mod carry;
mod compare;
mod told;
mod tool;

pub use carry::Drill;

pub(crate) use carry::carry;
