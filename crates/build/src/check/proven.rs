//! What a proven `cluster.toml` says.

use crate::check::places::Places;
use crate::issuing::Issuing;
use crate::spec::Spanned;
use bouquet_model::Cluster;

/// Holds what a spec says, proven.
#[derive(Debug, Clone, PartialEq)]
pub struct Proven {
    /// The cluster, as the binary knows it too.
    pub cluster: Cluster,
    /// What only a build needs to know of its CAs.
    #[doc(hidden)]
    pub issuing: Issuing,
    /// The words of `accept`: changes that are made although they are refused.
    #[doc(hidden)]
    pub accept: Vec<Spanned<String>>,
    /// Where the spec says what.
    #[doc(hidden)]
    pub places: Places,
}
