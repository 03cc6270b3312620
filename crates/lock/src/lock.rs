//! The lock as a whole.

use crate::identity::Identity;
use crate::issued::Issued;

/// What a cluster is to every clone of its package.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lock {
    /// What can be had once.
    pub identity: Identity,
    /// Every certificate that was issued and has not expired.
    pub issued: Issued,
}
