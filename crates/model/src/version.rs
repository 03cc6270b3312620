//! etcd's versions.

/// A version of etcd.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EtcdVersion;
