//! The whole, seen from outside: what builds do, what they write, what the documents say, and real
//! etcds that run by it.
//!
//! Everything runs on loopback addresses, or in network namespaces, and in folders of its own. A tool
//! that is missing is a failure which says so, never a test left out.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests lay files, start programs and read what they left; where they cannot, they fail"
)]

mod artifacts;
mod builds;
mod docs;
mod house;
mod real_etcd;
mod support;
