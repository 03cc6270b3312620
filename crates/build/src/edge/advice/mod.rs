//! What a build says beyond the cluster itself: what is to be done on the machines, what has to come
//! before a new release of etcd, and which other cluster of the workspace is too much like this one.

mod rollout;
mod siblings;
mod upgrade;

pub(super) use rollout::{Changes, rollout};
pub(super) use siblings::alike;
pub(super) use upgrade::{last_version, upgrade};
