//! The edge: ports of the loopback that nobody has.

use bouquet_model::diagnostic::Diagnostic;
use std::hash::{BuildHasher as _, RandomState};
use std::net::{Ipv4Addr, TcpListener};

/// Below those that systems give to connections, members' own among them: 32768 and more on Linux, 49152 and more
/// elsewhere.
const FIRST: u16 = 10_240;
const PAST: u16 = 32_768;

/// Ports that are held until the members take them.
pub(super) struct Ports(Vec<TcpListener>);

impl Ports {
    /// Claims so many, from anywhere, so that two trials do not get into each other's way.
    ///
    /// # Errors
    /// If there are not so many.
    pub(super) fn claim(count: usize) -> Result<Self, Diagnostic> {
        let all = PAST - FIRST;
        let start = u16::try_from(RandomState::new().hash_one(0) % u64::from(all)).unwrap_or(0);
        let ports = (0..all).map(|step| FIRST + (start + step) % all);
        let claimed = ports.filter_map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok());
        let held: Vec<TcpListener> = claimed.take(count).collect();
        if held.len() == count {
            return Ok(Self(held));
        }
        Err(Diagnostic::error(format!(
            "127.0.0.1 has no {count} free ports from {FIRST} to {}",
            PAST - 1
        )))
    }

    /// Returns them.
    pub(super) fn numbers(&self) -> Vec<u16> {
        let addresses = self.0.iter().filter_map(|held| held.local_addr().ok());
        addresses.map(|address| address.port()).collect()
    }
}
