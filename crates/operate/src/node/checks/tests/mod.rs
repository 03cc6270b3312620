//! A node of which all is well, and what is found where a thing of it is otherwise.

mod disks;
mod etcd;
mod files;
mod network;
pub(crate) mod scene;
mod storage;
mod system;
