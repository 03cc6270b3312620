//! What an etcd cluster is and what follows from it.
//!
//! Pure by construction: no dependencies, no IO, no clock, no environment.

pub mod option;
pub mod version;
