//! Hosts of URLs.

use bouquet_model::url::{Host, Url};
use std::net::IpAddr;

/// Returns the name of a URL's host, where it is one.
pub(crate) fn name(url: &Url) -> Option<String> {
    match &url.host {
        Host::Name(name) => Some(name.to_string()),
        Host::Ip(_) => None,
    }
}

/// Returns the address of a URL's host, where it is one.
pub(crate) fn ip(url: &Url) -> Option<IpAddr> {
    match &url.host {
        Host::Name(_) => None,
        Host::Ip(ip) => Some(*ip),
    }
}
