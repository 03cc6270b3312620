//! What is pure of a trial.

mod block;
mod install;
mod moved;
mod pki;
mod prepared;
mod spec;
mod token;
mod variables;
mod version;
