//! A node of which all is well, and what is found where a thing of it is otherwise.

mod etcd;
mod files;
mod log;
mod network;
mod reported;
mod scene;
mod storage;
mod system;
