//! The values that the build put into the binary.

use bouquet_model::Cluster;
use bouquet_model::certificate::Certificate;

/// The cluster, and the facts of its certificates.
#[derive(Clone, Copy)]
pub(crate) struct Compiled<'a> {
    pub(crate) cluster: &'a Cluster,
    pub(crate) certificates: &'a [Certificate],
}
