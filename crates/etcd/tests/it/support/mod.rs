//! What several tests need.

pub(crate) mod bolt;
pub(crate) mod port;
