//! What a build says beyond the cluster itself: what is to be done with new files, where nothing is recorded
//! of the machines, and which other cluster of the workspace is too much like this one.

mod rollout;
mod siblings;

pub(super) use rollout::{Changes, rollout};
pub(super) use siblings::alike;
