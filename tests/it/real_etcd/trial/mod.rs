//! `try`: the whole cluster on the loopback, and nothing left of it.

mod drill;
mod ended;
mod full_drill;
mod full_examples;
mod options;
mod program;
mod readme;
mod refused;
mod started;
