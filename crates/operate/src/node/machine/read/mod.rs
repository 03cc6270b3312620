//! Texts of the system's, as data: each a pure function.

pub(crate) mod clock;
pub(crate) mod filter;
pub(crate) mod host;
pub(crate) mod limits;
pub(crate) mod listeners;
pub(crate) mod mounts;
pub(crate) mod sockets;
