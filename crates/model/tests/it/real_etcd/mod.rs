//! The options table against every etcd of a run: what each of them has, how it
//! is called in each format, and what it refuses.

mod at_hand;
mod bounds;
mod flags;
mod formats;
mod refusals;
#[path = "../../../../../tests/it/support/releases.rs"]
#[expect(clippy::disallowed_methods, reason = "the environment says which etcds to run")]
mod releases;
mod yaml;

/// A peer URL that etcd refuses once it has read all of its configuration.
pub(crate) const UNBINDABLE: &str = "http://no-address:2380";
pub(crate) const REFUSAL: &str = "expected IP in URL for binding (http://no-address:2380)";
