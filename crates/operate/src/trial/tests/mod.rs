//! What is pure of a trial.

mod block;
mod install;
mod moved;
mod pki;
mod spec;
mod token;
mod variables;
mod version;
