//! `try`: the whole cluster on the loopback, and nothing left of it.

mod ended;
mod full_examples;
mod options;
mod program;
mod readme;
mod refused;
mod started;
