//! What the tests share: example specs, builds, machines to run them on, clusters that live.

pub(crate) mod build;
pub(crate) mod live;
pub(crate) mod log;
pub(crate) mod node;
pub(crate) mod place;
pub(crate) mod read;
pub(crate) mod run;
