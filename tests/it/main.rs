//! What a build writes, seen from outside: by etcd, shells, systemd, and other certificate tools.
//!
//! Everything runs on loopback addresses, or in network namespaces, and in folders of its own. A tool
//! that is missing is a failure which says so, never a test left out.
#![expect(
    clippy::disallowed_methods,
    reason = "end-to-end tests lay files, start programs and read what they left"
)]

mod certificates;
mod embed;
mod etcd;
mod formats;
mod life;
mod monitoring;
mod seed;
mod support;
mod systemd;
mod units;
