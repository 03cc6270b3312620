//! What the page is made of.

use crate::pki::Pki;
use bouquet_model::change::Change;
use bouquet_model::cluster::Cluster;
use bouquet_model::running::Running;
use bouquet_model::time::Date;

/// What is shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) cluster: &'a Cluster,
    /// The CAs and certificates; `None` without TLS.
    pub(crate) pki: Option<&'a Pki>,
    /// What is recorded as running.
    pub(crate) recorded: &'a Running,
    /// What is to be done to get from there to what was built.
    pub(crate) changes: &'a [Change],
    /// The day of the build.
    pub(crate) today: Date,
}
