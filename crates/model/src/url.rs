//! etcd's URLs: a scheme, a host and a port, and nothing else.

use crate::name::HostName;
use core::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// A URL as etcd takes it in every `*-urls` option: an explicit port and no path (etcd,
/// `client/pkg/types/urls.go`). Members hash its text into their IDs, so it has one spelling.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Url {
    /// `https` where the connection is encrypted.
    pub scheme: Scheme,
    /// Where it goes.
    pub host: Host,
    /// The TCP port.
    pub port: u16,
}

/// The scheme of a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// Plain text.
    Http,
    /// TLS.
    Https,
}

/// The host of a URL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Host {
    /// An address; a listening URL always has one.
    Ip(IpAddr),
    /// A name, which every member and client must be able to resolve.
    Name(HostName),
}

impl Host {
    /// An IPv4 host, for generated code.
    pub const fn v4(a: u8, b: u8, c: u8, d: u8) -> Self {
        Self::Ip(v4(a, b, c, d))
    }
}

/// An IPv4 address, for generated code.
pub const fn v4(a: u8, b: u8, c: u8, d: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(a, b, c, d))
}

/// An IPv6 address from its 128 bits, for generated code.
pub const fn v6(bits: u128) -> IpAddr {
    IpAddr::V6(Ipv6Addr::from_bits(bits))
}

/// Returns URLs with commas between them, as etcd and its clients take several.
pub fn joined(urls: &[&Url]) -> String {
    urls.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

impl Scheme {
    /// The scheme as it stands in a URL.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.scheme.as_str();
        match &self.host {
            // `SocketAddr` puts an IPv6 address in brackets.
            Host::Ip(ip) => write!(f, "{scheme}://{}", SocketAddr::new(*ip, self.port)),
            Host::Name(name) => write!(f, "{scheme}://{name}:{}", self.port),
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ip(ip) => write!(f, "{ip}"),
            Self::Name(name) => write!(f, "{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_host_is_bracketed() {
        let ip = "fd00::12".parse().unwrap();
        let url = Url { scheme: Scheme::Https, host: Host::Ip(ip), port: 2379 };
        assert_eq!(url.to_string(), "https://[fd00::12]:2379");
    }
}
