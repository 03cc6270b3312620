//! What a build says beyond the cluster itself: what is to be done with new files, where nothing is recorded
//! of the machines, what a client no longer gets, which folder may be a disk's mount point or is one
//! that another program empties, and which other cluster of the workspace is too
//! much like this one.

mod flags;
mod kubeadm;
mod mount_points;
mod rollout;
mod siblings;

pub(super) use flags::flags;
pub(super) use kubeadm::kubeadm;
pub(super) use mount_points::mount_points;
pub(super) use rollout::{Changes, rollout};
pub(super) use siblings::alike;
