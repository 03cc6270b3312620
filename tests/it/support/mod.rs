//! What the tests share: folders to build in, programs to look with, machines to run etcd on.

pub(crate) mod build;
pub(crate) mod cluster;
pub(crate) mod compiled;
pub(crate) mod git;
pub(crate) mod live;
pub(crate) mod log;
pub(crate) mod machines;
pub(crate) mod node;
pub(crate) mod offsite;
pub(crate) mod operations;
pub(crate) mod package;
pub(crate) mod place;
pub(crate) mod pool;
pub(crate) mod program;
pub(crate) mod programs;
pub(crate) mod random;
pub(crate) mod read;
pub(crate) mod recorded;
pub(crate) mod releases;
pub(crate) mod run;
pub(crate) mod scope;
pub(crate) mod secret_scan;
pub(crate) mod side_by_side;
pub(crate) mod snapshot;
pub(crate) mod state;
pub(crate) mod trial;
