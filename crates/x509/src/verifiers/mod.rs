//! What verifiers refuse of a CA, whatever its issuer thought of it. Go is etcd's own, OpenSSL that of
//! many clients.

mod go;
mod openssl;
mod signature;

pub use go::Fault;
pub(crate) use go::{Seat, faults, no_ca};
pub(crate) use openssl::doubts;

#[cfg(test)]
mod tests;
