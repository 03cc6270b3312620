//! What a proven `cluster.toml` says.

use crate::diagnostic::Span;
use crate::issuing::Issuing;
use bouquet_model::Cluster;

/// What a spec says, proven.
#[derive(Debug, Clone, PartialEq)]
pub struct Proven {
    /// The cluster, as the binary knows it too.
    pub cluster: Cluster,
    /// What only a build needs to know of its CAs.
    #[doc(hidden)]
    pub issuing: Issuing,
    /// The place of the version of etcd in the spec.
    #[doc(hidden)]
    pub version: Span,
}
