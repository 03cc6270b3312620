//! What `cluster.toml` says beside the cluster.

use crate::check::Places;
use crate::issuing::CaSpans;
use crate::spec::Spanned;

/// Holds what the spec says beside the cluster, as far as changes have to do with it.
#[derive(Clone, Copy)]
pub(crate) struct Written<'a> {
    /// The words of `accept`.
    pub(crate) accept: &'a [Spanned<String>],
    /// Where values are.
    pub(crate) places: &'a Places,
    /// Where those of `[ca]` are.
    pub(crate) cas: &'a CaSpans,
}
