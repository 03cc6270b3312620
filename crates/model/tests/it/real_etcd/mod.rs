//! The options table against every etcd at hand: what each of them has, how it
//! is called in each format, and what it refuses.

mod at_hand;
mod flags;
mod formats;
mod refusals;
mod yaml;

/// A peer URL that etcd refuses once it has read all of its configuration.
pub(crate) const UNBINDABLE: &str = "http://no-address:2380";
pub(crate) const REFUSAL: &str = "expected IP in URL for binding (http://no-address:2380)";
