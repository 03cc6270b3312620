//! Texts of the system's, as data: each a pure function.

pub(super) mod clock;
pub(super) mod filter;
pub(super) mod host;
pub(super) mod limits;
pub(super) mod mounts;
pub(super) mod sockets;
