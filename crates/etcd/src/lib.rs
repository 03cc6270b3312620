#![doc = include_str!("../README.md")]
//!
//! [`Client`] calls the client port by gRPC, [`peer`] asks the peer port over HTTP, [`served`] looks at the
//! certificate that a port shows, and [`wal`] reads from a log whose data it is.
//!
//! Every call has one [`Deadline`] from its first packet to its last, the handshake included: a process that
//! was stopped takes connections and says nothing. What is received is limited. An [`Error`] says what the
//! caller has to do, and keeps etcd's words.

mod checksum;
mod client;
mod credentials;
pub mod database;
mod deadline;
mod denied;
mod dial;
mod endpoint;
mod error;
#[doc(hidden)]
pub mod frames;
mod grpc;
pub mod messages;
pub mod peer;
pub mod served;
mod shown;
mod snapshot;
mod transport;
mod user;
pub mod wal;

pub use checksum::{Checked, Checksum, copy_with_checksum};
pub use client::Client;
pub use credentials::{Credentials, CredentialsError};
pub use deadline::Deadline;
pub use denied::Denied;
pub use endpoint::Endpoint;
pub use error::{Error, NO_LOGIN, Reach};
pub use snapshot::Snapshot;
pub use user::User;
