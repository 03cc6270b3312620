//! Options that hold further URLs to listen on.

use std::net::IpAddr;

/// Where metrics are read.
pub(super) const METRICS: &str = "listen-metrics-urls";

/// Where clients speak HTTP, if it is not the port of gRPC.
pub(super) const HTTP: &str = "listen-client-http-urls";

/// The address and port of a URL that the options table has accepted.
pub(super) fn authority(url: &str) -> Option<(IpAddr, u16)> {
    let (_, rest) = url.split_once("://")?;
    let (host, port) = rest.rsplit_once(':')?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let ip = if host == "localhost" { Some([127, 0, 0, 1].into()) } else { host.parse().ok() };
    Some((ip?, port.parse().ok()?))
}
